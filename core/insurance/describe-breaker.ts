import type { breakerEvents } from '../../schema/tables/index.ts'
import type { BreakerDocument, BreakerFiguresDocument } from '../../schema/wire/insurance.ts'
import { CURRENCY } from '../../schema/wire/money.ts'
import { toCents } from '../money.ts'
import { type BreakerFigures, lossRatioBp } from './decide-breaker.ts'
import type { InsuranceStateRow } from './rows.ts'

export function describeBreaker(
  state: InsuranceStateRow,
  figures: BreakerFigures,
  history: readonly (typeof breakerEvents.$inferSelect)[],
): BreakerDocument {
  return {
    state: state.breaker,
    cause: state.cause,
    changed_at: state.breakerChangedAt.toISOString(),
    reopened_at_loss_ratio: asRatio(state.reopenedAtLossRatio),
    figures: describeFigures(figures),
    history: history.map((event) => ({
      at: event.at.toISOString(),
      from: event.fromState,
      to: event.toState,
      cause: event.cause,
      user_id: event.userId,
      reason: event.reason,
      figures: event.figures as BreakerFiguresDocument,
    })),
  }
}

/** As the wire and the history have them. */
export function describeFigures(figures: BreakerFigures): BreakerFiguresDocument {
  return {
    currency: CURRENCY,
    loss_ratio: asRatio(lossRatioBp(figures)),
    earned: toCents(figures.earned),
    ultimate: toCents(figures.ultimate),
    net_reserves: toCents(figures.netReserves),
    reserve_cash: toCents(figures.reserveCash),
    subsidy_budget: toCents(figures.subsidyBudget),
    subsidy_used: toCents(figures.subsidyUsed),
  }
}

function asRatio(bp: number | null): number | null {
  return bp === null ? null : bp / 10_000
}
