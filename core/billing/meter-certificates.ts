import { max, sql } from 'drizzle-orm'
import { billingEvents } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { certificateFeeJournal } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'

const DAY_MS = 86_400_000
/** A day is closed this long after its end, when nothing that was issued in it can still be on its way into the database. */
const GRACE_MS = 60 * 60_000
/** What is older is billed no more: payment providers take no usage of more than 35 days ago. */
const MAX_DAYS = 34
/** Organisations of one transaction, which has to end in time. */
const PAGE_SIZE = 500

interface DayOfCustomer extends Record<string, unknown> {
  readonly id: string
  readonly organisation_id: string
  /** Micro-USD. */
  readonly amount: string
}

/**
 * Bills the fee of live certificates: one billing event for each organisation and UTC day that is over, with its journal. Days
 * are done oldest first, and each organisation's once: the event's id names it and the day. What was issued before the books
 * were opened is free.
 *
 * @returns how many events were written
 */
export async function meterCertificates(ctx: Context): Promise<number> {
  if (ctx.settings.insurance.certificateFee <= 0n) return 0
  let written = 0
  for (const day of await daysToMeter(ctx)) written += await meterDay(ctx, day)
  return written
}

/** Days that are over, from the newest one that has an event on: a run may have stopped in the middle of that. */
async function daysToMeter(ctx: Context): Promise<Date[]> {
  const end = startOfDay(new Date(ctx.now.getTime() - GRACE_MS))
  const days = Array.from({ length: MAX_DAYS }, (_, index) => new Date(end - (MAX_DAYS - index) * DAY_MS))
  const since = days[0]!.toISOString()
  const [metered] = await ctx.database.asSystem((tx) =>
    tx
      .select({ newest: max(billingEvents.occurredAt) })
      .from(billingEvents)
      .where(
        sql`${billingEvents.kind} = 'certificates' AND ${billingEvents.occurredAt} >= ${since}::timestamptz`,
      ),
  )
  const newest = metered?.newest ?? days[0]!
  return days.filter((day) => day.getTime() >= startOfDay(newest))
}

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS) * DAY_MS
}

/** So many organisations at a time, each page with its journals. */
async function meterDay(ctx: Context, day: Date): Promise<number> {
  let written = 0
  for (;;) {
    const events = await ctx.database.asSystem((tx) => meterPage(ctx, tx, day))
    written += events
    if (events < PAGE_SIZE) return written
  }
}

async function meterPage(ctx: Context, tx: Transaction, day: Date): Promise<number> {
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

/** Of organisations that have none yet. Whoever else meters the same day waits here, and then finds these done. */
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
    FROM certificates c
    WHERE livemode AND issued_at >= ${from.toISOString()}::timestamptz AND issued_at < ${end.toISOString()}::timestamptz
      -- For its index: nothing is updated before it is issued.
      AND updated_at >= ${from.toISOString()}::timestamptz
      AND NOT EXISTS (SELECT FROM billing_events e WHERE e.id = 'certificates/' || c.organisation_id || '/' || ${name}::text)
    GROUP BY organisation_id ORDER BY organisation_id LIMIT ${PAGE_SIZE}
    ON CONFLICT (id) DO NOTHING
    RETURNING id, organisation_id, amount_micros::text AS amount`)
}
