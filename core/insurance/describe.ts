import type { PolicyDocument } from '../../schema/wire/insurance.ts'
import { CURRENCY, coverNotice, type PricingMode } from '../../schema/wire/money.ts'
import { toCents } from '../money.ts'
import { DEFAULTS } from './defaults.ts'
import type { PriceBasis } from './price.ts'
import type { Policy } from './rows.ts'

/** `insurance_policies.pricing`: how the premium was found and what was agreed with it. Micro-USD as text. */
export interface StoredPricing {
  readonly mode: PricingMode
  readonly table_version: number
  readonly frequency_ppb: number
  readonly severity_micros: string
  readonly reinsurance_micros: string
  /** As declared, before the tier's cap. */
  readonly sla_cost_per_minute_micros: string
  /** Whom the operator had named when it was bound. */
  readonly carrier: string | null
}

/** The policy as the API and its webhooks show it. */
export function describePolicy(policy: Policy): PolicyDocument {
  const pricing = policy.pricing as StoredPricing
  return {
    id: policy.id,
    policy_id: policy.id,
    status: policy.status,
    claimed: policy.claimed,
    certificate_id: policy.certificateId,
    commit_sha: policy.commitSha,
    commit_bound: policy.commitBound,
    repository: policy.repository,
    service: policy.service,
    tier: policy.tier,
    risk_score: policy.riskScore / 100,
    risk_level: policy.riskLevel as PolicyDocument['risk_level'],
    currency: CURRENCY,
    list_premium: toCents(policy.listPremium),
    technical_premium: toCents(policy.technicalPremium),
    premium: toCents(policy.premium),
    subsidy: toCents(policy.subsidy),
    refunded: toCents(policy.refunded),
    pricing_mode: pricing.mode,
    pricing: describeBasis(readBasis(pricing)),
    coverage: toCents(policy.coverage),
    coverage_used: toCents(policy.used),
    coverage_reserved: toCents(policy.reserved),
    coverage_remaining: toCents(policy.coverage - policy.used - policy.reserved),
    sla_cost_per_minute: toCents(policy.slaCostPerMinute),
    sla_cost_per_minute_declared: toCents(BigInt(pricing.sla_cost_per_minute_micros)),
    bound_at: policy.boundAt.toISOString(),
    ends_at: policy.endsAt.toISOString(),
    expires_at: policy.endsAt.toISOString(),
    activated_at: policy.activatedAt?.toISOString() ?? null,
    deployment_id: policy.deploymentId,
    closed_at: policy.closedAt?.toISOString() ?? null,
    close_reason: policy.closeReason,
    carrier: pricing.carrier,
    notice: coverNotice(pricing.carrier),
  }
}

/** What the log's entry of the binding has the hash of. */
export function policyFacts(policy: Policy): Readonly<Record<string, string | number>> {
  return {
    policy_id: policy.id,
    certificate_id: policy.certificateId,
    commit_sha: policy.commitSha,
    service: policy.service,
    tier: policy.tier,
    premium: toCents(policy.premium),
    coverage: toCents(policy.coverage),
    bound_at: policy.boundAt.toISOString(),
    ends_at: policy.endsAt.toISOString(),
  }
}

/** How the technical premium was found, as the wire has it. */
export function describeBasis(basis: PriceBasis): PolicyDocument['pricing'] {
  return {
    table_version: basis.tableVersion,
    frequency: Number(basis.frequencyPpb) / 1e9,
    severity: toCents(basis.severity),
    reinsurance: toCents(basis.reinsurance),
    load: Number(DEFAULTS.loadNumerator) / Number(DEFAULTS.loadDenominator),
  }
}

function readBasis(pricing: StoredPricing): PriceBasis {
  return {
    tableVersion: pricing.table_version,
    frequencyPpb: BigInt(pricing.frequency_ppb),
    severity: BigInt(pricing.severity_micros),
    reinsurance: BigInt(pricing.reinsurance_micros),
  }
}
