import { eq } from 'drizzle-orm'
import { webhookEndpoints } from '../../schema/tables/index.ts'
import type { UpdateWebhookEndpointRequest } from '../../schema/wire/webhooks.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { abandonDeliveries, describeEndpoint, lockEndpoint, requireUrl } from './endpoint.ts'
import type { WebhookSender } from './sender.ts'

/**
 * Changes what the request names and leaves the rest. What is on its way goes to the new URL; disabling gives it up.
 *
 * @throws {Refusal} `live_key_required`, `webhook_url_rejected`, `webhook_endpoint_not_found`
 */
export async function updateEndpoint(
  ctx: Context,
  actor: Actor,
  id: string,
  request: UpdateWebhookEndpointRequest,
  sender: Pick<WebhookSender, 'refuseUrl'>,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const { url, description, events, state } = request
  const changes = {
    ...(url === undefined ? {} : { url: requireUrl(sender, url) }),
    ...(description === undefined ? {} : { description }),
    ...(events === undefined ? {} : { events: [...new Set(events)] }),
    ...(state === undefined ? {} : { state }),
    updatedAt: ctx.now,
  }
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const row = { ...(await lockEndpoint(tx, actor, id)), ...changes }
    await tx.update(webhookEndpoints).set(changes).where(eq(webhookEndpoints.id, id))
    if (row.state === 'disabled') await abandonDeliveries(tx, id)
    const answer = { status: 200, body: JSON.stringify(describeEndpoint(ctx, row)) }
    await claim.settle(tx, answer)
    return answer
  })
}
