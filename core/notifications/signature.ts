import type { Random } from '../context.ts'
import { fromBase64, toBase64, utf8 } from '../verify/encoding.ts'

const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES = 32
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

/** `whsec_` and 32 random bytes in base64. */
export function generateWebhookSecret(random: Random): string {
  return SECRET_PREFIX + toBase64(random.bytes(SECRET_BYTES))
}

/** What is signed. */
export interface SignedMessage {
  /** `webhook-id`. */
  readonly id: string
  /** `webhook-timestamp`: seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/**
 * `webhook-signature` of Standard Webhooks 1.0: for each secret `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64,
 * with spaces between.
 *
 * @throws {TypeError} when a secret is none
 */
export async function signWebhook(secrets: readonly string[], message: SignedMessage): Promise<string> {
  const bytes = utf8(`${message.id}.${message.timestamp}.${message.body}`)
  const signatures = await Promise.all(secrets.map((secret) => sign(secret, bytes)))
  return signatures.join(' ')
}

async function sign(secret: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const raw = secret.startsWith(SECRET_PREFIX) ? fromBase64(secret.slice(SECRET_PREFIX.length)) : null
  if (raw === null || raw.length === 0) throw new TypeError('not a webhook secret')
  const key = await crypto.subtle.importKey('raw', raw, HMAC, false, ['sign'])
  return `v1,${toBase64(new Uint8Array(await crypto.subtle.sign(HMAC.name, key, bytes)))}`
}
