export async function searchProducts(
  term: string,
  sort: string,
): Promise<Product[]> {
  const result = await pool.query(
    `SELECT id, name, price FROM products WHERE name ILIKE '%${term}%' ORDER BY ${sort} LIMIT 50`,
  );
  return result.rows;
}

app.get('/users', async (req, res) => {
  const rows = await db.raw(
    `SELECT * FROM users WHERE email = '${req.query.email}'`,
  );
  res.json(rows);
});
