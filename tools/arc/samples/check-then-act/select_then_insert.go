package users

func (s *Store) Create(ctx context.Context, email string) error {
	var count int
	err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM users WHERE email = $1", email).Scan(&count)
	if err != nil {
		return err
	}
	if count > 0 {
		return ErrExists
	}
	_, err = s.db.ExecContext(ctx, "INSERT INTO users (email) VALUES ($1)", email)
	return err
}
