import { and, eq, sql } from 'drizzle-orm'
import { billingAccounts, billingEvents, invoices, railTransactions } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'
import { lockCustomerBalances } from '../ledger/customer-balances.ts'
import { creditUsedJournal } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'
import { MICROS_PER_CENT, minimum } from '../money.ts'
import { embeddedRail } from './embedded-rail.ts'

/** Customers that are looked up at once. */
const BATCH_SIZE = 500

/**
 * Bills what the embedded rail was told of the months that are over, one invoice per customer and month. The customer's credit
 * pays first; what it pays wholly is paid at once. What reaches the rail after its month was billed is on the next bill, and so
 * is what comes to nothing or less.
 *
 * @returns how many were issued
 */
export async function issueInvoices(ctx: Context): Promise<number> {
  let issued = 0
  let after = ''
  for (;;) {
    const page = await ctx.database.asSystem((tx) => customersToBill(ctx, tx, after))
    for (const organisationId of page) {
      if (await issueOne(ctx, organisationId)) issued++
    }
    const last = page.at(-1)
    if (last === undefined) return issued
    after = last
  }
}

async function customersToBill(ctx: Context, tx: Transaction, after: string): Promise<string[]> {
  const rows = await tx
    .select({ id: billingEvents.organisationId })
    .from(billingEvents)
    .where(and(toBill(ctx), sql`${billingEvents.organisationId} > ${after}`))
    .groupBy(billingEvents.organisationId)
    .orderBy(billingEvents.organisationId)
    .limit(BATCH_SIZE)
  return rows.map(({ id }) => id)
}

function toBill(ctx: Context) {
  return sql`${billingEvents.state} = 'sent' AND ${billingEvents.invoiceId} IS NULL
    AND ${billingEvents.kind} IN ('premium', 'certificates') AND ${billingEvents.rail} = ${embeddedRail.name}
    AND ${billingEvents.occurredAt} < ${monthOf(ctx.now).toISOString()}::timestamptz`
}

/** Midnight (UTC) of the first day of its month. */
function monthOf(time: Date): Date {
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth()))
}

/** `YYYY-MM` of the month before. */
function lastPeriod(now: Date): string {
  return new Date(monthOf(now).getTime() - 1).toISOString().slice(0, 7)
}

async function issueOne(ctx: Context, organisationId: string): Promise<boolean> {
  try {
    return await ctx.database.asSystem((tx) => issue(ctx, tx, organisationId))
  } catch (error) {
    if (error instanceof NothingToBill) return false
    throw error
  }
}

/** Thrown to leave the events for the next bill. */
class NothingToBill extends Error {}

async function issue(ctx: Context, tx: Transaction, organisationId: string): Promise<boolean> {
  const customer = await lockCustomer(tx, organisationId)
  const period = lastPeriod(ctx.now)
  const reference = `${organisationId}/${period}`
  if (customer === undefined || (await isIssued(tx, reference))) return false
  const id = `inv_${randomIdentifier(ctx.random)}`
  const total = await takeEvents(ctx, tx, organisationId, id)
  if (total <= 0n) throw new NothingToBill()
  const balances = await lockCustomerBalances(tx, organisationId)
  const credit = minimum(total, balances.credit - (balances.credit % MICROS_PER_CENT))
  const paid = credit === total
  await tx.insert(invoices).values({
    id,
    organisationId,
    rail: embeddedRail.name,
    reference,
    period,
    total,
    credit,
    state: paid ? 'paid' : 'open',
    createdAt: ctx.now,
    paidAt: paid ? ctx.now : null,
  })
  if (credit > 0n) {
    const amountCents = credit / MICROS_PER_CENT
    await tx.insert(railTransactions).values({ key: id, kind: 'debit', customer, amountCents, at: ctx.now })
    await postJournals(tx, [creditUsedJournal({ id, organisationId, credit })], ctx.now)
  }
  return true
}

/** One bill at a time for each customer. */
async function lockCustomer(tx: Transaction, organisationId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ customer: billingAccounts.customer })
    .from(billingAccounts)
    .where(
      and(eq(billingAccounts.organisationId, organisationId), eq(billingAccounts.rail, embeddedRail.name)),
    )
    .for('update')
  return row?.customer
}

async function isIssued(tx: Transaction, reference: string): Promise<boolean> {
  const rows = await tx
    .select({ id: invoices.id })
    .from(invoices)
    .where(and(eq(invoices.rail, embeddedRail.name), eq(invoices.reference, reference)))
  return rows.length > 0
}

/** Puts what is to be billed on the invoice. @returns what it comes to */
async function takeEvents(
  ctx: Context,
  tx: Transaction,
  organisationId: string,
  invoiceId: string,
): Promise<bigint> {
  const [sum] = await tx.execute<{ total: string }>(sql`
    WITH taken AS (
      UPDATE billing_events SET invoice_id = ${invoiceId}
      WHERE ${billingEvents.organisationId} = ${organisationId} AND ${toBill(ctx)}
      RETURNING amount_micros
    )
    SELECT coalesce(sum(amount_micros), 0)::text AS total FROM taken`)
  return BigInt(sum!.total)
}
