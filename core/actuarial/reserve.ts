import { floorDivide } from '../money.ts'
import type { CellKey, Measured, MovementCell } from './cells.ts'
import { expectedCost, type Fit } from './fit.ts'
import { type Cohort, type CohortIbnr, estimateIbnr } from './ibnr.ts'
import { buildTriangle, type MonthNumber, type Triangle } from './triangle.ts'

/** Months of binding in a triangle; older ones are developed. */
export const MAX_TRIANGLE_MONTHS = 24

export interface Reserve {
  readonly pattern: 'prior' | 'observed'
  readonly cohorts: readonly (CohortIbnr & Cohort & { readonly origin: MonthNumber })[]
  /** Micro-USD, rounded once. */
  readonly total: bigint
  /** The same, by tier and bucket: it sums to `total`. */
  readonly byCell: readonly (Pick<CellKey, 'tier' | 'bucket'> & { readonly amount: bigint })[]
}

/** @param month under review @param elapsed how much of it is over, 1 for a whole month */
export function reserveIbnr(
  { policies, movements, claims }: Pick<Measured, 'policies' | 'movements' | 'claims'>,
  fit: Fit,
  month: MonthNumber,
  elapsed: number,
): Reserve {
  const origins = monthsInTriangle(policies, month)
  const cohorts = origins.map((origin) => {
    const own = policies.filter((cell) => cell.origin === origin)
    const total = (of: (cell: (typeof own)[number]) => number) => own.reduce((sum, cell) => sum + of(cell), 0)
    const expected = (of: 'full' | 'exposure' | 'known') =>
      total((cell) => cell[of] * expectedCost(fit, cell.tier, cell.bucket))
    const whole = expected('full')
    const incurred = movements
      .filter((cell) => cell.origin === origin)
      .reduce((sum, cell) => sum + Number(cell.incurred), 0)
    return {
      origin,
      incurred,
      expected: whole,
      // By what it is expected to cost: a month has dear cover and cheap.
      earned: whole > 0 ? expected('exposure') / whole : 1,
      known: whole > 0 ? expected('known') / whole : 1,
      age: month - origin + elapsed,
    }
  })
  const lastWhole = elapsed < 1 ? month - 1 : month
  const triangle = triangleOf(movements, 'incurred', { from: origins[0] ?? month, to: lastWhole })
  const known = claims.reduce((sum, cell) => sum + cell.claims, 0)
  const estimate = estimateIbnr(cohorts, asNumbers(triangle), known)
  const total = BigInt(Math.round(estimate.total))
  return {
    pattern: estimate.pattern,
    cohorts: cohorts.map((cohort, index) => ({ ...cohort, ...estimate.cohorts[index]! })),
    total,
    byCell: shareOut(total, policies, fit),
  }
}

export function triangleOf(
  movements: readonly MovementCell[],
  kind: 'incurred' | 'paid',
  months: { readonly from: MonthNumber; readonly to: MonthNumber },
): Triangle {
  return buildTriangle(
    movements.map((cell) => ({ origin: cell.origin, age: cell.age, amount: cell[kind] })),
    months,
  )
}

/** From the first month with policies on, as many as a triangle has. */
export function monthsInTriangle(policies: readonly CellKey[], month: MonthNumber): MonthNumber[] {
  const first = policies.reduce((least, { origin }) => Math.min(least, origin), month)
  const from = Math.max(first, month - MAX_TRIANGLE_MONTHS + 1)
  return Array.from({ length: month - from + 1 }, (_, index) => from + index)
}

/** For statistics, which need no more than the 15 digits of a number. */
export function asNumbers({ rows }: Triangle): number[][] {
  return rows.map((row) => row.map(Number))
}

/**
 * Splits an amount in proportion to weights, so that the parts sum to it: each part is what the running total of the weights
 * gives, less what was given before.
 */
export function allocate(total: bigint, weights: readonly number[]): bigint[] {
  const sum = weights.reduce((before, weight) => before + weight, 0)
  const scale = 1_000_000_000n
  let running = 0
  let given = 0n
  return weights.map((weight, index) => {
    running += weight
    const last = index === weights.length - 1
    const share = sum > 0 ? BigInt(Math.round((running / sum) * Number(scale))) : 0n
    const due = last ? total : floorDivide(total * share, scale)
    const part = due - given
    given = due
    return part
  })
}

/** By what the cover of the last days is expected to cost; when none has run in them, by all that has. */
function shareOut(total: bigint, policies: Measured['policies'], fit: Fit): Reserve['byCell'] {
  const cells = new Map<string, { tier: string; bucket: string; recent: number; all: number }>()
  for (const { tier, bucket, exposure, known } of policies) {
    const cell = cells.get(`${bucket}:${tier}`) ?? { tier, bucket, recent: 0, all: 0 }
    const cost = expectedCost(fit, tier, bucket)
    cell.recent += Math.max(0, exposure - known) * cost
    cell.all += exposure * cost
    cells.set(`${bucket}:${tier}`, cell)
  }
  const list = [...cells.values()]
  const weight = list.some(({ recent }) => recent > 0) ? ('recent' as const) : ('all' as const)
  const parts = allocate(
    total,
    list.map((cell) => cell[weight]),
  )
  return list.map(({ tier, bucket }, index) => ({ tier, bucket, amount: parts[index]! }))
}
