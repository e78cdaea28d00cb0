import { type SQL, sql } from 'drizzle-orm'
import { REVOCATION_REASONS } from '../../schema/wire/vocabulary.ts'
import type { Transaction } from '../context.ts'
import { flipStatusBit } from '../status/flip-bit.ts'
import type { RecoveredEntry } from './log.ts'

/** What was taken away again. */
export interface RecoveredEvents {
  readonly revokedCertificates: number
  readonly revokedApiKeys: number
}

/**
 * Takes away again what the database has forgotten was taken away: whoever lost a certificate or a key must not get it
 * back by a restore. What was given meanwhile is not in the log, which holds hashes alone.
 */
export async function applyEvents(
  tx: Transaction,
  entries: readonly RecoveredEntry[],
): Promise<RecoveredEvents> {
  return {
    revokedCertificates: await revokeCertificates(tx, entriesOf(entries, 'certificate.revoked')),
    revokedApiKeys: await revokeApiKeys(tx, entriesOf(entries, 'api_key.revoked')),
  }
}

function entriesOf(entries: readonly RecoveredEntry[], type: string): RecoveredEntry[] {
  return entries.filter((entry) => entry.type === type)
}

async function revokeCertificates(tx: Transaction, entries: readonly RecoveredEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const rows = await tx.execute<{ status_list: number; status_index: number }>(sql`
    UPDATE certificates SET revoked_at = lost.time, revocation_reason = lost.reason, updated_at = now()
    FROM ${recordset(entries.map(describe))}
    WHERE encode(sha256(convert_to(certificates.id, 'UTF8')), 'hex') = lost.subject AND revoked_at IS NULL
    RETURNING status_list, status_index`)
  for (const row of rows) await flipStatusBit(tx, row.status_list, row.status_index)
  return rows.length
}

async function revokeApiKeys(tx: Transaction, entries: readonly RecoveredEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const rows = await tx.execute(sql`
    UPDATE api_keys SET revoked_at = lost.time FROM ${recordset(entries.map(describe))}
    WHERE encode(sha256(convert_to(api_keys.id, 'UTF8')), 'hex') = lost.subject AND revoked_at IS NULL
    RETURNING api_keys.id`)
  return rows.length
}

function describe({ subject, time, reason }: RecoveredEntry) {
  return { subject, time, reason: REVOCATION_REASONS.find((known) => known === reason) ?? 'unspecified' }
}

/** The subject of an entry is the SHA-256 of the id, hex. */
function recordset(rows: readonly { subject: string; time: string; reason: string }[]): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS lost (subject text, time timestamptz, reason text)`
}
