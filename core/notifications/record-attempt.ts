import { eq } from 'drizzle-orm'
import { webhookAttempts, webhookDeliveries, webhookEndpoints } from '../../schema/tables/index.ts'
import type { WebhookAttemptError } from '../../schema/wire/webhooks.ts'
import type { Context, Transaction } from '../context.ts'
import { abandonDeliveries } from './endpoint.ts'
import { nextAttempt } from './schedule.ts'

/** What an attempt came to; `error` is null when it was delivered. */
export interface Outcome {
  readonly status: number | null
  readonly error: WebhookAttemptError | null
  readonly durationMs: number
}

/** The receiver wants nothing more, ever (Standard Webhooks). */
const GONE = 410

/**
 * Notes an attempt and says when the next one is. Meanwhile the delivery may have been given up, resent or deleted, or sent by
 * another run whose lease began when this one's ran out: every attempt is noted, and one that arrived counts.
 */
export async function recordAttempt(
  ctx: Context,
  deliveryId: string,
  endpointId: string,
  outcome: Outcome,
): Promise<void> {
  await ctx.database.asSystem(async (tx) => {
    // The endpoint's row before the deliveries': whoever disables or deletes it locks them in that order.
    if (outcome.status === GONE) await disable(ctx, tx, endpointId)
    const [row] = await tx
      .select()
      .from(webhookDeliveries)
      .where(eq(webhookDeliveries.id, deliveryId))
      .for('no key update')
    if (row === undefined) return
    const { organisationId } = row
    const attempts = row.attempts + 1
    await tx
      .insert(webhookAttempts)
      .values({ deliveryId, number: attempts, organisationId, at: ctx.now, ...outcome })
    await tx
      .update(webhookDeliveries)
      .set({ attempts, ...change(ctx, row.state, attempts, outcome) })
      .where(eq(webhookDeliveries.id, deliveryId))
  })
}

async function disable(ctx: Context, tx: Transaction, endpointId: string): Promise<void> {
  await tx
    .update(webhookEndpoints)
    .set({ state: 'disabled', updatedAt: ctx.now })
    .where(eq(webhookEndpoints.id, endpointId))
  await abandonDeliveries(tx, endpointId)
}

type DeliveryRow = typeof webhookDeliveries.$inferSelect

function change(
  ctx: Context,
  state: DeliveryRow['state'],
  attempts: number,
  outcome: Outcome,
): Partial<DeliveryRow> {
  const ended = new Date(ctx.now.getTime() + outcome.durationMs)
  if (outcome.error === null) return { state: 'delivered', deliveredAt: ended }
  if (state !== 'pending') return {}
  const next = nextAttempt(attempts, ended, ctx.random)
  return next === null ? { state: 'failed' } : { nextAttemptAt: next }
}
