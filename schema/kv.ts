/**
 * Every KV key and the shape of what it holds. Nothing else in this repository builds a key.
 *
 * KV is untrusted and rebuildable: each value is signed, or checked against something that is.
 * Prose and lifetimes are in `docs/kv.md`.
 */
import type { CertificateSignature } from './wire/certificate.ts'

/** The signed trust root, as flattened JWS. One key, rewritten at each version. */
export const TRUST_ROOT_KEY = 'trust-root'

/** One certificate: see {@link CertificateRecord}. Immutable but for its generation. */
export function certificateKey(certificateId: string): string {
  return `certificate:${certificateId}`
}

/**
 * A certificate as the edge needs it. It says nothing of revocation: live status is never read from KV.
 *
 * In KV it is two lines, see {@link writeRecord}, so that the signed text is in there as it was signed, and not as a
 * string in other JSON, whose escapes the edge would undo at each look-up.
 */
export interface CertificateRecord {
  readonly v: 1
  /** Grows with each publication, so that a late write can be told from a newer one. */
  readonly generation: number
  readonly signature: CertificateSignature
  /** The exact text whose UTF-8 bytes were signed (JCS). */
  readonly signed: string
}

/** JSON of all but `signed`, a line feed, and `signed`. */
export function writeRecord({ signed, ...head }: CertificateRecord): string {
  return `${JSON.stringify(head)}\n${signed}`
}

/** @returns null for anything that {@link writeRecord} does not write; nothing but the known members is kept */
export function readRecord(text: string): CertificateRecord | null {
  const end = text.indexOf('\n')
  if (end === -1) return null
  try {
    const { v, generation, signature } = JSON.parse(text.slice(0, end)) as Partial<CertificateRecord>
    if (v !== 1 || typeof generation !== 'number' || signature?.algorithm !== 'RS256') return null
    const { algorithm, public_key_id, value } = signature
    if (typeof public_key_id !== 'string' || typeof value !== 'string') return null
    return { v, generation, signature: { algorithm, public_key_id, value }, signed: text.slice(end + 1) }
  } catch {
    return null
  }
}
