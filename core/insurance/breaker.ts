import { eq } from 'drizzle-orm'
import { breakerEvents, INSURANCE_STATE_ID, insuranceState } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { type BookFigures, bookFigures } from '../ledger/balances.ts'
import { appendEvent } from '../log/append-event.ts'
import { type BreakerChange, type BreakerFigures, countedRatioBp, decideBreaker } from './decide-breaker.ts'
import { DEFAULTS } from './defaults.ts'
import { describeFigures } from './describe-breaker.ts'
import type { InsuranceStateRow } from './rows.ts'

/**
 * Looks at the books and trips or releases the circuit breaker as they say. Called after claims are decided, after IBNR changes
 * and every hour; most calls change nothing and hold nobody up.
 */
export async function evaluateBreaker(ctx: Context): Promise<void> {
  await ctx.database.asSystem(async (tx) => {
    const seen = await readState(tx)
    if (seen === undefined) return
    const books = await bookFigures(tx)
    const stays = (state: InsuranceStateRow) => {
      const figures = figuresOf(ctx, books, state)
      return decideBreaker(figures, state) === null && !forgetsReopening(state, figures)
    }
    if (stays(seen)) return
    const state = await lockState(tx)
    const figures = figuresOf(ctx, books, state)
    const change = decideBreaker(figures, state)
    if (change !== null) await changeBreaker(ctx, tx, state, { ...change, figures })
    else if (forgetsReopening(state, figures)) await setState(tx, { reopenedAtLossRatio: null })
  })
}

/**
 * Halts binding because the subsidy did not suffice for a policy. In a transaction of its own, after the purchase was undone.
 *
 * @param needed what that policy needed; if there is that much now, nothing is done
 */
export async function haltForSubsidy(ctx: Context, needed: bigint): Promise<void> {
  await ctx.database.asSystem(async (tx) => {
    const books = await bookFigures(tx)
    const state = await lockState(tx)
    if (state.breaker === 'halted' || state.subsidyUsed + needed <= state.subsidyBudget) return
    const figures = figuresOf(ctx, books, state)
    await changeBreaker(ctx, tx, state, { to: 'halted', cause: 'subsidy_spent', figures })
  })
}

interface DecidedChange extends BreakerChange {
  readonly figures: BreakerFigures
  /** An operator's. */
  readonly by?: { readonly userId: string; readonly reason: string }
  readonly subsidyBudget?: bigint
  readonly reopenedAtLossRatio?: number | null
}

/** Writes a change, its history and its log entry. The caller holds the row. */
export async function changeBreaker(
  ctx: Context,
  tx: Transaction,
  state: InsuranceStateRow,
  { to, cause, figures, by, ...more }: DecidedChange,
): Promise<InsuranceStateRow> {
  const changes = {
    breaker: to,
    cause: to === 'open' ? null : cause,
    breakerChangedAt: ctx.now,
    ...more,
  }
  await setState(tx, changes)
  const event = {
    at: ctx.now,
    fromState: state.breaker,
    toState: to,
    cause,
    userId: by?.userId ?? null,
    reason: by?.reason ?? null,
    figures: describeFigures(figures),
  }
  const [stored] = await tx.insert(breakerEvents).values(event).returning({ id: breakerEvents.id })
  // With its number it is another entry than that of a like change in the same millisecond.
  const facts = { event: stored!.id, from: state.breaker, to, cause, changed_at: ctx.now.toISOString() }
  const details = { state: to }
  await appendEvent(tx, { type: 'breaker.changed', subject: INSURANCE_STATE_ID, facts, details }, ctx.now)
  return { ...state, ...changes }
}

/**
 * The row that everybody who buys writes to: what takes time is read before it is held.
 *
 * @throws when the books are not open yet
 */
export async function lockState(tx: Transaction): Promise<InsuranceStateRow> {
  const [state] = await tx
    .select()
    .from(insuranceState)
    .where(eq(insuranceState.id, INSURANCE_STATE_ID))
    .for('update')
  if (state === undefined) throw new Error('the books are not open')
  return state
}

/** @returns undefined before the books are open */
export async function readState(tx: Transaction): Promise<InsuranceStateRow | undefined> {
  const [state] = await tx.select().from(insuranceState).where(eq(insuranceState.id, INSURANCE_STATE_ID))
  return state
}

export function figuresOf(ctx: Context, books: BookFigures, state: InsuranceStateRow): BreakerFigures {
  const reserves = books.claimsPayable + books.caseReserves + books.ibnr
  return {
    earned: books.earnedPremium,
    ultimate: books.paidClaims + reserves - books.ceded,
    netReserves: reserves - books.recoverable,
    reserveCash: books.reserveCash,
    subsidyBudget: state.subsidyBudget,
    subsidyUsed: state.subsidyUsed,
    subsidised: ctx.settings.insurance.pricingMode === 'pilot',
  }
}

/** Once the ratio is as it should be, what an operator accepted in worse times counts no more. */
function forgetsReopening({ reopenedAtLossRatio }: InsuranceStateRow, figures: BreakerFigures): boolean {
  const ratio = countedRatioBp(figures)
  return reopenedAtLossRatio !== null && ratio !== null && ratio < DEFAULTS.breaker.releaseBelowBp
}

async function setState(tx: Transaction, changes: Partial<InsuranceStateRow>): Promise<void> {
  await tx.update(insuranceState).set(changes).where(eq(insuranceState.id, INSURANCE_STATE_ID))
}
