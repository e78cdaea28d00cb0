router.get('/health/live', async (ctx) => {
  const checks = await Promise.allSettled([
    pool.query('SELECT 1'),
    broker.checkConnection(),
    searchClient.cluster.health(),
  ]);
  const healthy = checks.every((check) => check.status === 'fulfilled');
  ctx.status = healthy ? 200 : 500;
  ctx.body = { healthy, checks: checks.map((check) => check.status) };
});
