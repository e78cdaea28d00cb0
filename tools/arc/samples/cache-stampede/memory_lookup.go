package prices

func (s *Service) Get(ctx context.Context, key string) (*Entry, error) {
	if value, found := s.cache.Get(key); found {
		return value.(*Entry), nil
	}
	entry, err := s.load(ctx, key)
	if err != nil {
		return nil, err
	}
	s.cache.Set(key, entry, cache.DefaultExpiration)
	return entry, nil
}
