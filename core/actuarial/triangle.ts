/** Months are numbered from year 0, so that they can be counted with: year × 12 + month − 1. */
export type MonthNumber = number

/** What happened to the claims of policies of one month, in one later month. Micro-USD; it may be negative. */
export interface Movement {
  /** The month in which the policies were bound. */
  readonly origin: MonthNumber
  /** Months since then; 0 is the same month. */
  readonly age: number
  readonly amount: bigint
}

/** Cumulative amounts in micro-USD, by month of binding, oldest first, and month of development. */
export interface Triangle {
  readonly origins: readonly MonthNumber[]
  readonly rows: readonly (readonly bigint[])[]
}

/**
 * Builds the triangle of the months `from` to `to` at the end of `to`. What came before its policies' month counts in that
 * month; what is of months out of the triangle, or after its last diagonal, is left out.
 */
export function buildTriangle(
  movements: readonly Movement[],
  { from, to }: { readonly from: MonthNumber; readonly to: MonthNumber },
): Triangle {
  const origins = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  const increments = origins.map((origin) => new Array<bigint>(to - origin + 1).fill(0n))
  for (const { origin, age, amount } of movements) {
    const row = increments[origin - from]
    const at = Math.max(0, age)
    if (row !== undefined && at < row.length) row[at] = row[at]! + amount
  }
  return { origins, rows: increments.map(accumulate) }
}

/** `YYYY-MM`. */
export function monthNumber(month: string): MonthNumber {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1
}

export function monthName(month: MonthNumber): string {
  const year = Math.floor(month / 12)
  return `${String(year).padStart(4, '0')}-${String(month - year * 12 + 1).padStart(2, '0')}`
}

/** The first instant of the month, UTC. */
export function monthStart(month: MonthNumber): Date {
  return new Date(Date.UTC(Math.floor(month / 12), month - Math.floor(month / 12) * 12, 1))
}

function accumulate(increments: readonly bigint[]): bigint[] {
  let total = 0n
  return increments.map((increment) => {
    total += increment
    return total
  })
}
