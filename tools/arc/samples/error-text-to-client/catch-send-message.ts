app.get('/orders/:id', async (req, res) => {
  try {
    const { rows } = await pool.query('SELECT * FROM orders WHERE id = $1', [
      req.params.id,
    ]);
    res.json(rows[0]);
  } catch (error) {
    res
      .status(500)
      .send(
        `Query failed: ${(error as Error).message} ${JSON.stringify(error)}`,
      );
  }
});
