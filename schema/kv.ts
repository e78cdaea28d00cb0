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
 * A certificate as the edge needs it. `signed` is the exact text whose UTF-8 bytes were signed (JCS).
 * It says nothing of revocation: live status is never read from KV.
 */
export interface CertificateRecord {
  readonly v: 1
  /** Grows with each publication, so that a late write can be told from a newer one. */
  readonly generation: number
  readonly signed: string
  readonly signature: CertificateSignature
}
