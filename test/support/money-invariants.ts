import type postgres from 'postgres'
import { expect } from 'vitest'

/**
 * What is true of the books and of what they are about after every command, each as a query for what breaks it. Amounts are
 * micro-USD; in the ledger debits are positive.
 */
const BREACHES: Readonly<Record<string, string>> = {
  'every journal sums to zero': `
    SELECT journal_id, sum(amount_micros) FROM ledger_postings GROUP BY 1 HAVING sum(amount_micros) <> 0`,
  'every journal has postings': `
    SELECT id FROM ledger_journals j WHERE NOT EXISTS (SELECT FROM ledger_postings WHERE journal_id = j.id)`,
  'the books sum to zero': `
    SELECT sum(amount_micros) FROM ledger_balances HAVING coalesce(sum(amount_micros), 0) <> 0`,
  'running balances are the sum of the postings': `
    SELECT account, party, b.amount, p.amount AS posted
    FROM (SELECT account, party, sum(amount_micros) AS amount FROM ledger_balances GROUP BY 1, 2) b
    FULL JOIN (SELECT account, party, sum(amount_micros) AS amount FROM ledger_postings GROUP BY 1, 2) p
      USING (account, party)
    WHERE coalesce(b.amount, 0) <> coalesce(p.amount, 0)`,
  'a case reserve is what its claim has reserved': `
    SELECT id, reserved_micros, balance FROM insurance_claims
    FULL JOIN (${balances('case_reserve')}) l ON party = id
    WHERE coalesce(-balance, 0) <> coalesce(reserved_micros, 0)`,
  'what is payable is approved and not paid': `
    SELECT id, approved_micros, paid_micros, balance FROM insurance_claims
    FULL JOIN (${balances('claims_payable')}) l ON party = id
    WHERE coalesce(-balance, 0) <> coalesce(approved_micros - paid_micros, 0)`,
  'what is payable is on its way': `
    SELECT c.id, approved_micros, paid_micros FROM insurance_claims c
    WHERE approved_micros - paid_micros <>
      (SELECT coalesce(sum(amount_micros), 0) FROM payouts WHERE claim_id = c.id AND state = 'pending')`,
  'what is paid is what arrived, less what was taken back': `
    SELECT c.id, paid_micros FROM insurance_claims c
    WHERE paid_micros > (SELECT coalesce(sum(amount_micros), 0) FROM payouts WHERE claim_id = c.id AND state = 'paid')
      OR (reversed_at IS NULL AND paid_micros <>
        (SELECT coalesce(sum(amount_micros), 0) FROM payouts WHERE claim_id = c.id AND state = 'paid'))`,
  'nothing is reserved or approved in the wrong state': `
    SELECT id, status, reserved_micros, approved_micros FROM insurance_claims
    WHERE (reserved_micros > 0) <> (status IN ('filed', 'in_review'))
      OR (approved_micros > 0 AND status IN ('filed', 'in_review', 'withdrawn', 'denied'))
      OR (status = 'payout_pending' AND approved_micros <= paid_micros)`,
  'a policy has used what its claims stand approved at, and reserved what they have reserved': `
    SELECT p.id, used_micros, p.reserved_micros, c.approved, c.reserved FROM insurance_policies p
    LEFT JOIN (SELECT policy_id, sum(approved_micros) AS approved, sum(reserved_micros) AS reserved
      FROM insurance_claims GROUP BY 1) c ON c.policy_id = p.id
    WHERE used_micros <> coalesce(c.approved, 0) OR p.reserved_micros <> coalesce(c.reserved, 0)`,
  'a policy gives no more than its coverage': `
    SELECT id FROM insurance_policies
    WHERE used_micros < 0 OR reserved_micros < 0 OR used_micros + reserved_micros > coverage_micros`,
  'nobody is paid for one incident more than it cost': `
    SELECT incident_id, sum(approved_micros + reserved_micros), max(cost_micros) FROM insurance_claims
    WHERE decision_reason IS NULL GROUP BY 1
    HAVING sum(approved_micros + reserved_micros) > max(cost_micros)`,
  'the exposure of a customer is its coverage on risk': `
    SELECT organisation_id, on_risk_micros, coverage FROM exposure_customers
    FULL JOIN (SELECT organisation_id, sum(coverage_micros) AS coverage FROM insurance_policies
      WHERE status IN ('bound', 'active') GROUP BY 1) p USING (organisation_id)
    WHERE coalesce(on_risk_micros, 0) <> coalesce(coverage, 0)`,
  'the exposure of a day is the coverage bound in it': `
    SELECT day, bound_micros, coverage FROM exposure_days
    FULL JOIN (SELECT (bound_at AT TIME ZONE 'UTC')::date AS day, sum(coverage_micros) AS coverage
      FROM insurance_policies GROUP BY 1) p USING (day)
    WHERE coalesce(bound_micros, 0) <> coalesce(coverage, 0)`,
  'what is unearned is written, not earned and not given back; nothing of a policy that is over': `
    SELECT id, status, balance FROM insurance_policies
    FULL JOIN (${balances('unearned_premium')}) l ON party = id
    WHERE coalesce(-balance, 0) <> coalesce(CASE WHEN status IN ('bound', 'active')
      THEN premium_micros + subsidy_micros - earned_premium_micros - earned_subsidy_micros ELSE 0 END, 0)`,
  "the reinsurers' share is what claims cede": `
    SELECT ceded, balance FROM (SELECT coalesce(sum(ceded_micros), 0) AS ceded FROM insurance_claims) c,
      (SELECT coalesce(sum(amount_micros), 0) AS balance FROM ledger_balances WHERE account = 'reinsurers_share') l
    WHERE ceded <> -balance`,
  'reinsurers owe nothing negative, and are owed nothing negative': `
    SELECT account, party, sum(amount_micros) FROM ledger_balances
    WHERE account IN ('reinsurance_recoverable', 'reinsurance_payable') GROUP BY 1, 2
    HAVING sum(amount_micros) < 0 AND account = 'reinsurance_recoverable'
      OR sum(amount_micros) > 0 AND account = 'reinsurance_payable'`,
  'customers have no negative credit': `
    SELECT party, sum(amount_micros) FROM ledger_balances WHERE account = 'customer_credit'
    GROUP BY 1 HAVING sum(amount_micros) > 0`,
  'the subsidy that is used is the subsidy in the books': `
    SELECT subsidy_used_micros, balance FROM insurance_state,
      (SELECT coalesce(sum(amount_micros), 0) AS balance FROM ledger_balances WHERE account = 'subsidy_budget') l
    WHERE subsidy_used_micros <> balance`,
  'a claim is reversed once at most': `
    SELECT subject, count(*) FROM ledger_journals WHERE kind = 'reversal' GROUP BY 1 HAVING count(*) > 1`,
}

/** Fails with every rule that is broken, and the rows that break it. @param sql as the owner of all tables */
export async function expectBooksHold(sql: postgres.Sql): Promise<void> {
  expect(await sql.begin('ISOLATION LEVEL REPEATABLE READ', findBreaches)).toEqual([])
}

/** Every rule that is broken, with the rows that break it. */
export async function findBreaches(snapshot: postgres.TransactionSql) {
  const found = await Promise.all(
    Object.entries(BREACHES).map(async ([rule, query]) => ({
      rule,
      rows: [...(await snapshot.unsafe(query))],
    })),
  )
  return found.filter(({ rows }) => rows.length > 0)
}

function balances(account: string): string {
  return `SELECT party, sum(amount_micros) AS balance FROM ledger_balances WHERE account = '${account}' GROUP BY 1`
}
