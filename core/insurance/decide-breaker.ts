import type { BreakerCause, BreakerState } from '../../schema/wire/money.ts'
import { floorDivide } from '../money.ts'
import { DEFAULTS } from './defaults.ts'

/** What the circuit breaker is decided on. Micro-USD. */
export interface BreakerFigures {
  /** Premium and subsidy. */
  readonly earned: bigint
  /** Paid, payable, reserved and IBNR, less what is ceded. */
  readonly ultimate: bigint
  /** Case reserves, IBNR and claims payable, less what reinsurers owe. */
  readonly netReserves: bigint
  readonly reserveCash: bigint
  readonly subsidyBudget: bigint
  readonly subsidyUsed: bigint
  /** Whether premiums are subsidised: the pilot. */
  readonly subsidised: boolean
}

export interface BreakerStanding {
  readonly breaker: BreakerState
  /** Ten-thousandths; null unless an operator reopened at a loss ratio. */
  readonly reopenedAtLossRatio: number | null
}

export interface BreakerChange {
  readonly to: BreakerState
  readonly cause: BreakerCause
}

/** Ultimate losses by what is earned, ten-thousandths, rounded down; null before anything is earned. */
export function lossRatioBp({
  ultimate,
  earned,
}: Pick<BreakerFigures, 'ultimate' | 'earned'>): number | null {
  return earned > 0n ? Number(floorDivide(ultimate * 10_000n, earned)) : null
}

/** The loss ratio, once enough is earned for it to say something; null before. */
export function countedRatioBp(figures: Pick<BreakerFigures, 'ultimate' | 'earned'>): number | null {
  return figures.earned < DEFAULTS.breaker.minimumEarned ? null : lossRatioBp(figures)
}

/**
 * What the circuit breaker becomes by itself; null where it stays. It never opens from `halted`: an operator does that. From
 * `restricted` it opens below a ratio that is well under the one that trips it, so that it does not flutter.
 */
export function decideBreaker(figures: BreakerFigures, standing: BreakerStanding): BreakerChange | null {
  if (standing.breaker === 'halted') return null
  const cause = hardCondition(figures)
  if (cause !== null) return { to: 'halted', cause }
  const to = stateByRatio(figures, standing)
  return to === standing.breaker ? null : { to, cause: 'loss_ratio' }
}

/** What halts binding whatever has been earned. */
export function hardCondition(figures: BreakerFigures): 'reserve_short' | 'subsidy_spent' | null {
  if (figures.netReserves > figures.reserveCash) return 'reserve_short'
  return figures.subsidised && figures.subsidyUsed >= figures.subsidyBudget ? 'subsidy_spent' : null
}

function stateByRatio(
  figures: BreakerFigures,
  { breaker, reopenedAtLossRatio }: BreakerStanding,
): BreakerState {
  const { restrictAtBp, haltAtBp, releaseBelowBp, reopenedMarginBp } = DEFAULTS.breaker
  const ratio = countedRatioBp(figures)
  if (ratio === null) return breaker
  // What an operator has accepted trips it no more, until it has become worse.
  const accepted = reopenedAtLossRatio === null ? 0 : reopenedAtLossRatio + reopenedMarginBp
  if (ratio >= Math.max(haltAtBp, accepted)) return 'halted'
  if (ratio >= Math.max(restrictAtBp, accepted)) return 'restricted'
  return breaker === 'restricted' && ratio >= releaseBelowBp ? 'restricted' : 'open'
}
