app.get('/api/transactions', async (req, res) => {
  const { rows } = await pool.query(
    'SELECT * FROM transactions WHERE account_id = $1 ORDER BY created_at DESC',
    [req.account.id],
  );
  res.json(rows);
});
