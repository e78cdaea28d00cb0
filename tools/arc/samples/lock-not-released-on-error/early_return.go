package stock

func (s *Stock) Reserve(sku string, quantity int) error {
	s.mu.Lock()
	item, ok := s.items[sku]
	if !ok {
		return fmt.Errorf("unknown sku %q", sku)
	}
	if item.available < quantity {
		return ErrOutOfStock
	}
	item.available -= quantity
	item.reserved += quantity
	s.mu.Unlock()
	return nil
}
