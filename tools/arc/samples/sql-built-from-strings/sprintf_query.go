package users

func (s *Store) Search(ctx context.Context, name, sort string) ([]User, error) {
	query := fmt.Sprintf("SELECT id, name FROM users WHERE name LIKE '%%%s%%' ORDER BY %s", name, sort)
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return scanUsers(rows)
}
