package geo

func Lookup(address string) (*Location, error) {
	resp, err := http.Get(baseURL + "/geocode?q=" + url.QueryEscape(address))
	if err != nil {
		return nil, fmt.Errorf("geocode: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("geocode: unexpected status %d", resp.StatusCode)
	}
	var location Location
	if err := json.NewDecoder(resp.Body).Decode(&location); err != nil {
		return nil, fmt.Errorf("geocode: %w", err)
	}
	return &location, nil
}
