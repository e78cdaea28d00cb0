import type { BreakerState } from '../../../schema/wire/money.ts'
import type { Model } from './model.ts'
import { GREATEST_SUBSIDY, USD } from './rules.ts'

/** Ten-thousandths; null until $10,000 are earned. Losses are what was incurred, less what reinsurers bear. */
function lossRatio({ books }: Model): number | null {
  const earned = -books.of('earned_premium')
  if (earned < 10_000n * USD) return null
  const losses = books.of('claims_incurred') + books.of('reinsurers_share')
  const scaled = losses * 10_000n
  return Number(scaled >= 0n ? scaled / earned : -((-scaled + earned - 1n) / earned))
}

function isShort({ books }: Model): boolean {
  const reserves = -books.total('case_reserve') - books.total('claims_payable') - books.of('ibnr')
  const owed = books.total('reinsurance_recoverable') + books.total('reinsurance_payable')
  return reserves - owed > books.of('cash_reserve')
}

function isSpent({ mode, breaker }: Model): boolean {
  return mode === 'pilot' && breaker.used >= breaker.budget
}

/** Looks at the books, as after every decision and every hour. */
export function judgeBreaker(model: Model): void {
  const { breaker } = model
  const ratio = lossRatio(model)
  const change = breaker.state === 'halted' ? null : changeOf(model, ratio)
  if (change !== null) {
    const [state, cause] = change
    Object.assign(breaker, { state, cause: state === 'open' ? null : cause })
  } else if (ratio !== null && ratio < 8_000) {
    breaker.acceptedRatio = null
  }
}

function changeOf(model: Model, ratio: number | null): [BreakerState, string] | null {
  const { state, acceptedRatio } = model.breaker
  if (isShort(model)) return ['halted', 'reserve_short']
  if (isSpent(model)) return ['halted', 'subsidy_spent']
  if (ratio === null) return null
  const accepted = acceptedRatio === null ? 0 : acceptedRatio + 1_000
  const stays = state === 'restricted' && ratio >= 8_000 ? 'restricted' : 'open'
  const restricted = ratio >= Math.max(9_000, accepted) ? 'restricted' : stays
  const to = ratio >= Math.max(12_000, accepted) ? 'halted' : restricted
  return to === state ? null : [to, 'loss_ratio']
}

/** @returns the code of the refusal; null when it is open then */
export function reopen(model: Model, additional: bigint): string | null {
  const { breaker } = model
  if (breaker.state === 'open') return 'breaker_state_conflict'
  const budget = breaker.budget + additional
  if (isShort(model)) return 'breaker_condition_persists'
  const spent = model.mode === 'pilot' && breaker.used >= budget
  const needed = model.mode === 'pilot' ? GREATEST_SUBSIDY : 0n
  if ((spent || breaker.cause === 'subsidy_spent') && budget - breaker.used < needed)
    return 'breaker_condition_persists'
  Object.assign(breaker, { state: 'open', cause: null, budget, acceptedRatio: lossRatio(model) })
  return null
}
