import type { Outside } from '../../core/back-office/outside.ts'
import { type BackOfficeRun, runBackOffice } from '../../core/back-office/run.ts'
import { LANE_NAMES, LANES, type Lane } from '../../core/back-office/tasks.ts'
import type { Context } from '../../core/context.ts'
import { coalesced } from './coalesced.ts'
import type { CoreEnv } from './env.ts'
import { backOffice } from './hosts.ts'
import { logLine } from './log.ts'

/** What a host has to do with queued work: webhooks that came in, claims, payouts, webhooks that go out. */
export interface QueuedWork {
  /** To be called when something has been queued. Never rejects: cron comes back for what it missed. */
  wake(): Promise<void>
  /** Does it here and now, in case nobody else does. Never rejects. */
  run(): Promise<void>
}

export function createQueuedWork(env: CoreEnv, context: () => Context, outside: Outside): QueuedWork {
  let running: Promise<void> | undefined
  const run = async () => {
    try {
      await Promise.all(LANE_NAMES.map((lane) => workOnce(context, outside, lane)))
    } finally {
      running = undefined
    }
  }
  return {
    wake: coalesced('back office not woken', () => wakeLanes(env, LANE_NAMES)),
    run: () => {
      running ??= run()
      return running
    },
  }
}

export async function wakeLanes(env: CoreEnv, lanes: readonly Lane[]): Promise<void> {
  await Promise.all(lanes.map((lane) => backOffice(env, lane).wake(lane)))
}

/** One run of a lane's tasks, whose failures go to the log. Never rejects. */
export async function workOnce(context: () => Context, outside: Outside, lane: Lane): Promise<BackOfficeRun> {
  const result = await runBackOffice(context, outside, LANES[lane])
  for (const { task, error } of result.failures) logLine('error', 'queued work failed', { task, error })
  return result
}
