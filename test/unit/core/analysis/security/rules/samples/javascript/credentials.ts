import type { RuleSamples } from '../../rule-samples.ts'

export const CREDENTIAL_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-hardcoded-credential': {
    positive: [
      "const password = 'hunter2!'",
      "const pool = new Pool({ user: 'app', password: 'S3cr3t-Pa55' })",
      "const JWT_SECRET = 'supersecretkey'",
      "config.apiKey = '9f86d081884c7d659a2feaa0c55ad015'",
      "app.use(session({ secret: 'keyboard cat', resave: false }))",
      "class Client {\n  apiKey = 'k3y-9f86d081884c'\n}",
      "const secret = process.env.JWT_SECRET || 'insecure-fallback-key'",
      "if (user.password === 'letmein99') login(user)",
      "export const githubToken = 'a1b2c3d4e5f6a7b8c9d0'",
      "const options = { 'client_secret': 'pX8kQ2mN7vR4' }",
    ],
    negative: [
      'const password = process.env.DB_PASSWORD',
      "const password = ''",
      "const labels = { password: 'Password', forgotPassword: 'Forgot your password?' }",
      "const apiKey = 'YOUR_API_KEY'",
      "const fields = { accessToken: 'access_token', apiKey: 'x-api-key' }",
      "const PASSWORD_FIELD = 'user_password'\nconst passwordPattern = '^[a-z0-9]{8,}$'",
      "const token = 'identifier'\nif (token === 'string') next()",
      "const tokenUrl = 'https://auth.example.com/oauth2/token'\nconst authToken = `${prefix}-${id}`",
      "const secret = await vault.read('app/database')\nconst errors = { invalidToken: 'auth.token.invalid' }",
      "const password = 'changeme'\nconst inputType = { password: 'hidden' }",
      "const input = { password: 'test-password-123' }",
      "const clientSecret = config.get('clientSecret')",
    ],
  },
  'js-hardcoded-key': {
    positive: [
      "const jwt = require('jsonwebtoken')\nconst token = jwt.sign({ id }, 'shhhhh')",
      "import { createHmac } from 'node:crypto'\nconst mac = createHmac('sha256', 'my-signing-key').update(body).digest('hex')",
      "import crypto from 'crypto'\nconst KEY = Buffer.from('0123456789abcdef0123456789abcdef')\nconst cipher = crypto.createCipheriv('aes-256-gcm', KEY, iv)",
      "const sealed = CryptoJS.AES.encrypt(text, 'passphrase of ours')",
      "app.use(cookieParser('cats and dogs'))",
    ],
    negative: [
      "const jwt = require('jsonwebtoken')\nconst token = jwt.sign({ id }, process.env.JWT_SECRET)",
      "import { createHmac } from 'node:crypto'\nconst mac = createHmac('sha256', key).update('constant').digest('hex')",
      "import crypto from 'crypto'\nconst key = crypto.randomBytes(32)\nconst cipher = crypto.createCipheriv('aes-256-gcm', key, iv)",
      "document.sign(page, 'signature')\napp.use(cookieParser())",
      "import crypto from 'crypto'\nconst ok = crypto.verify('sha256', data, publicKey, signature)",
      "import jwt from 'jsonwebtoken'\nconst key = fs.readFileSync('private.pem')\nconst token = jwt.sign({ id }, key, { algorithm: 'RS256' })",
    ],
  },
  'js-hardcoded-authorization': {
    positive: [
      "fetch(url, { headers: { Authorization: 'Bearer 7f3b9c2e1d4a5f60' } })",
      "axios.get(url, { headers: { 'X-Api-Key': 'k9f86d081884c7d6' } })",
      "request.setHeader('Authorization', 'Basic YWRtaW46aHVudGVyMg==')",
    ],
    negative: [
      'fetch(url, { headers: { Authorization: `Bearer ${token}` } })',
      "fetch(url, { headers: { Authorization: 'Bearer ' + process.env.TOKEN } })",
      "fetch(url, { headers: { Authorization: 'Bearer YOUR_TOKEN_HERE' } })",
      "const names = { authorization: 'Authorization' }\nres.setHeader('WWW-Authenticate', 'Basic realm=\"x\"')",
    ],
  },
}
