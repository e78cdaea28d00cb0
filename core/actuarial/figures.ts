import type { LossFigures, LossSegment } from '../../schema/wire/actuarial.ts'
import { MICROS_PER_CENT, toCents } from '../money.ts'
import type { Measured } from './cells.ts'
import type { Reserve } from './reserve.ts'

/** Of the business, or a part of it. Micro-USD. */
interface Sums {
  policies: number
  exposure: number
  claims: number
  earnedPremium: bigint
  earnedSubsidy: bigint
  incurred: bigint
  paid: bigint
  ceded: bigint
  ibnr: bigint
}

type Dimension = 'tier' | 'bucket'

/** All that is known, in one. */
export function totalFigures(measured: Measured, reserve: Reserve): LossFigures {
  return describe(sum(measured, reserve, () => true))
}

/** The same, by tier or by risk bucket, in the order of `names`. Parts sum to the whole but for the rounding to cents. */
export function segmentFigures(
  measured: Measured,
  reserve: Reserve,
  dimension: Dimension,
  names: readonly string[],
): LossSegment[] {
  return names.map((name) => {
    const sums = sum(measured, reserve, (cell) => cell[dimension] === name)
    const { policies, exposure, claims } = sums
    return { name, policies, exposure: rounded(exposure, 2), claims, ...describe(sums) }
  })
}

/** Four decimals; null where less than a cent is earned, which would divide anything. */
export function lossRatio(ultimate: bigint, earned: bigint): number | null {
  if (earned < MICROS_PER_CENT) return null
  return rounded(Number(ultimate) / Number(earned), 4)
}

export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}

function sum(
  { policies, claims, movements }: Measured,
  { byCell }: Reserve,
  wanted: (cell: { readonly tier: string; readonly bucket: string }) => boolean,
): Sums {
  const sums: Sums = {
    policies: 0,
    exposure: 0,
    claims: 0,
    earnedPremium: 0n,
    earnedSubsidy: 0n,
    incurred: 0n,
    paid: 0n,
    ceded: 0n,
    ibnr: 0n,
  }
  for (const cell of policies.filter(wanted)) {
    sums.policies += cell.policies
    sums.exposure += cell.exposure
    sums.earnedPremium += cell.earnedPremium
    sums.earnedSubsidy += cell.earnedSubsidy
  }
  for (const cell of claims.filter(wanted)) sums.claims += cell.claims
  for (const cell of movements.filter(wanted)) {
    sums.incurred += cell.incurred
    sums.paid += cell.paid
    sums.ceded += cell.ceded
  }
  for (const cell of byCell.filter(wanted)) sums.ibnr += cell.amount
  return sums
}

function describe(sums: Sums): LossFigures {
  const ultimate = sums.incurred + sums.ibnr - sums.ceded
  return {
    earned_premium: toCents(sums.earnedPremium),
    earned_subsidy: toCents(sums.earnedSubsidy),
    paid: toCents(sums.paid),
    case_reserves: toCents(sums.incurred - sums.paid),
    ibnr: toCents(sums.ibnr),
    ceded: toCents(sums.ceded),
    ultimate: toCents(ultimate),
    loss_ratio: lossRatio(ultimate, sums.earnedPremium + sums.earnedSubsidy),
    loss_ratio_of_premium: lossRatio(ultimate, sums.earnedPremium),
  }
}
