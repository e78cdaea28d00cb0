import type { Pricing, SuggestedPrice } from '../../schema/wire/actuarial.ts'
import { TIERS } from '../../schema/wire/money.ts'
import { RISK_LEVELS, type RiskLevel } from '../../schema/wire/vocabulary.ts'
import { DEFAULTS, type TierTerms } from '../insurance/defaults.ts'
import { findTechnicalPremium, LOWEST_SCORES } from '../insurance/price.ts'
import type { PricingParameters } from '../insurance/pricing.ts'
import { minimum, toCents } from '../money.ts'
import { rounded } from './figures.ts'
import { bucketKey, type Fit } from './fit.ts'

/** For each tier and risk bucket, what was found and what it suggests, beside the list. */
export function suggestPrices(fit: Fit): SuggestedPrice[] {
  return fit.tiers.flatMap(({ tier, terms }) => {
    const severity = fit.severity.tiers.find((fitted) => fitted.tier === tier)!
    return RISK_LEVELS.map((bucket) => {
      const found = fit.frequency.buckets.find((fitted) => bucketKey(fitted) === bucketKey({ bucket, tier }))!
      return {
        tier,
        bucket,
        offered: takes(terms, bucket),
        exposure: rounded(found.exposure, 2),
        claims: found.claims,
        observed_frequency: found.observed === null ? null : rounded(found.observed, 6),
        credibility: rounded(found.credibility, 4),
        frequency: found.frequency / 1e9,
        severity: toCents(severity.limited),
        list_premium: terms && toCents(terms.listPremium),
        technical_premium: toCents(technicalPremium(found.frequency, severity.net, severity.ceded)),
      }
    })
  })
}

/** What everyone's policies are priced with at present. */
export function currentPrices(parameters: PricingParameters): Pricing['prices'] {
  return TIERS.flatMap((tier) => {
    const terms = DEFAULTS.tiers[tier]
    const prior = minimum(DEFAULTS.priorSeverity, terms.coverage)
    const gross = BigInt(parameters.severities[tier] ?? prior)
    const net = BigInt(parameters.netSeverities[tier] ?? gross)
    const ceded = BigInt(parameters.reinsurance[tier] ?? 0n)
    return RISK_LEVELS.map((bucket) => {
      const frequency =
        parameters.frequencies[bucketKey({ bucket, tier })] ?? Number(DEFAULTS.baseFrequencyPpb)
      return {
        tier,
        bucket,
        offered: takes(terms, bucket),
        frequency: frequency / 1e9,
        severity: toCents(gross),
        list_premium: toCents(terms.listPremium),
        technical_premium: toCents(technicalPremium(frequency, net, ceded)),
      }
    })
  })
}

function technicalPremium(frequency: number, severity: bigint, reinsurance: bigint): bigint {
  return findTechnicalPremium({ tableVersion: 0, frequencyPpb: BigInt(frequency), severity, reinsurance })
}

/** A tier takes a level whose lowest score it takes. */
function takes(terms: TierTerms | null, bucket: RiskLevel): boolean {
  return terms === null || terms.riskScoreBelow === null || LOWEST_SCORES[bucket] < terms.riskScoreBelow
}
