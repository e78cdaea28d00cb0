import type { ReopenBreakerRequest } from '../../schema/wire/insurance.ts'
import { RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { bookFigures } from '../ledger/balances.ts'
import { formatUsd, fromCents, maximum } from '../money.ts'
import { Refusal } from '../refusal.ts'
import { changeBreaker, figuresOf, lockState } from './breaker.ts'
import { type BreakerFigures, countedRatioBp, hardCondition } from './decide-breaker.ts'
import { describeBreaker } from './describe-breaker.ts'
import { LOWEST_SCORES, price } from './price.ts'
import { currentPricing, type PricingParameters } from './pricing.ts'
import { readHistory } from './read-breaker.ts'
import { requireLive } from './require-live.ts'
import type { InsuranceStateRow } from './rows.ts'
import { GENERAL_TIERS } from './tiers.ts'

/**
 * Opens the circuit breaker again, on an operator's word. The loss ratio that is accepted by this trips it no more until it has
 * risen; the reserves must suffice, and the subsidy for at least one more policy.
 *
 * @returns 200 with the circuit breaker
 * @throws {Refusal} `live_key_required`, `breaker_state_conflict`, `breaker_condition_persists`
 */
export async function reopenBreaker(
  ctx: Context,
  actor: Actor,
  request: ReopenBreakerRequest,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asSystem(async (tx) => {
    const [books, pricing] = [await bookFigures(tx), await currentPricing(tx)]
    const state = await lockState(tx)
    if (state.breaker === 'open') throw new Refusal('breaker_state_conflict')
    const subsidyBudget = state.subsidyBudget + fromCents(request.additional_subsidy ?? 0)
    const figures = figuresOf(ctx, books, { ...state, subsidyBudget })
    assertSolved(ctx, state, figures, pricing)
    const reopened = await changeBreaker(ctx, tx, state, {
      to: 'open',
      cause: 'operator',
      figures,
      by: { userId: actor.userId, reason: request.reason },
      subsidyBudget,
      reopenedAtLossRatio: countedRatioBp(figures),
    })
    const body = JSON.stringify(describeBreaker(reopened, figures, await readHistory(tx)))
    await claim.settle(tx, { status: 200, body })
    return { status: 200, body }
  })
}

function assertSolved(
  ctx: Context,
  state: InsuranceStateRow,
  figures: BreakerFigures,
  pricing: PricingParameters,
): void {
  const { netReserves, reserveCash } = figures
  const condition = hardCondition(figures)
  if (condition === 'reserve_short') {
    const detail = `Net reserves of ${formatUsd(netReserves)} are above the reserve cash of ${formatUsd(reserveCash)}.`
    throw new Refusal('breaker_condition_persists', { detail })
  }
  if (condition === null && state.cause !== 'subsidy_spent') return
  const left = figures.subsidyBudget - figures.subsidyUsed
  const missing = greatestSubsidy(ctx, pricing) - left
  if (missing <= 0n) return
  const detail = `${formatUsd(left)} of the subsidy are left; send additional_subsidy, ${formatUsd(missing)} or more.`
  throw new Refusal('breaker_condition_persists', { detail })
}

/** What a policy of a general tier may need at most: with less the next purchase could trip the breaker again. */
function greatestSubsidy(ctx: Context, pricing: PricingParameters): bigint {
  const mode = ctx.settings.insurance.pricingMode
  const subsidies = GENERAL_TIERS.flatMap((tier) =>
    RISK_LEVELS.map((level) => {
      const terms = { coverage: tier.coverage, riskScore: LOWEST_SCORES[level], mode }
      return price(tier, terms, pricing).subsidy
    }),
  )
  return maximum(0n, ...subsidies)
}
