export const migration = {
  name: '20260114-orders-region',
  async up(client: PoolClient): Promise<void> {
    await client.query('BEGIN');
    await client.query(
      'ALTER TABLE orders ALTER COLUMN total TYPE numeric(20, 4)',
    );
    await client.query('ALTER TABLE orders ALTER COLUMN region SET NOT NULL');
    await client.query(
      'CREATE INDEX orders_customer_idx ON orders (customer_id, created_at)',
    );
    await client.query(
      'ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0)',
    );
    await client.query('COMMIT');
  },
};
