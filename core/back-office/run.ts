import type { Context } from '../context.ts'
import type { Outside } from './outside.ts'

/** What a task came to: how much it did, and when it wants to be run again if nobody wakes it; null for never. */
export interface TaskResult {
  readonly done: number
  readonly nextAt: Date | null
}

/** Work that is queued in the database. A task leases what it takes, so that any number of runs may be at it. */
export interface Task {
  readonly name: string
  run(ctx: Context, outside: Outside): Promise<TaskResult>
}

export interface BackOfficeRun {
  readonly done: number
  readonly nextAt: Date | null
  /** Tasks that failed, with what they threw; the others went on. */
  readonly failures: readonly { readonly task: string; readonly error: unknown }[]
}

/** What one task did may be work for the next; a run that still finds some after these asks to be run again. */
const MAX_ROUNDS = 8

/**
 * Runs all tasks until none finds anything to do. A task that fails holds no other back.
 *
 * @param clock gives a context with the present time, at each round
 */
export async function runBackOffice(
  clock: () => Context,
  outside: Outside,
  tasks: readonly Task[],
): Promise<BackOfficeRun> {
  let done = 0
  let nextAt: Date | null = null
  const failures: { task: string; error: unknown }[] = []
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let doneInRound = 0
    nextAt = null
    for (const task of tasks) {
      if (failures.some((failure) => failure.task === task.name)) continue
      try {
        const result = await task.run(clock(), outside)
        doneInRound += result.done
        nextAt = earlier(nextAt, result.nextAt)
      } catch (error) {
        failures.push({ task: task.name, error })
      }
    }
    done += doneInRound
    if (doneInRound === 0) return { done, nextAt, failures }
  }
  return { done, nextAt: clock().now, failures }
}

function earlier(first: Date | null, second: Date | null): Date | null {
  if (first === null || second === null) return first ?? second
  return first < second ? first : second
}
