import { type FlattenedJWS, flattenedVerify, importJWK, type JWK } from 'jose'
import { parseStrictJson } from './json.ts'

/** A verifier refuses a trust root with any other: it could not know what that state takes away. */
const KEY_STATES = ['pending', 'active', 'retired', 'compromised'] as const

/** A signing key as the trust root lists it. Times are RFC 3339; `valid_to` is null while it is open. */
export interface TrustRootKey {
  readonly kid: string
  readonly algorithm: 'RS256'
  readonly state: (typeof KEY_STATES)[number]
  readonly valid_from: string
  readonly valid_to: string | null
  readonly jwk: { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  /** SubjectPublicKeyInfo, PEM. */
  readonly pem: string
  /** Only for a compromised key: certificates logged below this index keep their worth. */
  readonly compromised_log_index?: number
}

/** The payload of the signed trust root: every key that ever signed, and where live status is found. */
export interface TrustRoot {
  readonly type: 'coderisk-trust-root'
  readonly version: number
  readonly issued_at: string
  readonly expires_at: string
  readonly keys: readonly TrustRootKey[]
  readonly status_lists: readonly string[]
}

export type OpenedTrustRoot =
  | { readonly ok: true; readonly trustRoot: TrustRoot }
  | { readonly ok: false; readonly reason: TrustRootReason }

export type TrustRootReason =
  | 'trust_root_malformed'
  | 'trust_root_not_pinned'
  | 'trust_root_rolled_back'
  | 'trust_root_expired'

/**
 * Opens a signed trust root (flattened JWS, EdDSA). It counts only if `pinned`, the network root key that
 * the verifier already holds, signed it, and if it is not older than the version already seen.
 *
 * @param jws as it was received; anything at all
 * @param pinned the public Ed25519 key, JWK
 * @param minimumVersion the highest version this verifier has accepted so far
 */
export async function openTrustRoot(
  jws: unknown,
  pinned: JWK,
  options: { now: Date; minimumVersion?: number },
): Promise<OpenedTrustRoot> {
  if (!isFlattenedJws(jws)) return refuse('trust_root_malformed')
  let payload: Uint8Array
  try {
    const key = await importJWK(pinned, 'EdDSA')
    payload = (await flattenedVerify(jws, key, { algorithms: ['EdDSA'] })).payload
  } catch {
    return refuse('trust_root_not_pinned')
  }
  const parsed = parseStrictJson(new TextDecoder().decode(payload))
  if (!parsed.ok || !isTrustRoot(parsed.value)) return refuse('trust_root_malformed')
  if (parsed.value.version < (options.minimumVersion ?? 0)) return refuse('trust_root_rolled_back')
  if (Date.parse(parsed.value.expires_at) <= options.now.getTime()) return refuse('trust_root_expired')
  return { ok: true, trustRoot: parsed.value }
}

/** RFC 7517 key set of every key that verifies: pending (so that caches have it in time), active and retired. */
export function jsonWebKeySet(trustRoot: TrustRoot): { keys: (JWK & { kid: string })[] } {
  return {
    keys: trustRoot.keys
      .filter((key) => key.state !== 'compromised')
      .map((key) => ({ ...key.jwk, kid: key.kid, alg: 'RS256', use: 'sig' })),
  }
}

/** `key-YYYYMM-` and the first eight hex digits of the RFC 7638 thumbprint. */
export function isKid(value: unknown): value is string {
  return typeof value === 'string' && /^key-\d{6}-[0-9a-f]{8}$/.test(value)
}

/** The `protected` member of the JWS that carries a trust root. */
export const TRUST_ROOT_HEADER = { alg: 'EdDSA', typ: 'coderisk-trust-root+json' } as const

function refuse(reason: TrustRootReason): OpenedTrustRoot {
  return { ok: false, reason }
}

export function isFlattenedJws(
  value: unknown,
): value is FlattenedJWS & { protected: string; payload: string } {
  return (
    isRecord(value) &&
    typeof value.protected === 'string' &&
    typeof value.payload === 'string' &&
    typeof value.signature === 'string' &&
    value.header === undefined
  )
}

function isTrustRoot(value: unknown): value is TrustRoot {
  return (
    isRecord(value) &&
    value.type === 'coderisk-trust-root' &&
    Number.isSafeInteger(value.version) &&
    isTime(value.issued_at) &&
    isTime(value.expires_at) &&
    Array.isArray(value.keys) &&
    value.keys.every(isTrustRootKey) &&
    Array.isArray(value.status_lists)
  )
}

function isTrustRootKey(value: unknown): value is TrustRootKey {
  return (
    isRecord(value) &&
    isKid(value.kid) &&
    value.algorithm === 'RS256' &&
    KEY_STATES.some((state) => state === value.state) &&
    isTime(value.valid_from) &&
    (value.valid_to === null || isTime(value.valid_to)) &&
    isRecord(value.jwk) &&
    typeof value.jwk.n === 'string' &&
    typeof value.jwk.e === 'string'
  )
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && Number.isFinite(Date.parse(value))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
