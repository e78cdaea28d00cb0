import type { Account } from '../../schema/wire/money.ts'

export interface AccountDescription {
  /** Assets and expenses grow by debits, the others by credits. */
  readonly type: 'asset' | 'liability' | 'equity' | 'revenue' | 'expense'
  /** Whose parts it has: the `party` of its postings. */
  readonly parties: 'none' | 'organisation' | 'policy' | 'claim' | 'subscription'
  readonly title: string
}

/** The chart of accounts. Balances are debits less credits, micro-USD. */
export const CHART: Readonly<Record<Account, AccountDescription>> = {
  cash_operating: { type: 'asset', parties: 'none', title: 'Cash: operating' },
  cash_reserve: { type: 'asset', parties: 'none', title: 'Cash: reserve' },
  premium_receivable: { type: 'asset', parties: 'organisation', title: 'Receivable from customers' },
  reinsurance_recoverable: { type: 'asset', parties: 'claim', title: 'Recoverable from reinsurers' },
  claim_clawback: { type: 'asset', parties: 'organisation', title: 'Reversed payouts owed by customers' },
  unearned_premium: { type: 'liability', parties: 'policy', title: 'Unearned premium and subsidy' },
  case_reserve: { type: 'liability', parties: 'claim', title: 'Case reserves' },
  ibnr: { type: 'liability', parties: 'none', title: 'Incurred but not reported' },
  claims_payable: { type: 'liability', parties: 'claim', title: 'Claims payable' },
  customer_credit: { type: 'liability', parties: 'organisation', title: 'Credit of customers' },
  reinsurance_payable: { type: 'liability', parties: 'claim', title: 'Payable to reinsurers' },
  deferred_revenue: { type: 'liability', parties: 'subscription', title: 'Deferred revenue' },
  capital: { type: 'equity', parties: 'none', title: 'Capital' },
  earned_premium: { type: 'revenue', parties: 'none', title: 'Earned premium and subsidy' },
  certificate_revenue: { type: 'revenue', parties: 'none', title: 'Certificate fees' },
  badge_revenue: { type: 'revenue', parties: 'none', title: 'Badge programme' },
  claims_incurred: { type: 'expense', parties: 'none', title: 'Claims incurred' },
  reinsurers_share: { type: 'expense', parties: 'none', title: "Reinsurers' share of claims" },
  subsidy_budget: { type: 'expense', parties: 'none', title: 'Subsidy of the pilot' },
}
