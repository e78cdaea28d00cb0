package users

func (s *Store) Delete(ctx context.Context, table, id string) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM "+table+" WHERE id = '"+id+"'")
	return err
}
