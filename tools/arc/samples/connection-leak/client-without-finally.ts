export async function listUsers(): Promise<User[]> {
  const client = await pool.connect();
  const { rows } = await client.query('SELECT * FROM users LIMIT 100');
  for (const row of rows) validate(row);
  client.release();
  return rows;
}
