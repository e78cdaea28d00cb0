import type { Random } from '../context.ts'

/** After each attempt that failed, the wait until the next: 10 attempts in a little more than three days. */
export const RETRY_DELAYS_S: readonly number[] = [
  5,
  5 * 60,
  30 * 60,
  2 * 3_600,
  5 * 3_600,
  10 * 3_600,
  14 * 3_600,
  20 * 3_600,
  24 * 3_600,
]
/** What failed together is not tried again together: up to a tenth is added to the wait. */
const JITTER_STEPS = 2_550

/**
 * When to try again.
 *
 * @param attempts how many there were, at least one
 * @param at when the last one ended
 * @returns null when it is given up
 */
export function nextAttempt(attempts: number, at: Date, random: Random): Date | null {
  const delay = RETRY_DELAYS_S[attempts - 1]
  if (delay === undefined) return null
  const jitter = random.bytes(1)[0]! / JITTER_STEPS
  return new Date(at.getTime() + Math.round(delay * 1_000 * (1 + jitter)))
}
