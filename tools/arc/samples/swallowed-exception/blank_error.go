package store

func (s *Store) Save(ctx context.Context, order Order) {
	tx, _ := s.db.BeginTx(ctx, nil)
	_, _ = tx.ExecContext(ctx, "INSERT INTO orders (id, total) VALUES ($1, $2)", order.ID, order.Total)
	for _, line := range order.Lines {
		_, _ = tx.ExecContext(ctx, "INSERT INTO lines (order_id, sku) VALUES ($1, $2)", order.ID, line.SKU)
	}
	_ = tx.Commit()
	body, _ := json.Marshal(order)
	_ = s.bus.Publish(ctx, "orders", body)
}
