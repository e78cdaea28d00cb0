package mirror

func Fastest(urls []string) (*http.Response, error) {
	answers := make(chan *http.Response)
	for _, url := range urls {
		go func(url string) {
			resp, err := client.Get(url)
			if err != nil {
				return
			}
			answers <- resp
		}(url)
	}
	return <-answers, nil
}
