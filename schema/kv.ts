/**
 * Every KV and R2 key and the shape of what it holds. Nothing else in this repository builds a key.
 *
 * KV and R2 are untrusted and rebuildable: each value is signed, or checked against something that is.
 * Prose and lifetimes are in `docs/kv.md`.
 */
import type { CertificateSignature } from './wire/certificate.ts'
import { CERTIFICATE_FORMS, type CertificateForm } from './wire/vocabulary.ts'

/** R2: the published checkpoint, a signed note. */
export const LOG_CHECKPOINT_OBJECT = 'log/checkpoint'
/** R2: the newest checkpoint with our own signature alone, before witnesses have seen it. It is not served. */
export const LOG_SIGNED_CHECKPOINT_OBJECT = 'log/signed-checkpoint'

/** R2: a tile or an entry bundle. @param path as c2sp.org/tlog-tiles writes it: `tile/0/x001/067.p/8` */
export function logObject(path: string): string {
  return `log/${path}`
}

/** R2: the signed token of a status list. */
export function statusListObject(list: number): string {
  return `status-lists/${list}`
}

/** R2: another signed form of a certificate, JSON. Immutable. */
export function certificateFormObject(certificateId: string, form: CertificateForm): string {
  return `forms/${certificateId}.${CERTIFICATE_FORMS[form]}`
}

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
  /** Where the log has its entry; absent until a published checkpoint covers it. A hint: the log proves it. */
  readonly logIndex?: number
  /** Of that entry, hex; beside `logIndex`. */
  readonly leafHash?: string
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
    const { v, generation, signature, logIndex, leafHash } = JSON.parse(
      text.slice(0, end),
    ) as Partial<CertificateRecord>
    if (v !== 1 || typeof generation !== 'number' || signature?.algorithm !== 'RS256') return null
    const { algorithm, public_key_id, value } = signature
    if (typeof public_key_id !== 'string' || typeof value !== 'string') return null
    const known = { v, generation, signature: { algorithm, public_key_id, value } }
    return { ...known, ...readPlace(logIndex, leafHash), signed: text.slice(end + 1) }
  } catch {
    return null
  }
}

const LEAF_HASH = /^[0-9a-f]{64}$/

function readPlace(logIndex: unknown, leafHash: unknown): Pick<CertificateRecord, 'logIndex' | 'leafHash'> {
  if (!Number.isSafeInteger(logIndex) || (logIndex as number) < 0) return {}
  const place = { logIndex: logIndex as number }
  return typeof leafHash === 'string' && LEAF_HASH.test(leafHash) ? { ...place, leafHash } : place
}
