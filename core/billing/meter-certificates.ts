import { sql } from 'drizzle-orm'
import { billingEvents } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { certificateFeeJournal } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'

const DAY_MS = 86_400_000
/** A day is closed this long after its end, when nothing that was issued in it can still be on its way into the database. */
const GRACE_MS = 60 * 60_000
/** What is older is billed no more: payment providers take no usage of more than 35 days ago. */
const MAX_DAYS = 34

interface DayOfCustomer extends Record<string, unknown> {
  readonly id: string
  readonly organisation_id: string
  /** Micro-USD. */
  readonly amount: string
}

/**
 * Bills the fee of live certificates: one billing event for each organisation and UTC day that is over, with its journal. Days
 * are done whole, oldest first, and once: the event's id names its day. What was issued before the books were opened is free.
 *
 * @returns how many events were written
 */
export async function meterCertificates(ctx: Context): Promise<number> {
  if (ctx.settings.insurance.certificateFee <= 0n) return 0
  let written = 0
  for (const day of await daysToMeter(ctx)) {
    written += await ctx.database.asSystem((tx) => meterDay(ctx, tx, day))
  }
  return written
}

/** Days that are over and have no event yet. */
async function daysToMeter(ctx: Context): Promise<Date[]> {
  const end = startOfDay(new Date(ctx.now.getTime() - GRACE_MS))
  const days = Array.from({ length: MAX_DAYS }, (_, index) => new Date(end - (MAX_DAYS - index) * DAY_MS))
  const since = days[0]!.toISOString()
  const metered = await ctx.database.asSystem((tx) =>
    tx
      .select({ at: billingEvents.occurredAt })
      .from(billingEvents)
      .where(
        sql`${billingEvents.kind} = 'certificates' AND ${billingEvents.occurredAt} >= ${since}::timestamptz`,
      )
      .groupBy(billingEvents.occurredAt),
  )
  const done = new Set(metered.map(({ at }) => startOfDay(at)))
  return days.filter((day) => !done.has(day.getTime()))
}

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS
}

async function meterDay(ctx: Context, tx: Transaction, day: Date): Promise<number> {
  const opened = await booksOpenedAt(tx)
  const end = new Date(day.getTime() + DAY_MS)
  if (opened === null || opened >= end) return 0
  const rows = await writeEvents(ctx, tx, day, opened > day ? opened : day, end)
  const journals = rows.map((row) => certificateFeeJournal(row.id, row.organisation_id, BigInt(row.amount)))
  await postJournals(tx, journals, ctx.now)
  return rows.length
}

/** The earliest that the books know of; null before they are opened. */
async function booksOpenedAt(tx: Transaction): Promise<Date | null> {
  const [row] = await tx.execute<{ ms: string | null }>(sql`
    SELECT extract(epoch FROM least(
      (SELECT posted_at FROM ledger_journals ORDER BY id LIMIT 1),
      (SELECT min(at) FROM breaker_events),
      (SELECT breaker_changed_at FROM insurance_state)
    )) * 1000 AS ms`)
  return row!.ms === null ? null : new Date(Number(row!.ms))
}

/** Whoever else meters the same day waits here, and then finds it done. */
async function writeEvents(
  ctx: Context,
  tx: Transaction,
  day: Date,
  from: Date,
  end: Date,
): Promise<DayOfCustomer[]> {
  const name = day.toISOString().slice(0, 10)
  const fee = String(ctx.settings.insurance.certificateFee)
  const lastMoment = new Date(end.getTime() - 1).toISOString()
  return tx.execute<DayOfCustomer>(sql`
    INSERT INTO billing_events (id, organisation_id, kind, amount_micros, occurred_at, state, next_attempt_at)
    SELECT 'certificates/' || organisation_id || '/' || ${name}::text, organisation_id, 'certificates',
      count(*) * ${fee}::bigint, ${lastMoment}::timestamptz, 'pending', ${ctx.now.toISOString()}::timestamptz
    FROM certificates
    WHERE livemode AND issued_at >= ${from.toISOString()}::timestamptz AND issued_at < ${end.toISOString()}::timestamptz
      -- For its index: nothing is updated before it is issued.
      AND updated_at >= ${from.toISOString()}::timestamptz
    GROUP BY organisation_id ORDER BY organisation_id
    ON CONFLICT (id) DO NOTHING
    RETURNING id, organisation_id, amount_micros::text AS amount`)
}
