import { asc, eq } from 'drizzle-orm'
import { webhookEndpoints } from '../../schema/tables/index.ts'
import { MAX_WEBHOOK_ENDPOINTS, type WebhookEndpoint } from '../../schema/wire/webhooks.ts'
import type { Actor, Context } from '../context.ts'
import { Refusal } from '../refusal.ts'
import { describeEndpoint, ownEndpoint } from './endpoint.ts'

/** The organisation's endpoints, oldest first: one page holds them all. A test key sees none. */
export async function listEndpoints(ctx: Context, actor: Actor): Promise<WebhookEndpoint[]> {
  if (!actor.livemode) return []
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select()
      .from(webhookEndpoints)
      .where(eq(webhookEndpoints.organisationId, actor.organisationId))
      .orderBy(asc(webhookEndpoints.createdAt), asc(webhookEndpoints.id))
      .limit(MAX_WEBHOOK_ENDPOINTS),
  )
  return rows.map((row) => describeEndpoint(ctx, row))
}

/** @throws {Refusal} `webhook_endpoint_not_found` */
export async function readEndpoint(ctx: Context, actor: Actor, id: string): Promise<WebhookEndpoint> {
  if (!actor.livemode) throw new Refusal('webhook_endpoint_not_found')
  const [row] = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx.select().from(webhookEndpoints).where(ownEndpoint(actor, id)),
  )
  if (row === undefined) throw new Refusal('webhook_endpoint_not_found')
  return describeEndpoint(ctx, row)
}
