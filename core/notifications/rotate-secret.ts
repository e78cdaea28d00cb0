import { eq } from 'drizzle-orm'
import { webhookEndpoints } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { withoutSecret } from './create-endpoint.ts'
import { describeEndpoint, lockEndpoint, SECRET_NAMES } from './endpoint.ts'
import { generateWebhookSecret } from './signature.ts'

/** For so long the secret before signs too. */
export const PREVIOUS_SECRET_HOURS = 24
const HOUR_MS = 3_600_000

/**
 * Gives an endpoint a new secret, which is in this answer and nowhere else. The one before signs too for 24 hours; the one
 * before that, if it still did, no longer.
 *
 * @throws {Refusal} `live_key_required`, `webhook_endpoint_not_found`
 */
export async function rotateSecret(ctx: Context, actor: Actor, id: string, claim: Claim): Promise<Answer> {
  requireLive(actor)
  const secret = generateWebhookSecret(ctx.random)
  const sealedSecret = await ctx.keys.sealSecret(SECRET_NAMES.current(id), secret)
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const row = await lockEndpoint(tx, actor, id)
    const before = await ctx.keys.openSecret(SECRET_NAMES.current(id), row.sealedSecret)
    const changes = {
      sealedSecret,
      sealedPreviousSecret: await ctx.keys.sealSecret(SECRET_NAMES.previous(id), before),
      previousSecretExpiresAt: new Date(ctx.now.getTime() + PREVIOUS_SECRET_HOURS * HOUR_MS),
      updatedAt: ctx.now,
    }
    await tx.update(webhookEndpoints).set(changes).where(eq(webhookEndpoints.id, id))
    const document = describeEndpoint(ctx, { ...row, ...changes })
    await claim.settle(tx, { status: 200, body: JSON.stringify(withoutSecret(document)) })
    return { status: 200, body: JSON.stringify({ ...document, secret }) }
  })
}
