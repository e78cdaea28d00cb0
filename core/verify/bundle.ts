import type { JWK } from 'jose'
import type { SignedCertificate } from '../../schema/wire/certificate.ts'
import { BUNDLE_MEDIA_TYPE } from '../../schema/wire/vocabulary.ts'
import { failed, PASSED } from './checks.ts'
import { examineCode, type GivenCode } from './code-evidence.ts'
import { type Examined, examineJson, examineJws, MALFORMED, unexamined } from './examine.ts'
import { parseStrictJson } from './json.ts'
import { examineLogProof, onBoth } from './log-evidence.ts'
import { isRecord } from './reading.ts'
import { openStatusToken, statusFromToken } from './status-token.ts'
import {
  hasExpired,
  isFlattenedJws,
  openTrustRoot,
  type TrustRoot,
  type TrustRootReason,
} from './trust-root.ts'
import { decide, type Evidence, OFFLINE_POLICY, type Verdict } from './verdict.ts'

/** In UTF-16 units. The largest certificates, twice, with everything that comes with them, take less. */
export const MAX_BUNDLE_LENGTH = 4 * 1024 * 1024

/** An offline bundle as it was read: nothing in it is verified yet. */
export interface OfflineBundle {
  readonly certificate: Readonly<Record<string, unknown>>
  /** Flattened JWS. */
  readonly trust_root: unknown
  /** A status list token; null when the bundle has none. */
  readonly status_list: string | null
  /** c2sp.org/tlog-proof; null when the bundle has none. */
  readonly log_proof: string | null
  readonly jws: { readonly protected: string; readonly payload: string; readonly signature: string }
}

export interface BundleOptions {
  /** The network root key that the verifier already holds, JWK (Ed25519). */
  readonly rootKey: JWK
  readonly now: Date
  /** The highest version of the trust root that this verifier has accepted so far. */
  readonly minimumVersion?: number | undefined
  /** A trust root that this verifier has accepted before; it counts instead of an older one in the bundle. */
  readonly trustRoot?: TrustRoot | undefined
  /** Code to compare with what was certified. */
  readonly code?: GivenCode | undefined
}

/** The trust root that a bundle was judged by, or why there was none. */
export interface BundleTrustRoot {
  readonly accepted: boolean
  /** Why the bundle's own was refused; null when it was not, or when a newer one was at hand. */
  readonly reason: TrustRootReason | null
  readonly version: number | null
  /** RFC 3339. */
  readonly expiresAt: string | null
}

/** A bundle with everything in it checked. The evidence may still be made better before it is decided upon. */
export interface ExaminedBundle {
  readonly examined: Examined
  readonly evidence: Evidence
  readonly trustRoot: BundleTrustRoot
}

export interface BundleVerification extends ExaminedBundle {
  readonly verdict: Verdict
  /** The signed members, once signature and key hold; else null: nothing vouches for what they say. */
  readonly certificate: SignedCertificate | null
  /** Milliseconds since the epoch from when the status is; null when nothing is known of it. */
  readonly statusAsOf: number | null
}

/**
 * Verifies a bundle with no network. Never throws.
 *
 * @param bundle as text, or as {@link parseBundle} read it
 */
export async function verifyBundle(
  bundle: string | OfflineBundle,
  options: BundleOptions,
): Promise<BundleVerification> {
  const whole = await examineBundle(bundle, options)
  const verdict = decide(whole.examined, whole.evidence, options.now.getTime(), OFFLINE_POLICY)
  const { signature, key_validity } = verdict.checks
  const vouched = signature.result === 'passed' && key_validity.result === 'passed'
  return {
    ...whole,
    verdict,
    certificate: vouched ? whole.examined.certificate : null,
    statusAsOf: whole.evidence.status?.asOf ?? null,
  }
}

/** Checks everything in a bundle, without a verdict: for those who know a newer status than the bundle. Never throws. */
export async function examineBundle(
  given: string | OfflineBundle,
  options: BundleOptions,
): Promise<ExaminedBundle> {
  const bundle = typeof given === 'string' ? parseBundle(given) : given
  if (bundle === null) return nothingKnown(MALFORMED, null, options)
  const root = await chooseTrustRoot(bundle, options)
  if (typeof root === 'string') return nothingKnown(unexamined(root), root, options)
  const { version, expires_at: expiresAt } = root
  const own = await examineJson(bundle.certificate, root)
  const jws = await examineJws(bundle.jws, root, own)
  const token = bundle.status_list === null ? null : await openStatusToken(bundle.status_list, root)
  const examined = combine(own, jws)
  const [log, code] = await Promise.all([
    examineLogProof(examined, bundle.log_proof, root),
    options.code && examineCode(examined, options.code),
  ])
  const status =
    examined.certificate === null || bundle.status_list === null
      ? { status: null }
      : statusFromToken(token, examined.certificate.status_list, options.now.getTime())
  return {
    examined,
    evidence: { ...status, log, code },
    trustRoot: { accepted: true, reason: null, version, expiresAt },
  }
}

/** Reads a bundle strictly, without verifying anything. @returns null when it is none */
export function parseBundle(text: string): OfflineBundle | null {
  if (text.length > MAX_BUNDLE_LENGTH) return null
  const parsed = parseStrictJson(text)
  return parsed.ok ? readBundle(parsed.value) : null
}

/** @param value parsed JSON, of which it is known that no member is there twice. @returns null when it is no bundle */
export function readBundle(value: unknown): OfflineBundle | null {
  if (!isBundleLike(value) || value.schema_version !== '1.0') return null
  const { certificate, trust_root, status_list = null, log_proof = null, jws } = value
  if (!isRecord(certificate) || !isFlattenedJws(trust_root) || !isFlattenedJws(jws)) return null
  if (!isTextOrNull(status_list) || !isTextOrNull(log_proof)) return null
  return { certificate, trust_root, status_list, log_proof, jws }
}

/** Whether parsed JSON says that it is a bundle, of whatever version. */
export function isBundleLike(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value.media_type === BUNDLE_MEDIA_TYPE
}

/**
 * The bundle's own trust root counts only if the pinned key signed it: a file that vouches for itself proves nothing. A
 * newer one that the verifier has accepted before takes the place of one that is older, or past its time.
 */
async function chooseTrustRoot(
  { trust_root }: OfflineBundle,
  { rootKey, now, minimumVersion, trustRoot: held }: BundleOptions,
): Promise<TrustRoot | TrustRootReason> {
  const seen = Math.max(minimumVersion ?? 0, held?.version ?? 0)
  const own = await openTrustRoot(trust_root, rootKey, { now, minimumVersion: seen })
  if (own.ok) return own.trustRoot
  const outdated = own.reason === 'trust_root_rolled_back' || own.reason === 'trust_root_expired'
  if (held === undefined || !outdated || held.version < seen) return own.reason
  return hasExpired(held, now.getTime()) ? 'trust_root_expired' : held
}

/** The same certificate, signed twice: both signatures must hold, over the same bytes. */
function combine(own: Examined, jws: Examined): Examined {
  const mismatch = jws.signed !== own.signed
  const second = mismatch ? failed('jws_mismatch') : jws.signature
  const signature = own.signature === PASSED ? second : own.signature
  return mismatch ? { ...own, signature } : { ...own, signature, ...combineKeys(own, jws) }
}

/** A compromise of either key is made up for only by a proof that makes up for both. */
function combineKeys(own: Examined, jws: Examined): Pick<Examined, 'keyValidity' | 'loggedBelow'> {
  const unsound = [own, jws].filter(({ keyValidity }) => keyValidity !== PASSED)
  const [first] = unsound
  if (first === undefined) return { keyValidity: PASSED, loggedBelow: null }
  const hopeless = unsound.find(({ loggedBelow }) => loggedBelow === null)
  if (hopeless !== undefined) return { keyValidity: hopeless.keyValidity, loggedBelow: null }
  const loggedBelow = Math.min(...unsound.map((one) => one.loggedBelow!))
  return { keyValidity: first.keyValidity, loggedBelow }
}

async function nothingKnown(
  examined: Examined,
  reason: TrustRootReason | null,
  { code }: BundleOptions,
): Promise<ExaminedBundle> {
  const compared = code && (await examineCode(examined, code))
  return {
    examined,
    evidence: { status: null, log: onBoth(examined.keyValidity), code: compared },
    trustRoot: { accepted: false, reason, version: null, expiresAt: null },
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}
