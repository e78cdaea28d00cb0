/**
 * The rules of `docs/money.md`, written again for the model that the code is compared with: from the document, and with nothing of
 * the code in it. Amounts are micro-USD, times milliseconds.
 */

export const CENT = 10_000n
export const USD = 100n * CENT
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const TIERS = {
  basic: { list: 10n * CENT, coverage: 5_000n * USD, days: 30, below: 500, minute: 500n * USD },
  pro: { list: 25n * CENT, coverage: 25_000n * USD, days: 60, below: 700, minute: 2_500n * USD },
  enterprise: { list: 50n * CENT, coverage: 100_000n * USD, days: 90, below: null, minute: 10_000n * USD },
} as const
export type TierName = keyof typeof TIERS
export const TIER_NAMES = Object.keys(TIERS) as TierName[]

export const CUSTOMER_CAP = 500_000n * USD
export const DAY_CAP = 5_000_000n * USD
export const REINSURED_ABOVE = 50_000n * USD
export const TWO_PEOPLE_ABOVE = 10_000n * USD
export const AUTOMATIC_LIMIT = 1_000n * USD
export const AUTOMATIC_WINDOW = 30 * DAY
export const CERTIFICATE_FEE = 5n * CENT

export type Mode = 'pilot' | 'technical'

export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** To whole cents, ties to the even one. Of what is not negative. */
export function toWholeCents(amount: bigint): bigint {
  return halves(amount, CENT) * CENT
}

/** `dividend / divisor`, ties to the even quotient. Of what is not negative. */
export function halves(dividend: bigint, divisor: bigint): bigint {
  const [whole, rest] = [dividend / divisor, (dividend % divisor) * 2n]
  return rest > divisor || (rest === divisor && whole % 2n === 1n) ? whole + 1n : whole
}

/** Before anything is known: 2 % of the policies have a claim of $2,000, and a load of 1.5 on that. */
export function priceOf(tier: TierName, coverage: bigint, mode: Mode) {
  const { list } = TIERS[tier]
  const technical = most(5n * CENT, halves(least(2_000n * USD, coverage) * 3n, 100n))
  if (mode === 'technical') return { technical, premium: toWholeCents(most(list, technical)), subsidy: 0n }
  return { technical, premium: list, subsidy: most(0n, technical - list) }
}

/** The most that a policy of a general tier takes of the subsidy. */
export const GREATEST_SUBSIDY = 60n * USD - 10n * CENT

/** What the reinsurer bears of a claim. */
export const cededOf = (approved: bigint): bigint => most(0n, approved - REINSURED_ABOVE)

/** Of an amount, what is earned when so much of the term has passed. */
export function earnedAt(amount: bigint, boundAt: number, endsAt: number, now: number): bigint {
  const passed = Math.max(0, Math.min(endsAt, now) - boundAt)
  return (amount * BigInt(passed)) / BigInt(endsAt - boundAt)
}

export interface Shown {
  readonly openedAt: number
  readonly fact: 'confirmed' | 'refuted' | 'unavailable'
  /** Whether it names the commit as the release that was running. */
  readonly release: boolean
}

export interface Deployed {
  readonly at: number
  readonly confirmed: boolean
}

/**
 * How much an incident says of the one commit that runs as its service. Two signals are possible: the deployment shortly before,
 * and the release that the incident names. Both on the claimant's word alone are one.
 */
export function attributed(incident: Shown, deployments: readonly Deployed[]) {
  const window = deployments
    .filter(({ at }) => at <= incident.openedAt && incident.openedAt - at <= 72 * HOUR)
    .map((deployed) => ({ ...deployed, weight: weightOf(incident.openedAt - deployed.at) }))
    .sort((a, b) => Number(b.confirmed) - Number(a.confirmed) || b.weight - a.weight)
  const deployment = window[0]
  const refuted = incident.fact === 'refuted'
  const release =
    incident.release && !refuted ? { confirmed: incident.fact === 'confirmed', weight: 7_500 } : undefined
  const signals = [deployment, release].filter((signal) => signal !== undefined)
  const onlyTold = signals.length === 2 && signals.every(({ confirmed }) => !confirmed)
  const counted = onlyTold ? [signals.reduce((a, b) => (a.weight >= b.weight ? a : b))] : signals
  const missed = counted.reduce((product, { weight }) => (product * (10_000 - weight)) / 10_000, 10_000)
  const believed = Math.floor(10_000 - missed)
  return {
    found: signals.length > 0,
    confidence: counted.length < 2 || refuted ? Math.min(believed, 8_500) : believed,
    agreeing: counted.length,
    /** The network asked somebody itself, and was told the same. */
    fact: incident.fact === 'confirmed' || signals.some(({ confirmed }) => confirmed),
  }
}

function weightOf(age: number): number {
  return age <= HOUR ? 6_000 : age <= 24 * HOUR ? 5_000 : 4_000
}
