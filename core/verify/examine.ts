import type { Certificate, SignedCertificate } from '../../schema/wire/certificate.ts'
import { CERTIFICATE_ID_PATTERN, RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import { canonicalText, signedMembers } from './canonical.ts'
import { fromBase64, fromBase64Url, utf8 } from './encoding.ts'
import { parseStrictJson } from './json.ts'
import { verifyRs256 } from './signature.ts'
import { isFlattenedJws, type TrustRoot, type TrustRootKey } from './trust-root.ts'

export type CheckReason =
  | 'malformed'
  | 'test_mode'
  | 'signature_invalid'
  | 'key_unknown'
  | 'key_compromised'
  | 'key_not_valid_at_issue'
  | 'trust_root_unavailable'
  | 'expired'
  | 'not_yet_valid'
  | 'revoked'
  | 'status_stale'
  | 'status_unavailable'

export interface CheckOutcome {
  readonly result: 'passed' | 'failed' | 'indeterminate'
  readonly reason: CheckReason | null
}

/** What a signature over immutable bytes can tell. It holds as long as the trust root's version does. */
export interface Examined {
  /** The signed members; null when the bytes are no certificate. Believe them only if both checks passed. */
  readonly certificate: SignedCertificate | null
  readonly signature: CheckOutcome
  readonly keyValidity: CheckOutcome
}

export const PASSED: CheckOutcome = { result: 'passed', reason: null }
export const failed = (reason: CheckReason): CheckOutcome => ({ result: 'failed', reason })
export const indeterminate = (reason: CheckReason): CheckOutcome => ({ result: 'indeterminate', reason })

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
  if (!isSignature(signature)) return MALFORMED
  let signed: string
  try {
    signed = canonicalText(signedMembers(value))
  } catch {
    return MALFORMED
  }
  return examineSigned(signed, signature, trustRoot)
}

/** The exact signed text and its signature, as they are stored. */
export async function examineSigned(
  signed: string,
  signature: Certificate['signature'],
  trustRoot: TrustRoot,
): Promise<Examined> {
  const value = fromBase64(signature.value)
  const parsed = parseStrictJson(signed)
  if (value === null || !parsed.ok) return MALFORMED
  return examineBytes(parsed.value, signature.public_key_id, value, utf8(signed), trustRoot)
}

async function examineJws(
  jws: { protected: string; payload: string; signature: string },
  trustRoot: TrustRoot,
): Promise<Examined> {
  const header = decodeJson(jws.protected)
  const payload = decodeJson(jws.payload)
  const signature = fromBase64Url(jws.signature)
  if (!isRecord(header) || header.alg !== 'RS256' || 'crit' in header || 'b64' in header) return MALFORMED
  if (typeof header.kid !== 'string' || signature === null) return MALFORMED
  return examineBytes(payload, header.kid, signature, utf8(`${jws.protected}.${jws.payload}`), trustRoot)
}

async function examineBytes(
  value: unknown,
  kid: string,
  signature: Uint8Array<ArrayBuffer>,
  signedBytes: Uint8Array<ArrayBuffer>,
  trustRoot: TrustRoot,
): Promise<Examined> {
  if (!isCertificateShape(value)) return MALFORMED
  if (value.livemode !== true) return refuse(value, 'test_mode')
  const key = trustRoot.keys.find((candidate) => candidate.kid === kid)
  if (key === undefined) return refuse(value, 'key_unknown')
  const holds = await verifyRs256(key.jwk, signature, signedBytes)
  return {
    certificate: value,
    signature: holds ? PASSED : failed('signature_invalid'),
    keyValidity: checkKey(key, Date.parse(value.issued_at)),
  }
}

/** A pending key counts: the signed trust root vouches for it, and a verifier may not have heard of its activation. */
function checkKey(key: TrustRootKey, issuedAt: number): CheckOutcome {
  if (key.state === 'compromised') return failed('key_compromised')
  const within =
    Date.parse(key.valid_from) <= issuedAt && (key.valid_to === null || issuedAt <= Date.parse(key.valid_to))
  return within ? PASSED : failed('key_not_valid_at_issue')
}

const MALFORMED: Examined = {
  certificate: null,
  signature: failed('malformed'),
  keyValidity: indeterminate('malformed'),
}

function refuse(certificate: SignedCertificate, reason: CheckReason): Examined {
  return { certificate, signature: failed(reason), keyValidity: failed(reason) }
}

function decodeJson(base64url: string): unknown {
  const bytes = fromBase64Url(base64url)
  if (bytes === null) return undefined
  const parsed = parseStrictJson(new TextDecoder().decode(bytes))
  return parsed.ok ? parsed.value : undefined
}

/** Only the members that a verdict rests on; a later schema may add others. */
function isCertificateShape(value: unknown): value is SignedCertificate {
  return (
    isRecord(value) &&
    value.schema_version === '1.0' &&
    typeof value.certificate_id === 'string' &&
    CERTIFICATE_ID_PATTERN.test(value.certificate_id) &&
    typeof value.livemode === 'boolean' &&
    isTime(value.issued_at) &&
    isTime(value.expires_at) &&
    typeof value.ai_tool === 'string' &&
    typeof value.risk_score === 'number' &&
    RISK_LEVELS.some((level) => level === value.risk_level) &&
    typeof value.confidence === 'number' &&
    typeof value.verification_url === 'string' &&
    isRecord(value.status_list) &&
    typeof value.status_list.uri === 'string' &&
    Number.isSafeInteger(value.status_list.idx)
  )
}

function isSignature(value: unknown): value is Certificate['signature'] {
  return (
    isRecord(value) &&
    value.algorithm === 'RS256' &&
    typeof value.public_key_id === 'string' &&
    typeof value.value === 'string'
  )
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && Number.isFinite(Date.parse(value))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
