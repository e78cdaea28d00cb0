import { DEFAULTS } from '../insurance/defaults.ts'
import { divideHalfEven, maximum, minimum } from '../money.ts'
import type { Journal, Posting } from './post.ts'

/**
 * Every event of the books, as a journal: pure, micro-USD. Debits are positive. The table of `docs/money.md`, line by line;
 * there is no other way to write into the books.
 */

interface OfPolicy {
  readonly id: string
  readonly organisationId: string
}

interface OfClaim {
  readonly id: string
  readonly organisationId: string
}

/** What the reinsurer bears of a claim that stands approved at `amount`. */
export function cededPart(amount: bigint): bigint {
  return maximum(0n, amount - DEFAULTS.reinsuranceThreshold)
}

export function capitalJournal(amount: bigint): Journal {
  return journal('capital', 'capital/initial', null, 'network', [
    debit('cash_reserve', amount),
    credit('capital', amount),
  ])
}

/** @param policy.premium charged to the customer @param policy.subsidy added by the pilot's budget */
export function bindJournals(policy: OfPolicy & { premium: bigint; subsidy: bigint }): Journal[] {
  const { id, organisationId, premium, subsidy } = policy
  return [
    journal('bind', `bind/${id}`, organisationId, id, [
      debit('premium_receivable', premium, organisationId),
      credit('unearned_premium', premium, id),
    ]),
    journal('subsidy', `subsidy/${id}`, organisationId, id, [
      debit('subsidy_budget', subsidy),
      credit('unearned_premium', subsidy, id),
    ]),
  ]
}

/** @param earned what is earned in all once this is posted, or `closed` for what closing settles: it names the journal */
export function earnJournal(policy: OfPolicy, amount: bigint, earned: bigint | 'closed'): Journal {
  return journal('earn', `earn/${policy.id}/${earned}`, policy.organisationId, policy.id, [
    debit('unearned_premium', amount, policy.id),
    credit('earned_premium', amount),
  ])
}

/** What a customer's part of the books stands at, as `lockCustomerBalances` gives it; none is negative. */
export interface CustomerBalances {
  /** What the customer owes. */
  readonly receivable: bigint
  /** What the customer has to its credit. */
  readonly credit: bigint
}

/**
 * The unearned premium goes back, to what the customer owes first; the unearned subsidy goes back to its budget, never to
 * the customer.
 */
export function cancelJournal(
  policy: OfPolicy,
  unearned: { readonly premium: bigint; readonly subsidy: bigint },
  balances: CustomerBalances,
): Journal {
  const owed = minimum(unearned.premium, balances.receivable)
  return journal('cancel', `cancel/${policy.id}`, policy.organisationId, policy.id, [
    debit('unearned_premium', unearned.premium + unearned.subsidy, policy.id),
    credit('premium_receivable', owed, policy.organisationId),
    credit('customer_credit', unearned.premium - owed, policy.organisationId),
    credit('subsidy_budget', unearned.subsidy),
  ])
}

/** A policy that never was: what it earned goes back too. */
export function voidJournal(
  policy: OfPolicy,
  unearned: { readonly premium: bigint; readonly subsidy: bigint },
  earned: { readonly premium: bigint; readonly subsidy: bigint },
  balances: CustomerBalances,
): Journal {
  const refund = unearned.premium + earned.premium
  const owed = minimum(refund, balances.receivable)
  return journal('void', `void/${policy.id}`, policy.organisationId, policy.id, [
    debit('unearned_premium', unearned.premium + unearned.subsidy, policy.id),
    debit('earned_premium', earned.premium + earned.subsidy),
    credit('premium_receivable', owed, policy.organisationId),
    credit('customer_credit', refund - owed, policy.organisationId),
    credit('subsidy_budget', unearned.subsidy + earned.subsidy),
  ])
}

/** Money that arrived. @param invoice.premium how much of `cash` is premium: half of it goes into the reserve */
export function invoicePaidJournals(invoice: {
  readonly id: string
  readonly organisationId: string
  readonly cash: bigint
  readonly premium: bigint
}): Journal[] {
  const { id, organisationId, cash, premium } = invoice
  const reserve = divideHalfEven(premium * DEFAULTS.reserveShareBp, 10_000n)
  return [
    journal('invoice_paid', `invoice_paid/${id}`, organisationId, id, [
      debit('cash_operating', cash),
      credit('premium_receivable', cash, organisationId),
    ]),
    journal('reserve', `reserve/${id}`, organisationId, id, [
      debit('cash_reserve', reserve),
      credit('cash_operating', reserve),
    ]),
  ]
}

export function creditUsedJournal(invoice: { id: string; organisationId: string; credit: bigint }): Journal {
  const { id, organisationId, credit: used } = invoice
  return journal('credit_used', `credit_used/${id}`, organisationId, id, [
    debit('customer_credit', used, organisationId),
    credit('premium_receivable', used, organisationId),
  ])
}

/** @param key the billing event's id */
export function certificateFeeJournal(key: string, organisationId: string, amount: bigint): Journal {
  return journal('certificate_fee', `certificate_fee/${key}`, organisationId, key, [
    debit('premium_receivable', amount, organisationId),
    credit('certificate_revenue', amount),
  ])
}

export function claimFiledJournal(claim: OfClaim, estimate: bigint): Journal {
  return journal('claim_filed', `claim_filed/${claim.id}`, claim.organisationId, claim.id, [
    debit('claims_incurred', estimate),
    credit('case_reserve', estimate, claim.id),
  ])
}

/**
 * The estimate becomes what is approved, and that becomes payable; the reinsurer bears what is above the threshold.
 *
 * @param sequence 1 for the first decision, 2 for what a dispute adds: of the payout that follows
 * @param change `estimate` that was reserved, `amount` approved now, `approvedBefore` what stood approved until now
 */
export function approveJournals(
  claim: OfClaim,
  sequence: number,
  change: { readonly estimate: bigint; readonly amount: bigint; readonly approvedBefore: bigint },
): Journal[] {
  const { estimate, amount, approvedBefore } = change
  const ceded = cededPart(approvedBefore + amount) - cededPart(approvedBefore)
  const of = (kind: string, postings: Posting[]) =>
    journal(kind, `${kind}/${claim.id}/${sequence}`, claim.organisationId, claim.id, postings)
  return [
    of('claim_adjusted', [
      debit('claims_incurred', amount - estimate),
      credit('case_reserve', amount - estimate, claim.id),
    ]),
    of('claim_approved', [
      debit('case_reserve', amount, claim.id),
      credit('claims_payable', amount, claim.id),
    ]),
    of('ceded', [debit('reinsurance_recoverable', ceded, claim.id), credit('reinsurers_share', ceded)]),
  ]
}

/** A claim that is denied or withdrawn: nothing was incurred. @param kind tells the two apart */
export function claimReleasedJournal(
  claim: OfClaim,
  kind: 'claim_denied' | 'claim_withdrawn',
  estimate: bigint,
): Journal {
  return journal(kind, `${kind}/${claim.id}`, claim.organisationId, claim.id, [
    debit('case_reserve', estimate, claim.id),
    credit('claims_incurred', estimate),
  ])
}

export function payoutJournal(payout: {
  readonly id: string
  readonly claimId: string
  readonly organisationId: string
  readonly amount: bigint
}): Journal {
  const { id, claimId, organisationId, amount } = payout
  return journal('payout', `payout/${id}`, organisationId, claimId, [
    debit('claims_payable', amount, claimId),
    credit('customer_credit', amount, organisationId),
  ])
}

/**
 * A paid claim is taken back, wholly or in part: from the customer's credit, and what that lacks is owed. The cession
 * goes back too: from what the reinsurer still owes, and what it has paid is owed to it.
 *
 * @param change `amount` taken back, `approvedBefore` what stood approved, `recoverable` what the reinsurer still owes for it
 */
export function reversalJournals(
  claim: OfClaim,
  change: { readonly amount: bigint; readonly approvedBefore: bigint; readonly recoverable: bigint },
  balances: CustomerBalances,
): Journal[] {
  const { amount, approvedBefore, recoverable } = change
  const fromCredit = minimum(amount, balances.credit)
  const ceded = cededPart(approvedBefore) - cededPart(approvedBefore - amount)
  const fromRecoverable = minimum(ceded, recoverable)
  return [
    journal('reversal', `reversal/${claim.id}`, claim.organisationId, claim.id, [
      debit('customer_credit', fromCredit, claim.organisationId),
      debit('claim_clawback', amount - fromCredit, claim.organisationId),
      credit('claims_incurred', amount),
    ]),
    journal('cession_reversal', `cession_reversal/${claim.id}`, claim.organisationId, claim.id, [
      debit('reinsurers_share', ceded),
      credit('reinsurance_recoverable', fromRecoverable, claim.id),
      credit('reinsurance_payable', ceded - fromRecoverable, claim.id),
    ]),
  ]
}

/** The reinsurer's money for a claim. @param key of the operator's record of it */
export function recoveryJournal(claim: OfClaim, key: string, amount: bigint): Journal {
  return journal('recovery', `recovery/${key}`, claim.organisationId, claim.id, [
    debit('cash_reserve', amount),
    credit('reinsurance_recoverable', amount, claim.id),
  ])
}

/** @param change of the reserve for what is incurred and not reported; it may be negative @param key `YYYY-MM` and a revision */
export function ibnrJournal(key: string, change: bigint): Journal {
  return journal('ibnr', `ibnr/${key}`, null, key, [debit('claims_incurred', change), credit('ibnr', change)])
}

export function badgeSoldJournal(subscription: string, organisationId: string, price: bigint): Journal {
  return journal('badge_sold', `badge_sold/${subscription}`, organisationId, subscription, [
    debit('premium_receivable', price, organisationId),
    credit('deferred_revenue', price, subscription),
  ])
}

/** @param earned what is earned in all once this is posted */
export function badgeEarnedJournal(
  subscription: string,
  organisationId: string,
  amount: bigint,
  earned: bigint,
): Journal {
  return journal('badge_earned', `badge_earned/${subscription}/${earned}`, organisationId, subscription, [
    debit('deferred_revenue', amount, subscription),
    credit('badge_revenue', amount),
  ])
}

function journal(
  kind: string,
  key: string,
  organisationId: string | null,
  subject: string,
  postings: readonly Posting[],
): Journal {
  return { key, kind, organisationId, subject, postings }
}

function debit(account: Posting['account'], amount: bigint, party = ''): Posting {
  return { account, party, amount }
}

function credit(account: Posting['account'], amount: bigint, party = ''): Posting {
  return { account, party, amount: -amount }
}
