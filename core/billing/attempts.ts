import { CONNECTIONS_IN_PARALLEL, inParallel } from '../back-office/parallel.ts'
import { RailRefused, RailUnavailable } from './rail.ts'

/** After the first attempt, the second …; then the last one for ever. */
const DELAYS_S = [5, 30, 120, 600, 3600]

/**
 * How long what was leased is left alone: longer than all calls of one attempt take, each within its time limit. Two attempts
 * at once would do no harm: the rail has the key, and its answer is recorded once.
 */
export const LEASE_MS = 120_000

/** @param attempts that were made, the one that just failed with them */
export function nextAttemptAt(now: Date, attempts: number): Date {
  const seconds = DELAYS_S[Math.min(Math.max(attempts, 1), DELAYS_S.length) - 1]!
  return new Date(now.getTime() + seconds * 1000)
}

/** What one call of the rail came to, if it failed as rails do. @throws whatever else it threw */
export function railFailure(error: unknown): {
  readonly code: string
  readonly uncertain: boolean
  readonly refused: boolean
} {
  if (error instanceof RailRefused)
    return { code: error.code.slice(0, MAX_CODE_LENGTH), uncertain: false, refused: true }
  if (error instanceof RailUnavailable)
    return { code: 'rail_unavailable', uncertain: error.uncertain, refused: false }
  throw error
}

const MAX_CODE_LENGTH = 200

export interface Settled<Result> {
  readonly results: readonly Result[]
  /** Throws what the first of those that failed threw, if any did. */
  assertAll(): void
}

/** Works on them side by side; one that throws holds no other back. */
export async function settleAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Settled<Result>> {
  const outcomes = await inParallel(CONNECTIONS_IN_PARALLEL, items, work)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  return {
    results: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    assertAll() {
      if (failed !== undefined) throw failed.reason
    },
  }
}
