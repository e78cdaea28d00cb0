import {
  canonicalBytes,
  fromHex,
  hashNode,
  issuedLogEntry,
  sha256,
  signedMembers,
  utf8,
} from '../../core/verify/index.ts'
import { CERTIFICATE_ID_PATTERN } from '../../schema/wire/vocabulary.ts'
import type { CheckedTree, LoggedEntry } from './check-log.ts'
import { HashTable } from './hash-table.ts'
import type { CertificatesReport } from './report.ts'

/** What becomes of a certificate is in the log after this time at the latest. */
const MAX_PENDING_MS = 60_000

/** A certificate as the network lists it, with what its entries in the log are made of. */
export interface ListedCertificate {
  readonly id: string
  readonly issuedAt: number
  readonly revoked: boolean
  /** Where the network says that the issue is in the log; null where it says nothing. */
  readonly index: number | null
  readonly leafHash: Uint8Array
  /** As {@link Revocations} has it. */
  readonly revocation: Uint8Array
}

/** Which certificates the log says are revoked: by subject and digest, which only who has the certificate can make. */
export class Revocations {
  readonly #table = new HashTable()

  add({ index, members }: LoggedEntry): void {
    if (members?.type !== 'certificate.revoked') return
    this.#table.add(index, hashNode(fromHex(members.subject)!, fromHex(members.digest)!))
  }

  has({ revocation }: ListedCertificate): boolean {
    return this.#table.find(revocation) !== null
  }
}

/** @returns null for what is no certificate. Its signature is not looked at: the log holds whatever was signed */
export async function readListed(value: unknown): Promise<ListedCertificate | null> {
  if (typeof value !== 'object' || value === null) return null
  const { certificate_id: id, issued_at, status, log } = value as Record<string, unknown>
  if (typeof id !== 'string' || !CERTIFICATE_ID_PATTERN.test(id) || typeof issued_at !== 'string') return null
  const signed = canonical(value as Record<string, unknown>)
  const issuedAt = Date.parse(issued_at)
  if (signed === null || !Number.isFinite(issuedAt)) return null
  const { leafHash } = await issuedLogEntry({ certificate_id: id, issued_at }, signed)
  const revocation = hashNode(await sha256(utf8(id)), await sha256(signed))
  return { id, issuedAt, revoked: status === 'revoked', index: indexOf(log), leafHash, revocation }
}

function canonical(certificate: Record<string, unknown>): Uint8Array<ArrayBuffer> | null {
  try {
    return canonicalBytes(signedMembers(certificate))
  } catch {
    return null
  }
}

function indexOf(log: unknown): number | null {
  const { state, index } = (log ?? {}) as Record<string, unknown>
  return state === 'included' && Number.isSafeInteger(index) ? Number(index) : null
}

/**
 * Whether the log has what became of each certificate: its issue, and if it is revoked, that too.
 *
 * @param readAt when the checkpoint was read, ms since the epoch
 * @param revokedAt when a certificate was revoked, ms since the epoch; null where nobody says
 */
export async function checkCertificates(
  certificates: AsyncIterable<ListedCertificate>,
  { leaves, findings }: Pick<CheckedTree, 'leaves' | 'findings'>,
  revocations: Revocations,
  readAt: number,
  revokedAt: (id: string) => Promise<number | null>,
): Promise<CertificatesReport> {
  const counts = { checked: 0, included: 0, pending: 0, revoked: 0 }
  const isRecent = (time: number | null) => time !== null && time > readAt - MAX_PENDING_MS
  for await (const certificate of certificates) {
    counts.checked++
    const { id, leafHash } = certificate
    const found = leaves.find(leafHash)
    if (found === null && isRecent(certificate.issuedAt)) counts.pending++
    else if (found === null) {
      findings.fault('certificate_missing', id, 'the log has no entry of its issue', { expected: leafHash })
    } else {
      counts.included++
      if (certificate.index !== null && certificate.index !== found) {
        const values = { expected: `entry ${found}`, got: `entry ${certificate.index}` }
        findings.fault('certificate_index', id, 'the network says that its entry is elsewhere', values)
      }
    }
    if (!certificate.revoked) continue
    counts.revoked++
    if (revocations.has(certificate) || isRecent(await revokedAt(id))) continue
    findings.fault('revocation_missing', id, 'it is revoked, and the log has no entry of that')
  }
  return counts
}
