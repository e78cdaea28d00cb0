import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { announceTo } from './announce.ts'
import { describeDelivery } from './deliveries.ts'
import { lockEndpoint } from './endpoint.ts'

/**
 * Sends `webhook.test` to an endpoint, whatever events it asked for.
 *
 * @throws {Refusal} `live_key_required`, `webhook_endpoint_not_found`, `webhook_endpoint_disabled`
 */
export async function testEndpoint(ctx: Context, actor: Actor, id: string, claim: Claim): Promise<Answer> {
  requireLive(actor)
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    const endpoint = await lockEndpoint(tx, actor, id)
    if (endpoint.state === 'disabled') throw new Refusal('webhook_endpoint_disabled')
    const event = { organisationId, type: 'webhook.test' as const, data: { endpoint_id: id } }
    const [deliveryId] = await announceTo(ctx, tx, [id], event)
    const answer = { status: 202, body: JSON.stringify(await describeDelivery(tx, actor, deliveryId!)) }
    await claim.settle(tx, answer)
    return answer
  })
}
