export async function login(name: string, password: string): Promise<User> {
  const sql =
    "SELECT * FROM users WHERE name = '" +
    name +
    "' AND password = '" +
    password +
    "'";
  const [rows] = await connection.query(sql);
  return rows[0];
}
