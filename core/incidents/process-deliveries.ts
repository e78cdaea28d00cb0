import { and, asc, eq, inArray, lte, min, ne, sql } from 'drizzle-orm'
import { inboundDeliveries, integrations, services } from '../../schema/tables/index.ts'
import type { Provider } from '../../schema/wire/money.ts'
import type { Task } from '../back-office/run.ts'
import type { Context, Transaction } from '../context.ts'
import { tellingOf } from './merge.ts'
import { readDelivery } from './read/delivery.ts'
import type { Told } from './read/told.ts'
import type { IntegrationRow } from './rows.ts'
import { productionServiceOf, serviceOf } from './service-names.ts'
import { storeDeployment } from './store-deployment.ts'
import { storeTelling } from './store-incident.ts'

/** Bodies are up to 1 MiB. */
const BATCH_SIZE = 20
/** Whoever dies holds its batch for this long; one that failed is tried again after it, then after twice as long … */
const LEASE_MS = 30_000
const LONGEST_LEASE_S = 3_600
/** For a day; then it is for people to look at (`webhook_given_up`). */
const MAX_ATTEMPTS = 30
const STRIPE = 'stripe'

/** Makes deployments and incidents of the webhooks that came in. Those of the payment provider are not looked at here. */
export const inboundTask: Task = {
  name: 'inbound',
  async run(ctx) {
    const leased = await lease(ctx)
    const failures: unknown[] = []
    for (const delivery of leased) {
      await processDelivery(ctx, delivery).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw new AggregateError(failures, 'webhooks could not be processed')
    return { done: leased.length, nextAt: await nextDue(ctx) }
  },
}

interface Delivery {
  readonly id: bigint
  readonly integrationId: string
  readonly provider: string
  readonly body: Uint8Array
  readonly receivedAt: Date
  readonly attempts: number
}

const PENDING = and(eq(inboundDeliveries.state, 'pending'), ne(inboundDeliveries.provider, STRIPE))

function lease(ctx: Context): Promise<Delivery[]> {
  return ctx.database.asSystem(async (tx) => {
    const due = tx
      .select({ id: inboundDeliveries.id })
      .from(inboundDeliveries)
      .where(and(PENDING, lte(inboundDeliveries.nextAttemptAt, ctx.now)))
      .orderBy(asc(inboundDeliveries.nextAttemptAt), asc(inboundDeliveries.id))
      .limit(BATCH_SIZE)
      .for('update', { skipLocked: true })
    const rows = await tx
      .update(inboundDeliveries)
      .set({
        attempts: sql`${inboundDeliveries.attempts} + 1`,
        nextAttemptAt: sql`${ctx.now.toISOString()}::timestamptz + least(${LONGEST_LEASE_S}, ${LEASE_MS / 1_000} * 2 ^ least(${inboundDeliveries.attempts}, 10)) * interval '1 second'`,
      })
      .where(inArray(inboundDeliveries.id, due))
      .returning({
        id: inboundDeliveries.id,
        integrationId: inboundDeliveries.integrationId,
        provider: inboundDeliveries.provider,
        body: inboundDeliveries.body,
        receivedAt: inboundDeliveries.receivedAt,
        attempts: inboundDeliveries.attempts,
      })
    return rows.sort((one, other) => (one.id < other.id ? -1 : 1))
  })
}

/** Its effect and that it is done are one transaction: whoever comes second finds it done. */
async function processDelivery(ctx: Context, delivery: Delivery): Promise<void> {
  const provider = delivery.provider as Provider
  const told = readDelivery(provider, new Uint8Array(delivery.body), delivery.receivedAt)
  await ctx.database.asSystem(async (tx) => {
    const [row] = await tx
      .select({ state: inboundDeliveries.state })
      .from(inboundDeliveries)
      .where(eq(inboundDeliveries.id, delivery.id))
      .for('update')
    if (row?.state !== 'pending') return
    const outcome = delivery.attempts > MAX_ATTEMPTS ? GIVEN_UP : await apply(ctx, tx, delivery, told)
    await tx
      .update(inboundDeliveries)
      .set({ ...outcome, processedAt: ctx.now })
      .where(eq(inboundDeliveries.id, delivery.id))
  })
}

interface Outcome {
  readonly state: 'done' | 'ignored' | 'failed'
  readonly outcome: string
}

const GIVEN_UP: Outcome = { state: 'failed', outcome: 'given_up' }

async function apply(ctx: Context, tx: Transaction, delivery: Delivery, told: Told): Promise<Outcome> {
  if (told.kind === 'unreadable') return { state: 'failed', outcome: 'unreadable' }
  if (told.kind === 'ignored') return { state: 'ignored', outcome: told.reason }
  const integration = await findIntegration(tx, delivery.integrationId)
  const known = await tx
    .select()
    .from(services)
    .where(eq(services.organisationId, integration.organisationId))
  if (told.kind === 'incident') {
    const telling = tellingOf(told, serviceOf(known, told.hints))
    await storeTelling(ctx, tx, integration, told.providerId, telling, delivery.receivedAt)
    return { state: 'done', outcome: 'incident' }
  }
  const service = productionServiceOf(known, told)
  if (service === null) return { state: 'ignored', outcome: 'not_production' }
  await storeDeployment(ctx, tx, integration, told, service, delivery.receivedAt)
  return { state: 'done', outcome: 'deployment' }
}

async function findIntegration(tx: Transaction, id: string): Promise<IntegrationRow> {
  const [integration] = await tx.select().from(integrations).where(eq(integrations.id, id))
  return integration!
}

async function nextDue(ctx: Context): Promise<Date | null> {
  const [row] = await ctx.database.asSystem((tx) =>
    tx
      .select({ at: min(inboundDeliveries.nextAttemptAt) })
      .from(inboundDeliveries)
      .where(PENDING),
  )
  return row?.at ?? null
}
