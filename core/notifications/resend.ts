import { and, eq } from 'drizzle-orm'
import { webhookDeliveries, webhookEndpoints } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { describeDelivery } from './deliveries.ts'

/**
 * Sends an event again at once, with the same `webhook-id` and body, whatever became of it before. If that fails, what is
 * left of the schedule goes on; after its end this is the only attempt.
 *
 * @throws {Refusal} `live_key_required`, `webhook_delivery_not_found`, `webhook_endpoint_disabled`
 */
export async function resendDelivery(
  ctx: Context,
  actor: Actor,
  deliveryId: string,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const [found] = await tx
      .select({ endpointState: webhookEndpoints.state })
      .from(webhookDeliveries)
      .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
      .where(
        and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.organisationId, actor.organisationId)),
      )
    if (found === undefined) throw new Refusal('webhook_delivery_not_found')
    if (found.endpointState === 'disabled') throw new Refusal('webhook_endpoint_disabled')
    await tx
      .update(webhookDeliveries)
      .set({ state: 'pending', nextAttemptAt: ctx.now })
      .where(eq(webhookDeliveries.id, deliveryId))
    const answer = { status: 202, body: JSON.stringify(await describeDelivery(tx, actor, deliveryId)) }
    await claim.settle(tx, answer)
    return answer
  })
}
