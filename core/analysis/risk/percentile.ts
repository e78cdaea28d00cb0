/**
 * The share of past changes that a value lies above, 0 to 1, read off evenly spaced quantiles and interpolated
 * linearly between them. Never falls when the value rises. A value that many past changes share counts as above none of
 * them, so that the smallest change is at 0.
 *
 * @param quantiles ascending: the least value, then one for each equal step up to the greatest; two at least
 */
export function percentileOf(quantiles: readonly number[], value: number): number {
  const last = quantiles.length - 1
  const above = quantiles.findIndex((quantile) => quantile >= value)
  if (above === 0) return 0
  if (above === -1) return 1
  const low = quantiles[above - 1]!
  const high = quantiles[above]!
  return (above - 1 + (value - low) / (high - low)) / last
}
