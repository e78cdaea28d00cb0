import { learningTask } from '../actuarial/learn.ts'
import { payoutsTask } from '../billing/pay.ts'
import { usageTask } from '../billing/report-usage.ts'
import { stripeTask } from '../billing/stripe/task.ts'
import { settlementTask } from '../claims/settle-incidents.ts'
import { factsTask } from '../incidents/confirm-facts.ts'
import { inboundTask } from '../incidents/process-deliveries.ts'
import { deliveriesTask } from '../notifications/deliver.ts'
import type { Task } from './run.ts'

/**
 * All queued work, by lanes that do not wait for each other: a provider's API that hangs holds up no claim, nor does a slow
 * receiver of webhooks. Within a lane, in the order in which one makes work for the next.
 */
export const LANES = {
  /** Webhooks that came in, attribution, claims: nothing here waits for anyone outside. */
  claims: [inboundTask, settlementTask, learningTask],
  /** What the providers' own APIs say. */
  facts: [factsTask],
  /** Payouts, usage, and what the payment provider tells. */
  payments: [payoutsTask, usageTask, stripeTask],
  /** Webhooks that go out. */
  webhooks: [deliveriesTask],
} as const satisfies Record<string, readonly Task[]>

export type Lane = keyof typeof LANES
export const LANE_NAMES = Object.keys(LANES) as Lane[]
