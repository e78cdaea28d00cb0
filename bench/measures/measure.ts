import type { Environment } from '../environment.ts'

/** What one measure found. */
export interface Finding {
  readonly ours: number
  /** What `ours` is compared with: measured in the same run, or fixed. */
  readonly limit: number
  /** What else was seen, for people. */
  readonly note?: string
}

export interface Measure {
  readonly name: string
  readonly unit: string
  /** Which way `ratio` (ours ÷ limit) is good. */
  readonly good: 'high' | 'low'
  /** What `ratio` should be, at least or at most. */
  readonly bar: number
  run(): Promise<Finding>
}

export type MeasuresOf = (environment: Environment) => Measure[]
