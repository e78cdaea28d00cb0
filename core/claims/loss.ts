import { divideHalfEven, MICROS_PER_CENT } from '../money.ts'
import type { InsuredPolicyRow } from './rows.ts'

const MS_PER_MINUTE = 60_000n

/** What so much downtime costs: micro-USD, rounded half-even, once, to whole cents. */
export function costOf(downtimeMs: number, costPerMinute: bigint): bigint {
  return divideHalfEven(BigInt(downtimeMs) * costPerMinute, MS_PER_MINUTE * MICROS_PER_CENT) * MICROS_PER_CENT
}

/** What the policy still has to give. */
export function remainingCover(policy: Pick<InsuredPolicyRow, 'coverage' | 'used' | 'reserved'>): bigint {
  return policy.coverage - policy.used - policy.reserved
}

/**
 * Whether a policy covered what began then. What it has become since is not asked, but for one that was voided: it never was.
 */
export function coveredAt(
  policy: Pick<InsuredPolicyRow, 'status' | 'activatedAt' | 'endsAt' | 'closedAt'>,
  at: Date,
): boolean {
  if (policy.status === 'voided' || policy.activatedAt === null) return false
  return policy.activatedAt <= at && at < policy.endsAt && (policy.closedAt === null || at < policy.closedAt)
}

export interface Interval {
  readonly from: Date
  readonly to: Date
}

/** Milliseconds of `interval` that none of the others has; nothing for one that ends before it begins. */
export function timeOutside(interval: Interval, others: readonly Interval[]): number {
  let outside = 0
  let position = interval.from.getTime()
  const end = interval.to.getTime()
  const sorted = others
    .map(({ from, to }) => ({ from: from.getTime(), to: to.getTime() }))
    .sort((a, b) => a.from - b.from)
  for (const { from, to } of sorted) {
    if (from > position) outside += Math.max(0, Math.min(from, end) - position)
    position = Math.max(position, to)
  }
  return outside + Math.max(0, end - position)
}
