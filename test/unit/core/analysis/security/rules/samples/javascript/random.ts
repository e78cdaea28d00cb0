import type { RuleSamples } from '../../rule-samples.ts'

export const RANDOM_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'js-weak-random': {
    positive: [
      'const token = Math.random().toString(36).slice(2)',
      "function generatePassword(length) {\n  let result = ''\n  for (let i = 0; i < length; i++) result += CHARS[Math.floor(Math.random() * CHARS.length)]\n  return result\n}",
      'user.resetToken = String(Math.random())',
      'const session = { sessionId: Math.random().toString(16) }',
      'const otp = Math.floor(100000 + Math.random() * 900000)',
      "export const createApiKey = () => Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('')",
    ],
    negative: [
      'const delay = base * 2 ** attempt + Math.random() * 100',
      "const token = crypto.randomBytes(32).toString('hex')\nif (Math.random() < SAMPLE_RATE) log(token)",
      'const color = COLORS[Math.floor(Math.random() * COLORS.length)]',
      'const id = Math.random().toString(36).slice(2)',
      'items.sort(() => Math.random() - 0.5)',
      'function pickTokenColor() {\n  return PALETTE[Math.floor(Math.random() * PALETTE.length)]\n}',
    ],
  },
  'js-guessable-secret': {
    positive: [
      'const resetToken = Date.now().toString(36)',
      "import { v1 as uuidv1 } from 'uuid'\nconst sessionToken = uuidv1()",
      'const inviteCode = `inv-${Date.now()}`',
      'const key = crypto.pseudoRandomBytes(16)',
    ],
    negative: [
      'const token = crypto.randomUUID()\nconst createdAt = Date.now()',
      'const session = { token, expiresAt: Date.now() + 3600_000 }',
      "import { v4 as uuid } from 'uuid'\nconst sessionToken = uuid()",
      'const fileName = `report-${Date.now()}.csv`',
      'const tokenExpiry = new Date().getTime() / 1000',
    ],
  },
}
