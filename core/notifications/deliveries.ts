import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { webhookAttempts, webhookDeliveries, webhookEvents } from '../../schema/tables/index.ts'
import type { WebhookEventType } from '../../schema/wire/money.ts'
import type { WebhookAttemptError, WebhookDelivery, WebhookDeliveryList } from '../../schema/wire/webhooks.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import { decodePosition, encodePosition } from '../paging.ts'
import { Refusal } from '../refusal.ts'
import { readEndpoint } from './read-endpoints.ts'

/** A delivery that was resent again and again has more; the log shows the last ones. */
const MAX_SHOWN_ATTEMPTS = 20

/**
 * The delivery log of an endpoint, newest first.
 *
 * @param page `cursor` is `next_cursor` of the page before
 * @throws {Refusal} `webhook_endpoint_not_found`, `invalid_cursor`
 */
export async function listDeliveries(
  ctx: Context,
  actor: Actor,
  endpointId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<WebhookDeliveryList> {
  const before = page.cursor === undefined ? undefined : decodePosition(page.cursor)
  await readEndpoint(ctx, actor, endpointId)
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const rows = await deliveriesWithEvents(tx)
      .where(
        and(
          eq(webhookDeliveries.organisationId, actor.organisationId),
          eq(webhookDeliveries.endpointId, endpointId),
          before === undefined ? undefined : lt(webhookDeliveries.position, before),
        ),
      )
      .orderBy(desc(webhookDeliveries.position))
      .limit(page.limit + 1)
    const shown = rows.slice(0, page.limit)
    const last = shown.at(-1)
    return {
      data: await describeDeliveries(tx, shown),
      next_cursor:
        rows.length > page.limit && last !== undefined ? encodePosition(last.delivery.position) : null,
    }
  })
}

/** One delivery as the API shows it. @throws {Refusal} `webhook_delivery_not_found` */
export async function describeDelivery(
  tx: Transaction,
  actor: Actor,
  deliveryId: string,
): Promise<WebhookDelivery> {
  const rows = await deliveriesWithEvents(tx).where(
    and(eq(webhookDeliveries.id, deliveryId), eq(webhookDeliveries.organisationId, actor.organisationId)),
  )
  const [described] = await describeDeliveries(tx, rows)
  if (described === undefined) throw new Refusal('webhook_delivery_not_found')
  return described
}

const EVENT = { type: webhookEvents.type, createdAt: webhookEvents.createdAt }

function deliveriesWithEvents(tx: Transaction) {
  return tx
    .select({ delivery: webhookDeliveries, event: EVENT })
    .from(webhookDeliveries)
    .innerJoin(webhookEvents, eq(webhookEvents.id, webhookDeliveries.eventId))
}

interface Row {
  readonly delivery: typeof webhookDeliveries.$inferSelect
  readonly event: { readonly type: string; readonly createdAt: Date }
}

async function describeDeliveries(tx: Transaction, rows: readonly Row[]): Promise<WebhookDelivery[]> {
  const attempts = Map.groupBy(
    await lastAttempts(
      tx,
      rows.map((row) => row.delivery.id),
    ),
    (attempt) => attempt.deliveryId,
  )
  return rows.map(({ delivery, event }) => ({
    id: delivery.id,
    endpoint_id: delivery.endpointId,
    event: {
      id: delivery.eventId,
      type: event.type as WebhookEventType,
      created_at: event.createdAt.toISOString(),
    },
    state: delivery.state,
    attempts: (attempts.get(delivery.id) ?? []).map(describeAttempt),
    next_attempt_at: delivery.state === 'pending' ? delivery.nextAttemptAt.toISOString() : null,
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
    created_at: delivery.createdAt.toISOString(),
  }))
}

type AttemptRow = typeof webhookAttempts.$inferSelect

async function lastAttempts(tx: Transaction, deliveryIds: string[]): Promise<AttemptRow[]> {
  if (deliveryIds.length === 0) return []
  const rows = await tx
    .select({ attempt: webhookAttempts })
    .from(webhookAttempts)
    .innerJoin(webhookDeliveries, eq(webhookDeliveries.id, webhookAttempts.deliveryId))
    .where(
      and(
        inArray(webhookAttempts.deliveryId, deliveryIds),
        sql`${webhookAttempts.number} > ${webhookDeliveries.attempts} - ${MAX_SHOWN_ATTEMPTS}::int`,
      ),
    )
    .orderBy(asc(webhookAttempts.deliveryId), asc(webhookAttempts.number))
  return rows.map(({ attempt }) => attempt)
}

function describeAttempt(row: AttemptRow): WebhookDelivery['attempts'][number] {
  return {
    number: row.number,
    at: row.at.toISOString(),
    status: row.status,
    error: row.error as WebhookAttemptError | null,
    duration_ms: row.durationMs,
  }
}
