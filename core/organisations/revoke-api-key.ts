import { and, eq, isNull } from 'drizzle-orm'
import { apiKeys } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { appendEvent, type LogEvent } from '../log/append-event.ts'
import { Refusal } from '../refusal.ts'
import { describeApiKey } from './create-api-key.ts'

/**
 * Revokes a key of the caller's organisation; the next request with it is refused. Revoking it again changes
 * nothing and answers the same. A test key reaches test keys only.
 *
 * @throws {Refusal} `api_key_not_found`
 */
export async function revokeApiKey(ctx: Context, actor: Actor, keyId: string, claim: Claim): Promise<Answer> {
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const own = and(
      eq(apiKeys.id, keyId),
      eq(apiKeys.organisationId, actor.organisationId),
      actor.livemode ? undefined : eq(apiKeys.livemode, false),
    )
    const revoked = await tx
      .update(apiKeys)
      .set({ revokedAt: ctx.now })
      .where(and(own, isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id })
    const [row] = await tx.select().from(apiKeys).where(own)
    if (row === undefined) throw new Refusal('api_key_not_found')
    if (revoked.length > 0) await appendEvent(tx, describeRevocation(ctx, row), ctx.now)
    const answer = { status: 200, body: JSON.stringify(describeApiKey(row)) }
    await claim.settle(tx, answer)
    return answer
  })
}

function describeRevocation(ctx: Context, row: typeof apiKeys.$inferSelect): LogEvent {
  const { id, organisationId: organisation_id } = row
  return {
    type: 'api_key.revoked',
    subject: id,
    facts: { id, organisation_id, revoked_at: ctx.now.toISOString() },
  }
}
