import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { invoices, ledgerBalances } from '../../schema/tables/index.ts'
import type { BillingDocument, InvoiceList } from '../../schema/wire/billing.ts'
import { CURRENCY, type PaymentRailName } from '../../schema/wire/money.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import { maximum, toCents } from '../money.ts'
import { decodePosition, encodePosition } from '../paging.ts'
import { describeInvoice } from './describe-invoice.ts'

/**
 * The organisation's own invoices, newest first. A test key sees none.
 *
 * @throws {Refusal} `invalid_cursor`
 */
export async function listInvoices(
  ctx: Context,
  actor: Actor,
  page: { limit: number; cursor?: string | undefined },
): Promise<InvoiceList> {
  const before = page.cursor === undefined ? undefined : decodePosition(page.cursor)
  if (!actor.livemode) return { data: [], next_cursor: null }
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select()
      .from(invoices)
      .where(
        and(
          eq(invoices.organisationId, actor.organisationId),
          before === undefined ? undefined : lt(invoices.position, before),
        ),
      )
      .orderBy(desc(invoices.position))
      .limit(page.limit + 1),
  )
  const shown = rows.slice(0, page.limit)
  const more = rows.length > page.limit
  return {
    data: shown.map(describeInvoice),
    next_cursor: more ? encodePosition(shown.at(-1)!.position) : null,
  }
}

/** What the organisation owes and has to its credit, by the books. A test key sees nothing of it. */
export async function readBilling(
  ctx: Context,
  actor: Actor,
  rail: PaymentRailName,
): Promise<BillingDocument> {
  const { owed, credit } = actor.livemode
    ? await ctx.database.asSystem((tx) => balancesOf(tx, actor.organisationId))
    : { owed: 0n, credit: 0n }
  return {
    rail,
    owed: toCents(maximum(0n, owed)),
    credit: toCents(maximum(0n, credit)),
    currency: CURRENCY,
  }
}

async function balancesOf(tx: Transaction, organisationId: string) {
  const rows = await tx
    .select({ account: ledgerBalances.account, amount: sql<string>`sum(${ledgerBalances.amount})` })
    .from(ledgerBalances)
    .where(
      and(
        inArray(ledgerBalances.account, ['premium_receivable', 'customer_credit']),
        eq(ledgerBalances.party, organisationId),
      ),
    )
    .groupBy(ledgerBalances.account)
  const of = (account: string) => BigInt(rows.find((row) => row.account === account)?.amount ?? 0)
  return { owed: of('premium_receivable'), credit: -of('customer_credit') }
}
