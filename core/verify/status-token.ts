import { PASSED } from './checks.ts'
import { fromBase64Url, toBase64Url, utf8 } from './encoding.ts'
import { standingAt } from './examine.ts'
import { parseStrictJson } from './json.ts'
import { decodeText, isRecord, isSeconds } from './reading.ts'
import { remember } from './remember.ts'
import { verifyRs256 } from './signature.ts'
import { STATUS_LIST_SIZE, statusAt } from './status-list.ts'
import type { TrustRoot, TrustRootKey } from './trust-root.ts'
import { type Evidence, MAX_CLOCK_SKEW_MS } from './verdict.ts'

/** The `typ` of a status list token (Token Status List, section 5.1). */
export const STATUS_TOKEN_TYPE = 'statuslist+jwt'
/** In characters; a full list of two bits each, with a signature by RSA-4096, takes less than half of it. */
export const MAX_STATUS_TOKEN_LENGTH = 131_072
/** What DEFLATE adds at most to a list that it cannot compress, in bytes. */
const DEFLATE_OVERHEAD_BYTES = 64
/** Of about 50 KiB each. */
const MAX_REMEMBERED_TOKENS = 32

/** A status list as its signed token says it was. */
export interface StatusToken {
  /** `sub`: the list's URI. */
  readonly uri: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** After so many seconds a holder should ask for a newer one. */
  readonly ttl: number
  /** Bits of one status. */
  readonly bits: 1 | 2
  readonly list: Uint8Array
}

interface VerifiedToken {
  readonly text: string
  readonly kid: string
  readonly jwk: TrustRootKey['jwk']
  readonly token: StatusToken
}

/**
 * Tokens whose signature held, by that signature. That a key made it stays true, so only the key's standing is asked
 * again; verifying many certificates of one list costs one signature and one inflation.
 */
const verified = new Map<string, VerifiedToken>()

/**
 * Opens a status list token: a compact JWS, RS256, by a key of the trust root that was in force at `iat` and is not
 * compromised. That it has expired is for the verdict to say. Never throws.
 *
 * @returns null when it is malformed, or no such key signed it
 */
export async function openStatusToken(text: string, trustRoot: TrustRoot): Promise<StatusToken | null> {
  if (text.length > MAX_STATUS_TOKEN_LENGTH) return null
  const [header = '', payload = '', signature = '', ...more] = text.split('.')
  if (more.length > 0) return null
  const known = verified.get(signature)
  if (known?.text === text) return isByKeyInForce(known, trustRoot) ? known.token : null
  const kid = readKid(header)
  const key = trustRoot.keys.find((candidate) => candidate.kid === kid)
  const bytes = fromBase64Url(signature)
  if (kid === null || key === undefined || bytes === null) return null
  if (!(await verifyRs256(key.jwk, bytes, utf8(`${header}.${payload}`)))) return null
  // Only what the network signed is inflated.
  const token = await readClaims(payload)
  if (token === null) return null
  const fresh: VerifiedToken = { text, kid, jwk: key.jwk, token }
  remember(verified, signature, fresh, MAX_REMEMBERED_TOKENS)
  return isByKeyInForce(fresh, trustRoot) ? token : null
}

/**
 * What a token tells of one certificate.
 *
 * @param token of {@link openStatusToken}
 * @param reference the certificate's `status_list`
 * @param now milliseconds since the epoch
 */
export function statusFromToken(
  token: StatusToken | null,
  reference: { readonly uri: string; readonly idx: number },
  now: number,
): Pick<Evidence, 'status' | 'statusFault'> {
  if (token === null || token.bits !== 1) return { status: null, statusFault: 'status_token_invalid' }
  if (token.uri !== reference.uri) return { status: null, statusFault: 'status_list_mismatch' }
  const value = statusAt(token.list, token.bits, reference.idx)
  if (value === null) return { status: null, statusFault: 'status_index_out_of_range' }
  const revoked = value !== 0
  if (!revoked && token.issuedAt > now + MAX_CLOCK_SKEW_MS)
    return { status: null, statusFault: 'status_token_invalid' }
  return { status: { revoked, asOf: token.issuedAt, until: token.expiresAt, source: 'signed_status_list' } }
}

/**
 * The `lst` of a status list token: base64url of the zlib form (RFC 1950) of its bytes.
 *
 * @param list the statuses, least significant bit first
 */
export async function encodeStatusList(list: Uint8Array): Promise<string> {
  const bytes = await passThrough(new CompressionStream('deflate'), list, Number.POSITIVE_INFINITY)
  return toBase64Url(bytes!)
}

/** @returns null when `lst` is no base64url, no zlib form, or of more than `maximumBytes` */
export async function decodeStatusList(lst: string, maximumBytes: number): Promise<Uint8Array | null> {
  const compressed = fromBase64Url(lst)
  if (compressed === null || compressed.length > maximumBytes + DEFLATE_OVERHEAD_BYTES) return null
  try {
    return await passThrough(new DecompressionStream('deflate'), compressed, maximumBytes)
  } catch {
    return null
  }
}

function isByKeyInForce({ kid, jwk, token }: VerifiedToken, trustRoot: TrustRoot): boolean {
  const key = trustRoot.keys.find((candidate) => candidate.kid === kid)
  if (key === undefined || key.state === 'compromised') return false
  return key.jwk.n === jwk.n && key.jwk.e === jwk.e && standingAt(key, token.issuedAt) === PASSED
}

function readKid(header: string): string | null {
  const parsed = parseStrictJson(decodeText(header) ?? '')
  if (!parsed.ok || !isRecord(parsed.value)) return null
  const { alg, typ, kid } = parsed.value
  const plain = !('crit' in parsed.value) && !('b64' in parsed.value)
  return alg === 'RS256' && typ === STATUS_TOKEN_TYPE && plain && typeof kid === 'string' ? kid : null
}

async function readClaims(payload: string): Promise<StatusToken | null> {
  const parsed = parseStrictJson(decodeText(payload) ?? '')
  if (!parsed.ok || !isRecord(parsed.value)) return null
  const { sub, iat, exp, ttl, status_list } = parsed.value
  if (typeof sub !== 'string' || !isSeconds(iat) || !isSeconds(exp) || !isSeconds(ttl)) return null
  if (!isRecord(status_list) || typeof status_list.lst !== 'string') return null
  const { bits } = status_list
  if (bits !== 1 && bits !== 2) return null
  const list = await decodeStatusList(status_list.lst, (STATUS_LIST_SIZE * bits) / 8)
  return list && { uri: sub, issuedAt: iat * 1000, expiresAt: exp * 1000, ttl, bits, list }
}

/**
 * @returns null as soon as more than `maximumBytes` have come out
 * @throws what the stream throws for what is not in its form, or is cut short
 */
async function passThrough(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array,
  maximumBytes: number,
): Promise<Uint8Array | null> {
  const writer = writable.getWriter()
  const written = writer.write(new Uint8Array(bytes)).then(() => writer.close())
  // Whoever reads learns of it too.
  written.catch(() => {})
  const reader = readable.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > maximumBytes) {
      await reader.cancel()
      return null
    }
    chunks.push(next.value)
  }
  await written
  return join(chunks, length)
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
