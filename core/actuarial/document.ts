import type { ActuarialReview, TriangleDocument } from '../../schema/wire/actuarial.ts'
import { CURRENCY } from '../../schema/wire/money.ts'
import { RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import { DEFAULTS } from '../insurance/defaults.ts'
import { toCents } from '../money.ts'
import type { Measured } from './cells.ts'
import { chainLadder } from './chain-ladder.ts'
import { rounded, segmentFigures, totalFigures } from './figures.ts'
import type { Fit } from './fit.ts'
import { suggestPrices } from './prices.ts'
import { asNumbers, monthsInTriangle, type Reserve, triangleOf } from './reserve.ts'
import { type MonthNumber, monthName, monthStart } from './triangle.ts'

/** What was found, and how it is called. */
export interface Found {
  readonly month: MonthNumber
  readonly valuedAt: Date
  readonly measured: Measured
  readonly fit: Fit
  readonly reserve: Reserve
}

/** What only the transaction that stores the review knows. Amounts are micro-USD. */
export interface Stored {
  readonly revision: number
  readonly pricingVersion: number
  /** Posted to the reserve by this review. */
  readonly ibnrChange: bigint
  readonly subsidy: { readonly budget: bigint; readonly used: bigint }
}

/** The review as it is stored and served: whole cents, ratios of four decimals. */
export function describeReview(found: Found, stored: Stored): ActuarialReview {
  const { measured, fit, reserve } = found
  const names = fit.tiers.map(({ tier }) => tier)
  return {
    month: monthName(found.month),
    valued_at: found.valuedAt.toISOString(),
    revision: stored.revision,
    currency: CURRENCY,
    pricing_version: stored.pricingVersion,
    ...describeActivity(measured),
    total: totalFigures(measured, reserve),
    by_tier: segmentFigures(measured, reserve, 'tier', names),
    by_bucket: segmentFigures(measured, reserve, 'bucket', RISK_LEVELS),
    triangles: { incurred: describeTriangle(found, 'incurred'), paid: describeTriangle(found, 'paid') },
    ibnr: describeIbnr(reserve, stored.ibnrChange),
    credibility: describeCredibility(fit),
    severities: fit.severity.tiers.map(({ tier, claims, observed, credibility, limited, net, ceded }) => ({
      tier,
      claims,
      observed: observed === null ? null : toCents(observed),
      credibility: rounded(credibility, 4),
      limited: toCents(limited),
      net: toCents(net),
      ceded: toCents(ceded),
    })),
    prices: suggestPrices(fit),
    subsidy: describeSubsidy(stored.subsidy),
  }
}

/** Factors are of whole months: the last diagonal counts only when its month is over. */
export function describeTriangle(
  { measured, month, valuedAt }: Pick<Found, 'measured' | 'month' | 'valuedAt'>,
  kind: 'incurred' | 'paid',
): TriangleDocument {
  const from = monthsInTriangle(measured.policies, month)[0] ?? month
  const triangle = triangleOf(measured.movements, kind, { from, to: month })
  const isWhole = valuedAt >= monthStart(month + 1)
  const whole = isWhole ? triangle : triangleOf(measured.movements, kind, { from, to: month - 1 })
  return {
    kind,
    month: monthName(month),
    valued_at: valuedAt.toISOString(),
    currency: CURRENCY,
    rows: triangle.origins.map((origin, index) => ({
      origin: monthName(origin),
      cumulative: triangle.rows[index]!.map(toCents),
    })),
    factors: chainLadder(asNumbers(whole)).factors.map((factor) => rounded(factor, 4)),
  }
}

export function describeSubsidy({ budget, used }: Stored['subsidy']): ActuarialReview['subsidy'] {
  return { budget: toCents(budget), used: toCents(used), remaining: toCents(budget - used) }
}

function describeActivity({ activity }: Measured): Pick<ActuarialReview, 'policies' | 'claims'> {
  const { onRisk, coverageOnRisk, ...policies } = activity.policies
  return {
    policies: { ...policies, on_risk: onRisk, coverage_on_risk: toCents(coverageOnRisk) },
    claims: activity.claims,
  }
}

function describeIbnr({ cohorts, pattern, total }: Reserve, change: bigint): ActuarialReview['ibnr'] {
  return {
    total: toCents(total),
    change: toCents(change),
    pattern,
    cohorts: cohorts.map((cohort) => ({
      origin: monthName(cohort.origin),
      method: cohort.method,
      earned: share(cohort.earned),
      developed: share(cohort.developed),
      expected: wholeCents(cohort.expected),
      incurred: wholeCents(cohort.incurred),
      ultimate: wholeCents(cohort.ultimate),
      ibnr: wholeCents(cohort.ibnr),
    })),
  }
}

function describeCredibility({ frequency, severity }: Fit): ActuarialReview['credibility'] {
  const exposure = frequency.buckets.reduce((sum, bucket) => sum + bucket.exposure, 0)
  const claims = frequency.buckets.reduce((sum, bucket) => sum + bucket.claims, 0)
  return {
    base_frequency: Number(DEFAULTS.baseFrequencyPpb) / 1e9,
    observed_frequency: exposure > 0 ? rounded(claims / exposure, 6) : null,
    frequency_m: frequency.m === null ? null : rounded(frequency.m, 2),
    severity_m: severity.m === null ? null : rounded(severity.m, 2),
  }
}

const share = (value: number) => rounded(Math.min(1, Math.max(0, value)), 4)
const wholeCents = (micros: number) => toCents(BigInt(Math.round(micros)))
