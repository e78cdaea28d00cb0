import { and, count, eq, isNull } from 'drizzle-orm'
import { integrations } from '../../schema/tables/index.ts'
import {
  type CreatedIntegration,
  type CreateIntegrationRequest,
  MAX_INTEGRATIONS,
} from '../../schema/wire/incidents.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { randomIdentifier } from '../identifiers.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { describeIntegration } from './describe-integration.ts'
import { chooseSecret } from './secrets.ts'

/**
 * Makes a place for a provider's webhooks. A secret that is made here is in this answer and nowhere else.
 *
 * @throws {Refusal} `live_key_required`; `invalid_input` for a secret that is missing or unfit, or too many integrations
 */
export async function createIntegration(
  ctx: Context,
  actor: Actor,
  request: CreateIntegrationRequest,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const { secret, made } = chooseSecret(ctx.random, request.provider, request.secret)
  const row = await prepare(ctx, actor, request, secret)
  const described = { ...describeIntegration(ctx, row), secret: null } satisfies CreatedIntegration
  const again = { ...described, ...(made ? { secret_already_shown: true } : {}) } satisfies CreatedIntegration
  await ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    await refuseTooMany(tx, actor)
    await tx.insert(integrations).values(row)
    await claim.settle(tx, { status: 201, body: JSON.stringify(again) })
  })
  return { status: 201, body: JSON.stringify({ ...described, secret: made ? secret : null }) }
}

async function prepare(ctx: Context, actor: Actor, request: CreateIntegrationRequest, secret: string) {
  const id = `int_${randomIdentifier(ctx.random)}`
  const { provider, api_token: token } = request
  return {
    id,
    organisationId: actor.organisationId,
    provider,
    name: request.name ?? provider,
    sealedSecret: await ctx.keys.sealSecret(`${id}:secret`, secret),
    sealedToken: token === undefined ? null : await ctx.keys.sealSecret(`${id}:token`, token),
    account: request.account ?? null,
    createdAt: ctx.now,
    deletedAt: null,
  }
}

async function refuseTooMany(tx: Transaction, { organisationId }: Actor): Promise<void> {
  const [row] = await tx
    .select({ number: count() })
    .from(integrations)
    .where(and(eq(integrations.organisationId, organisationId), isNull(integrations.deletedAt)))
  if (row!.number < MAX_INTEGRATIONS) return
  const message = `there are ${MAX_INTEGRATIONS} already: delete one`
  throw new Refusal('invalid_input', { errors: [{ path: '$', message }] })
}
