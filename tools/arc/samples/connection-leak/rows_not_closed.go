package users

func (s *Store) FirstActive(ctx context.Context, team int64) (*User, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, name, active FROM users WHERE team_id = $1", team)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var user User
		if err := rows.Scan(&user.ID, &user.Name, &user.Active); err != nil {
			return nil, err
		}
		if user.Active {
			return &user, nil
		}
	}
	return nil, ErrNotFound
}
