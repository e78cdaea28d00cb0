import type { RuleSamples } from '../../rule-samples.ts'

export const EXPOSURE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-stack-sent': {
    positive: [
      'app.use((err, req, res, next) => {\n  res.status(500).send(err.stack)\n})',
      "app.get('/', (req, res) => {\n  try { work() } catch (error) { res.status(500).json({ message: error.message, stack: error.stack }) }\n})",
      'server.on("request", (req, res) => {\n  run().catch((e) => res.end(`<pre>${e.stack}</pre>`))\n})',
    ],
    negative: [
      "app.use((err, req, res, next) => {\n  console.error(err.stack)\n  res.status(500).send('Something went wrong')\n})",
      "app.use((err, req, res, next) => {\n  res.status(500).json({ message: 'failed', stack: isProduction ? undefined : err.stack })\n})",
      'app.get("/", (req, res) => res.json({ stack: pile.stack, message: err.message }))',
      'if (dev) {\n  app.use((err, req, res, next) => res.send(err.stack))\n}',
    ],
  },
  'js-secret-logged': {
    positive: [
      "console.log('password:', password)",
      'logger.info(`login of ${name} with ${req.body.password}`)',
      'log.debug({ user, accessToken })',
      "console.error('failed with key ' + config.apiKey)",
      'console.log(JSON.stringify({ secret: clientSecret }))',
    ],
    negative: [
      "console.log('password changed for', user.id)",
      'logger.info({ passwordLength: password.length })',
      "console.log('token count', tokens)",
      'logger.debug(redact(apiKey))',
      "console.log(chalk.bold('secret'), secretName)",
    ],
  },
  'js-log-injection': {
    positive: [
      "app.post('/login', (req, res) => {\n  console.log('Login failed for ' + req.body.user)\n})",
      'router.get("/s", (ctx) => {\n  const { q } = ctx.query\n  logger.info(`searching for ${q}`)\n})',
      "app.get('/x', (req, res) => {\n  const line = 'visited by ' + req.query.name\n  log.warn(line)\n})",
    ],
    negative: [
      "app.post('/login', (req, res) => {\n  logger.info({ user: req.body.user }, 'login failed')\n})",
      "app.post('/login', (req, res) => {\n  console.log(`Login failed for ${JSON.stringify(req.body.user)}`)\n})",
      "app.get('/s', (req, res) => {\n  const q = req.query.q.replace(/[\\r\\n]/g, ' ')\n  logger.info('searching for ' + q)\n})",
      "app.get('/s', (req, res) => {\n  console.log(`${req.method} ${req.url}`)\n  console.log('count ' + Number(req.query.n))\n})",
    ],
  },
}
