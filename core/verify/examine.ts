import type { Certificate, SignedCertificate } from '../../schema/wire/certificate.ts'
import { canonicalText, signedMembers } from './canonical.ts'
import { isCertificateShape, isSignature } from './certificate-shape.ts'
import { type CheckOutcome, type CheckReason, failed, indeterminate, PASSED } from './checks.ts'
import { fromBase64, fromBase64Url, utf8 } from './encoding.ts'
import { parseStrictJson } from './json.ts'
import { decodeText, isRecord, isSeconds } from './reading.ts'
import { verifyRs256 } from './signature.ts'
import { isFlattenedJws, type TrustRoot, type TrustRootKey } from './trust-root.ts'

/** What a signature over immutable bytes can tell. It holds as long as the trust root's version does. */
export interface Examined {
  /** The signed members; null when the bytes are no certificate. Believe them only if both checks passed. */
  readonly certificate: SignedCertificate | null
  /** The text whose UTF-8 bytes are said to be signed, of which the log has the hash; null without a certificate. */
  readonly signed: string | null
  readonly signature: CheckOutcome
  /** What is known of the key without the log. */
  readonly keyValidity: CheckOutcome
  /**
   * Of a compromised key: what the log has below this index was signed before the compromise, so that a proof of that
   * makes up for `keyValidity`. Null where none can.
   */
  readonly loggedBelow: number | null
}

/** A certificate in any form that it travels in: its JSON, or a flattened JWS over its signed bytes. Never throws. */
export async function examineText(text: string, trustRoot: TrustRoot): Promise<Examined> {
  const parsed = parseStrictJson(text)
  if (!parsed.ok) return MALFORMED
  return isFlattenedJws(parsed.value)
    ? examineJws(parsed.value, trustRoot)
    : examineJson(parsed.value, trustRoot)
}

/** A certificate as parsed JSON, with its `signature` member; it is canonicalised again (RFC 8785). */
export async function examineJson(value: unknown, trustRoot: TrustRoot): Promise<Examined> {
  if (!isRecord(value)) return MALFORMED
  const { signature } = value as Partial<Certificate>
  const certificate = signedMembers(value)
  if (!isSignature(signature) || !isCertificateShape(certificate)) return MALFORMED
  let signed: string
  try {
    signed = canonicalText(certificate)
  } catch {
    return MALFORMED
  }
  return examineParsed(certificate, signed, signature, trustRoot)
}

/** The exact signed text and its signature, as they are stored. */
export async function examineSigned(
  signed: string,
  signature: Certificate['signature'],
  trustRoot: TrustRoot,
): Promise<Examined> {
  const parsed = parseStrictJson(signed)
  if (!parsed.ok || !isCertificateShape(parsed.value)) return MALFORMED
  return examineParsed(parsed.value, signed, signature, trustRoot)
}

async function examineParsed(
  certificate: SignedCertificate,
  signed: string,
  signature: Certificate['signature'],
  trustRoot: TrustRoot,
): Promise<Examined> {
  const value = fromBase64(signature.value)
  if (value === null) return MALFORMED
  return examineBytes({
    certificate,
    signed,
    kid: signature.public_key_id,
    signature: value,
    signedBytes: utf8(signed),
    trustRoot,
  })
}

/**
 * A flattened JWS over the signed bytes of a certificate.
 *
 * @param other of what may be the same certificate, which is then not read again
 */
export async function examineJws(
  jws: { protected: string; payload: string; signature: string },
  trustRoot: TrustRoot,
  other?: Examined,
): Promise<Examined> {
  const header = readHeader(jws.protected)
  const signed = decodeText(jws.payload)
  const signature = fromBase64Url(jws.signature)
  const certificate = signed === other?.signed ? other.certificate : readCertificate(signed)
  if (header === null || signed === null || signature === null || certificate === null) return MALFORMED
  return examineBytes({
    certificate,
    signed,
    kid: header.kid,
    signature,
    signedBytes: utf8(`${jws.protected}.${jws.payload}`),
    trustRoot,
    signedAt: header.iat === undefined ? undefined : header.iat * 1000,
  })
}

interface JwsHeader {
  readonly kid: string
  /** When the JWS was made, in seconds: it may be later than the certificate, by a key that came later. */
  readonly iat: number | undefined
}

function readHeader(header: string): JwsHeader | null {
  const parsed = parseStrictJson(decodeText(header) ?? '')
  if (!parsed.ok || !isRecord(parsed.value)) return null
  const { alg, kid, iat } = parsed.value
  const extended = 'crit' in parsed.value || 'b64' in parsed.value
  if (alg !== 'RS256' || extended || typeof kid !== 'string') return null
  return iat === undefined || isSeconds(iat) ? { kid, iat } : null
}

function readCertificate(signed: string | null): SignedCertificate | null {
  const parsed = parseStrictJson(signed ?? '')
  return parsed.ok && isCertificateShape(parsed.value) ? parsed.value : null
}

/** What is known of a certificate that there is no trust root to examine it by. */
export function unexamined(reason: CheckReason): Examined {
  const unknown = indeterminate(reason)
  return { ...MALFORMED, signature: unknown, keyValidity: unknown }
}

interface Signed {
  readonly certificate: SignedCertificate
  readonly signed: string
  readonly kid: string
  readonly signature: Uint8Array<ArrayBuffer>
  readonly signedBytes: Uint8Array<ArrayBuffer>
  readonly trustRoot: TrustRoot
  /** Milliseconds since the epoch, where that is said; else it was when the certificate was issued. */
  readonly signedAt?: number | undefined
}

async function examineBytes(given: Signed): Promise<Examined> {
  const { certificate, signed, kid } = given
  if (certificate.livemode !== true) return refuse(given, 'test_mode')
  const key = given.trustRoot.keys.find((candidate) => candidate.kid === kid)
  if (key === undefined) return refuse(given, 'key_unknown')
  const holds = await verifyRs256(key.jwk, given.signature, given.signedBytes)
  const issuedAt = Date.parse(certificate.issued_at)
  // Never before the issue: a key that had retired by then cannot have signed what was not there yet.
  const standing = standingAt(key, Math.max(issuedAt, given.signedAt ?? issuedAt))
  const compromised = standing === PASSED && key.state === 'compromised'
  return {
    certificate,
    signed,
    signature: holds ? PASSED : failed('signature_invalid'),
    keyValidity: compromised ? failed('key_compromised') : standing,
    loggedBelow: compromised ? (key.compromised_log_index ?? null) : null,
  }
}

/**
 * Whether a key was in force. A pending one counts: the signed trust root vouches for it, and a verifier may not have
 * heard of its activation.
 *
 * @param time of the signature, milliseconds since the epoch
 */
export function standingAt(key: TrustRootKey, time: number): CheckOutcome {
  const { valid_from, valid_to } = key
  const within = Date.parse(valid_from) <= time && (valid_to === null || time <= Date.parse(valid_to))
  return within ? PASSED : NOT_VALID_AT_ISSUE
}

const NOT_VALID_AT_ISSUE = failed('key_not_valid_at_issue')

export const MALFORMED: Examined = {
  certificate: null,
  signed: null,
  signature: failed('malformed'),
  keyValidity: indeterminate('malformed'),
  loggedBelow: null,
}

function refuse({ certificate, signed }: Signed, reason: CheckReason): Examined {
  return { certificate, signed, signature: failed(reason), keyValidity: failed(reason), loggedBelow: null }
}
