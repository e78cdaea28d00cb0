import { type SQL, sql } from 'drizzle-orm'
import { REVOCATION_REASONS } from '../../schema/wire/vocabulary.ts'
import type { Transaction } from '../context.ts'
import { flipStatusBit } from '../status/flip-bit.ts'
import type { LogEntryType } from '../verify/log-entry.ts'
import type { RecoveredEntry } from './log.ts'

/** What was taken away again. */
export interface RecoveredEvents {
  readonly revokedCertificates: number
  readonly revokedApiKeys: number
  readonly compromisedKeys: number
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
    compromisedKeys: await compromiseKeys(tx, entriesOf(entries, 'key.compromised')),
  }
}

export function entriesOf(entries: readonly RecoveredEntry[], type: LogEntryType): RecoveredEntry[] {
  return entries.filter((entry) => entry.type === type)
}

async function revokeCertificates(tx: Transaction, entries: readonly RecoveredEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const rows = await tx.execute<{ status_list: number; status_index: number }>(sql`
    UPDATE certificates SET revoked_at = lost.time, revocation_reason = lost.reason, updated_at = now()
    FROM ${recordset(entries)}
    WHERE ${isSubject(sql`certificates.id`)} AND revoked_at IS NULL
    RETURNING status_list, status_index`)
  for (const row of rows) await flipStatusBit(tx, row.status_list, row.status_index)
  return rows.length
}

async function revokeApiKeys(tx: Transaction, entries: readonly RecoveredEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const rows = await tx.execute(sql`
    UPDATE api_keys SET revoked_at = lost.time FROM ${recordset(entries)}
    WHERE ${isSubject(sql`api_keys.id`)} AND revoked_at IS NULL
    RETURNING api_keys.id`)
  return rows.length
}

/**
 * The trust root may not have told of it yet. The time is the entry's, which is how its own place is found later
 * (`core/keys/compromised-index.ts`).
 */
async function compromiseKeys(tx: Transaction, entries: readonly RecoveredEntry[]): Promise<number> {
  if (entries.length === 0) return 0
  const rows = await tx.execute(sql`
    UPDATE signing_keys SET state = 'compromised', compromised_at = lost.time, compromised_log_index = lost.log_index
    FROM ${recordset(entries)}
    WHERE ${isSubject(sql`signing_keys.kid`)} AND state <> 'compromised'
    RETURNING kid`)
  return rows.length
}

/** The subject of an entry is the SHA-256 of the id, hex. */
function isSubject(id: SQL): SQL {
  return sql`encode(sha256(convert_to(${id}, 'UTF8')), 'hex') = lost.subject`
}

function recordset(entries: readonly RecoveredEntry[]): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(entries.map(describe))}::jsonb)
    AS lost (subject text, time timestamptz, reason text, log_index bigint)`
}

function describe({ subject, time, reason, log_index: logIndex }: RecoveredEntry) {
  return {
    subject,
    time,
    reason: REVOCATION_REASONS.find((known) => known === reason) ?? 'unspecified',
    log_index: logIndex ?? null,
  }
}
