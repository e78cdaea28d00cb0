export function start(): void {
  const config = loadConfig();
  logger.info(`starting with config ${JSON.stringify(config)}`);
  console.log('environment', process.env);
  const db = connect(config.databaseUrl);
  logger.info(`connected to ${config.databaseUrl}`, { apiKey: config.apiKey });
  listen(db, config.port);
}
