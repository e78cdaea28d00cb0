import { type SQL, sql } from 'drizzle-orm'
import { certificates, logEntries, outbox } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { type Answer, type Claim, NotFirst } from '../idempotency/claim.ts'
import { insertFrom } from '../insert-from.ts'
import { logEntryRow } from '../log/append.ts'
import { firstMark } from '../publication/mark.ts'
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
 * parts follow from each other: no active key, no tenant; no tenant, no claim; no claim, nothing at all. PostgreSQL is
 * asked once, where a transaction of the same statements costs it and us a fifth more of issuing.
 *
 * @throws {KeyNoLongerActive}
 * @throws {NotFirst} when another request with this idempotency key was first
 */
export async function recordCertificate(
  ctx: Context,
  record: CertificateRecord,
  claim: Claim,
): Promise<void> {
  const [outcome] = await ctx.database.direct<{ key_active: boolean; first: boolean }>(
    statement(ctx, record, claim),
  )
  if (!outcome?.key_active) throw new KeyNoLongerActive()
  if (!outcome.first) throw new NotFirst()
}

/** Row-level security looks at the tenant when a row is inserted, which is after `tenant` has set it. */
function statement(ctx: Context, { row, logEntry, answer }: CertificateRecord, claim: Claim): SQL {
  const first = sql`claim`
  return sql`
    WITH tenant AS MATERIALIZED (
      SELECT set_config('app.organisation_id', ${row.organisationId}, true) AS id
      WHERE signing_key_is_active(${row.keyId})
    ),
    claim AS MATERIALIZED (${claim.settlement(answer, sql`tenant`)}),
    certificate AS (${insertFrom(certificates, row, first)}),
    entry AS (${insertFrom(logEntries, logEntryRow(logEntry, ctx.now), first)}),
    mark AS (${insertFrom(outbox, firstMark('certificate', row.id, ctx.now), first)})
    SELECT EXISTS (SELECT FROM tenant) AS key_active, EXISTS (SELECT FROM claim) AS first`
}
