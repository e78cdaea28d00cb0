import { and, eq, isNull } from 'drizzle-orm'
import { integrations } from '../../schema/tables/index.ts'
import type { UpdateIntegrationRequest } from '../../schema/wire/incidents.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { describeIntegration } from './describe-integration.ts'
import type { IntegrationRow } from './rows.ts'
import { refuseUnfit } from './secrets.ts'

type Changes = Partial<
  Pick<IntegrationRow, 'name' | 'sealedSecret' | 'sealedToken' | 'account' | 'deletedAt'>
>

/**
 * Changes what the request names and leaves the rest. A new secret counts from the next webhook on.
 *
 * @throws {Refusal} `live_key_required`, `integration_not_found`, `invalid_input` for an unfit secret
 */
export async function updateIntegration(
  ctx: Context,
  actor: Actor,
  id: string,
  request: UpdateIntegrationRequest,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const { name, secret, api_token: token, account } = request
  const changes: Changes = {
    ...(name === undefined ? {} : { name }),
    ...(secret === undefined ? {} : { sealedSecret: await ctx.keys.sealSecret(`${id}:secret`, secret) }),
    ...(token === undefined
      ? {}
      : { sealedToken: token === null ? null : await ctx.keys.sealSecret(`${id}:token`, token) }),
    ...(account === undefined ? {} : { account }),
  }
  return change(ctx, actor, id, claim, (row) => {
    if (secret !== undefined) refuseUnfit(row.provider, secret)
    return changes
  })
}

/**
 * Closes a place for webhooks for good. What came before goes on to count.
 *
 * @throws {Refusal} `live_key_required`, `integration_not_found`
 */
export async function deleteIntegration(
  ctx: Context,
  actor: Actor,
  id: string,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  return change(ctx, actor, id, claim, () => ({ deletedAt: ctx.now }))
}

function change(
  ctx: Context,
  actor: Actor,
  id: string,
  claim: Claim,
  changesOf: (row: IntegrationRow) => Changes,
): Promise<Answer> {
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const row = await lock(tx, actor, id)
    const after = { ...row, ...changesOf(row) }
    const { name, sealedSecret, sealedToken, account, deletedAt } = after
    await tx
      .update(integrations)
      .set({ name, sealedSecret, sealedToken, account, deletedAt })
      .where(and(eq(integrations.id, id), eq(integrations.organisationId, actor.organisationId)))
    const answer = { status: 200, body: JSON.stringify(describeIntegration(ctx, after)) }
    await claim.settle(tx, answer)
    return answer
  })
}

async function lock(tx: Transaction, { organisationId }: Actor, id: string): Promise<IntegrationRow> {
  const [row] = await tx
    .select()
    .from(integrations)
    .where(
      and(
        eq(integrations.id, id),
        eq(integrations.organisationId, organisationId),
        isNull(integrations.deletedAt),
      ),
    )
    .for('update')
  if (row === undefined) throw new Refusal('integration_not_found')
  return row
}
