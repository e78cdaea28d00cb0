import type { RuleSamples } from '../../rule-samples.ts'

export const HEADER_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-cookie-flags': {
    positive: [
      "app.post('/login', (req, res) => {\n  res.cookie('session', id, { httpOnly: false, secure: true })\n})",
      "res.cookie('token', token)",
      'app.use(session({ store, cookie: { secure: false, maxAge: 60000 } }))',
      "reply.setCookie('auth_token', jwt, { path: '/', httpOnly: true })",
      "cookies().set('sessionid', value, { secure: true, sameSite: 'lax' })",
      "const cookieOptions = { httpOnly: true, secure: false }\nres.cookie('sid', sid, cookieOptions)",
    ],
    negative: [
      "res.cookie('session', id, { httpOnly: true, secure: true, sameSite: 'lax' })",
      "res.cookie('theme', theme)",
      "app.use(session({ store, cookie: { secure: process.env.NODE_ENV === 'production', httpOnly: true } }))",
      "const transport = nodemailer.createTransport({ host, secure: false })\nres.cookie('lang', 'de')",
      "res.cookie('XSRF-TOKEN', req.csrfToken(), { sameSite: 'strict', secure: true })",
      "res.cookie('session', id, { ...COOKIE_DEFAULTS, maxAge })",
      "res.cookie('session', '', { maxAge: 0 })\nmap.set('token', token)",
    ],
  },
  'js-cookie-header': {
    positive: [
      "res.setHeader('Set-Cookie', `session=${id}; Path=/`)",
      "return new Response(null, { headers: { 'Set-Cookie': 'token=' + token + '; HttpOnly' } })",
      "document.cookie = 'auth_token=' + token + '; path=/'",
    ],
    negative: [
      "res.setHeader('Set-Cookie', `session=${id}; Path=/; HttpOnly; Secure; SameSite=Lax`)",
      "document.cookie = 'theme=' + theme",
      "res.setHeader('Set-Cookie', 'session=; Max-Age=0; Path=/')",
      "const jar = {}\njar.cookie = 'session=' + id\nres.setHeader('Set-Cookie', cookies)",
    ],
  },
  'js-cors-any-origin': {
    positive: [
      'app.use(cors({ origin: true, credentials: true }))',
      "app.use((req, res, next) => {\n  res.setHeader('Access-Control-Allow-Origin', req.headers.origin)\n  res.setHeader('Access-Control-Allow-Credentials', 'true')\n  next()\n})",
      'app.use(cors({ origin: (origin, callback) => callback(null, true), credentials: true }))',
      "fastify.register(cors, { origin: '*', credentials: true })",
      "export function handler(event) {\n  return { headers: { 'Access-Control-Allow-Origin': event.headers.origin, 'Access-Control-Allow-Credentials': true } }\n}",
    ],
    negative: [
      "app.use(cors({ origin: 'https://app.example.com', credentials: true }))",
      "app.use(cors({ origin: '*' }))\nfetch(url, { credentials: 'include' })",
      "app.use((req, res, next) => {\n  if (ALLOWED.includes(req.headers.origin)) {\n    res.setHeader('Access-Control-Allow-Origin', req.headers.origin)\n    res.setHeader('Access-Control-Allow-Credentials', 'true')\n  }\n  next()\n})",
      'app.use(cors({ origin: (origin, callback) => callback(null, allowed.has(origin)), credentials: true }))',
      "app.use(cors({ origin: ['https://a.example.com', 'https://b.example.com'], credentials: true }))",
    ],
  },
  'js-header-from-input': {
    positive: [
      "app.get('/download', (req, res) => {\n  res.setHeader('Content-Disposition', `attachment; filename=\"${req.query.name}\"`)\n  res.end(data)\n})",
      "router.get('/lang', (ctx) => {\n  const { lang } = ctx.query\n  ctx.set('Content-Language', lang)\n})",
      "app.post('/meta', (req, res) => {\n  res.header(req.body.header, req.body.value)\n  res.end()\n})",
    ],
    negative: [
      "app.get('/download', (req, res) => {\n  res.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(req.query.name)}`)\n})",
      "app.use((req, res, next) => {\n  res.setHeader('X-Request-Id', req.get('X-Request-Id') ?? crypto.randomUUID())\n  next()\n})",
      "app.get('/x', (req, res) => {\n  const name = req.query.name.replace(/[^\\w.-]/g, '')\n  res.setHeader('X-Name', name)\n})",
      "app.get('/x', (req, res) => {\n  cache.set(req.query.key, req.query.value)\n  res.setHeader('Content-Length', Number(req.query.size))\n})",
    ],
  },
}
