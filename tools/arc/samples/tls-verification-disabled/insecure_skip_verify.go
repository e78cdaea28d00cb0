package partner

func NewClient(baseURL string) *Client {
	transport := &http.Transport{
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
		MaxIdleConnsPerHost: 10,
	}
	return &Client{
		baseURL: baseURL,
		http:    &http.Client{Transport: transport, Timeout: 5 * time.Second},
	}
}
