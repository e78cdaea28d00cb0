const requests = new Counter({
  name: 'http_requests_total',
  help: 'HTTP requests',
  labelNames: ['method', 'path', 'user', 'request_id'],
});

app.use((req, res, next) => {
  res.on('finish', () => {
    requests.inc({
      method: req.method,
      path: req.originalUrl,
      user: req.user?.id,
      request_id: req.id,
    });
  });
  next();
});
