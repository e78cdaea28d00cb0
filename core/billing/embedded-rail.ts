import { eq } from 'drizzle-orm'
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
    await record(ctx, { key, kind: 'usage', customer, amountCents: BigInt(cents), at: ctx.now })
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
  const same =
    stored.kind === given.kind &&
    stored.customer === given.customer &&
    stored.amountCents === given.amountCents
  if (!same) throw new RailRefused('key_reused')
}
