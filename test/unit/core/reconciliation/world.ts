import type postgres from 'postgres'
import type { Context } from '../../../../core/context.ts'
import * as journals from '../../../../core/ledger/journals.ts'
import { type Journal, postJournals } from '../../../../core/ledger/post.ts'
import { fromCents } from '../../../../core/money.ts'

export const usd = (dollars: number) => fromCents(dollars * 100)
export const NOW = new Date('2026-11-21T02:48:23.000Z')
export const BOUND = new Date('2026-11-10T10:00:00.000Z')
const HOUR_MS = 3_600_000

export interface Names {
  readonly a: string
  readonly b: string
}

const TABLES = [
  'inbound_deliveries',
  ...['ledger_journals', 'ledger_postings', 'ledger_balances', 'reconciliations', 'insurance_policies'],
  ...['insurance_claims', 'payouts', 'billing_accounts', 'billing_events', 'invoices', 'rail_transactions'],
  ...['exposure_customers', 'exposure_days', 'insurance_state'],
]

/** As the owner, with neither triggers nor foreign keys in the way: how a hand would break things. */
export function tamper(
  owner: postgres.Sql,
  work: (sql: postgres.TransactionSql) => Promise<unknown>,
): Promise<unknown> {
  return owner.begin(async (sql) => {
    await sql`SET LOCAL session_replication_role = replica`
    await work(sql)
  })
}

export async function emptyWorld(owner: postgres.Sql): Promise<void> {
  await tamper(owner, async (sql) => {
    for (const table of TABLES) await sql`DELETE FROM ${sql(table)}`
  })
}

/**
 * Two customers with policies, claims, payouts and billing in every state that lasts, in which everything agrees: rows by SQL,
 * books by the templates.
 */
export async function buildWorld(ctx: Context, owner: postgres.Sql, names: Names): Promise<void> {
  await emptyWorld(owner)
  await tamper(owner, async (sql) => {
    await insertPolicies(sql, names)
    await insertClaims(sql, names)
    await insertMoney(sql, names)
  })
  await ctx.database.asSystem((tx) => postJournals(tx, books(names), BOUND))
}

const POLICIES = [
  {
    id: 'INS-claimed',
    status: 'active',
    premium: usd(1),
    subsidy: usd(59),
    coverage: usd(100_000),
    earned: [usd(0.25), usd(10)],
  },
  {
    id: 'INS-bound',
    status: 'bound',
    premium: usd(0.1),
    subsidy: usd(2),
    coverage: usd(5_000),
    earned: [0n, 0n],
  },
  {
    id: 'INS-expired',
    status: 'expired',
    premium: usd(0.1),
    subsidy: usd(2),
    coverage: usd(5_000),
    earned: [usd(0.1), usd(2)],
  },
  {
    id: 'INS-cancelled',
    status: 'cancelled',
    premium: usd(0.5),
    subsidy: usd(8),
    coverage: usd(25_000),
    earned: [usd(0.2), usd(3)],
  },
] as const

async function insertPolicies(sql: postgres.TransactionSql, { a }: Names): Promise<void> {
  const used: Readonly<Record<string, readonly [bigint, bigint]>> = { 'INS-claimed': [usd(60_730), usd(500)] }
  for (const { id, status, premium, subsidy, coverage, earned } of POLICIES) {
    const [approved, reserved] = used[id] ?? [0n, 0n]
    const closed = status === 'active' || status === 'bound' ? null : NOW
    await sql`
      INSERT INTO insurance_policies (id, organisation_id, user_id, certificate_id, commit_sha, commit_bound, service, tier,
        risk_score_hundredths, risk_level, list_premium_micros, technical_premium_micros, premium_micros, subsidy_micros,
        coverage_micros, used_micros, reserved_micros, sla_cost_per_minute_micros, pricing, status, bound_at, ends_at,
        closed_at, refunded_micros, earned_premium_micros, earned_subsidy_micros, updated_at)
      VALUES (${id}, ${a}, 'usr', 'CERT', 'abc', true, 'shop', 'enterprise', 200, 'LOW', ${String(premium)},
        ${String(premium + subsidy)}, ${String(premium)}, ${String(subsidy)}, ${String(coverage)}, ${String(approved)},
        ${String(reserved)}, 1000000, '{}', ${status}, ${BOUND}, ${NOW}, ${closed},
        ${status === 'cancelled' ? String(usd(0.3)) : '0'}, ${String(earned[0])}, ${String(earned[1])}, ${NOW})`
  }
  await sql`INSERT INTO exposure_customers VALUES (${a}, ${String(usd(105_000))})`
  await sql`INSERT INTO exposure_days VALUES ('2026-11-10', ${String(usd(135_000))})`
  await sql`
    INSERT INTO insurance_state (id, breaker, breaker_changed_at, subsidy_budget_micros, subsidy_used_micros)
    VALUES ('network', 'open', ${BOUND}, ${String(usd(50_000))}, ${String(usd(66))})`
}

/** Approved, paid and ceded are what stands; `taken` was taken back. */
const CLAIMS = [
  {
    id: 'CLM-ceded',
    status: 'paid',
    reserved: 0n,
    approved: usd(60_000),
    paid: usd(60_000),
    ceded: usd(10_000),
  },
  { id: 'CLM-open', status: 'in_review', reserved: usd(500), approved: 0n, paid: 0n, ceded: 0n },
  { id: 'CLM-denied', status: 'denied', reserved: 0n, approved: 0n, paid: 0n, ceded: 0n },
  { id: 'CLM-pending', status: 'payout_pending', reserved: 0n, approved: usd(30), paid: 0n, ceded: 0n },
  { id: 'CLM-adjusted', status: 'closed', reserved: 0n, approved: usd(700), paid: usd(700), ceded: 0n },
] as const

async function insertClaims(sql: postgres.TransactionSql, { a }: Names): Promise<void> {
  for (const { id, status, reserved, approved, paid, ceded } of CLAIMS) {
    await sql`
      INSERT INTO insurance_claims (id, organisation_id, policy_id, incident_id, status, downtime_ms, cost_micros,
        requested_micros, reserved_micros, approved_micros, paid_micros, ceded_micros, confidence_bp, attribution, filed_at, updated_at)
      VALUES (${id}, ${a}, 'INS-claimed', ${`INC-${id}`}, ${status}, 60000, 1, 1, ${String(reserved)}, ${String(approved)},
        ${String(paid)}, ${String(ceded)}, 9000, '{}', ${NOW}, ${NOW})`
  }
  const payout = (id: string, claim: string, amount: bigint, paid: boolean) => sql`
    INSERT INTO payouts (id, claim_id, organisation_id, sequence, amount_micros, state, rail, reference, next_attempt_at, created_at, paid_at)
    VALUES (${id}, ${claim}, ${a}, 1, ${String(amount)}, ${paid ? 'paid' : 'pending'}, ${paid ? 'ledger' : null},
      ${paid ? id : null}, ${NOW}, ${new Date(NOW.getTime() - HOUR_MS)}, ${paid ? NOW : null})`
  await payout('pay_ceded', 'CLM-ceded', usd(60_000), true)
  await payout('pay_pending', 'CLM-pending', usd(30), false)
  await payout('pay_adjusted', 'CLM-adjusted', usd(800), true)
}

async function insertMoney(sql: postgres.TransactionSql, { a, b }: Names): Promise<void> {
  for (const id of [a, b]) {
    await sql`INSERT INTO billing_accounts VALUES (${id}, 'ledger', ${`ledger_${id}`}, ${BOUND})`
    await sql`INSERT INTO rail_transactions VALUES (${`ledger_${id}`}, 'customer', ${`ledger_${id}`}, 0, ${BOUND})`
  }
  const event = (id: string, kind: string, amount: bigint, state: string, at: Date) => sql`
    INSERT INTO billing_events (id, organisation_id, kind, amount_micros, occurred_at, state, rail, next_attempt_at)
    VALUES (${id}, ${a}, ${kind}, ${String(amount)}, ${at}, ${state}, ${state === 'sent' ? 'ledger' : null}, ${NOW})`
  await event('INS-claimed', 'premium', usd(1), 'sent', BOUND)
  await event('INS-bound', 'premium', usd(0.1), 'pending', new Date(NOW.getTime() - HOUR_MS))
  await event('refund_credit/INS-cancelled', 'credit', usd(0.3), 'sent', BOUND)
  await event('reversal/CLM-adjusted', 'debit', usd(100), 'sent', BOUND)
  await sql`
    INSERT INTO invoices (id, organisation_id, rail, reference, period, total_micros, credit_micros, state, created_at, paid_at)
    VALUES ('inv_1', ${a}, 'ledger', 'ref', '2026-10', ${String(usd(1))}, ${String(usd(1))}, 'paid', ${BOUND}, ${BOUND})`
  const change = (key: string, kind: string, cents: number) => sql`
    INSERT INTO rail_transactions VALUES (${key}, ${kind}, ${`ledger_${a}`}, ${cents}, ${BOUND})`
  await change('INS-claimed', 'usage', 100)
  await change('pay_ceded', 'credit', 6_000_000)
  await change('pay_adjusted', 'credit', 80_000)
  await change('refund_credit/INS-cancelled', 'credit', 30)
  await change('reversal/CLM-adjusted', 'debit', 10_000)
  await change('inv_1', 'debit', 100)
}

function books({ a, b }: Names): Journal[] {
  const claim = (id: string) => ({ id, organisationId: a })
  const policy = (id: string) => ({ id, organisationId: a })
  const approved = (id: string, amount: bigint) => [
    journals.claimFiledJournal(claim(id), amount),
    ...journals.approveJournals(claim(id), 1, { estimate: amount, amount, approvedBefore: 0n }),
  ]
  const paid = (id: string, name: string, amount: bigint) =>
    journals.payoutJournal({ id, claimId: name, organisationId: a, amount })
  return [
    journals.capitalJournal(usd(250_000)),
    ...POLICIES.flatMap(({ id, premium, subsidy, earned }) => [
      ...journals.bindJournals({ ...policy(id), premium, subsidy }),
      journals.earnJournal(policy(id), earned[0] + earned[1], earned[0] + earned[1]),
    ]),
    // What is owed was paid before, so the refund is credit.
    journals.cancelJournal(
      policy('INS-cancelled'),
      { premium: usd(0.3), subsidy: usd(5) },
      { receivable: 0n, credit: 0n },
    ),
    ...approved('CLM-ceded', usd(60_000)),
    paid('pay_ceded', 'CLM-ceded', usd(60_000)),
    journals.claimFiledJournal(claim('CLM-open'), usd(500)),
    journals.claimFiledJournal(claim('CLM-denied'), usd(40)),
    journals.claimReleasedJournal(claim('CLM-denied'), 'claim_denied', usd(40)),
    ...approved('CLM-pending', usd(30)),
    ...approved('CLM-adjusted', usd(800)),
    paid('pay_adjusted', 'CLM-adjusted', usd(800)),
    ...journals.reversalJournals(
      claim('CLM-adjusted'),
      { amount: usd(100), approvedBefore: usd(800), recoverable: 0n },
      { receivable: 0n, credit: usd(60_800) },
    ),
    journals.creditUsedJournal({ id: 'inv_1', organisationId: a, credit: usd(1) }),
    journals.certificateFeeJournal('certificates/b', b, usd(3)),
  ]
}
