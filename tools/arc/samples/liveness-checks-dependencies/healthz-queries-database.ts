app.get('/healthz', async (_req, res) => {
  try {
    await db.query('SELECT 1');
    await redis.ping();
    const upstream = await fetch(`${PAYMENTS_URL}/healthz`, {
      signal: AbortSignal.timeout(2000),
    });
    if (!upstream.ok) throw new Error('payments is unhealthy');
    res.status(200).json({ status: 'ok' });
  } catch (error) {
    res.status(503).json({ status: 'unhealthy', reason: String(error) });
  }
});
