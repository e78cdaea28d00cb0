import { and, eq, inArray, lte, min, sql } from 'drizzle-orm'
import { insuranceClaims, payouts } from '../../schema/tables/index.ts'
import type { Outside } from '../back-office/outside.ts'
import type { Task } from '../back-office/run.ts'
import { claimPaid } from '../claims/paid.ts'
import type { Context, Transaction } from '../context.ts'
import { postJournals } from '../ledger/post.ts'
import { toCents } from '../money.ts'
import { accountsOf } from './accounts.ts'
import { LEASE_MS, nextAttemptAt, railFailure, settleAll } from './attempts.ts'
import type { BalanceChange } from './rail.ts'
import { railOf } from './rails.ts'

type Payout = typeof payouts.$inferSelect

const BATCH_SIZE = 10
/** A network that was restored may have paid this loss in a time that it has forgotten: longer than a policy and its claims last. */
const LOOKED_BACK_MS = 200 * 86_400_000

/**
 * Pays what was approved. A payout is never given up, and never made twice: the rail gets its id as the key, and is asked
 * for what an earlier attempt may have left there before it gets it again.
 */
export const payoutsTask: Task = {
  name: 'payouts',
  async run(ctx, outside) {
    const due = await ctx.database.asSystem((tx) => lease(ctx, tx, outside))
    const customerOf = accountsOf(ctx)
    const settled = await settleAll(due, (payout) => attempt(ctx, outside, payout, customerOf))
    settled.assertAll()
    return { done: settled.results.filter(Boolean).length, nextAt: await ctx.database.asSystem(nextDue) }
  },
}

/** From here on the rail may have it: that is recorded before it is asked. */
async function lease(ctx: Context, tx: Transaction, outside: Outside): Promise<Payout[]> {
  const due = tx
    .select({ id: payouts.id })
    .from(payouts)
    .where(and(eq(payouts.state, 'pending'), lte(payouts.nextAttemptAt, ctx.now)))
    .orderBy(payouts.nextAttemptAt)
    .limit(BATCH_SIZE)
    .for('update', { skipLocked: true })
  return tx
    .update(payouts)
    .set({
      nextAttemptAt: new Date(ctx.now.getTime() + LEASE_MS),
      attempts: sql`${payouts.attempts} + 1`,
      firstAttemptAt: sql`coalesce(${payouts.firstAttemptAt}, ${ctx.now.toISOString()}::timestamptz)`,
      rail: sql`coalesce(${payouts.rail}, ${outside.rail.name})`,
    })
    .where(inArray(payouts.id, due))
    .returning()
}

async function nextDue(tx: Transaction): Promise<Date | null> {
  const [row] = await tx
    .select({ at: min(payouts.nextAttemptAt) })
    .from(payouts)
    .where(eq(payouts.state, 'pending'))
  return row!.at
}

async function attempt(
  ctx: Context,
  outside: Outside,
  payout: Payout,
  customerOf: ReturnType<typeof accountsOf>,
): Promise<boolean> {
  try {
    const rail = railOf(outside, payout.rail)
    const customer = await customerOf(rail, payout.organisationId)
    const change = changeOf(payout, customer)
    const earlier = await rail.findCredit(ctx, change)
    const reference = earlier ?? (await rail.credit(ctx, change))
    return await settle(ctx, payout, reference)
  } catch (error) {
    await putOff(ctx, payout, error)
    return false
  }
}

/** Whether no attempt before this one can have reached the rail. */
function isFirst(ctx: Context, payout: Payout): boolean {
  return payout.firstAttemptAt?.getTime() === ctx.now.getTime()
}

function changeOf(payout: Payout, customer: string): BalanceChange {
  return {
    organisationId: payout.organisationId,
    customer,
    key: payout.id,
    cents: toCents(payout.amount),
    description: `Payout of claim ${payout.claimId}`,
    since: new Date(payout.createdAt.getTime() - LOOKED_BACK_MS),
  }
}

/** @returns false when another attempt has recorded it meanwhile */
function settle(ctx: Context, payout: Payout, reference: string): Promise<boolean> {
  return ctx.database.asSystem(async (tx) => {
    await tx
      .select({ id: insuranceClaims.id })
      .from(insuranceClaims)
      .where(eq(insuranceClaims.id, payout.claimId))
      .for('update')
    const [paid] = await tx
      .update(payouts)
      .set({ state: 'paid', reference, paidAt: ctx.now, lastError: null })
      .where(and(eq(payouts.id, payout.id), eq(payouts.state, 'pending')))
      .returning()
    if (paid === undefined) return false
    await postJournals(tx, await claimPaid(ctx, tx, paid), ctx.now)
    return true
  })
}

/** @throws what is no failure of the rail's: the lease then runs out */
async function putOff(ctx: Context, payout: Payout, error: unknown): Promise<void> {
  const { code, uncertain } = railFailure(error)
  // What surely did not happen leaves nothing to look for, and no rail that it is bound to.
  const untouched = !uncertain && isFirst(ctx, payout) ? { firstAttemptAt: null, rail: null } : {}
  await ctx.database.asSystem((tx) =>
    tx
      .update(payouts)
      .set({ nextAttemptAt: nextAttemptAt(ctx.now, payout.attempts), lastError: code, ...untouched })
      .where(and(eq(payouts.id, payout.id), eq(payouts.state, 'pending'))),
  )
}
