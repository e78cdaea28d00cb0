package checkout

func (s *Service) Pay(ctx context.Context, orderID int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var total int64
	if err := tx.QueryRowContext(ctx, "SELECT total FROM orders WHERE id = $1 FOR UPDATE", orderID).Scan(&total); err != nil {
		return err
	}
	charge, err := s.payments.Charge(ctx, orderID, total)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE orders SET charge_id = $1 WHERE id = $2", charge.ID, orderID); err != nil {
		return err
	}
	return tx.Commit()
}
