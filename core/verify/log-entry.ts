import { sha256 as sha256Short } from '@noble/hashes/sha2.js'
import type { Certificate } from '../../schema/wire/certificate.ts'
import { canonicalBytes } from './canonical.ts'
import { sha256, toHex, utf8 } from './encoding.ts'
import { hashLeaf } from './log/merkle.ts'

/** An entry of the transparency log: its RFC 8785 bytes and its leaf hash (RFC 6962 §2.1). */
export interface LogEntry {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly leafHash: Uint8Array<ArrayBuffer>
}

export type LogEntryType =
  | 'certificate.issued'
  | 'certificate.revoked'
  | 'key.created'
  | 'key.activated'
  | 'key.retired'
  | 'key.compromised'
  | 'trust_root.published'
  | 'organisation.created'
  | 'api_key.created'
  | 'api_key.revoked'
  | 'arc.published'
  | 'policy.bound'
  | 'policy.activated'
  | 'policy.expired'
  | 'policy.exhausted'
  | 'policy.cancelled'
  | 'policy.voided'
  | 'incident.opened'
  | 'incident.resolved'
  | 'claim.filed'
  | 'claim.approved'
  | 'claim.denied'
  | 'claim.withdrawn'
  | 'claim.paid'
  | 'claim.disputed'
  | 'claim.resolved'
  | 'breaker.changed'
  | 'network.restored'

/**
 * Makes the entry of one event. The subject goes in as its hash, so that nothing public lists the ids; no
 * personal data, no path, no code.
 *
 * @param subject the id of what the event is about
 * @param time RFC 3339
 * @param digest SHA-256 of the signed bytes or of the public key, hex
 */
export async function makeLogEntry(
  type: LogEntryType,
  subject: string,
  time: string,
  digest: string,
  details: Readonly<Record<string, string>> = {},
): Promise<LogEntry> {
  const bytes = canonicalBytes({
    ...details,
    type,
    subject: toHex(sha256Short(utf8(subject))),
    time,
    digest,
  })
  return { bytes, leafHash: hashLeaf(bytes) }
}

/** Up to this it takes longer to hand the bytes to WebCrypto than to hash them here. */
const MAX_SHORT_BYTES = 4_096

/** The entry that records the issue of a certificate. It follows from the signed bytes alone. */
export async function issuedLogEntry(
  certificate: { readonly certificate_id: string; readonly issued_at: string },
  signed: Uint8Array<ArrayBuffer>,
): Promise<LogEntry> {
  const digest = toHex(signed.length <= MAX_SHORT_BYTES ? sha256Short(signed) : await sha256(signed))
  return makeLogEntry('certificate.issued', certificate.certificate_id, certificate.issued_at, digest)
}

/** What a certificate says of its entry as long as that is in no published checkpoint. */
export function pendingLog(leafHash: Uint8Array): NonNullable<Certificate['log']> {
  return { state: 'pending', leaf_hash: toHex(leafHash) }
}

/** What it says of its entry from then on. @param index its place in the log, from 0 */
export function includedLog(leafHash: Uint8Array, index: number): NonNullable<Certificate['log']> {
  return { state: 'included', leaf_hash: toHex(leafHash), index }
}
