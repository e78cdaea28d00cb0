export const config = {
  debug: process.env.DEBUG !== 'false',
  port: Number(process.env.PORT ?? 3000),
  jwtSecret: process.env.JWT_SECRET || 'changeme',
  databaseUrl: process.env.DATABASE_URL || 'postgres://localhost:5432/app',
  corsOrigin: process.env.CORS_ORIGIN || '*',
  cookieSecure: process.env.COOKIE_SECURE === 'true',
  sendMail: process.env.SEND_MAIL === 'true',
};
