import { DEFAULTS } from '../insurance/defaults.ts'
import { minimum } from '../money.ts'
import { blend, credibility, fitCredibility } from './credibility.ts'

/** What claims of one tier came to whose policies were bound in one month. Micro-USD. */
export interface SeverityCell {
  readonly tier: string
  /** The month of binding, or anything else that tells periods apart. */
  readonly period: string
  readonly claims: number
  /** Σ min(X, L), L the tier's coverage. */
  readonly limited: bigint
  /** Σ min(X, L, reinsurance threshold): what is kept. */
  readonly retained: bigint
}

/** E[min(X, L)] of one tier. Micro-USD, rounded once. */
export interface TierSeverity {
  readonly tier: string
  readonly claims: number
  /** The average of its own claims; null without any. */
  readonly observed: bigint | null
  /** 0 to 1. */
  readonly credibility: number
  readonly limited: bigint
  /** What remains after the reinsurer's part. */
  readonly net: bigint
  /** The reinsurer's part: `limited` less `net`. */
  readonly ceded: bigint
}

export interface SeverityFit {
  /** Claims with which a tier is believed by half; null when nothing tells the tiers apart. */
  readonly m: number | null
  readonly tiers: readonly TierSeverity[]
}

/**
 * The limited expected value of a claim, by tier: the average of what was observed, limited to the coverage, blended with
 * the prior by Bühlmann–Straub. The net part is blended with the same credibility, so that it never exceeds the whole.
 */
export function fitSeverities(
  cells: readonly SeverityCell[],
  tiers: readonly { readonly tier: string; readonly limit: bigint }[],
): SeverityFit {
  const byTier = tiers.map(({ tier }) => cells.filter((cell) => cell.tier === tier && cell.claims > 0))
  const { m } = fitCredibility(
    byTier.map((own) =>
      own.map(({ claims, limited }) => ({ weight: claims, value: Number(limited) / claims })),
    ),
  )
  return { m, tiers: tiers.map(({ tier, limit }, index) => fitTier(tier, limit, byTier[index]!, m)) }
}

function fitTier(tier: string, limit: bigint, own: readonly SeverityCell[], m: number | null): TierSeverity {
  const claims = own.reduce((total, cell) => total + cell.claims, 0)
  const mean = (amounts: readonly bigint[]) =>
    claims === 0 ? 0 : Number(amounts.reduce((total, amount) => total + amount, 0n)) / claims
  const observed = mean(own.map((cell) => cell.limited))
  const retained = mean(own.map((cell) => cell.retained))
  const prior = minimum(DEFAULTS.priorSeverity, limit)
  const priorRetained = minimum(prior, DEFAULTS.reinsuranceThreshold)
  const limited = BigInt(Math.round(blend(Number(prior), observed, claims, m)))
  const net = minimum(limited, BigInt(Math.round(blend(Number(priorRetained), retained, claims, m))))
  return {
    tier,
    claims,
    observed: claims === 0 ? null : BigInt(Math.round(observed)),
    credibility: credibility(claims, m),
    limited,
    net,
    ceded: limited - net,
  }
}
