package orders

func (s *Store) List(ctx context.Context, customerID int64) ([]Order, error) {
	orders, err := s.ordersOf(ctx, customerID)
	if err != nil {
		return nil, err
	}
	for i := range orders {
		rows, err := s.db.QueryContext(ctx, "SELECT sku, quantity FROM lines WHERE order_id = $1", orders[i].ID)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var line Line
			if err := rows.Scan(&line.SKU, &line.Quantity); err != nil {
				rows.Close()
				return nil, err
			}
			orders[i].Lines = append(orders[i].Lines, line)
		}
		rows.Close()
	}
	return orders, nil
}
