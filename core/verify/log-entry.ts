import type { Certificate } from '../../schema/wire/certificate.ts'
import { canonicalBytes } from './canonical.ts'
import { sha256, toHex, utf8 } from './encoding.ts'

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

const LEAF_PREFIX = 0x00

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
    subject: toHex(await sha256(utf8(subject))),
    time,
    digest,
  })
  return { bytes, leafHash: await leafHash(bytes) }
}

/** The entry that records the issue of a certificate. It follows from the signed bytes alone. */
export async function issuedLogEntry(
  certificate: { readonly certificate_id: string; readonly issued_at: string },
  signed: Uint8Array<ArrayBuffer>,
): Promise<LogEntry> {
  const digest = toHex(await sha256(signed))
  return makeLogEntry('certificate.issued', certificate.certificate_id, certificate.issued_at, digest)
}

/** What a certificate says of its entry as long as that is in no published checkpoint. */
export function pendingLog(leafHash: Uint8Array): NonNullable<Certificate['log']> {
  return { state: 'pending', leaf_hash: toHex(leafHash) }
}

async function leafHash(entry: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const leaf = new Uint8Array(entry.length + 1)
  leaf[0] = LEAF_PREFIX
  leaf.set(entry, 1)
  return sha256(leaf)
}
