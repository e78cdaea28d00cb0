import { TIERS, type Tier } from '../../schema/wire/money.ts'
import { RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import { DEFAULTS, type TierTerms } from '../insurance/defaults.ts'
import type { PricingParameters } from '../insurance/pricing.ts'
import { maximum } from '../money.ts'
import type { ClaimCell, Measured, PolicyCell } from './cells.ts'
import { type BucketFrequency, type FrequencyFit, fitFrequencies } from './frequency.ts'
import { fitSeverities, type SeverityCell, type SeverityFit, type TierSeverity } from './severity.ts'

/** Tiers of organisations' own, that is; the policies of further ones are priced like everyone's. */
const MAX_OWN_TIERS = 100

export interface Fit {
  readonly tiers: readonly FittedTier[]
  readonly frequency: FrequencyFit
  readonly severity: SeverityFit
}

export interface FittedTier {
  readonly tier: string
  readonly limit: bigint
  /** Null for a tier of an organisation's own. */
  readonly terms: TierTerms | null
}

/** Fits what prices are made of to all that is known. Pure: the same data give the same prices. */
export function fitPricing(measured: Pick<Measured, 'policies' | 'claims'>): Fit {
  const tiers = tiersOf(measured.policies)
  const buckets = tiers.flatMap(({ tier }) => RISK_LEVELS.map((bucket) => ({ bucket, tier })))
  return {
    tiers,
    frequency: fitFrequencies(frequencyCells(measured), buckets),
    severity: fitSeverities(severityCells(measured.claims), tiers),
  }
}

/** What prices are made of, as `core/insurance/pricing.ts` reads it. Amounts are micro-USD as text, frequencies parts per billion. */
export function pricingParameters({ frequency, severity }: Fit, version: number): PricingParameters {
  const amounts = (of: (tier: TierSeverity) => bigint) =>
    Object.fromEntries(severity.tiers.map((fitted) => [fitted.tier, String(of(fitted))]))
  return {
    version,
    frequencies: Object.fromEntries(frequency.buckets.map((fitted) => [bucketKey(fitted), fitted.frequency])),
    severities: amounts(({ limited }) => limited),
    netSeverities: amounts(({ net }) => net),
    reinsurance: amounts(({ ceded }) => ceded),
  }
}

/** What a policy of that bucket and tier is expected to cost, gross. Micro-USD, not rounded. */
export function expectedCost(fit: Fit, tier: string, bucket: string): number {
  const frequency = fit.frequency.buckets.find((fitted) => fitted.tier === tier && fitted.bucket === bucket)
  const severity = fit.severity.tiers.find((fitted) => fitted.tier === tier)
  const q = frequency?.frequency ?? Number(DEFAULTS.baseFrequencyPpb)
  return (q / 1e9) * Number(severity?.limited ?? DEFAULTS.priorSeverity)
}

export function bucketKey({ bucket, tier }: Pick<BucketFrequency, 'bucket' | 'tier'>): string {
  return `${bucket}:${tier}`
}

/** Everyone's tiers, and those of organisations' own that were bought. */
function tiersOf(policies: readonly PolicyCell[]): FittedTier[] {
  const own = new Map<string, bigint>()
  for (const { tier, coverage } of policies) {
    if (!isTier(tier) && (own.has(tier) || own.size < MAX_OWN_TIERS)) {
      own.set(tier, maximum(own.get(tier) ?? 0n, coverage))
    }
  }
  return [
    ...TIERS.map((tier) => ({ tier, limit: DEFAULTS.tiers[tier].coverage, terms: DEFAULTS.tiers[tier] })),
    ...[...own].map(([tier, limit]) => ({ tier, limit, terms: null })),
  ]
}

function isTier(name: string): name is Tier {
  return (TIERS as readonly string[]).includes(name)
}

function frequencyCells({ policies, claims }: Pick<Measured, 'policies' | 'claims'>) {
  const known = new Map(claims.map((cell) => [cellKey(cell), cell.claims]))
  return policies.map((cell) => ({
    bucket: cell.bucket,
    tier: cell.tier,
    period: String(cell.origin),
    exposure: cell.exposure,
    claims: known.get(cellKey(cell)) ?? 0,
  }))
}

/** By tier and month of binding; what a claim costs is not told apart by the risk of its change. */
function severityCells(claims: readonly ClaimCell[]): SeverityCell[] {
  const cells = new Map<string, { claims: number; limited: bigint; retained: bigint; of: ClaimCell }>()
  for (const cell of claims) {
    const key = `${cell.origin}:${cell.tier}`
    const before = cells.get(key) ?? { claims: 0, limited: 0n, retained: 0n }
    cells.set(key, {
      claims: before.claims + cell.claims,
      limited: before.limited + cell.limited,
      retained: before.retained + cell.retained,
      of: cell,
    })
  }
  return [...cells.values()].map(({ of, ...sums }) => ({
    ...sums,
    tier: of.tier,
    period: String(of.origin),
  }))
}

function cellKey({ origin, tier, bucket }: Pick<PolicyCell, 'origin' | 'tier' | 'bucket'>): string {
  return `${origin}:${tier}:${bucket}`
}
