import { eq, sql } from 'drizzle-orm'
import { billingEvents, invoices } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { creditUsedJournal, invoicePaidJournals } from '../ledger/journals.ts'
import type { Journal } from '../ledger/post.ts'
import { divideHalfEven, maximum, minimum } from '../money.ts'

export type InvoiceRow = typeof invoices.$inferSelect

/**
 * Marks an open invoice, which the caller holds locked, as paid.
 *
 * @param paid.cash money that arrived @param paid.credit of the customer's balance, as far as it is not in the books yet
 * @returns the journals to post
 */
export async function settleInvoice(
  ctx: Context,
  tx: Transaction,
  invoice: InvoiceRow,
  paid: { readonly cash: bigint; readonly credit: bigint },
): Promise<Journal[]> {
  const { id, organisationId } = invoice
  await tx.update(invoices).set({ state: 'paid', paidAt: ctx.now }).where(eq(invoices.id, id))
  const premium = await premiumOf(tx, id, paid.cash)
  return [
    ...invoicePaidJournals({ id, organisationId, cash: paid.cash, premium }),
    creditUsedJournal({ id, organisationId, credit: paid.credit }),
  ]
}

/** How much of `cash` is premium, by what is on the invoice; all of it where nothing is known. */
async function premiumOf(tx: Transaction, invoiceId: string, cash: bigint): Promise<bigint> {
  const [sums] = await tx
    .select({
      premium: sql<string>`coalesce(sum(${billingEvents.amount}) FILTER (WHERE ${billingEvents.kind} = 'premium'), 0)`,
      total: sql<string>`coalesce(sum(${billingEvents.amount}), 0)`,
    })
    .from(billingEvents)
    .where(eq(billingEvents.invoiceId, invoiceId))
  const total = BigInt(sums!.total)
  if (total <= 0n) return cash
  return maximum(0n, minimum(cash, divideHalfEven(cash * BigInt(sums!.premium), total)))
}
