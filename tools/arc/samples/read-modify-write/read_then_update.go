package wallet

func (s *Store) Withdraw(ctx context.Context, id int64, amount int64) error {
	var balance int64
	row := s.db.QueryRowContext(ctx, "SELECT balance FROM wallets WHERE id = $1", id)
	if err := row.Scan(&balance); err != nil {
		return err
	}
	if balance < amount {
		return ErrInsufficientFunds
	}
	_, err := s.db.ExecContext(ctx, "UPDATE wallets SET balance = $1 WHERE id = $2", balance-amount, id)
	return err
}
