import { desc } from 'drizzle-orm'
import { pricingTables } from '../../schema/tables/index.ts'
import { TIERS } from '../../schema/wire/money.ts'
import { RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import type { Transaction } from '../context.ts'
import { maximum, minimum } from '../money.ts'
import { DEFAULTS } from './defaults.ts'

/** What prices are made of, as a monthly review stores it. Amounts are micro-USD, written as text. */
export interface PricingParameters {
  /** 0: nothing has been reviewed yet. */
  readonly version: number
  /** Claims per policy, parts per billion, by `LEVEL:tier`, such as `HIGH:pro`. */
  readonly frequencies: Readonly<Record<string, number>>
  /** By tier: what a claim costs, limited to the tier's coverage. */
  readonly severities: Readonly<Record<string, string>>
  /** By tier: what the network keeps of that. */
  readonly netSeverities: Readonly<Record<string, string>>
  /** By tier: what the reinsurer bears of it. */
  readonly reinsurance: Readonly<Record<string, string>>
}

/** The parameters before anything is known: 2 % of the policies have a claim, and a claim costs $2,000. */
export const PRIOR_PRICING: PricingParameters = {
  version: 0,
  frequencies: Object.fromEntries(
    RISK_LEVELS.flatMap((level) =>
      TIERS.map((tier) => [`${level}:${tier}`, Number(DEFAULTS.baseFrequencyPpb)]),
    ),
  ),
  severities: ofTiers((limited) => limited),
  netSeverities: ofTiers((limited) => minimum(limited, DEFAULTS.reinsuranceThreshold)),
  reinsurance: ofTiers((limited) => maximum(0n, limited - DEFAULTS.reinsuranceThreshold)),
}

/** The newest table, or the priors. */
export async function currentPricing(tx: Transaction): Promise<PricingParameters> {
  const [row] = await tx.select().from(pricingTables).orderBy(desc(pricingTables.version)).limit(1)
  return readPricing(row?.parameters)
}

/** @param stored what `pricing_tables.parameters` holds; null or undefined before the first review */
export function readPricing(stored: unknown): PricingParameters {
  return (stored as PricingParameters | null | undefined) ?? PRIOR_PRICING
}

function ofTiers(part: (limited: bigint) => bigint): Record<string, string> {
  return Object.fromEntries(
    TIERS.map((tier) => [tier, String(part(minimum(DEFAULTS.priorSeverity, DEFAULTS.tiers[tier].coverage)))]),
  )
}
