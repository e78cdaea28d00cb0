import { sql } from 'drizzle-orm'
import { ACCOUNTS, type Account } from '../../schema/wire/money.ts'
import type { Transaction } from '../context.ts'

/** Running balances: what `post_journals` keeps, and `core/ledger/verify.ts` compares with the postings. For `asSystem`. */

/** Debits less credits, micro-USD. @param party whose part; of all when absent */
export async function accountBalance(tx: Transaction, account: Account, party?: string): Promise<bigint> {
  const [row] = await tx.execute<{ amount: string }>(sql`
    SELECT coalesce(sum(amount_micros), 0)::text AS amount FROM ledger_balances
    WHERE account = ${account} ${party === undefined ? sql`` : sql`AND party = ${party}`}`)
  return BigInt(row!.amount)
}

export interface AccountBalance {
  readonly account: Account
  /** Debits less credits, micro-USD. */
  readonly balance: bigint
}

/** Every account, in the order of the chart. */
export async function trialBalance(tx: Transaction): Promise<AccountBalance[]> {
  const rows = await tx.execute<{ account: string; amount: string }>(sql`
    SELECT account, sum(amount_micros)::text AS amount FROM ledger_balances GROUP BY account`)
  const amounts = new Map(rows.map(({ account, amount }) => [account, BigInt(amount)]))
  return ACCOUNTS.map((account) => ({ account, balance: amounts.get(account) ?? 0n }))
}

/** What the books say of the business, micro-USD, each positive in its natural sense. */
export interface BookFigures {
  /** Premium and subsidy. */
  readonly earnedPremium: bigint
  /** Settled less taken back, before reinsurance. */
  readonly paidClaims: bigint
  readonly caseReserves: bigint
  readonly ibnr: bigint
  /** The reinsurers' share of all claims. */
  readonly ceded: bigint
  /** What reinsurers owe, less what is owed to them. */
  readonly recoverable: bigint
  readonly reserveCash: bigint
  readonly operatingCash: bigint
  readonly claimsPayable: bigint
  readonly subsidyPosted: bigint
}

/** None that has a part for each policy or customer: these are read after each decision on a claim. */
const FIGURE_ACCOUNTS = [
  'earned_premium',
  'claims_incurred',
  'case_reserve',
  'ibnr',
  'claims_payable',
  'reinsurers_share',
  'reinsurance_recoverable',
  'reinsurance_payable',
  'cash_reserve',
  'cash_operating',
  'subsidy_budget',
] as const satisfies readonly Account[]

export async function bookFigures(tx: Transaction): Promise<BookFigures> {
  const rows = await tx.execute<{ account: string; amount: string }>(sql`
    SELECT account, sum(amount_micros)::text AS amount FROM ledger_balances
    WHERE account IN (${sql.join(
      FIGURE_ACCOUNTS.map((account) => sql`${account}`),
      sql`, `,
    )}) GROUP BY account`)
  const balances = new Map(rows.map(({ account, amount }) => [account, BigInt(amount)]))
  const of = (account: (typeof FIGURE_ACCOUNTS)[number]) => balances.get(account) ?? 0n
  return {
    earnedPremium: -of('earned_premium'),
    // What was incurred is paid, payable, or reserved; the last three are liabilities, so negative.
    paidClaims: of('claims_incurred') + of('case_reserve') + of('ibnr') + of('claims_payable'),
    caseReserves: -of('case_reserve'),
    ibnr: -of('ibnr'),
    ceded: -of('reinsurers_share'),
    recoverable: of('reinsurance_recoverable') + of('reinsurance_payable'),
    reserveCash: of('cash_reserve'),
    operatingCash: of('cash_operating'),
    claimsPayable: -of('claims_payable'),
    subsidyPosted: of('subsidy_budget'),
  }
}
