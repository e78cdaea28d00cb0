import type { Provider } from '../../schema/wire/money.ts'
import { fromBase64, fromHex, sha256, toHex, utf8 } from '../verify/encoding.ts'
import { signedTime } from './read/delivery.ts'

/** The headers of a request; names in lower case. */
export interface WebhookHeaders {
  get(name: string): string | null
}

/** Why a webhook is not taken. */
export type Rejection = 'signature' | 'stale' | 'future'

/** `key` names the delivery: what is signed as its name, or else the hash of its body. Unsigned headers prove nothing. */
export type WebhookVerdict =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly reason: Rejection }

export const SECRET_PREFIX = 'whsec_'
const HMAC_SHA256 = { name: 'HMAC', hash: 'SHA-256' }
const SIGNATURE_BYTES = 32
/** While a secret is rotated there are two; more cost us work. */
const MAX_SIGNATURES = 8
const ID = /^[\x21-\x7e]{1,255}$/
const SECONDS = /^\d{1,11}$/

/** Of headers: Standard Webhooks, and Sentry's. */
const HEADER_TOLERANCE_MS = 5 * 60_000
/** Of a time in a body: providers try again for as long as this. */
const BODY_MAX_AGE_MS = 3 * 86_400_000
const BODY_MAX_AHEAD_MS = 5 * 60_000

/**
 * Verifies a webhook over its raw bytes, and then the times that it has.
 *
 * @param secret of the integration it was sent to
 */
export async function verifyWebhook(
  provider: Provider,
  secret: string,
  headers: WebhookHeaders,
  body: Uint8Array<ArrayBuffer>,
  now: Date,
): Promise<WebhookVerdict> {
  if (!(await SIGNED[provider](secret, headers, body))) return { ok: false, reason: 'signature' }
  const fault = timeOfHeader(provider, headers, now) ?? timeOfBody(provider, body, now)
  if (fault !== null) return { ok: false, reason: fault }
  const id = isStandard(provider) ? `id:${headers.get('webhook-id')}` : null
  return { ok: true, key: id ?? `sha256:${toHex(await sha256(body))}` }
}

type Signed = (secret: string, headers: WebhookHeaders, body: Uint8Array<ArrayBuffer>) => Promise<boolean>

const SIGNED: Readonly<Record<Provider, Signed>> = {
  github: (secret, headers, body) =>
    anyMatches(secret, body, [hexOf(headers.get('x-hub-signature-256'), 'sha256=')]),
  sentry: (secret, headers, body) =>
    anyMatches(secret, body, [hexOf(headers.get('sentry-hook-signature'), '')]),
  pagerduty: (secret, headers, body) => {
    const given = (headers.get('x-pagerduty-signature') ?? '').split(',', MAX_SIGNATURES)
    return anyMatches(
      secret,
      body,
      given.map((one) => hexOf(one.trim(), 'v1=')),
    )
  },
  datadog: async (secret, headers) => sameSecret(secret, headers.get('x-coderisk-secret')),
  deploy: verifyStandard,
  incident: verifyStandard,
}

function isStandard(provider: Provider): boolean {
  return SIGNED[provider] === verifyStandard
}

/** https://www.standardwebhooks.com/: `v1,{base64}` over `{id}.{timestamp}.{body}`; other versions are passed over. */
async function verifyStandard(
  secret: string,
  headers: WebhookHeaders,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const key = secretBytes(secret)
  if (key === null || !ID.test(id) || !SECONDS.test(timestamp)) return false
  const given = (headers.get('webhook-signature') ?? '').split(' ', MAX_SIGNATURES)
  const signatures = given.map((one) => (one.startsWith('v1,') ? fromBase64(one.slice('v1,'.length)) : null))
  const content = new Uint8Array(await new Blob([`${id}.${timestamp}.`, body]).arrayBuffer())
  return anyMatches(key, content, signatures)
}

/** The key of a `whsec_` secret; null when it is none, or its key is not of 24 to 64 bytes. */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> | null {
  if (!secret.startsWith(SECRET_PREFIX)) return null
  const bytes = fromBase64(secret.slice(SECRET_PREFIX.length))
  return bytes !== null && bytes.length >= 24 && bytes.length <= 64 ? bytes : null
}

function hexOf(text: string | null, prefix: string): Uint8Array<ArrayBuffer> | null {
  return text?.startsWith(prefix) ? fromHex(text.slice(prefix.length)) : null
}

/** WebCrypto compares in constant time. */
async function anyMatches(
  secret: string | Uint8Array<ArrayBuffer>,
  content: Uint8Array<ArrayBuffer>,
  signatures: readonly (Uint8Array<ArrayBuffer> | null)[],
): Promise<boolean> {
  const whole = signatures.flatMap((bytes) => (bytes?.length === SIGNATURE_BYTES ? [bytes] : []))
  if (whole.length === 0) return false
  const bytes = typeof secret === 'string' ? utf8(secret) : secret
  const key = await crypto.subtle.importKey('raw', bytes, HMAC_SHA256, false, ['verify'])
  const matches = await Promise.all(
    whole.map((signature) => crypto.subtle.verify('HMAC', key, signature, content)),
  )
  return matches.includes(true)
}

/** In constant time: what is compared are two authentication codes. */
async function sameSecret(secret: string, given: string | null): Promise<boolean> {
  if (given === null) return false
  const key = await crypto.subtle.importKey('raw', utf8(secret), HMAC_SHA256, false, ['sign', 'verify'])
  const code = await crypto.subtle.sign('HMAC', key, utf8(given))
  return crypto.subtle.verify('HMAC', key, code, utf8(secret))
}

/** Sentry's timestamp is not signed; one that is wrong is refused all the same. */
function timeOfHeader(provider: Provider, headers: WebhookHeaders, now: Date): Rejection | null {
  const given = isStandard(provider)
    ? headers.get('webhook-timestamp')
    : provider === 'sentry'
      ? headers.get('sentry-hook-timestamp')
      : null
  if (given === null) return null
  if (!SECONDS.test(given)) return 'stale'
  const age = now.getTime() - Number(given) * 1_000
  if (age > HEADER_TOLERANCE_MS) return 'stale'
  return age < -HEADER_TOLERANCE_MS ? 'future' : null
}

function timeOfBody(provider: Provider, body: Uint8Array, now: Date): Rejection | null {
  const signed = signedTime(provider, body)
  if (signed === null) return null
  const age = now.getTime() - signed.time.getTime()
  if (age < -BODY_MAX_AHEAD_MS) return 'future'
  return signed.sentThen && age > BODY_MAX_AGE_MS ? 'stale' : null
}
