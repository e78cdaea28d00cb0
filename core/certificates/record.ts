import { type SQL, sql } from 'drizzle-orm'
import { certificates, idempotencyRecords, logEntries, outbox } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { type Answer, type Claim, NotFirst, settlement } from '../idempotency/claim.ts'
import { logEntryRow } from '../log/append.ts'
import { firstMark, NEXT_GENERATION } from '../publication/mark.ts'
import { compile, fill, insertFrom, slots } from '../statement.ts'
import type { LogEntry } from '../verify/log-entry.ts'

export interface CertificateRecord {
  readonly row: typeof certificates.$inferInsert
  readonly logEntry: LogEntry
  readonly answer: Answer
}

/** The key that signed was retired before its certificate was recorded; signing again takes the next one. */
export class KeyNoLongerActive extends Error {}

/**
 * Records a certificate, its log entry, its publication mark and the answer for replays in one statement, whose
 * parts follow from each other: no active key, no tenant; no tenant, no claim; no claim, nothing at all. A transaction
 * of the same statements costs more: docs/decisions/0006.
 *
 * @throws {KeyNoLongerActive}
 * @throws {NotFirst} when another request with this idempotency key was first
 */
export async function recordCertificate(
  ctx: Context,
  { row, logEntry, answer }: CertificateRecord,
  claim: Claim,
): Promise<void> {
  const claimed = claim.record(answer)
  const statement = claimed === null ? RECORD : RECORD_CLAIMED
  const [outcome] = await ctx.database.direct<{ key_active: boolean; first: boolean }>(
    statement({
      ...fill('certificate', row),
      ...fill('entry', logEntryRow(logEntry, ctx.now)),
      ...fill('mark', firstMark('certificate', row.id, ctx.now)),
      ...fill('claim', { ...claimed?.row, lock: claimed?.lock }),
    }),
  )
  if (!outcome?.key_active) throw new KeyNoLongerActive()
  if (!outcome.first) throw new NotFirst()
}

const RECORD = compile(statement(sql`SELECT 1 FROM tenant`))
const RECORD_CLAIMED = compile(
  statement(
    settlement({ row: slots(idempotencyRecords, 'claim'), lock: sql.placeholder('claim.lock') }, sql`tenant`),
  ),
)

/**
 * Row-level security looks at the tenant when a row is inserted, which is after `tenant` has set it.
 *
 * @param claim has one row if the request is the first and `tenant` has one
 */
function statement(claim: SQL): SQL {
  const mark = { ...slots(outbox, 'mark', ['kind', 'entityId', 'markedAt']), generation: NEXT_GENERATION }
  return sql`
    WITH tenant AS MATERIALIZED (
      SELECT set_config('app.organisation_id', ${sql.placeholder('certificate.organisationId')}, true)
      WHERE signing_key_is_active(${sql.placeholder('certificate.keyId')})
    ),
    claim AS MATERIALIZED (${claim}),
    certificate AS (${insertFrom(certificates, slots(certificates, 'certificate'), sql`claim`)}),
    entry AS (${insertFrom(logEntries, slots(logEntries, 'entry', ['entry', 'leafHash', 'createdAt']), sql`claim`)}),
    mark AS (${insertFrom(outbox, mark, sql`claim`)})
    SELECT EXISTS (SELECT FROM tenant) AS key_active, EXISTS (SELECT FROM claim) AS first`
}
