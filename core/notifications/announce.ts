import { and, eq, sql } from 'drizzle-orm'
import { webhookDeliveries, webhookEndpoints, webhookEvents } from '../../schema/tables/index.ts'
import type { WebhookEventType } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'

export interface Announcement {
  readonly organisationId: string
  readonly type: WebhookEventType
  /** `data` of the event: a document of the API, or a part of one. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * Has an organisation's endpoints told of an event, in its transaction. The body is written once: every attempt at every
 * endpoint sends the same bytes (Standard Webhooks: `{ type, timestamp, data }`).
 */
export async function announce(ctx: Context, tx: Transaction, event: Announcement): Promise<void> {
  const { organisationId, type } = event
  const endpoints = await tx
    .select({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.organisationId, organisationId),
        eq(webhookEndpoints.state, 'enabled'),
        sql`${webhookEndpoints.events} && ARRAY['*', ${type}]::text[]`,
      ),
    )
    // Else one that is being deleted would fail what is announced.
    .for('key share')
  await announceTo(
    ctx,
    tx,
    endpoints.map(({ id }) => id),
    event,
  )
}

/**
 * Tells these endpoints, whatever they asked for.
 *
 * @returns the ids of the deliveries, in the same order
 */
export async function announceTo(
  ctx: Context,
  tx: Transaction,
  endpointIds: readonly string[],
  event: Announcement,
): Promise<string[]> {
  const prepared = prepareAnnouncement(ctx, endpointIds, event)
  if (prepared === null) return []
  await tx.insert(webhookEvents).values(prepared.event)
  await tx.insert(webhookDeliveries).values(prepared.deliveries)
  return prepared.deliveries.map(({ id }) => id)
}

/** The rows of an event and of its deliveries, in the order of the endpoints; null where nobody is to be told. */
export function prepareAnnouncement(
  ctx: Context,
  endpointIds: readonly string[],
  { organisationId, type, data }: Announcement,
) {
  if (endpointIds.length === 0) return null
  const id = `msg_${randomIdentifier(ctx.random)}`
  const body = JSON.stringify({ type, timestamp: ctx.now.toISOString(), data })
  const deliveries = endpointIds.map((endpointId) => ({
    id: `dlv_${randomIdentifier(ctx.random)}`,
    organisationId,
    endpointId,
    eventId: id,
    state: 'pending' as const,
    nextAttemptAt: ctx.now,
    createdAt: ctx.now,
  }))
  return { event: { id, organisationId, type, body, createdAt: ctx.now }, deliveries }
}
