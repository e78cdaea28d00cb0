import { z } from '@hono/zod-openapi'
import { certificateId } from './certificate.ts'
import { serviceName } from './incidents.ts'
import {
  BREAKER_CAUSES,
  BREAKER_STATES,
  CURRENCY,
  POLICY_ID_PATTERN,
  POLICY_STATUSES,
  PRICING_MODES,
} from './money.ts'
import { text, timestamp } from './text.ts'
import { RISK_LEVELS } from './vocabulary.ts'

/** Why a certificate cannot be insured as asked. */
export const INELIGIBILITY_CODES = [
  'certificate_revoked',
  'certificate_expired',
  'commit_sha_missing',
  'too_many_policies',
  'risk_score_too_high',
  'coverage_above_tier',
] as const
export type IneligibilityCode = (typeof INELIGIBILITY_CODES)[number]

/** What a request may name; far above what any tier allows. */
const MAX_CENTS = 1_000_000_000_00
const MIN_COVERAGE_CENTS = 1_00
const MAX_TIER_DAYS = 366

/** Whole cents. */
const cents = (description: string) => z.int().openapi({ description, example: 500_000 })
const currency = z.literal(CURRENCY).openapi({ description: 'Amounts are whole cents of it.' })
const reason = text(500).openapi({ example: 'Reserves were raised; the incident is closed.' })

export const policyId = z.string().regex(POLICY_ID_PATTERN).openapi({ example: 'INS-2026-7k3m9q2x4w8t1v6z' })
export const policyParameters = z.object({ id: policyId })

export const tierName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a lower-case name of at most 32 characters')
  .openapi({ example: 'pro' })
export const organisationId = z
  .string()
  .regex(/^org_[0-9a-hjkmnp-tv-z]{16}$/)
  .openapi({ example: 'org_7k3m9q2x4w8t1v6z' })
export const tierParameters = z.object({
  id: organisationId,
  name: tierName,
})

const cover = {
  certificate_id: certificateId.openapi({
    description: "A live certificate of the caller's own organisation, with a `commit_sha`.",
  }),
  tier: tierName,
  coverage: z.int().min(MIN_COVERAGE_CENTS).max(MAX_CENTS).optional().openapi({
    description: "Whole cents; the tier's limit if absent. Less does not lower the list premium.",
    example: 500_000,
  }),
}
const slaCost = z.int().min(1).max(MAX_CENTS).openapi({
  description:
    'What a minute of downtime of the service costs, whole cents. Counted up to the cap of the tier.',
  example: 10_000,
})

export const quoteRequestSchema = z
  .strictObject({
    ...cover,
    service: serviceName.optional(),
    sla_cost_per_minute_cents: slaCost.optional(),
  })
  .openapi('QuoteRequest')

export const insureRequestSchema = z
  .strictObject({ ...cover, service: serviceName, sla_cost_per_minute_cents: slaCost })
  .openapi('InsureRequest')

export const policyListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(64).optional(),
  status: z.enum(POLICY_STATUSES).optional(),
})

const basisSchema = z
  .object({
    table_version: z.int().openapi({ description: 'Of the pricing table; 0 before the first review.' }),
    frequency: z.number().openapi({ description: 'Claims per policy of this tier and risk.', example: 0.02 }),
    severity: cents('What a claim costs the network, limited to the coverage and net of reinsurance.'),
    reinsurance: cents('What a claim costs the reinsurer: the cost of reinsurance.'),
    load: z
      .number()
      .openapi({ description: 'technical = frequency × (severity + reinsurance) × load, at least $0.05.' }),
  })
  .openapi('PriceBasis')

const priced = {
  currency,
  list_premium: cents('The premium of the tier.'),
  technical_premium: cents('What the cover is expected to cost, with the load; rounded half-even.'),
  premium: cents('What is charged.'),
  subsidy: cents('What the pilot adds from its budget; rounded half-even.'),
  pricing_mode: z.enum(PRICING_MODES).openapi({
    description:
      '`technical` charges the greater of list and technical premium; `pilot` charges the list premium, and a budget adds what is missing.',
  }),
  pricing: basisSchema,
  coverage: cents('The most that all claims together are paid.'),
}

const carried = {
  carrier: z.string().nullable().openapi({ description: 'Whom the operator has named to bear the risk.' }),
  notice: z.string().openapi({ description: 'What this cover is, in one line.' }),
}

const reasonSchema = z
  .object({
    code: z.enum(INELIGIBILITY_CODES),
    path: z.string().openapi({ description: 'The member of the request that it is about.' }),
    message: z.string(),
  })
  .openapi('IneligibilityReason')

export const quoteSchema = z
  .object({
    status: z.literal('quoted'),
    certificate_id: certificateId,
    tier: tierName,
    service: z.string().nullable(),
    risk_score: z.number(),
    risk_level: z.enum(RISK_LEVELS),
    ...priced,
    days: z.int().openapi({ description: 'How long the term is; it runs from binding.' }),
    eligible: z.boolean().openapi({ description: 'Whether it could be bound now, caps aside.' }),
    reasons: z.array(reasonSchema).openapi({ description: 'Everything that is against it.' }),
    accepting_tier: tierName.nullable().openapi({
      description: 'If another tier would help: the cheapest that would take it.',
    }),
    binding: z.enum(BREAKER_STATES).openapi({
      description: '`restricted`: only LOW risk is bound at present; `halted`: nothing is.',
    }),
    sla_cost_per_minute: z.int().nullable().openapi({ description: 'What a minute would pay, whole cents.' }),
    sla_cost_per_minute_declared: z.int().nullable(),
    ...carried,
  })
  .openapi('Quote')

export const policySchema = z
  .object({
    id: policyId,
    policy_id: policyId.openapi({ description: 'The same as `id`: what claims call it.' }),
    status: z.enum(POLICY_STATUSES).openapi({
      description: '`bound` until a deployment of its commit makes it `active`; both are on risk.',
    }),
    claimed: z.boolean().openapi({ description: 'Whether a claim was ever filed on it.' }),
    certificate_id: certificateId,
    commit_sha: z.string(),
    commit_bound: z.boolean().openapi({
      description:
        'Whether CI evidence (E2) binds the certificate to the commit; else every claim is reviewed.',
    }),
    repository: z.string().nullable().openapi({ description: 'That the CI spoke for, `owner/name`.' }),
    service: z.string(),
    tier: z.string(),
    risk_score: z.number(),
    risk_level: z.enum(RISK_LEVELS),
    ...priced,
    refunded: cents('Of the premium, when it was cancelled or voided.'),
    coverage_used: cents('Approved so far.'),
    coverage_reserved: cents('Set aside for claims that are open.'),
    coverage_remaining: cents('What is left for further claims.'),
    sla_cost_per_minute: cents('What a minute of downtime pays: as declared, up to the cap of the tier.'),
    sla_cost_per_minute_declared: cents('As declared.'),
    bound_at: timestamp,
    ends_at: timestamp.openapi({ description: 'Cover ends then; incidents that began before are covered.' }),
    expires_at: timestamp.openapi({ description: 'The same as `ends_at`.' }),
    activated_at: timestamp.nullable().openapi({ description: 'When it was deployed: cover begins.' }),
    deployment_id: z.string().nullable(),
    closed_at: timestamp.nullable(),
    close_reason: z.string().nullable(),
    ...carried,
  })
  .openapi('Policy')

export const policyListSchema = z
  .object({ data: z.array(policySchema), next_cursor: z.string().nullable() })
  .openapi('PolicyList')

export const voidPolicyRequestSchema = z.strictObject({ reason }).openapi('VoidPolicyRequest')

const terms = {
  list_premium: z.int().min(1).max(MAX_CENTS).openapi({ description: 'Whole cents.', example: 25 }),
  coverage: z.int().min(MIN_COVERAGE_CENTS).max(MAX_CENTS).openapi({
    description: 'The most that may be bound in one policy, whole cents.',
    example: 2_500_000,
  }),
  days: z.int().min(1).max(MAX_TIER_DAYS).openapi({ description: 'Of the term.', example: 60 }),
  risk_score_below: z.number().gt(0).max(10).multipleOf(0.01).nullable().openapi({
    description: 'Only scores below it are taken; null: any.',
    example: 7,
  }),
  sla_cost_per_minute_cap: z.int().min(1).max(MAX_CENTS).openapi({
    description: 'The most that a minute of downtime may count, whole cents.',
    example: 250_000,
  }),
}

export const putTierRequestSchema = z.strictObject(terms).openapi('PutInsuranceTierRequest')

export const tierSchema = z
  .object({
    name: tierName,
    own: z.boolean().openapi({ description: "Whether the terms are the organisation's own." }),
    currency,
    ...terms,
  })
  .openapi('InsuranceTier')

export const tierListSchema = z
  .object({ data: z.array(tierSchema), next_cursor: z.string().nullable(), ...carried })
  .openapi('InsuranceTierList')

export const storedTierSchema = tierSchema
  .extend({ organisation_id: z.string() })
  .openapi('StoredInsuranceTier')
export const deletedTierSchema = z
  .object({
    organisation_id: z.string(),
    name: tierName,
    deleted: z.boolean().openapi({ description: 'False if there was none.' }),
  })
  .openapi('DeletedInsuranceTier')

const ratio = z.number().nullable().openapi({
  description:
    '(paid + case reserves + IBNR − ceded) ÷ earned premium and subsidy; null before any is earned.',
})

const figuresSchema = z
  .object({
    currency,
    loss_ratio: ratio,
    earned: cents('Premium and subsidy.'),
    ultimate: cents('Paid, payable, reserved and IBNR, less what is ceded.'),
    net_reserves: cents('Case reserves, IBNR and claims payable, less what reinsurers owe.'),
    reserve_cash: cents('That these must not exceed.'),
    subsidy_budget: cents('Of the pilot.'),
    subsidy_used: cents('Of it.'),
  })
  .openapi('BreakerFigures')

const breakerEventSchema = z
  .object({
    at: timestamp,
    from: z.enum(BREAKER_STATES),
    to: z.enum(BREAKER_STATES),
    cause: z.enum(BREAKER_CAUSES),
    user_id: z.string().nullable().openapi({ description: 'Null when the network did it by itself.' }),
    reason: z.string().nullable(),
    figures: figuresSchema,
  })
  .openapi('BreakerEvent')

export const breakerSchema = z
  .object({
    state: z.enum(BREAKER_STATES),
    cause: z.enum(BREAKER_CAUSES).nullable().openapi({ description: 'Of the state; null while it is open.' }),
    changed_at: timestamp,
    reopened_at_loss_ratio: z.number().nullable().openapi({
      description: 'An operator reopened at this loss ratio; it trips again only when it has risen by 0.1.',
    }),
    figures: figuresSchema,
    history: z.array(breakerEventSchema).openapi({ description: 'The latest 50 changes, newest first.' }),
  })
  .openapi('Breaker')

export const reopenBreakerRequestSchema = z
  .strictObject({
    reason,
    additional_subsidy: z.int().min(1).max(MAX_CENTS).optional().openapi({
      description: 'Added to the budget of the pilot, whole cents.',
      example: 1_000_000,
    }),
  })
  .openapi('ReopenBreakerRequest')

export type QuoteRequest = z.infer<typeof quoteRequestSchema>
export type InsureRequest = z.infer<typeof insureRequestSchema>
export type Quote = z.infer<typeof quoteSchema>
export type PolicyDocument = z.infer<typeof policySchema>
export type PolicyListQuery = z.infer<typeof policyListQuerySchema>
export type PutTierRequest = z.infer<typeof putTierRequestSchema>
export type TierDocument = z.infer<typeof tierSchema>
export type BreakerDocument = z.infer<typeof breakerSchema>
export type BreakerFiguresDocument = z.infer<typeof figuresSchema>
export type ReopenBreakerRequest = z.infer<typeof reopenBreakerRequestSchema>
