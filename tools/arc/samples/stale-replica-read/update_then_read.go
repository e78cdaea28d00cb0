package accounts

func (s *Store) Rename(ctx context.Context, id int64, name string) (*Account, error) {
	if _, err := s.primary.ExecContext(ctx, "UPDATE accounts SET name = $1 WHERE id = $2", name, id); err != nil {
		return nil, err
	}
	var account Account
	row := s.replica.QueryRowContext(ctx, "SELECT id, name, version FROM accounts WHERE id = $1", id)
	if err := row.Scan(&account.ID, &account.Name, &account.Version); err != nil {
		return nil, err
	}
	s.cache.Set(id, account)
	return &account, nil
}
