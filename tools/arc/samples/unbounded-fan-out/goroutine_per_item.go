package sync

func (s *Syncer) SyncAll(ctx context.Context, ids []string) error {
	var wg sync.WaitGroup
	errs := make(chan error, len(ids))
	for _, id := range ids {
		wg.Add(1)
		go func(id string) {
			defer wg.Done()
			item, err := s.remote.Fetch(ctx, id)
			if err != nil {
				errs <- err
				return
			}
			errs <- s.store.Put(ctx, item)
		}(id)
	}
	wg.Wait()
	close(errs)
	return firstError(errs)
}
