import type postgres from 'postgres'
import { type Names, NOW } from './world.ts'

type Break = (sql: postgres.TransactionSql, names: Names) => Promise<unknown>

/** What a hand breaks, and what is reported, whole: the names `A` and `B` stand for the two customers. */
export const BREAKS: [string, Break, string[]][] = [
  [
    "a customer's counter too high",
    (sql) => sql`UPDATE exposure_customers SET on_risk_micros = on_risk_micros + 1`,
    ['customer_exposure_differs A'],
  ],
  [
    "a customer's counter lost",
    (sql) => sql`DELETE FROM exposure_customers`,
    ['customer_exposure_differs A'],
  ],
  [
    'a counter of a customer without policies',
    (sql, { b }) => sql`INSERT INTO exposure_customers VALUES (${b}, 7)`,
    ['customer_exposure_differs B'],
  ],
  [
    "a day's counter too low",
    (sql) => sql`UPDATE exposure_days SET bound_micros = bound_micros - 1`,
    ['day_exposure_differs 2026-11-10'],
  ],
  [
    'a policy bound on another day than it was counted on: midnight is UTC',
    (sql) =>
      sql`UPDATE insurance_policies SET bound_at = '2026-11-10T23:59:59.999-01:00' WHERE id = 'INS-bound'`,
    ['day_exposure_differs 2026-11-10', 'day_exposure_differs 2026-11-11'],
  ],
  [
    'the subsidy counter',
    (sql) => sql`UPDATE insurance_state SET subsidy_used_micros = subsidy_used_micros - 1`,
    ['subsidy_used_differs network'],
  ],
  [
    'the balance of an account without parts',
    (sql) => sql`UPDATE ledger_balances SET amount_micros = amount_micros + 1 WHERE account = 'capital'`,
    ['balance_differs capital'],
  ],
  [
    'balances of two customers that cancel out',
    (sql, { a, b }) => sql`
      UPDATE ledger_balances SET amount_micros = amount_micros + CASE WHEN party = ${a} THEN 1 ELSE -1 END
      WHERE account = 'premium_receivable' AND party IN (${a}, ${b})`,
    ['balance_differs premium_receivable/A', 'balance_differs premium_receivable/B'],
  ],
  [
    'a balance that is lost',
    (sql) => sql`DELETE FROM ledger_balances WHERE account = 'case_reserve' AND party = 'CLM-open'`,
    ['balance_differs case_reserve', 'case_reserve_differs CLM-open'],
  ],
  [
    'a posting that does not balance',
    async (sql) => {
      await sql`INSERT INTO ledger_journals (key, kind, subject, digest, posted_at) VALUES ('bad', 'bad', 'bad', '', ${NOW})`
      await sql`INSERT INTO ledger_postings SELECT max(id), 1, 'capital', '', 5 FROM ledger_journals`
      await sql`
        UPDATE ledger_balances SET amount_micros = amount_micros + 5
        WHERE (account, party, shard) IN (SELECT account, party, shard FROM ledger_balances WHERE account = 'capital' LIMIT 1)`
    },
    ['journal_unbalanced bad'],
  ],
  [
    'a journal without postings',
    (sql) =>
      sql`INSERT INTO ledger_journals (key, kind, subject, digest, posted_at) VALUES ('bare', 'x', 'x', '', ${NOW})`,
    ['journal_unbalanced bare'],
  ],
  [
    'an amount in a posting',
    (sql) =>
      sql`UPDATE ledger_postings SET amount_micros = amount_micros + 1 WHERE account = 'ibnr' OR account = 'capital'`,
    ['balance_differs capital', 'journal_unbalanced capital/initial'],
  ],
  [
    'what a policy has earned',
    (sql) => sql`UPDATE insurance_policies SET earned_premium_micros = 1 WHERE id = 'INS-bound'`,
    ['unearned_differs INS-bound'],
  ],
  [
    'a policy that is closed with something unearned',
    (sql) => sql`UPDATE insurance_policies SET status = 'expired', closed_at = ${NOW} WHERE id = 'INS-bound'`,
    ['customer_exposure_differs A', 'unearned_differs INS-bound'],
  ],
  [
    'what a policy has reserved',
    (sql) => sql`UPDATE insurance_policies SET reserved_micros = 1 WHERE id = 'INS-bound'`,
    ['policy_reserved_differs INS-bound'],
  ],
  [
    'what a policy has used',
    (sql) => sql`UPDATE insurance_policies SET used_micros = used_micros - 1 WHERE id = 'INS-claimed'`,
    ['policy_used_differs INS-claimed'],
  ],
  [
    'the estimate of a claim',
    (sql) => sql`UPDATE insurance_claims SET reserved_micros = 0 WHERE id = 'CLM-open'`,
    ['policy_reserved_differs INS-claimed', 'case_reserve_differs CLM-open'],
  ],
  [
    'what is approved of a claim',
    (sql) =>
      sql`UPDATE insurance_claims SET approved_micros = approved_micros + 10000 WHERE id = 'CLM-pending'`,
    ['policy_used_differs INS-claimed', 'claims_payable_differs CLM-pending', 'payout_missing CLM-pending'],
  ],
  [
    'what is paid of a claim',
    (sql) => sql`UPDATE insurance_claims SET paid_micros = 0 WHERE id = 'CLM-adjusted'`,
    ['claims_payable_differs CLM-adjusted', 'claim_paid_differs CLM-adjusted'],
  ],
  [
    "the reinsurer's share of a claim",
    (sql) => sql`UPDATE insurance_claims SET ceded_micros = 0 WHERE id = 'CLM-ceded'`,
    ['ceded_differs CLM-ceded'],
  ],
  [
    'an orphaned payout, of a claim that was denied',
    (sql, { a }) => sql`
      INSERT INTO payouts (id, claim_id, organisation_id, sequence, amount_micros, state, next_attempt_at, created_at)
      VALUES ('pay_orphan', 'CLM-denied', ${a}, 1, 10000, 'pending', ${NOW}, ${NOW})`,
    ['payout_orphaned pay_orphan'],
  ],
  [
    'an orphaned payout, beside the right one, that was made',
    async (sql, { a }) => {
      await sql`
        INSERT INTO payouts (id, claim_id, organisation_id, sequence, amount_micros, state, rail, next_attempt_at, created_at)
        VALUES ('pay_twice', 'CLM-ceded', ${a}, 2, 10000, 'paid', 'ledger', ${NOW}, ${NOW})`
      await sql`INSERT INTO rail_transactions VALUES ('pay_twice', 'credit', ${`ledger_${a}`}, 1, ${NOW})`
    },
    ['payout_orphaned pay_twice', 'claim_paid_differs CLM-ceded', 'payout_without_journal pay_twice'],
  ],
  [
    'a claim with money due and no payout',
    (sql) => sql`DELETE FROM payouts WHERE id = 'pay_pending'`,
    ['payout_missing CLM-pending'],
  ],
  [
    'a paid payout without its journal',
    (sql) => sql`UPDATE ledger_journals SET key = 'payout/other' WHERE key = 'payout/pay_ceded'`,
    ['payout_without_journal pay_ceded'],
  ],
  [
    'a payout that waits for more than a day',
    (sql) => sql`UPDATE payouts SET created_at = created_at - interval '1 day' WHERE state = 'pending'`,
    ['payout_overdue pay_pending'],
  ],
  [
    'a bill that the rail refused for good',
    (sql) => sql`UPDATE billing_events SET state = 'failed' WHERE id = 'INS-bound'`,
    ['billing_event_failed INS-bound'],
  ],
  [
    'a bill that waits for more than a day',
    (sql) =>
      sql`UPDATE billing_events SET first_attempt_at = ${NOW}::timestamptz - interval '25 hours' WHERE id = 'INS-bound'`,
    ['billing_event_overdue INS-bound'],
  ],
  [
    'a webhook that nobody could work on',
    (sql) => sql`INSERT INTO inbound_deliveries
      (id, integration_id, provider, key, body, received_at, state, attempts, next_attempt_at, outcome)
      OVERRIDING SYSTEM VALUE VALUES (4711, 'int_a', 'sentry', 'k', '', ${NOW}, 'failed', 31, ${NOW}, 'given_up')`,
    ['webhook_given_up 4711'],
  ],
  [
    'a credit that nothing explains',
    (sql, { a }) =>
      sql`INSERT INTO rail_transactions VALUES ('pay_unknown', 'credit', ${`ledger_${a}`}, 5, ${NOW})`,
    ['rail_change_unexplained pay_unknown'],
  ],
  [
    'a credit of another amount than its payout',
    (sql) => sql`UPDATE rail_transactions SET amount_cents = amount_cents + 1 WHERE key = 'pay_ceded'`,
    ['rail_change_unexplained pay_ceded'],
  ],
  [
    'a credit to another customer than its payout',
    (sql, { b }) => sql`UPDATE rail_transactions SET customer = ${`ledger_${b}`} WHERE key = 'pay_ceded'`,
    ['rail_change_unexplained pay_ceded'],
  ],
  [
    'a debit of another amount than its invoice',
    (sql) => sql`UPDATE rail_transactions SET amount_cents = 99 WHERE key = 'inv_1'`,
    ['rail_change_unexplained inv_1'],
  ],
  [
    'a credit that was made long ago, of a payout that is still pending',
    (sql, { a }) =>
      sql`INSERT INTO rail_transactions VALUES ('pay_pending', 'credit', ${`ledger_${a}`}, 3000, ${NOW}::timestamptz - interval '25 hours')`,
    ['rail_change_unexplained pay_pending'],
  ],
  [
    'a payout without its credit',
    (sql) => sql`DELETE FROM rail_transactions WHERE key = 'pay_ceded'`,
    ['payout_without_credit pay_ceded'],
  ],
  [
    'a debit that was sent and is not there',
    (sql) => sql`DELETE FROM rail_transactions WHERE key = 'reversal/CLM-adjusted'`,
    ['rail_change_missing reversal/CLM-adjusted'],
  ],
]
