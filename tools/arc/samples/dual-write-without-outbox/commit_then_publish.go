package orders

func (s *Service) Place(ctx context.Context, order Order) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, insertOrder, order.ID, order.CustomerID, order.Total); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	payload, err := json.Marshal(order)
	if err != nil {
		return err
	}
	return s.writer.WriteMessages(ctx, kafka.Message{Key: []byte(order.ID), Value: payload})
}
