import type { RuleSamples } from '../../rule-samples.ts'

export const TOKEN_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-jwt-none': {
    positive: [
      "jwt.verify(token, key, { algorithms: ['HS256', 'none'] })",
      "const token = jwt.sign(payload, '', { algorithm: 'none' })",
      "const jwt = require('jsonwebtoken')\nconst claims = jwt.verify(token, null)",
      "import { UnsecuredJWT } from 'jose'\nconst token = new UnsecuredJWT({ sub }).encode()",
    ],
    negative: [
      "jwt.verify(token, key, { algorithms: ['RS256'] })",
      "const token = jwt.sign(payload, key, { algorithm: 'HS256' })",
      "const style = { display: 'none', algorithm: pick('none') }\ncontract.verify(result, null)",
      "import jwt from 'jsonwebtoken'\njwt.verify(token, publicKey)",
    ],
  },
  'js-jwt-unverified': {
    positive: [
      "const jwt = require('jsonwebtoken')\napp.use((req, res, next) => {\n  req.user = jwt.decode(req.headers.authorization.slice(7))\n  next()\n})",
      "import { decodeJwt } from 'jose'\nexport const userOf = (token) => decodeJwt(token).sub",
      "import jwt from 'jwt-simple'\nconst claims = jwt.decode(token, secret, true)",
      "import { jwtDecode } from 'jwt-decode'\napp.get('/me', (req, res) => {\n  const claims = jwtDecode(req.cookies.token)\n  res.json({ id: claims.sub })\n})",
    ],
    negative: [
      "const jwt = require('jsonwebtoken')\nconst claims = jwt.verify(token, key, { algorithms: ['RS256'] })",
      "import jwt from 'jsonwebtoken'\nconst { header } = jwt.decode(token, { complete: true })\nconst claims = jwt.verify(token, keys[header.kid])",
      "import { jwtDecode } from 'jwt-decode'\nconst expires = jwtDecode(localStorage.token).exp",
      "import jwt from 'jwt-simple'\nconst claims = jwt.decode(token, secret)",
      "import { decode } from '../base64'\nconst jwtBody = decode(text)",
    ],
  },
  'js-jwt-checks-off': {
    positive: [
      'jwt.verify(token, key, { ignoreExpiration: true })',
      'new JwtStrategy({ secretOrKey, jwtFromRequest, ignoreExpiration: true }, check)',
      "const options = { algorithms: ['RS256'], ignoreNotBefore: true }",
    ],
    negative: [
      'jwt.verify(token, key, { ignoreExpiration: false })',
      "jwt.verify(token, key, { algorithms: ['RS256'] })",
      'const options = { ignoreExpiration: settings.test }',
    ],
  },
  'js-timing-comparison': {
    positive: [
      "const expected = crypto.createHmac('sha256', key).update(body).digest('hex')\nif (signature === expected) accept()",
      "app.post('/hook', (req, res) => {\n  if (req.headers['x-api-key'] !== process.env.API_KEY) return res.sendStatus(401)\n  res.end()\n})",
      'function check(user, given) {\n  return user.apiKey === given.apiKey\n}',
      "const mac = `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`\nif (req.get('X-Hub-Signature-256') != mac) throw new Error('signature')",
      'app.use((req, res, next) => {\n  const token = req.query.token\n  if (token !== config.adminToken) return res.sendStatus(403)\n  next()\n})',
      'if (providedSecret === expectedSecret) unlock()',
    ],
    negative: [
      "const expected = crypto.createHmac('sha256', key).update(body).digest()\nif (crypto.timingSafeEqual(Buffer.from(signature, 'hex'), expected)) accept()",
      'if (token === undefined || token.type === TokenType.End) return',
      "if (req.body.password !== req.body.confirmPassword) throw new Error('mismatch')",
      'if (hash === previousHash) return cached\nif (signature.length !== expected.length) return false',
      "if (key === 'secret') skip()\nif (typeof secret === typeof other) next()",
      "if (password !== passwordConfirmation) setError('They differ')",
    ],
  },
}
