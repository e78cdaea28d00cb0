import { webhookEndpoints } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { ownEndpoint } from './endpoint.ts'

/**
 * Deletes an endpoint with its secrets, what is on its way to it, and its delivery log.
 *
 * @throws {Refusal} `live_key_required`, `webhook_endpoint_not_found`
 */
export async function deleteEndpoint(ctx: Context, actor: Actor, id: string, claim: Claim): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const deleted = await tx
      .delete(webhookEndpoints)
      .where(ownEndpoint(actor, id))
      .returning({ id: webhookEndpoints.id })
    if (deleted.length === 0) throw new Refusal('webhook_endpoint_not_found')
    const answer = { status: 200, body: JSON.stringify({ id, deleted: true }) }
    await claim.settle(tx, answer)
    return answer
  })
}
