import { count, eq, sql } from 'drizzle-orm'
import { webhookEndpoints } from '../../schema/tables/index.ts'
import {
  type CreateWebhookEndpointRequest,
  MAX_WEBHOOK_ENDPOINTS,
  type WebhookEndpointSecret,
} from '../../schema/wire/webhooks.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { randomIdentifier } from '../identifiers.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { describeEndpoint, type EndpointRow, requireUrl, SECRET_NAMES } from './endpoint.ts'
import type { WebhookSender } from './sender.ts'
import { generateWebhookSecret } from './signature.ts'

/**
 * Adds an endpoint. Its secret is in this answer and nowhere else.
 *
 * @throws {Refusal} `live_key_required`, `webhook_url_rejected`, `invalid_input` when there are 20 already
 */
export async function createEndpoint(
  ctx: Context,
  actor: Actor,
  request: CreateWebhookEndpointRequest,
  sender: Pick<WebhookSender, 'refuseUrl'>,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const secret = generateWebhookSecret(ctx.random)
  const id = `whe_${randomIdentifier(ctx.random)}`
  const row: EndpointRow = {
    id,
    organisationId: actor.organisationId,
    url: requireUrl(sender, request.url),
    description: request.description,
    events: [...new Set(request.events)],
    sealedSecret: await ctx.keys.sealSecret(SECRET_NAMES.current(id), secret),
    sealedPreviousSecret: null,
    previousSecretExpiresAt: null,
    state: 'enabled',
    createdAt: ctx.now,
    updatedAt: ctx.now,
  }
  const document = describeEndpoint(ctx, row)
  await ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    await requireRoom(tx, actor)
    await tx.insert(webhookEndpoints).values(row)
    await claim.settle(tx, { status: 201, body: JSON.stringify(withoutSecret(document)) })
  })
  return { status: 201, body: JSON.stringify({ ...document, secret }) }
}

/** What a replay sees. */
export function withoutSecret(document: ReturnType<typeof describeEndpoint>): WebhookEndpointSecret {
  return { ...document, secret: null, secret_already_shown: true }
}

/** One at a time, so that two do not both find room for one. */
async function requireRoom(tx: Transaction, actor: Actor): Promise<void> {
  const { organisationId } = actor
  await tx.execute(
    sql`SELECT pg_advisory_xact_lock(hashtextextended(${`webhook endpoints ${organisationId}`}, 0))`,
  )
  const [row] = await tx
    .select({ there: count() })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.organisationId, organisationId))
  if (row!.there >= MAX_WEBHOOK_ENDPOINTS) {
    throw new Refusal('invalid_input', {
      detail: `An organisation has at most ${MAX_WEBHOOK_ENDPOINTS} webhook endpoints: delete one first.`,
    })
  }
}
