import type { FlattenedJWS, JWK } from 'jose'
import { fromBase64Url, utf8 } from './encoding.ts'
import { parseStrictJson } from './json.ts'
import { verifyEd25519 } from './log/ed25519.ts'
import { decodeText, isRecord } from './reading.ts'
import { remember } from './remember.ts'
import { isTrustRoot, type KeyState } from './trust-root-shape.ts'

export { isKid } from './trust-root-shape.ts'

/** A signing key as the trust root lists it. Times are RFC 3339; `valid_to` is null while it is open. */
export interface TrustRootKey {
  readonly kid: string
  readonly algorithm: 'RS256'
  readonly state: KeyState
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
  /** Absent in trust roots from before there was a log. */
  readonly log?: TrustRootLog
  /** Of the authority that certifies agents, PEM. */
  readonly agent_ca_certificates?: readonly string[]
}

/** The network's transparency log. */
export interface TrustRootLog {
  /** The first line of its checkpoints, and the name of its key. */
  readonly origin: string
  /** Ed25519, as c2sp.org/signed-note writes it. */
  readonly verifier_key: string
  /** What the paths of its checkpoint and tiles are below, without a slash at the end. */
  readonly url: string
  /** Who cosigns its checkpoints: c2sp.org/tlog-policy. */
  readonly witness_policy: string
  /** Whether a certificate whose checkpoint lacks its quorum fails (`closed`) or is only said to lack it (`open`). */
  readonly witness_failure: 'open' | 'closed'
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
  const trustRoot = recall(jws, pinned) ?? (await readSigned(jws, pinned))
  if (typeof trustRoot === 'string') return refuse(trustRoot)
  if (trustRoot.version < (options.minimumVersion ?? 0)) return refuse('trust_root_rolled_back')
  if (hasExpired(trustRoot, options.now.getTime())) return refuse('trust_root_expired')
  return { ok: true, trustRoot }
}

/** Asked so that a time which is none is past. */
export function hasExpired({ expires_at }: TrustRoot, now: number): boolean {
  return !(now < Date.parse(expires_at))
}

type TrustRootJws = FlattenedJWS & { readonly protected: string; readonly payload: string }

/** Of up to some 100 KiB each. */
const MAX_REMEMBERED_TRUST_ROOTS = 16

/**
 * Trust roots whose signature held, by that signature. That the key made it stays true, so that only version and expiry
 * are asked again.
 */
const verified = new Map<string, { jws: TrustRootJws; x: string; trustRoot: TrustRoot }>()

function recall(jws: TrustRootJws, pinned: JWK): TrustRoot | undefined {
  const known = verified.get(jws.signature)
  const same = known?.jws.payload === jws.payload && known.jws.protected === jws.protected
  return same && isEd25519(pinned) && known.x === pinned.x ? known.trustRoot : undefined
}

async function readSigned(jws: TrustRootJws, pinned: JWK): Promise<TrustRoot | TrustRootReason> {
  if (!isEd25519(pinned) || !(await isSignedBy(jws, pinned))) return 'trust_root_not_pinned'
  const trustRoot = readTrustRoot(decodeText(jws.payload) ?? '')
  if (trustRoot === null) return 'trust_root_malformed'
  const kept = { protected: jws.protected, payload: jws.payload, signature: jws.signature }
  const entry = { jws: kept, x: pinned.x, trustRoot }
  remember(verified, jws.signature, entry, MAX_REMEMBERED_TRUST_ROOTS)
  return trustRoot
}

/** The payload of a trust root, for whoever looks at one that nobody has vouched for. @returns null when it is none */
export function readTrustRoot(text: string): TrustRoot | null {
  const parsed = parseStrictJson(text)
  return parsed.ok && isTrustRoot(parsed.value) ? parsed.value : null
}

/** RFC 8037 in the flattened form of RFC 7515 §7.2.2, without extensions. */
async function isSignedBy(jws: TrustRootJws, { x }: { x: string }): Promise<boolean> {
  const header = parseStrictJson(decodeText(jws.protected) ?? '')
  if (!header.ok || !isRecord(header.value) || header.value.alg !== 'EdDSA') return false
  if ('crit' in header.value || 'b64' in header.value) return false
  const key = fromBase64Url(x)
  const signature = fromBase64Url(jws.signature)
  if (key === null || signature === null) return false
  return verifyEd25519(key, signature, utf8(`${jws.protected}.${jws.payload}`))
}

function isEd25519(key: JWK): key is JWK & { x: string } {
  return key.kty === 'OKP' && key.crv === 'Ed25519' && typeof key.x === 'string'
}

/** RFC 7517 key set of every key that verifies: pending (so that caches have it in time), active and retired. */
export function jsonWebKeySet(trustRoot: TrustRoot): { keys: (JWK & { kid: string })[] } {
  return {
    keys: trustRoot.keys
      .filter((key) => key.state !== 'compromised')
      .map((key) => ({ ...key.jwk, kid: key.kid, alg: 'RS256', use: 'sig' })),
  }
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
