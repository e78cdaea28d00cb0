import { eq, inArray, min, type SQL, sql } from 'drizzle-orm'
import { webhookDeliveries, webhookEndpoints, webhookEvents } from '../../schema/tables/index.ts'
import { CONNECTIONS_IN_PARALLEL, inParallel } from '../back-office/parallel.ts'
import type { Task, TaskResult } from '../back-office/run.ts'
import type { Context, Transaction } from '../context.ts'
import { type EndpointRow, openSecrets } from './endpoint.ts'
import { type Outcome, recordAttempt } from './record-attempt.ts'
import type { WebhookSender } from './sender.ts'
import { signWebhook } from './signature.ts'

/** Deliveries of one run; those of one organisation, so that one whose receivers hang holds back no other. */
const BATCH_SIZE = 12
const BATCH_OF_ORGANISATION = 4
/** Longer than a batch takes in which nobody answers, names and receivers (2 × 16 s). */
const LEASE_MS = 60_000

/**
 * Sends webhooks that are due (Standard Webhooks 1.0). A delivery is leased, sent with no transaction open, and recorded: a
 * crash after it was sent and before that was recorded sends it again, with the same `webhook-id`. At least once, that is,
 * and in no order.
 */
export const deliveriesTask: Task = {
  name: 'webhooks',
  run: (ctx, { sender }) => deliverDue(ctx, sender),
}

async function deliverDue(ctx: Context, sender: WebhookSender): Promise<TaskResult> {
  const leased = await ctx.database.asSystem((tx) => lease(ctx, tx))
  const failures: unknown[] = []
  const outcomes = await inParallel(CONNECTIONS_IN_PARALLEL, leased, async (work) => {
    const outcome = await attempt(ctx, sender, work)
    if (outcome.failure !== undefined) failures.push(outcome.failure)
    await recordAttempt(ctx, work.deliveryId, work.endpoint.id, outcome)
  })
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  if (failures.length > 0) throw new AggregateError(failures, 'webhooks could not be sent')
  return { done: leased.length, nextAt: await nextDue(ctx) }
}

interface Work {
  readonly deliveryId: string
  readonly endpoint: EndpointRow
  readonly event: { readonly id: string; readonly body: string }
}

/** Takes what is due and can be sent. What waits for an endpoint that was disabled just then is given up. */
async function lease(ctx: Context, tx: Transaction): Promise<Work[]> {
  const until = new Date(ctx.now.getTime() + LEASE_MS).toISOString()
  const taken = await tx.execute<{ id: string }>(sql`
    WITH taken AS (
      SELECT id FROM webhook_deliveries WHERE id IN (${fairShare(ctx)}) AND ${isDue(ctx)} FOR UPDATE SKIP LOCKED)
    UPDATE webhook_deliveries d SET next_attempt_at = ${until}::timestamptz FROM taken WHERE d.id = taken.id
    RETURNING d.id`)
  if (taken.length === 0) return []
  const rows = await tx
    .select({
      deliveryId: webhookDeliveries.id,
      endpoint: webhookEndpoints,
      event: { id: webhookEvents.id, body: webhookEvents.body },
    })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
    .innerJoin(webhookEvents, eq(webhookEvents.id, webhookDeliveries.eventId))
    .where(
      inArray(
        webhookDeliveries.id,
        taken.map(({ id }) => id),
      ),
    )
  const idle = rows.filter((row) => row.endpoint.state === 'disabled').map((row) => row.deliveryId)
  if (idle.length > 0) {
    await tx.update(webhookDeliveries).set({ state: 'failed' }).where(inArray(webhookDeliveries.id, idle))
  }
  return rows.filter((row) => row.endpoint.state === 'enabled')
}

/** The oldest of each organisation first, then the second of each. */
function fairShare(ctx: Context): SQL {
  return sql`
    SELECT share.id FROM (SELECT DISTINCT organisation_id FROM webhook_endpoints) AS owner
    CROSS JOIN LATERAL (
      SELECT id, next_attempt_at, row_number() OVER (ORDER BY next_attempt_at, position) AS place FROM webhook_deliveries
      WHERE organisation_id = owner.organisation_id AND ${isDue(ctx)}
      ORDER BY next_attempt_at, position LIMIT ${BATCH_OF_ORGANISATION}
    ) AS share
    ORDER BY share.place, share.next_attempt_at LIMIT ${BATCH_SIZE}`
}

function isDue(ctx: Context): SQL {
  return sql`state = 'pending' AND next_attempt_at <= ${ctx.now.toISOString()}::timestamptz`
}

/** What cannot even be signed is our fault: it is recorded, tried again on schedule, and told to whoever runs this. */
async function attempt(
  ctx: Context,
  sender: WebhookSender,
  work: Work,
): Promise<Outcome & { failure?: unknown }> {
  try {
    return await sender.send({
      url: work.endpoint.url,
      headers: await signedHeaders(ctx, work),
      body: work.event.body,
    })
  } catch (failure) {
    return { status: null, error: 'internal_error', durationMs: 0, failure }
  }
}

async function signedHeaders(ctx: Context, { endpoint, event }: Work): Promise<Record<string, string>> {
  const timestamp = Math.floor(ctx.now.getTime() / 1_000)
  const secrets = await openSecrets(ctx, endpoint)
  return {
    'content-type': 'application/json',
    'user-agent': `CodeRisk-Webhooks/1.0 (+${ctx.settings.publicBaseUrl})`,
    'webhook-id': event.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await signWebhook(secrets, { ...event, timestamp }),
  }
}

async function nextDue(ctx: Context): Promise<Date | null> {
  const [row] = await ctx.database.asSystem((tx) =>
    tx
      .select({ at: min(webhookDeliveries.nextAttemptAt) })
      .from(webhookDeliveries)
      .where(eq(webhookDeliveries.state, 'pending')),
  )
  return row?.at ?? null
}
