import { z } from '@hono/zod-openapi'
import { BREAKER_STATES, CURRENCY, PRICING_MODES } from './money.ts'
import { timestamp } from './text.ts'
import { RISK_LEVELS } from './vocabulary.ts'

/** Whole cents. */
const cents = z.int()
const fraction = z.number().min(0).max(1)
const currency = z.literal(CURRENCY)
const rate = z.number().min(0)
/** Null when nothing is earned yet. */
const ratio = z.number().nullable()

export const monthText = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be YYYY-MM')
  .openapi({ example: '2026-10' })

/** What cover came to, as far as it is known: since the books were opened. */
const figuresSchema = z
  .object({
    earned_premium: cents,
    earned_subsidy: cents,
    paid: cents,
    case_reserves: cents.openapi({
      description: 'Estimates of open claims, and what is approved and not paid.',
    }),
    ibnr: cents.openapi({ description: 'Incurred but not reported.' }),
    ceded: cents.openapi({ description: "The reinsurers' share." }),
    ultimate: cents.openapi({ description: 'Paid, case reserves and IBNR, less what is ceded.' }),
    loss_ratio: ratio.openapi({ description: '`ultimate` over earned premium and subsidy.' }),
    loss_ratio_of_premium: ratio.openapi({ description: '`ultimate` over earned premium alone.' }),
  })
  .openapi('LossFigures')

const segmentSchema = figuresSchema
  .extend({
    name: z.string(),
    policies: z.int(),
    exposure: rate.openapi({
      description: 'Terms that have run; a policy that is half over counts for half.',
    }),
    claims: z.int().openapi({ description: 'That stand approved.' }),
  })
  .openapi('LossSegment')

export const triangleSchema = z
  .object({
    kind: z.enum(['incurred', 'paid']),
    month: monthText,
    valued_at: timestamp,
    currency,
    rows: z.array(
      z.object({
        origin: monthText.openapi({ description: 'The month in which the policies were bound.' }),
        cumulative: z
          .array(cents)
          .openapi({ description: 'At the end of that month and each one after it.' }),
      }),
    ),
    factors: z.array(z.number()).openapi({
      description: 'Volume-weighted, from each month of development to the next; whole months only.',
    }),
  })
  .openapi('Triangle')

const cohortSchema = z.object({
  origin: monthText,
  method: z.enum(['bornhuetter_ferguson', 'chain_ladder']),
  earned: fraction.openapi({ description: 'How much of the cover has run.' }),
  developed: fraction.openapi({ description: 'How much of the claims is expected to be known.' }),
  expected: cents,
  incurred: cents,
  ultimate: cents,
  ibnr: cents,
})

const ibnrSchema = z.object({
  total: cents,
  change: cents.openapi({ description: 'Posted by this review.' }),
  pattern: z.enum(['prior', 'observed']),
  cohorts: z.array(cohortSchema),
})

const priceSchema = z
  .object({
    tier: z.string(),
    bucket: z.enum(RISK_LEVELS),
    offered: z.boolean().openapi({ description: 'Whether the tier takes this risk.' }),
    exposure: rate,
    claims: z.int(),
    observed_frequency: z.number().nullable(),
    credibility: fraction,
    frequency: rate.openapi({ description: 'Claims per policy that the price is made with.' }),
    severity: cents.openapi({ description: 'E[min(X, L)] of a claim, L the coverage.' }),
    list_premium: cents.nullable().openapi({ description: 'Null for a tier of one organisation.' }),
    technical_premium: cents.openapi({ description: 'What is suggested.' }),
  })
  .openapi('SuggestedPrice')

const severitySchema = z.object({
  tier: z.string(),
  claims: z.int(),
  observed: cents.nullable(),
  credibility: fraction,
  limited: cents,
  net: cents.openapi({ description: 'Less what the reinsurer bears.' }),
  ceded: cents,
})

const subsidySchema = z.object({ budget: cents, used: cents, remaining: cents })

export const actuarialReviewSchema = z
  .object({
    month: monthText,
    valued_at: timestamp,
    revision: z
      .int()
      .min(1)
      .openapi({ description: 'Goes up when reviewing the month again changes the reserve.' }),
    currency,
    pricing_version: z.int(),
    policies: z.object({
      sold: z.int(),
      expired: z.int(),
      exhausted: z.int(),
      cancelled: z.int(),
      voided: z.int(),
      on_risk: z.int().openapi({ description: 'When it was valued.' }),
      coverage_on_risk: cents,
    }),
    claims: z.object({
      filed: z.int(),
      approved: z.int(),
      denied: z.int(),
      withdrawn: z.int(),
      paid: z.int(),
      reversed: z.int(),
    }),
    total: figuresSchema,
    by_tier: z.array(segmentSchema),
    by_bucket: z.array(segmentSchema),
    triangles: z.object({ incurred: triangleSchema, paid: triangleSchema }),
    ibnr: ibnrSchema,
    credibility: z.object({
      base_frequency: rate,
      observed_frequency: z.number().nullable(),
      frequency_m: z.number().nullable().openapi({
        description:
          'Policies with which a bucket is believed by half; null when nothing tells the buckets apart.',
      }),
      severity_m: z.number().nullable(),
    }),
    severities: z.array(severitySchema),
    prices: z.array(priceSchema),
    subsidy: subsidySchema,
  })
  .openapi('ActuarialReview')

export const actuarialReviewListSchema = z
  .object({
    data: z.array(
      z.object({
        month: monthText,
        valued_at: timestamp,
        revision: z.int(),
        pricing_version: z.int(),
        ibnr: cents,
        ultimate: cents,
        loss_ratio: ratio,
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('ActuarialReviewList')

export const runReviewRequestSchema = z
  .strictObject({
    month: monthText.optional().openapi({ description: 'The month before this one, unless it is named.' }),
  })
  .openapi('RunReviewRequest')

export const actuarialSummarySchema = z
  .object({
    as_of: timestamp,
    currency,
    policies: z.record(z.string(), z.int()).openapi({ description: 'How many have which status.' }),
    coverage_on_risk: cents,
    claims: z.object({ open: z.int(), approved: z.int(), total: z.int() }),
    books: z.object({
      earned_premium: cents.openapi({ description: 'Premium and subsidy.' }),
      unearned: cents,
      paid: cents,
      payable: cents,
      case_reserves: cents,
      ibnr: cents,
      ceded: cents,
      recoverable: cents,
      reserve_cash: cents,
      loss_ratio: ratio,
    }),
    subsidy: subsidySchema,
    breaker: z.enum(BREAKER_STATES),
    pricing_version: z.int(),
    latest_review: monthText.nullable(),
  })
  .openapi('ActuarialSummary')

export const lossRatioSchema = z
  .object({
    month: monthText,
    valued_at: timestamp,
    currency,
    total: figuresSchema,
    by_tier: z.array(segmentSchema),
    by_bucket: z.array(segmentSchema),
    months: z
      .array(z.object({ month: monthText, loss_ratio: ratio }))
      .openapi({ description: 'As each review found it, oldest first.' }),
  })
  .openapi('LossRatio')

export const pricingSchema = z
  .object({
    version: z.int().openapi({ description: '0: nothing is fitted, and all is the prior.' }),
    fitted_at: timestamp.nullable(),
    pricing_mode: z.enum(PRICING_MODES),
    currency,
    prices: z.array(
      z.object({
        tier: z.string(),
        bucket: z.enum(RISK_LEVELS),
        offered: z.boolean(),
        frequency: rate,
        severity: cents,
        list_premium: cents.nullable(),
        technical_premium: cents,
      }),
    ),
  })
  .openapi('Pricing')

export const triangleQuerySchema = z.strictObject({
  kind: z.enum(['incurred', 'paid']).default('incurred'),
  month: monthText.optional(),
})
export const monthQuerySchema = z.strictObject({ month: monthText.optional() })
export const reportQuerySchema = z.strictObject({ month: monthText })

export type LossFigures = z.infer<typeof figuresSchema>
export type LossSegment = z.infer<typeof segmentSchema>
export type TriangleDocument = z.infer<typeof triangleSchema>
export type SuggestedPrice = z.infer<typeof priceSchema>
export type ActuarialReview = z.infer<typeof actuarialReviewSchema>
export type ActuarialReviewList = z.infer<typeof actuarialReviewListSchema>
export type ActuarialSummary = z.infer<typeof actuarialSummarySchema>
export type LossRatio = z.infer<typeof lossRatioSchema>
export type Pricing = z.infer<typeof pricingSchema>
