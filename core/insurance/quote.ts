import type { Quote, QuoteRequest } from '../../schema/wire/insurance.ts'
import { CURRENCY, coverNotice } from '../../schema/wire/money.ts'
import type { Actor, Context } from '../context.ts'
import { fromCents, minimum, toCents } from '../money.ts'
import { describeBasis } from './describe.ts'
import { riskLevel } from './price.ts'
import { type PreparedApplication, readApplication } from './read-application.ts'

/**
 * What cover would cost and whether it could be bound, with every reason against it. Nothing is stored and nothing is held:
 * binding asks again.
 *
 * @throws {Refusal} `certificate_not_found`, `invalid_input`
 */
export async function quoteCover(ctx: Context, actor: Actor, request: QuoteRequest): Promise<Quote> {
  const application = await readApplication(ctx, actor, request)
  const { certificate, tier, eligibility, coverage, price, breaker } = application
  const { carrier, pricingMode } = ctx.settings.insurance
  return {
    status: 'quoted',
    certificate_id: certificate.id,
    tier: tier.name,
    service: request.service ?? null,
    risk_score: certificate.riskScore / 100,
    risk_level: riskLevel(certificate.riskScore),
    currency: CURRENCY,
    list_premium: toCents(price.listPremium),
    technical_premium: toCents(price.technicalPremium),
    premium: toCents(price.premium),
    subsidy: toCents(price.subsidy),
    pricing_mode: pricingMode,
    pricing: describeBasis(price.basis),
    coverage: toCents(coverage),
    days: tier.days,
    eligible: eligibility.reasons.length === 0,
    reasons: [...eligibility.reasons],
    accepting_tier: eligibility.acceptingTier,
    binding: breaker,
    ...describeSlaCost(application, request.sla_cost_per_minute_cents),
    carrier,
    notice: coverNotice(carrier),
  }
}

function describeSlaCost({ tier }: PreparedApplication, declared: number | undefined) {
  if (declared === undefined) return { sla_cost_per_minute: null, sla_cost_per_minute_declared: null }
  return {
    sla_cost_per_minute: toCents(minimum(fromCents(declared), tier.slaCostPerMinuteCap)),
    sla_cost_per_minute_declared: declared,
  }
}
