package catalogue

func (s *Service) Product(ctx context.Context, id string) (*Product, error) {
	key := "product:" + id
	data, err := s.redis.Get(ctx, key).Bytes()
	if err == nil {
		var product Product
		if err := json.Unmarshal(data, &product); err == nil {
			return &product, nil
		}
	}
	product, err := s.repo.LoadProduct(ctx, id)
	if err != nil {
		return nil, err
	}
	if data, err := json.Marshal(product); err == nil {
		s.redis.Set(ctx, key, data, 5*time.Minute)
	}
	return product, nil
}
