import { and, eq, sql } from 'drizzle-orm'
import { billingAccounts, billingEvents, invoices } from '../../../schema/tables/index.ts'
import type { Context, Transaction } from '../../context.ts'
import { randomIdentifier } from '../../identifiers.ts'
import { postJournals } from '../../ledger/post.ts'
import { maximum, minimum } from '../../money.ts'
import { type InvoiceRow, settleInvoice } from '../settle-invoice.ts'
import type { StripeInvoice, StripeInvoiceEvent } from './read-event.ts'
import { STRIPE } from './store-event.ts'

/** What came of an event. */
export type StripeOutcome = 'applied' | 'nothing_new' | 'unknown_customer'

/**
 * Takes over what Stripe tells of an invoice. Events come more than once and in any order: a paid or void invoice stays so.
 */
export async function applyStripeEvent(
  ctx: Context,
  tx: Transaction,
  event: StripeInvoiceEvent,
): Promise<StripeOutcome> {
  const { type, invoice } = event
  const organisationId = await organisationOf(tx, invoice.customer)
  if (organisationId === undefined) return 'unknown_customer'
  const { row, isNew } = await ensureInvoice(ctx, tx, organisationId, invoice)
  if (row.state !== 'open') return 'nothing_new'
  if (type === 'paid') {
    await pay(ctx, tx, row, invoice)
    return 'applied'
  }
  if (type === 'voided') {
    await tx.update(invoices).set({ state: 'void' }).where(eq(invoices.id, row.id))
    return 'applied'
  }
  return isNew ? 'applied' : 'nothing_new'
}

async function organisationOf(tx: Transaction, customer: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: billingAccounts.organisationId })
    .from(billingAccounts)
    .where(and(eq(billingAccounts.rail, STRIPE), eq(billingAccounts.customer, customer)))
  return row?.id
}

/** Our row of the invoice, locked. */
async function ensureInvoice(
  ctx: Context,
  tx: Transaction,
  organisationId: string,
  invoice: StripeInvoice,
): Promise<{ row: InvoiceRow; isNew: boolean }> {
  const id = `inv_${randomIdentifier(ctx.random)}`
  const total = maximum(0n, invoice.total)
  const inserted = await tx
    .insert(invoices)
    .values({
      id,
      organisationId,
      rail: STRIPE,
      reference: invoice.id,
      total,
      credit: minimum(total, invoice.creditUsed),
      state: 'open',
      createdAt: ctx.now,
    })
    .onConflictDoNothing()
    .returning({ id: invoices.id })
  const isNew = inserted.length > 0
  if (isNew) await claimEvents(tx, organisationId, id, invoice.periodEnd)
  const [row] = await tx
    .select()
    .from(invoices)
    .where(and(eq(invoices.rail, STRIPE), eq(invoices.reference, invoice.id)))
    .for('update')
  return { row: row!, isNew }
}

/** What Stripe bills with it, as far as we can tell: it says how much of the money is premium. */
async function claimEvents(
  tx: Transaction,
  organisationId: string,
  invoiceId: string,
  before: Date,
): Promise<void> {
  await tx
    .update(billingEvents)
    .set({ invoiceId })
    .where(
      and(
        eq(billingEvents.organisationId, organisationId),
        sql`${billingEvents.state} = 'sent' AND ${billingEvents.invoiceId} IS NULL
          AND ${billingEvents.kind} IN ('premium', 'certificates') AND ${billingEvents.rail} = ${STRIPE}
          AND ${billingEvents.occurredAt} < ${before.toISOString()}::timestamptz`,
      ),
    )
}

async function pay(ctx: Context, tx: Transaction, row: InvoiceRow, invoice: StripeInvoice): Promise<void> {
  const credit = minimum(row.total, invoice.creditUsed)
  await tx.update(invoices).set({ credit }).where(eq(invoices.id, row.id))
  const paid = { cash: maximum(0n, invoice.amountPaid), credit }
  await postJournals(tx, await settleInvoice(ctx, tx, row, paid), ctx.now)
}
