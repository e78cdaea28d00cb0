/**
 * A run-off triangle: for each origin period, oldest first, its cumulative amounts at the ends of its development periods.
 * Each row is at most as long as the one before it.
 */
export type Cumulative = readonly (readonly number[])[]

export interface ChainLadder {
  /** `factors[k]`: from the end of development period k to the end of the next one. */
  readonly factors: readonly number[]
  /** `developed[k]`: of what it will come to, how much is there at the end of period k. 0 to 1; the last one is 1. */
  readonly developed: readonly number[]
  /** By origin. */
  readonly ultimates: readonly number[]
  /** By origin: what is still to come. Never negative: falling amounts are no reason to expect money back. */
  readonly ibnr: readonly number[]
  readonly totalIbnr: number
}

/**
 * The chain ladder with volume-weighted factors: f(k) = Σ C(i, k + 1) / Σ C(i, k) over the origins that have both (Mack,
 * "Distribution-free calculation of the standard error of chain ladder reserve estimates", ASTIN Bulletin 23, 1993).
 * Nothing is taken to develop beyond the oldest origin's last period.
 */
export function chainLadder(triangle: Cumulative): ChainLadder {
  const factors = developmentFactors(triangle)
  const developed = developedShares(factors)
  const ultimates = triangle.map((row) => {
    const latest = row.at(-1) ?? 0
    return factors.slice(Math.max(0, row.length - 1)).reduce((amount, factor) => amount * factor, latest)
  })
  const ibnr = ultimates.map((ultimate, origin) => Math.max(0, ultimate - (triangle[origin]!.at(-1) ?? 0)))
  return { factors, developed, ultimates, ibnr, totalIbnr: ibnr.reduce((total, amount) => total + amount, 0) }
}

/** Where there is nothing to develop from, nothing develops: 1. */
function developmentFactors(triangle: Cumulative): number[] {
  const periods = Math.max(0, ...triangle.map((row) => row.length))
  return Array.from({ length: Math.max(0, periods - 1) }, (_, period) => {
    const both = triangle.filter((row) => row.length > period + 1)
    const before = both.reduce((total, row) => total + row[period]!, 0)
    const after = both.reduce((total, row) => total + row[period + 1]!, 0)
    const factor = after / before
    return before > 0 && after >= 0 && Number.isFinite(factor) ? factor : 1
  })
}

/** One over the product of the factors to come. Where more was there than will be, all of it is. */
function developedShares(factors: readonly number[]): number[] {
  const shares = [1]
  let toCome = 1
  for (const factor of factors.toReversed()) {
    toCome *= factor
    shares.push(Math.min(1, Math.max(0, 1 / Math.max(toCome, Number.MIN_VALUE))))
  }
  return shares.reverse()
}
