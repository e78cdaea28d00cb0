import { type MonthNumber, monthNumber } from './triangle.ts'

/** What is grouped by: the month of binding, the tier, the risk bucket. */
export interface CellKey {
  readonly origin: MonthNumber
  readonly tier: string
  readonly bucket: string
}

/** Policies of one cell. Amounts are micro-USD. */
export interface PolicyCell extends CellKey {
  readonly policies: number
  /** The largest. */
  readonly coverage: bigint
  readonly earnedPremium: bigint
  readonly earnedSubsidy: bigint
  /** Terms: that have run; that had run a reporting lag ago; that will have run in the end. */
  readonly exposure: number
  readonly known: number
  readonly full: number
}

/** Claims of one cell that stand approved. */
export interface ClaimCell extends CellKey {
  readonly claims: number
  /** Σ min(X, L), and what of it is kept. */
  readonly limited: bigint
  readonly retained: bigint
}

/** What happened to the claims of one cell in one month, by the books. */
export interface MovementCell extends CellKey {
  /** Months since the month of binding. */
  readonly age: number
  readonly incurred: bigint
  readonly paid: bigint
  readonly ceded: bigint
}

export interface MonthActivity {
  readonly policies: {
    readonly sold: number
    readonly expired: number
    readonly exhausted: number
    readonly cancelled: number
    readonly voided: number
    readonly onRisk: number
    readonly coverageOnRisk: bigint
  }
  readonly claims: {
    readonly filed: number
    readonly approved: number
    readonly denied: number
    readonly withdrawn: number
    readonly paid: number
    readonly reversed: number
  }
}

/** Everything that a review is made of, as it was at `valuedAt`. */
export interface Measured {
  readonly policies: readonly PolicyCell[]
  readonly claims: readonly ClaimCell[]
  readonly movements: readonly MovementCell[]
  readonly activity: MonthActivity
}

/** The columns of a cell, as the database gives them. */
export interface KeyRow extends Record<string, unknown> {
  readonly origin: string
  readonly tier: string
  readonly bucket: string
}

export function keyOf({ origin, tier, bucket }: KeyRow): CellKey {
  return { origin: monthNumber(origin), tier, bucket }
}
