import type { InsureRequest } from '../../schema/wire/insurance.ts'
import type { Actor, Context } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'
import { fromCents, minimum } from '../money.ts'
import type { StoredPricing } from './describe.ts'
import { type Price, riskLevel } from './price.ts'
import type { PreparedApplication } from './read-application.ts'
import type { Policy } from './rows.ts'

const DAY_MS = 86_400_000

/**
 * The policy that an application becomes, before it is written anywhere. It takes the certificate's own commit; a CI identity for
 * that very commit binds it, and says of which repository it is.
 */
export function makePolicy(
  ctx: Context,
  actor: Actor,
  request: InsureRequest,
  { certificate, tier, coverage, price }: PreparedApplication,
): Policy {
  const declared = fromCents(request.sla_cost_per_minute_cents)
  // Eligibility has seen to it that there is one.
  const commitSha = certificate.commitSha!.toLowerCase()
  const ci = certificate.ci?.commit_sha.toLowerCase() === commitSha ? certificate.ci : null
  return {
    ...NEW_POLICY,
    id: `INS-${ctx.now.getUTCFullYear()}-${randomIdentifier(ctx.random)}`,
    organisationId: actor.organisationId,
    userId: actor.userId,
    certificateId: certificate.id,
    commitSha,
    commitBound: ci !== null,
    repository: ci?.repository.toLowerCase() ?? null,
    service: request.service,
    tier: tier.name,
    riskScore: certificate.riskScore,
    riskLevel: riskLevel(certificate.riskScore),
    listPremium: price.listPremium,
    technicalPremium: price.technicalPremium,
    premium: price.premium,
    subsidy: price.subsidy,
    coverage,
    slaCostPerMinute: minimum(declared, tier.slaCostPerMinuteCap),
    pricing: storePricing(ctx, price, declared),
    boundAt: ctx.now,
    endsAt: new Date(ctx.now.getTime() + tier.days * DAY_MS),
    updatedAt: ctx.now,
  }
}

const NEW_POLICY = {
  status: 'bound',
  claimed: false,
  used: 0n,
  reserved: 0n,
  refunded: 0n,
  earnedPremium: 0n,
  earnedSubsidy: 0n,
  activatedAt: null,
  deploymentId: null,
  closedAt: null,
  closeReason: null,
} as const

function storePricing(ctx: Context, { basis }: Price, declared: bigint): StoredPricing {
  const { pricingMode, carrier } = ctx.settings.insurance
  return {
    mode: pricingMode,
    table_version: basis.tableVersion,
    frequency_ppb: Number(basis.frequencyPpb),
    severity_micros: String(basis.severity),
    reinsurance_micros: String(basis.reinsurance),
    sla_cost_per_minute_micros: String(declared),
    carrier,
  }
}
