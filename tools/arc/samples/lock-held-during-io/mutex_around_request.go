package cache

func (c *Cache) Get(ctx context.Context, key string) (*Value, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if value, ok := c.values[key]; ok {
		return value, nil
	}
	resp, err := c.http.Get(c.origin + "/" + key)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	value, err := decode(resp.Body)
	if err != nil {
		return nil, err
	}
	c.values[key] = value
	return value, nil
}
