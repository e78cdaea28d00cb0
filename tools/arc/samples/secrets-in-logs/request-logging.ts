app.use((req, res, next) => {
  logger.info('request', {
    method: req.method,
    url: req.originalUrl,
    headers: req.headers,
    body: req.body,
  });
  res.on('finish', () => {
    logger.info('response', {
      status: res.statusCode,
      cookies: res.getHeader('set-cookie'),
    });
  });
  next();
});
