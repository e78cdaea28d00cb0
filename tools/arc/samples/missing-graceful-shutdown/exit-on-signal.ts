const server = app.listen(PORT, () => {
  logger.info(`listening on ${PORT}`);
});

process.on('SIGTERM', () => {
  logger.info('received SIGTERM, exiting');
  process.exit(0);
});

process.on('SIGINT', () => {
  process.exit(0);
});
