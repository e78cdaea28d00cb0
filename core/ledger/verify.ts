import { sql } from 'drizzle-orm'
import { ACCOUNTS, type Account } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'

/** What is older than this is committed, since a call to the database takes seconds at most; and it never changes. */
const SETTLED_MS = 10 * 60_000
/** Of one statement: some 300,000 postings. */
const PAGE_JOURNALS = 100_000n

/** An account whose running balance is not the sum of its postings; micro-USD. */
export interface BalanceDifference {
  readonly account: Account
  readonly balance: bigint
  readonly postings: bigint
}

export interface Verification {
  /** How many were summed up. */
  readonly postings: bigint
  readonly differences: readonly BalanceDifference[]
}

/**
 * Compares the running balance of every account with the sum of all its postings. What is settled is summed up page by page;
 * the rest and the balances are read in one snapshot, so that nothing that is posted meanwhile comes between them.
 */
export async function verifyBalances(ctx: Context): Promise<Verification> {
  const sums = new Map<Account, bigint>(ACCOUNTS.map((account) => [account, 0n]))
  let postings = 0n
  const add = (part: readonly AccountSum[]) => {
    for (const { account, amount, count } of part) {
      sums.set(account, sums.get(account)! + BigInt(amount))
      postings += BigInt(count)
    }
  }
  const settled = await lastSettledJournal(ctx)
  for (let after = 0n; after < settled; after += PAGE_JOURNALS) {
    const upTo = after + PAGE_JOURNALS < settled ? after + PAGE_JOURNALS : settled
    add(await ctx.database.asSystem((tx) => sumPostings(tx, after, upTo)))
  }
  const { balances, rest } = await ctx.database.asSystem((tx) => readRest(tx, settled))
  add(rest)
  const differences = ACCOUNTS.map((account) => ({
    account,
    balance: balances.get(account) ?? 0n,
    postings: sums.get(account)!,
  })).filter((compared) => compared.balance !== compared.postings)
  return { postings, differences }
}

type AccountSum = Record<'amount' | 'count', string> & { readonly account: Account }

/** Ids come in the order of time but for what is under way. 0 when there is none. */
export async function lastSettledJournal(ctx: Context): Promise<bigint> {
  const before = new Date(ctx.now.getTime() - SETTLED_MS).toISOString()
  const [row] = await ctx.database.asSystem((tx) =>
    tx.execute<{ id: string }>(sql`
      SELECT id::text FROM ledger_journals WHERE posted_at < ${before}::timestamptz
      ORDER BY posted_at DESC, id DESC LIMIT 1`),
  )
  return BigInt(row?.id ?? 0)
}

function sumPostings(tx: Transaction, after: bigint, upTo: bigint): Promise<AccountSum[]> {
  return tx.execute<AccountSum>(sql`
    SELECT account, sum(amount_micros)::text AS amount, count(*)::text AS count FROM ledger_postings
    WHERE journal_id > ${after}::bigint AND journal_id <= ${upTo}::bigint GROUP BY account`)
}

/** One statement, so one snapshot. */
async function readRest(tx: Transaction, after: bigint) {
  const rows = await tx.execute<AccountSum & { source: 'balance' | 'posting' }>(sql`
    SELECT 'balance' AS source, account, sum(amount_micros)::text AS amount, '0' AS count
    FROM ledger_balances GROUP BY account
    UNION ALL
    SELECT 'posting', account, sum(amount_micros)::text, count(*)::text
    FROM ledger_postings WHERE journal_id > ${after}::bigint GROUP BY account`)
  const balances = new Map(
    rows.filter(({ source }) => source === 'balance').map((row) => [row.account, BigInt(row.amount)]),
  )
  return { balances, rest: rows.filter(({ source }) => source === 'posting') }
}
