/** One group in one period: what it came to per unit, and how many units that is of. */
export interface Observation {
  /** Units of exposure: policies, claims. Without any, the observation says nothing and is left out. */
  readonly weight: number
  /** Per unit: a frequency, an average claim. */
  readonly value: number
}

/** What the observations of a group come to. */
export interface GroupCredibility {
  readonly weight: number
  /** Weighted; 0 without observations. */
  readonly mean: number
  /** w / (w + m), 0 to 1: how much of the group's own mean to believe. */
  readonly factor: number
}

export interface CredibilityFit {
  /** s²: what a unit varies by from period to period, within a group. */
  readonly processVariance: number
  /** a: what the groups' own means vary by. Not above 0: nothing tells the groups apart. */
  readonly hypotheticalVariance: number
  /** m = s² / a, in units: with so many a group is believed by half. Null when nothing tells the groups apart. */
  readonly m: number | null
  readonly groups: readonly GroupCredibility[]
}

/**
 * Bühlmann–Straub (1970) with the unbiased estimators of Bühlmann & Gisler, "A Course in Credibility Theory", §4.8:
 * s² = Σᵢ Σⱼ wᵢⱼ (Xᵢⱼ − X̄ᵢ)² / Σᵢ (nᵢ − 1), a = (Σᵢ wᵢ (X̄ᵢ − X̄)² − (I − 1) s²) / (w − Σᵢ wᵢ² / w).
 *
 * Too little to estimate from — one group, or no group with two periods — is no variance between groups.
 */
export function fitCredibility(groups: readonly (readonly Observation[])[]): CredibilityFit {
  const counted = groups.map((observations) => observations.filter(says))
  const sums = counted.map(summarise)
  const processVariance = estimateProcessVariance(counted, sums)
  const hypotheticalVariance = estimateHypotheticalVariance(sums, processVariance)
  const m = hypotheticalVariance > 0 ? finiteOrNull(processVariance / hypotheticalVariance) : null
  return {
    processVariance,
    hypotheticalVariance,
    m,
    groups: sums.map(({ weight, mean }) => ({ weight, mean, factor: credibility(weight, m) })),
  }
}

/** n / (n + m). @param m null for nothing to believe */
export function credibility(n: number, m: number | null): number {
  if (m === null || !(n > 0)) return 0
  return n / (n + m)
}

/** (m·base + n·mean) / (m + n). @param m null for the base alone */
export function blend(base: number, mean: number, n: number, m: number | null): number {
  const factor = credibility(n, m)
  return base * (1 - factor) + mean * factor
}

interface Summary {
  readonly weight: number
  readonly mean: number
  readonly periods: number
}

function says({ weight, value }: Observation): boolean {
  return weight > 0 && Number.isFinite(weight) && Number.isFinite(value)
}

function summarise(observations: readonly Observation[]): Summary {
  const weight = sum(observations.map((observation) => observation.weight))
  // Shares before products: no weight is too large for it.
  const mean = sum(observations.map((observation) => (observation.weight / weight) * observation.value))
  return { weight, mean, periods: observations.length }
}

function estimateProcessVariance(
  groups: readonly (readonly Observation[])[],
  sums: readonly Summary[],
): number {
  const freedom = sum(sums.map(({ periods }) => Math.max(0, periods - 1)))
  if (freedom === 0) return 0
  const squares = groups.flatMap((observations, group) =>
    observations.map(({ weight, value }) => weight * (value - sums[group]!.mean) ** 2),
  )
  return finiteOrNull(sum(squares) / freedom) ?? 0
}

function estimateHypotheticalVariance(sums: readonly Summary[], processVariance: number): number {
  const seen = sums.filter(({ weight }) => weight > 0)
  if (seen.length < 2 || !seen.some(({ periods }) => periods > 1)) return 0
  const weight = sum(seen.map((group) => group.weight))
  const mean = sum(seen.map((group) => (group.weight / weight) * group.mean))
  const between = sum(seen.map((group) => group.weight * (group.mean - mean) ** 2))
  const evenness = weight - sum(seen.map((group) => group.weight * (group.weight / weight)))
  return finiteOrNull((between - (seen.length - 1) * processVariance) / evenness) ?? 0
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
