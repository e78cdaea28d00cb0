import { and, eq } from 'drizzle-orm'
import { webhookDeliveries, webhookEndpoints } from '../../schema/tables/index.ts'
import type { WebhookEndpoint } from '../../schema/wire/webhooks.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import { Refusal } from '../refusal.ts'
import type { WebhookSender } from './sender.ts'

export type EndpointRow = typeof webhookEndpoints.$inferSelect

/** @throws {Refusal} `webhook_url_rejected` */
export function requireUrl(sender: Pick<WebhookSender, 'refuseUrl'>, url: string): string {
  const refused = sender.refuseUrl(url)
  if (refused === null) return new URL(url).href
  throw new Refusal('webhook_url_rejected', {
    detail: `The URL ${refused}.`,
    errors: [{ path: 'url', message: refused }],
  })
}

/**
 * One of the caller's own endpoints, which nobody else changes for as long as the transaction goes on.
 *
 * @throws {Refusal} `webhook_endpoint_not_found`
 */
export async function lockEndpoint(tx: Transaction, actor: Actor, id: string): Promise<EndpointRow> {
  // Events that are announced meanwhile need not wait for this lock.
  const [row] = await tx.select().from(webhookEndpoints).where(ownEndpoint(actor, id)).for('no key update')
  if (row === undefined) throw new Refusal('webhook_endpoint_not_found')
  return row
}

export function ownEndpoint(actor: Actor, id: string) {
  return and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.organisationId, actor.organisationId))
}

/** What is on its way to a disabled endpoint is given up. The caller holds the endpoint's row. */
export async function abandonDeliveries(tx: Transaction, endpointId: string): Promise<void> {
  await tx
    .update(webhookDeliveries)
    .set({ state: 'failed' })
    .where(and(eq(webhookDeliveries.endpointId, endpointId), eq(webhookDeliveries.state, 'pending')))
}

/** What the secrets of an endpoint are sealed as: one cannot stand in for the other. */
export const SECRET_NAMES = {
  current: (id: string) => id,
  previous: (id: string) => `${id}:previous`,
} as const

/** What an event for this endpoint is signed with now, the current secret first. */
export async function openSecrets(ctx: Context, row: EndpointRow): Promise<string[]> {
  const secrets = [await ctx.keys.openSecret(SECRET_NAMES.current(row.id), row.sealedSecret)]
  if (row.sealedPreviousSecret !== null && previousSignsUntil(ctx, row) !== null) {
    secrets.push(await ctx.keys.openSecret(SECRET_NAMES.previous(row.id), row.sealedPreviousSecret))
  }
  return secrets
}

export function describeEndpoint(ctx: Context, row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    state: row.state,
    previous_secret_expires_at: previousSignsUntil(ctx, row)?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

function previousSignsUntil(ctx: Context, row: EndpointRow): Date | null {
  const until = row.previousSecretExpiresAt
  return until !== null && until > ctx.now ? until : null
}
