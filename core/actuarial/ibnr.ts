import { bornhuetterFerguson } from './bornhuetter-ferguson.ts'
import { type ChainLadder, type Cumulative, chainLadder } from './chain-ladder.ts'

/** The policies of one month. Amounts in one unit, whichever. */
export interface Cohort {
  /** Incurred until now: paid, payable and case reserves. */
  readonly incurred: number
  /** What its whole cover is expected to cost, before any claim is known: policies × frequency × severity. */
  readonly expected: number
  /** 0 to 1: how much of its cover has run. */
  readonly earned: number
  /** 0 to 1: how much of it had run {@link REPORTING_LAG_DAYS} ago, so that its claims are known by now. */
  readonly known: number
  /** Months since the first day of its month; a fraction in a month that is not over. */
  readonly age: number
}

export type IbnrMethod = 'bornhuetter_ferguson' | 'chain_ladder'

export interface CohortIbnr {
  readonly method: IbnrMethod
  /** 0 to 1: of what it will come to, how much is expected to be known by now. */
  readonly developed: number
  /** Of the whole cover, the part that has not run included. */
  readonly ultimate: number
  readonly ibnr: number
}

/** From what causes a claim to its decision, on the average, before there is anything to learn it from. */
export const REPORTING_LAG_DAYS = 10

/** The triangle's own pattern is used from so many whole months on … */
export const MIN_PATTERN_MONTHS = 6
/** … and so many claims. */
export const MIN_PATTERN_CLAIMS = 30
/** The chain ladder multiplies what is known: only once at least so much of it is. */
export const MIN_DEVELOPED = 0.5

/**
 * What was incurred and is not known of yet, for the policies of each month.
 *
 * While the triangle is young, Bornhuetter–Ferguson with claims that follow the cover as it runs, {@link REPORTING_LAG_DAYS}
 * later. Then with the triangle's own pattern: Bornhuetter–Ferguson for months of which less than half is known, the chain
 * ladder for the others. What the cover that has not run yet will cost is in the ultimate and not in the reserve: unearned
 * premium is there for it. No reserve is negative.
 *
 * @param triangle of whole months, incurred
 * @param claims how many it is made of
 */
export function estimateIbnr(
  cohorts: readonly Cohort[],
  triangle: Cumulative,
  claims: number,
): { readonly cohorts: CohortIbnr[]; readonly total: number; readonly pattern: 'prior' | 'observed' } {
  const ladder = claims >= MIN_PATTERN_CLAIMS ? matureLadder(triangle) : null
  const estimates = cohorts.map((cohort) => estimate(cohort, ladder))
  return {
    cohorts: estimates,
    total: estimates.reduce((total, { ibnr }) => total + ibnr, 0),
    pattern: ladder === null ? 'prior' : 'observed',
  }
}

function matureLadder(triangle: Cumulative): ChainLadder | null {
  if (Math.max(0, ...triangle.map((row) => row.length)) < MIN_PATTERN_MONTHS) return null
  return chainLadder(triangle)
}

function estimate(cohort: Cohort, ladder: ChainLadder | null): CohortIbnr {
  const { incurred, expected, age } = cohort
  const developed = ladder === null ? share(cohort.known) : developedAt(ladder.developed, age)
  const method: IbnrMethod =
    ladder !== null && developed >= MIN_DEVELOPED ? 'chain_ladder' : 'bornhuetter_ferguson'
  const ultimate =
    method === 'chain_ladder' ? incurred / developed : bornhuetterFerguson(incurred, expected, developed)
  const whole = method === 'chain_ladder' ? ultimate : expected
  const notRun = whole * (1 - share(cohort.earned))
  return { method, developed, ultimate, ibnr: Math.max(0, ultimate - incurred - notRun) }
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** Between the ends of months, on the straight line; beyond the last one all of it. @param age months */
function developedAt(pattern: readonly number[], age: number): number {
  const whole = Math.floor(age)
  const before = whole <= 0 ? 0 : (pattern[whole - 1] ?? 1)
  const after = pattern[Math.max(0, whole)] ?? 1
  return before + (after - before) * share(age - Math.max(0, whole))
}
