export async function findUser(email: string): Promise<User | undefined> {
  const client = await pool.connect();
  const result = await client.query(
    'SELECT id, email, name FROM users WHERE email = $1',
    [email],
  );
  if (result.rowCount === 0) {
    return undefined;
  }
  const user = toUser(result.rows[0]);
  client.release();
  return user;
}
