import { and, eq, inArray, lte, min, sql } from 'drizzle-orm'
import { inboundDeliveries } from '../../../schema/tables/index.ts'
import type { Task } from '../../back-office/run.ts'
import type { Context, Transaction } from '../../context.ts'
import { LEASE_MS, settleAll } from '../attempts.ts'
import { applyStripeEvent } from './apply-event.ts'
import { readStripeEvent, type StripeInvoiceEvent } from './read-event.ts'
import { STRIPE } from './store-event.ts'

type Delivery = typeof inboundDeliveries.$inferSelect

const BATCH_SIZE = 20

/** Takes over what Stripe's webhooks told; what they have no bearing on is ignored. */
export const stripeTask: Task = {
  name: 'stripe',
  async run(ctx) {
    const due = await ctx.database.asSystem((tx) => lease(ctx, tx))
    const settled = await settleAll(due, (delivery) => process(ctx, delivery))
    settled.assertAll()
    return { done: settled.results.length, nextAt: await ctx.database.asSystem(nextDue) }
  },
}

async function lease(ctx: Context, tx: Transaction): Promise<Delivery[]> {
  const due = tx
    .select({ id: inboundDeliveries.id })
    .from(inboundDeliveries)
    .where(
      and(
        eq(inboundDeliveries.state, 'pending'),
        eq(inboundDeliveries.provider, STRIPE),
        lte(inboundDeliveries.nextAttemptAt, ctx.now),
      ),
    )
    .orderBy(inboundDeliveries.nextAttemptAt)
    .limit(BATCH_SIZE)
    .for('update', { skipLocked: true })
  return tx
    .update(inboundDeliveries)
    .set({
      nextAttemptAt: new Date(ctx.now.getTime() + LEASE_MS),
      attempts: sql`${inboundDeliveries.attempts} + 1`,
    })
    .where(inArray(inboundDeliveries.id, due))
    .returning()
}

async function nextDue(tx: Transaction): Promise<Date | null> {
  const [row] = await tx
    .select({ at: min(inboundDeliveries.nextAttemptAt) })
    .from(inboundDeliveries)
    .where(and(eq(inboundDeliveries.state, 'pending'), eq(inboundDeliveries.provider, STRIPE)))
  return row!.at
}

/** Effect and outcome in one transaction, whoever else holds the same delivery. */
async function process(ctx: Context, delivery: Delivery): Promise<void> {
  const event = read(delivery)
  await ctx.database.asSystem(async (tx) => {
    const [pending] = await tx
      .select({ id: inboundDeliveries.id })
      .from(inboundDeliveries)
      .where(and(eq(inboundDeliveries.id, delivery.id), eq(inboundDeliveries.state, 'pending')))
      .for('update')
    if (pending === undefined) return
    const { state, outcome } = await resolve(ctx, tx, event)
    await tx
      .update(inboundDeliveries)
      .set({ state, outcome, processedAt: ctx.now })
      .where(eq(inboundDeliveries.id, delivery.id))
  })
}

function read(delivery: Delivery): StripeInvoiceEvent | null | 'unreadable' {
  try {
    return readStripeEvent(delivery.body)
  } catch (error) {
    if (error instanceof TypeError) return 'unreadable'
    throw error
  }
}

async function resolve(ctx: Context, tx: Transaction, event: ReturnType<typeof read>) {
  if (event === 'unreadable') return { state: 'failed', outcome: event } as const
  if (event === null) return { state: 'ignored', outcome: 'not_of_interest' } as const
  const outcome = await applyStripeEvent(ctx, tx, event)
  return { state: outcome === 'unknown_customer' ? 'ignored' : 'done', outcome } as const
}
