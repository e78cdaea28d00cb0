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
  /** To be called when something has been queued for these lanes, or any. Never rejects: cron comes back for what it missed. */
  wake(...lanes: readonly Lane[]): Promise<void>
  /** Does it here and now, in case nobody else does. Never rejects. */
  run(): Promise<void>
}

export function createQueuedWork(env: CoreEnv, context: () => Context, outside: Outside): QueuedWork {
  const wakers = eachLane((lane) => coalesced('back office not woken', () => wakeLanes(env, [lane])))
  let running: Promise<void> | undefined
  const run = async () => {
    try {
      await Promise.all(LANE_NAMES.map((lane) => workOnce(context, outside, lane)))
    } finally {
      running = undefined
    }
  }
  return {
    wake: async (...lanes) => {
      await Promise.all((lanes.length === 0 ? LANE_NAMES : lanes).map((lane) => wakers[lane]()))
    },
    run: () => {
      running ??= run()
      return running
    },
  }
}

function eachLane<Value>(make: (lane: Lane) => Value): Record<Lane, Value> {
  return Object.fromEntries(LANE_NAMES.map((lane) => [lane, make(lane)])) as Record<Lane, Value>
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
