/** The value below which `share` (0 to 1) of the sample lies, by the nearest rank. */
export function quantile(sample: readonly number[], share: number): number {
  if (sample.length === 0) throw new RangeError('an empty sample has no quantile')
  const sorted = [...sample].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5)
}
