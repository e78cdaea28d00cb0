import { type ActuarialReview, actuarialReviewSchema } from '../../../../schema/wire/actuarial.ts'
import { RISK_LEVELS } from '../../../../schema/wire/vocabulary.ts'

const MONTHS = Array.from({ length: 14 }, (_, index) => {
  const month = (index + 8) % 12
  return `${index < 4 ? 2025 : 2026}-${String(month + 1).padStart(2, '0')}`
})

/** A review with something in each of its parts. */
export function sampleReview(): ActuarialReview {
  const figures = {
    earned_premium: 41_250,
    earned_subsidy: 2_160_000,
    paid: 1_210_000,
    case_reserves: 180_000,
    ibnr: 64_233,
    ceded: 0,
    ultimate: 1_454_233,
    loss_ratio: 0.6606,
    loss_ratio_of_premium: 35.2541,
  }
  const segment = (name: string) => ({ ...figures, name, policies: 1_200, exposure: 1_130.25, claims: 14 })
  const triangle = (kind: 'incurred' | 'paid') => ({
    kind,
    month: '2026-10',
    valued_at: '2026-11-01T00:00:00.000Z',
    currency: 'usd',
    rows: MONTHS.map((origin, index) => ({
      origin,
      cumulative: Array.from(
        { length: MONTHS.length - index },
        (_, age) => (40_000 + 9_000 * index) * Math.min(age, 3),
      ),
    })),
    factors: [2.4, 1.5, 1.02, 1, 1],
  })
  return actuarialReviewSchema.parse({
    month: '2026-10',
    valued_at: '2026-11-01T00:00:00.000Z',
    revision: 1,
    currency: 'usd',
    pricing_version: 3,
    policies: {
      sold: 431,
      expired: 212,
      exhausted: 1,
      cancelled: 6,
      voided: 0,
      on_risk: 390,
      coverage_on_risk: 412_000_000,
    },
    claims: { filed: 9, approved: 7, denied: 1, withdrawn: 0, paid: 7, reversed: 0 },
    total: figures,
    by_tier: ['basic', 'pro', 'enterprise'].map(segment),
    by_bucket: RISK_LEVELS.map(segment),
    triangles: { incurred: triangle('incurred'), paid: triangle('paid') },
    ibnr: {
      total: 64_233,
      change: 12_000,
      pattern: 'observed',
      cohorts: MONTHS.map((origin, index) => ({
        origin,
        method: index < 12 ? 'chain_ladder' : 'bornhuetter_ferguson',
        earned: index < 12 ? 1 : 0.4,
        developed: index < 12 ? 1 : 0.2,
        expected: 100_000,
        incurred: 90_000,
        ultimate: 97_000,
        ibnr: index < 12 ? 0 : 32_116,
      })),
    },
    credibility: { base_frequency: 0.02, observed_frequency: 0.0123, frequency_m: 812.4, severity_m: null },
    severities: ['basic', 'pro', 'enterprise'].map((tier) => ({
      tier,
      claims: 14,
      observed: 143_200,
      credibility: 0.4,
      limited: 180_000,
      net: 180_000,
      ceded: 0,
    })),
    prices: ['basic', 'pro', 'enterprise'].flatMap((tier, index) =>
      RISK_LEVELS.map((bucket, level) => ({
        tier,
        bucket,
        offered: level <= index + 1,
        exposure: 312.5,
        claims: 4,
        observed_frequency: 0.0128,
        credibility: 0.27,
        frequency: 0.0181,
        severity: 180_000,
        list_premium: [10, 25, 50][index],
        technical_premium: 4_887 + 900 * level,
      })),
    ),
    subsidy: { budget: 5_000_000, used: 3_912_400, remaining: 1_087_600 },
  })
}
