router.get('/accounts/:id/statements', authenticated, async (ctx) => {
  const { rows } = await pool.query(
    'SELECT * FROM statements WHERE account_id = $1 LIMIT 100',
    [ctx.params.id],
  );
  ctx.body = rows;
});
