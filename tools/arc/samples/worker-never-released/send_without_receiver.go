package search

func Query(ctx context.Context, q string) (*Result, error) {
	results := make(chan *Result)
	errs := make(chan error)
	go func() {
		result, err := backend.Search(q)
		if err != nil {
			errs <- err
			return
		}
		results <- result
	}()
	select {
	case result := <-results:
		return result, nil
	case err := <-errs:
		return nil, err
	case <-time.After(time.Second):
		return nil, ErrTimeout
	}
}
