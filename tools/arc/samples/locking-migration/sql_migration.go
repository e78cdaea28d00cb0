package migrations

func upOrdersRegion(ctx context.Context, tx *sql.Tx) error {
	statements := []string{
		"ALTER TABLE orders ALTER COLUMN region SET NOT NULL",
		"ALTER TABLE orders ALTER COLUMN total TYPE numeric(20, 4)",
		"CREATE INDEX orders_customer_idx ON orders (customer_id, created_at)",
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("migrate orders: %w", err)
		}
	}
	return nil
}
