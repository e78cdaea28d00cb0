import { eq, inArray } from 'drizzle-orm'
import { railTransactions } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { type BalanceChange, type PaymentRail, RailRefused } from './rail.ts'

type RailTransaction = typeof railTransactions.$inferInsert

/**
 * The rail that keeps everything in the database: the default where there is no payment provider. Money is a number here;
 * operators collect and record what invoices say.
 */
export const embeddedRail: PaymentRail = {
  name: 'ledger',
  async ensureCustomer(ctx, { id }) {
    const customer = `ledger_${id}`
    await record(ctx, { key: customer, kind: 'customer', customer, amountCents: 0n, at: ctx.now })
    return customer
  },
  async reportUsage(ctx, { key, customer, cents }) {
    await record(ctx, usageOf(ctx, key, customer, cents))
  },
  async credit(ctx, change) {
    await record(ctx, transactionOf(ctx, change))
    return change.key
  },
  async findCredit(ctx, change) {
    const found = await ctx.database.asSystem((tx) => find(tx, change.key))
    if (found === undefined) return null
    assertSame(found, transactionOf(ctx, change))
    return change.key
  },
  async portalLink() {
    return null
  },
}

/**
 * Records usage of many customers in one go, each key once.
 *
 * @returns false, and nothing is recorded, when a key was used for anything else
 */
export async function recordUsage(
  ctx: Context,
  usage: readonly { readonly key: string; readonly customer: string; readonly cents: number }[],
): Promise<boolean> {
  if (usage.length === 0) return true
  const given = usage.map(({ key, customer, cents }) => usageOf(ctx, key, customer, cents))
  const keys = given.map(({ key }) => key)
  return ctx.database.asSystem(async (tx) => {
    const earlier = await tx.select().from(railTransactions).where(inArray(railTransactions.key, keys))
    const byKey = new Map(earlier.map((row) => [row.key, row]))
    if (given.some((one) => byKey.has(one.key) && !isSame(byKey.get(one.key)!, one))) return false
    await tx.insert(railTransactions).values(given).onConflictDoNothing()
    return true
  })
}

function usageOf(ctx: Context, key: string, customer: string, cents: number): RailTransaction {
  return { key, kind: 'usage', customer, amountCents: BigInt(cents), at: ctx.now }
}

function transactionOf(ctx: Context, { key, customer, cents }: BalanceChange): RailTransaction {
  const size = BigInt(Math.abs(cents))
  return { key, kind: cents < 0 ? 'debit' : 'credit', customer, amountCents: size, at: ctx.now }
}

/** Once for each key. @throws {RailRefused} `key_reused` when it was used for anything else */
async function record(ctx: Context, transaction: RailTransaction): Promise<void> {
  await ctx.database.asSystem(async (tx) => {
    await tx.insert(railTransactions).values(transaction).onConflictDoNothing()
    assertSame((await find(tx, transaction.key))!, transaction)
  })
}

async function find(tx: Transaction, key: string) {
  const [row] = await tx.select().from(railTransactions).where(eq(railTransactions.key, key))
  return row
}

function assertSame(stored: RailTransaction, given: RailTransaction): void {
  if (!isSame(stored, given)) throw new RailRefused('key_reused')
}

function isSame(stored: RailTransaction, given: RailTransaction): boolean {
  return (
    stored.kind === given.kind &&
    stored.customer === given.customer &&
    stored.amountCents === given.amountCents
  )
}
