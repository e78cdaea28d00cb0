import { and, eq, inArray, lte, min, sql } from 'drizzle-orm'
import { billingEvents } from '../../schema/tables/index.ts'
import type { Outside } from '../back-office/outside.ts'
import type { Task } from '../back-office/run.ts'
import type { Context, Transaction } from '../context.ts'
import { toCents } from '../money.ts'
import { accountsOf } from './accounts.ts'
import { LEASE_MS, nextAttemptAt, railFailure, settleAll } from './attempts.ts'
import { embeddedRail, recordUsage } from './embedded-rail.ts'
import { railOf } from './rails.ts'

type BillingEvent = typeof billingEvents.$inferSelect

const BATCH_SIZE = 200
/** Of usage that the rail refuses; then it is for people to look at. */
const MAX_REFUSALS = 10
/** A rail forgets a meter event's identifier after a day, and cannot be asked for it. */
const UNCERTAIN_LIMIT_MS = 23 * 60 * 60_000

/**
 * Tells the rail what is to be billed, and what balances gain or lose besides payouts. Usage that a rail goes on refusing,
 * or may have counted a day ago without saying so, is `failed`: reconciliation reports it, and nobody is billed twice.
 */
export const usageTask: Task = {
  name: 'usage',
  async run(ctx, outside) {
    const due = await ctx.database.asSystem((tx) => lease(ctx, tx, outside))
    const customerOf = accountsOf(ctx)
    const atOnce = await tellEmbedded(ctx, due, customerOf)
    const others = due.filter(({ id }) => !atOnce.includes(id))
    const settled = await settleAll(others, (event) => attempt(ctx, outside, event, customerOf))
    const sent = [...atOnce, ...settled.results.flatMap((id) => (id === null ? [] : [id]))]
    if (sent.length > 0) await markSent(ctx, sent)
    settled.assertAll()
    return { done: sent.length, nextAt: await ctx.database.asSystem(nextDue) }
  },
}

async function lease(ctx: Context, tx: Transaction, outside: Outside): Promise<BillingEvent[]> {
  const due = tx
    .select({ id: billingEvents.id })
    .from(billingEvents)
    .where(and(eq(billingEvents.state, 'pending'), lte(billingEvents.nextAttemptAt, ctx.now)))
    .orderBy(billingEvents.nextAttemptAt)
    .limit(BATCH_SIZE)
    .for('update', { skipLocked: true })
  return tx
    .update(billingEvents)
    .set({
      nextAttemptAt: new Date(ctx.now.getTime() + LEASE_MS),
      attempts: sql`${billingEvents.attempts} + 1`,
      firstAttemptAt: sql`coalesce(${billingEvents.firstAttemptAt}, ${ctx.now.toISOString()}::timestamptz)`,
      rail: sql`coalesce(${billingEvents.rail}, ${outside.rail.name})`,
    })
    .where(inArray(billingEvents.id, due))
    .returning()
}

async function nextDue(tx: Transaction): Promise<Date | null> {
  const [row] = await tx
    .select({ at: min(billingEvents.nextAttemptAt) })
    .from(billingEvents)
    .where(eq(billingEvents.state, 'pending'))
  return row!.at
}

/**
 * Usage for the embedded rail is one statement for the whole batch: every purchase makes some.
 *
 * @returns the ids of what it has by now; those of none if it refused any, which is then looked at one by one
 */
async function tellEmbedded(
  ctx: Context,
  due: readonly BillingEvent[],
  customerOf: ReturnType<typeof accountsOf>,
): Promise<string[]> {
  const usage = due.filter((event) => event.rail === embeddedRail.name && isUsage(event))
  const known = await Promise.all(
    usage.map(async ({ id: key, organisationId, amount }) => ({
      key,
      customer: await customerOf(embeddedRail, organisationId),
      cents: toCents(amount),
    })),
  )
  return (await recordUsage(ctx, known)) ? known.map(({ key }) => key) : []
}

/** @returns its id once the rail has it */
async function attempt(
  ctx: Context,
  outside: Outside,
  event: BillingEvent,
  customerOf: ReturnType<typeof accountsOf>,
): Promise<string | null> {
  try {
    const rail = railOf(outside, event.rail)
    if (isUsage(event) && sinceFirst(ctx, event) > UNCERTAIN_LIMIT_MS && rail.name !== 'ledger') {
      await giveUp(ctx, event, 'usage_uncertain')
      return null
    }
    const customer = await customerOf(rail, event.organisationId)
    await tell(ctx, outside, event, customer)
    return event.id
  } catch (error) {
    await putOff(ctx, event, error)
    return null
  }
}

function isUsage(event: BillingEvent): boolean {
  return event.kind === 'premium' || event.kind === 'certificates'
}

function sinceFirst(ctx: Context, event: BillingEvent): number {
  return ctx.now.getTime() - event.firstAttemptAt!.getTime()
}

async function tell(ctx: Context, outside: Outside, event: BillingEvent, customer: string): Promise<void> {
  const rail = railOf(outside, event.rail)
  const { id: key, kind, organisationId, occurredAt } = event
  const cents = toCents(event.amount)
  if (kind === 'premium' || kind === 'certificates') {
    return rail.reportUsage(ctx, { key, kind, organisationId, customer, cents, at: occurredAt })
  }
  const change = {
    organisationId,
    customer,
    key,
    cents: kind === 'credit' ? cents : -cents,
    description: kind === 'credit' ? 'Unearned premium of a policy' : 'Payout taken back',
    since: occurredAt,
  }
  if (sinceFirst(ctx, event) > 0 && (await rail.findCredit(ctx, change)) !== null) return
  await rail.credit(ctx, change)
}

async function markSent(ctx: Context, ids: readonly string[]): Promise<void> {
  await ctx.database.asSystem((tx) =>
    tx
      .update(billingEvents)
      .set({ state: 'sent', sentAt: ctx.now, lastError: null })
      .where(and(inArray(billingEvents.id, [...ids]), eq(billingEvents.state, 'pending'))),
  )
}

async function giveUp(ctx: Context, event: BillingEvent, code: string): Promise<void> {
  await ctx.database.asSystem((tx) =>
    tx
      .update(billingEvents)
      .set({ state: 'failed', lastError: code })
      .where(and(eq(billingEvents.id, event.id), eq(billingEvents.state, 'pending'))),
  )
}

/** What a balance gains or loses is somebody's money: it is tried for ever, as payouts are. */
async function putOff(ctx: Context, event: BillingEvent, error: unknown): Promise<void> {
  const { code, uncertain, refused } = railFailure(error)
  if (refused && isUsage(event) && event.attempts >= MAX_REFUSALS) return giveUp(ctx, event, code)
  // What surely did not happen leaves nothing to look for, and no rail that it is bound to.
  const untouched = !uncertain && sinceFirst(ctx, event) === 0 ? { firstAttemptAt: null, rail: null } : {}
  await ctx.database.asSystem((tx) =>
    tx
      .update(billingEvents)
      .set({ nextAttemptAt: nextAttemptAt(ctx.now, event.attempts), lastError: code, ...untouched })
      .where(and(eq(billingEvents.id, event.id), eq(billingEvents.state, 'pending'))),
  )
}
