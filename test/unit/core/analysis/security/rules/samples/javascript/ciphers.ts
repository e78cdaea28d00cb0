import type { RuleSamples } from '../../rule-samples.ts'

export const CIPHER_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-weak-hash': {
    positive: [
      "const hash = crypto.createHash('md5').update(password).digest('hex')",
      "import { createHash } from 'node:crypto'\nexport function signRequest(body, key) {\n  return createHash('sha1').update(body + key).digest('hex')\n}",
      "const signer = crypto.createSign('RSA-SHA1')\nsigner.update(data)",
      "import md5 from 'md5'\nconst token = md5(user.email + Date.now())",
      "function store(user) {\n  const hash = crypto.createHash('sha1')\n  hash.update(user.password)\n  return hash.digest('base64')\n}",
      "const mac = crypto.createHmac('md5', key).update(body).digest('hex')",
    ],
    negative: [
      "const etag = crypto.createHash('md5').update(body).digest('hex')",
      "const cacheKey = createHash('sha1').update(url).digest('hex')",
      "import md5 from 'md5'\nconst avatar = `https://www.gravatar.com/avatar/${md5(email)}`",
      "const signature = crypto.createHash('sha256').update(body).digest('hex')",
      "const signer = crypto.createSign('RSA-SHA256')",
      "function fileChecksum(content) {\n  return createHash('md5').update(content).digest('hex')\n}",
    ],
  },
  'js-fast-password-hash': {
    positive: [
      "const stored = crypto.createHash('sha256').update(password).digest('hex')",
      "import { createHash } from 'crypto'\nfunction hashPassword(plain, salt) {\n  return createHash('sha512').update(salt + plain).digest('hex')\n}",
      'const digest = CryptoJS.SHA256(user.password).toString()',
      "const bytes = new TextEncoder().encode(password)\nconst digest = await crypto.subtle.digest('SHA-256', bytes)",
    ],
    negative: [
      'const stored = await bcrypt.hash(password, 12)',
      "const id = crypto.createHash('sha256').update(body).digest('hex')\nconst ok = await argon2.verify(row.password, given)",
      "const stored = crypto.scryptSync(password, salt, 64)\nconst key = createHash('sha256').update(apiToken).digest('hex')",
      "const digest = await crypto.subtle.digest('SHA-256', file)\nconst passwordField = form.password",
    ],
  },
  'js-weak-cipher': {
    positive: [
      "const cipher = crypto.createCipheriv('des-ede3-cbc', key, iv)",
      "import { createCipheriv } from 'node:crypto'\nconst ALGORITHM = 'aes-256-ecb'\nconst cipher = createCipheriv(ALGORITHM, key, null)",
      'const text = CryptoJS.AES.encrypt(plain, key, { mode: CryptoJS.mode.ECB })',
      'const text = CryptoJS.TripleDES.encrypt(plain, key)',
      "crypto.createDecipheriv('rc4', key, '')",
    ],
    negative: [
      "const cipher = crypto.createCipheriv('aes-256-gcm', key, iv)",
      'const text = CryptoJS.AES.encrypt(plain, key, { mode: CryptoJS.mode.CBC, iv })',
      "const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })",
      "const mode = { mode: 'ECB-like', encrypt: true }\nservice.encrypt(plain)",
    ],
  },
  'js-cipher-without-iv': {
    positive: [
      "const crypto = require('crypto')\nconst cipher = crypto.createCipher('aes-256-cbc', password)",
      "import { createDecipher } from 'crypto'\nconst decipher = createDecipher('aes192', secret)",
      "import crypto from 'node:crypto'\nexport const seal = (key) => crypto.createCipher(ALGORITHM, key)",
    ],
    negative: [
      "const crypto = require('crypto')\nconst cipher = crypto.createCipheriv('aes-256-cbc', key, crypto.randomBytes(16))",
      "import { createCipher } from '../own'\ncreateCipher('a', 'b')",
      "import crypto from 'crypto'\nmachine.createCipher('enigma', rotors)",
    ],
  },
  'js-static-iv': {
    positive: [
      "const iv = Buffer.alloc(16, 0)\nconst cipher = crypto.createCipheriv('aes-256-cbc', key, iv)",
      "const cipher = createCipheriv('aes-256-gcm', key, '0123456789ab')",
      "const IV = Buffer.from('00112233445566778899aabbccddeeff', 'hex')\nexport const seal = (key) => crypto.createCipheriv('aes-128-ctr', key, IV)",
      "const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, data)",
    ],
    negative: [
      "const iv = crypto.randomBytes(12)\nconst cipher = crypto.createCipheriv('aes-256-gcm', key, iv)",
      "async function seal(key, data) {\n  const iv = new Uint8Array(12)\n  crypto.getRandomValues(iv)\n  return crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data)\n}",
      "const decipher = crypto.createDecipheriv('aes-256-gcm', key, Buffer.from(record.iv, 'hex'))",
      "function seal(key, iv) {\n  return crypto.createCipheriv('aes-256-gcm', key, iv)\n}",
      "const iv = crypto.getRandomValues(new Uint8Array(12))\nconst sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data)",
    ],
  },
  'js-static-salt': {
    positive: [
      "const key = crypto.pbkdf2Sync(password, 'salt', 600000, 32, 'sha256')",
      "const SALT = 'f3a9c1'\ncrypto.scrypt(password, SALT, 64, done)",
      "const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', salt: new TextEncoder().encode('app'), iterations: 600000, hash: 'SHA-256' }, key, 256)",
      "const bcrypt = require('bcrypt')\nbcrypt.hashSync(password, '$2b$12$abcdefghijklmnopqrstuv')",
    ],
    negative: [
      "const salt = crypto.randomBytes(16)\nconst key = crypto.pbkdf2Sync(password, salt, 600000, 32, 'sha256')",
      'const key = crypto.scryptSync(password, user.salt, 64)',
      "const bcrypt = require('bcrypt')\nbcrypt.hashSync(password, 12)",
      "hash('md5', 'abc')\nconst key = crypto.scryptSync(password, Buffer.from(row.salt, 'hex'), 64)",
    ],
  },
  'js-weak-key-derivation': {
    positive: [
      "const key = crypto.pbkdf2Sync(password, salt, 1000, 32, 'sha256')",
      "const bcrypt = require('bcrypt')\nconst stored = await bcrypt.hash(password, 4)",
      "import bcrypt from 'bcryptjs'\nconst ROUNDS = 5\nconst salt = bcrypt.genSaltSync(ROUNDS)",
      'const key = CryptoJS.PBKDF2(password, salt, { keySize: 8, iterations: 1000 })',
      "const params = { name: 'PBKDF2', salt, iterations: 5_000, hash: 'SHA-256' }",
      'crypto.scryptSync(password, salt, 64, { N: 1024 })',
    ],
    negative: [
      "const key = crypto.pbkdf2Sync(password, salt, 600_000, 32, 'sha256')",
      "const bcrypt = require('bcrypt')\nconst stored = await bcrypt.hash(password, 12)",
      "const params = { name: 'PBKDF2', salt, iterations: 310000, hash: 'SHA-256' }",
      'const bench = run({ iterations: 100 })\nconst key = crypto.scryptSync(password, salt, 64)',
      "import bcrypt from 'bcrypt'\nconst stored = await bcrypt.hash(password, config.rounds)",
    ],
  },
  'js-short-key': {
    positive: [
      "crypto.generateKeyPairSync('rsa', { modulusLength: 1024 })",
      "const pair = await crypto.subtle.generateKey({ name: 'RSA-OAEP', modulusLength: 512, publicExponent, hash: 'SHA-256' }, true, usages)",
      'const key = new NodeRSA({ b: 512 })',
      "const BITS = 1024\ncrypto.generateKeyPair('rsa', { modulusLength: BITS }, done)",
      'const dh = crypto.createDiffieHellman(512)',
    ],
    negative: [
      "crypto.generateKeyPairSync('rsa', { modulusLength: 4096 })",
      "crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })",
      'const key = new NodeRSA({ b: 2048 })\nconst image = encode({ bits: 8 })',
      'const dh = crypto.createDiffieHellman(2048)',
    ],
  },
}
