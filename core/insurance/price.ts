import { type PricingMode, TIERS } from '../../schema/wire/money.ts'
import { RISK_LEVELS, type RiskLevel } from '../../schema/wire/vocabulary.ts'
import { divideHalfEven, maximum, minimum, roundToCents } from '../money.ts'
import { DEFAULTS } from './defaults.ts'
import type { PricingParameters } from './pricing.ts'
import type { TierOffer } from './tiers.ts'

/** How a technical premium is found. Amounts are micro-USD. */
export interface PriceBasis {
  readonly tableVersion: number
  /** Claims per policy, parts per billion. */
  readonly frequencyPpb: bigint
  /** What the network keeps of a claim, limited to the coverage. */
  readonly severity: bigint
  /** What the reinsurer bears of it: the cost of reinsurance, per claim. */
  readonly reinsurance: bigint
}

/** Micro-USD; `premium` is whole cents. */
export interface Price {
  readonly listPremium: bigint
  readonly technicalPremium: bigint
  /** What the customer pays. */
  readonly premium: bigint
  /** What the subsidy budget adds. */
  readonly subsidy: bigint
  readonly basis: PriceBasis
}

const PPB = 1_000_000_000n

/** Of each level, the lowest score, hundredths: LOW < 3.5 ≤ MEDIUM < 5 ≤ HIGH < 7 ≤ CRITICAL. */
export const LOWEST_SCORES: Readonly<Record<RiskLevel, number>> = {
  LOW: 0,
  MEDIUM: 350,
  HIGH: 500,
  CRITICAL: 700,
}

/** @param riskScore hundredths */
export function riskLevel(riskScore: number): RiskLevel {
  return RISK_LEVELS.findLast((level) => riskScore >= LOWEST_SCORES[level]) ?? 'LOW'
}

/**
 * What cover costs. `technical` charges the greater of list and technical premium; `pilot` charges the list premium, and the
 * subsidy budget adds what is missing. Coverage below the tier's limit makes the technical premium smaller, not the list's.
 */
export function price(
  tier: TierOffer,
  terms: { readonly coverage: bigint; readonly riskScore: number; readonly mode: PricingMode },
  pricing: PricingParameters,
): Price {
  const { listPremium } = tier
  const basis = findBasis(tier, terms.coverage, riskLevel(terms.riskScore), pricing)
  const technicalPremium = findTechnicalPremium(basis)
  const technical = terms.mode === 'technical'
  return {
    listPremium,
    technicalPremium,
    premium: technical ? roundToCents(maximum(listPremium, technicalPremium)) : listPremium,
    subsidy: technical ? 0n : maximum(0n, technicalPremium - listPremium),
    basis,
  }
}

/** Expected cost times the load, rounded once to whole micro-USD. */
export function findTechnicalPremium({ frequencyPpb, severity, reinsurance }: PriceBasis): bigint {
  const expected = frequencyPpb * (severity + reinsurance)
  const loaded = divideHalfEven(expected * DEFAULTS.loadNumerator, PPB * DEFAULTS.loadDenominator)
  return maximum(DEFAULTS.minimumPremium, loaded)
}

/**
 * The table knows E[min(X, L)] for the tier's limit L. For coverage C below it, min(C, E[min(X, L)]) is never less than
 * E[min(X, C)], and equal to it before claims are known; likewise for the reinsurer's part, which ends at C less the threshold.
 */
function findBasis(
  tier: TierOffer,
  coverage: bigint,
  level: RiskLevel,
  pricing: PricingParameters,
): PriceBasis {
  const known = knownTier(tier, pricing)
  const frequency = pricing.frequencies[`${level}:${known}`]
  return {
    tableVersion: pricing.version,
    frequencyPpb: frequency === undefined ? DEFAULTS.baseFrequencyPpb : BigInt(frequency),
    severity: minimum(coverage, BigInt(pricing.netSeverities[known] ?? DEFAULTS.priorSeverity)),
    reinsurance: minimum(
      maximum(0n, coverage - DEFAULTS.reinsuranceThreshold),
      BigInt(pricing.reinsurance[known] ?? 0),
    ),
  }
}

/** A tier of an organisation's own is priced as the smallest general tier that covers as much. */
function knownTier(tier: TierOffer, pricing: PricingParameters): string {
  if (pricing.netSeverities[tier.name] !== undefined) return tier.name
  return TIERS.find((name) => DEFAULTS.tiers[name].coverage >= tier.coverage) ?? TIERS.at(-1)!
}
