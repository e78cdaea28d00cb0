app.get('/stock/:sku', async (req, res) => {
  const connection = await mysql.createConnection(process.env.DATABASE_URL!);
  const [rows] = await connection.execute(
    'SELECT quantity FROM stock WHERE sku = ?',
    [req.params.sku],
  );
  const redis = createClient({ url: process.env.REDIS_URL });
  await redis.connect();
  const reserved = await redis.get(`reserved:${req.params.sku}`);
  res.json({ quantity: rows[0].quantity - Number(reserved) });
});
