import type { TrialBalanceDocument } from '../../schema/wire/ledger.ts'
import type { Context } from '../context.ts'
import { maximum, toCents } from '../money.ts'
import { CHART } from './accounts.ts'
import { type AccountBalance, trialBalance } from './balances.ts'
import { inColumns } from './list.ts'
import { verifyBalances } from './verify.ts'

/**
 * Every account with its balance, from the running balances. Cents are rounded once, totals from the exact amounts.
 *
 * @param verify whether all postings are summed up as well, and compared
 */
export async function readTrialBalance(ctx: Context, verify: boolean): Promise<TrialBalanceDocument> {
  const balances = await ctx.database.asSystem(trialBalance)
  return {
    as_of: ctx.now.toISOString(),
    currency: 'usd',
    accounts: balances.map(describe),
    ...totals(balances),
    ...(verify ? { verification: await describeVerification(ctx) } : {}),
  }
}

function describe({ account, balance }: AccountBalance): TrialBalanceDocument['accounts'][number] {
  const { type, title } = CHART[account]
  return { account, title, type, ...inColumns(balance), micros: String(balance) }
}

function totals(balances: readonly AccountBalance[]) {
  const debits = balances.reduce((sum, { balance }) => sum + maximum(0n, balance), 0n)
  const credits = balances.reduce((sum, { balance }) => sum + maximum(0n, -balance), 0n)
  return {
    totals: {
      debit: toCents(debits),
      credit: toCents(credits),
      debit_micros: String(debits),
      credit_micros: String(credits),
    },
    balanced: debits === credits,
  }
}

async function describeVerification(ctx: Context) {
  const { postings, differences } = await verifyBalances(ctx)
  return {
    postings: Number(postings),
    matches: differences.length === 0,
    differences: differences.map(({ account, balance, postings: sum }) => ({
      account,
      balance_micros: String(balance),
      postings_micros: String(sum),
    })),
  }
}
