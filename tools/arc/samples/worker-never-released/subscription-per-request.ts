app.get('/stream/:channel', async (req, res) => {
  res.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
  });
  const subscriber = redis.duplicate();
  await subscriber.connect();
  await subscriber.subscribe(req.params.channel, (message) => {
    res.write(`data: ${message}\n\n`);
  });
  setInterval(() => res.write(': keep-alive\n\n'), 15_000);
});
