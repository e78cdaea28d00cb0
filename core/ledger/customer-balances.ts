import { sql } from 'drizzle-orm'
import type { Transaction } from '../context.ts'
import { maximum } from '../money.ts'
import type { CustomerBalances } from './journals.ts'

/**
 * What a customer owes and has to its credit, held still until the transaction ends: for journals that depend on it. To be
 * called right before {@link postJournals}.
 */
export async function lockCustomerBalances(
  tx: Transaction,
  organisationId: string,
): Promise<CustomerBalances> {
  const rows = await tx.execute<{ account: string; amount: string }>(
    sql`SELECT account, amount::text FROM lock_customer_balances(${organisationId})`,
  )
  const of = (account: string) => BigInt(rows.find((row) => row.account === account)?.amount ?? 0)
  return { receivable: maximum(0n, of('premium_receivable')), credit: maximum(0n, -of('customer_credit')) }
}
