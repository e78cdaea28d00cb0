router.put('/accounts/:id/address', authenticated, async (ctx) => {
  const { rowCount } = await pool.query(
    'UPDATE accounts SET address = $1 WHERE id = $2',
    [ctx.request.body.address, ctx.params.id],
  );
  ctx.status = rowCount === 1 ? 204 : 404;
});
