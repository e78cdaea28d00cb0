import { expect } from 'vitest'
import { isOnRisk, type Model } from './model.ts'
import type { World } from './world.ts'

/** One member of the state, as text by name: what the database has, and what the model says. */
type Table = Readonly<Record<string, string>>

const QUERIES: Readonly<Record<string, string>> = {
  balances: `SELECT account || '/' || party AS name, sum(amount_micros)::text AS value FROM ledger_balances
    GROUP BY account, party HAVING sum(amount_micros) <> 0`,
  journals: `SELECT 'posted' AS name, count(*)::text AS value FROM ledger_journals`,
  policies: `SELECT id AS name, concat_ws(' ', status, used_micros, reserved_micros, earned_premium_micros, earned_subsidy_micros,
    refunded_micros, claimed, activated_at IS NOT NULL, closed_at IS NOT NULL) AS value FROM insurance_policies`,
  claims: `SELECT id AS name, concat_ws(' ', policy_id, incident_id, status, requested_micros, reserved_micros, approved_micros,
    paid_micros, ceded_micros, automatic, array_to_string(review_reasons, '+')) AS value FROM insurance_claims`,
  payouts: `SELECT claim_id || '/' || sequence AS name, concat_ws(' ', amount_micros, state) AS value FROM payouts`,
  incidents: `SELECT id AS name, settlement AS value FROM incidents`,
  events: `SELECT id AS name, concat_ws(' ', organisation_id, kind, amount_micros, state, invoice_id) AS value FROM billing_events`,
  invoices: `SELECT id AS name, concat_ws(' ', organisation_id, total_micros, credit_micros, state) AS value FROM invoices`,
  exposure: `SELECT organisation_id AS name, on_risk_micros::text AS value FROM exposure_customers WHERE on_risk_micros <> 0`,
  days: `SELECT day::text AS name, bound_micros::text AS value FROM exposure_days WHERE bound_micros <> 0`,
  breaker: `SELECT 'network' AS name, concat_ws(' ', breaker, coalesce(cause, 'none'), coalesce(reopened_at_loss_ratio_bp::text, 'none'),
    subsidy_budget_micros, subsidy_used_micros) AS value FROM insurance_state`,
}

/** Every figure of the database is the model's, and every one of the model's is there. */
export async function expectAsModelled({ core, model }: World): Promise<void> {
  const names = Object.keys(QUERIES)
  const statements = Object.values(QUERIES).join(';')
  const results = (await core.db.owner.unsafe(statements)) as unknown as { name: string; value: string }[][]
  const found = Object.fromEntries(
    names.map((name, index) => [name, toTable(results[index]!.map((row) => [row.name, row.value]))]),
  )
  expect(found).toEqual(describeModel(model))
  expectNothingNegative(model)
}

function toTable(entries: readonly (readonly [string, string])[]): Table {
  return Object.fromEntries(entries)
}

function describeModel(model: Model): Record<string, Table> {
  const { breaker, policies, claims, events, invoices, incidents, boundOn } = model
  const onRisk = new Map<string, bigint>()
  for (const policy of [...policies.values()].filter(isOnRisk)) {
    onRisk.set(policy.organisation, (onRisk.get(policy.organisation) ?? 0n) + policy.coverage)
  }
  return {
    balances: model.books.balances(),
    journals: { posted: String(model.books.journals) },
    policies: toTable(
      [...policies.values()].map((policy) => {
        const { status, used, reserved, earnedPremium, earnedSubsidy, refunded, claimed } = policy
        const times = [policy.activatedAt !== null, policy.closedAt !== null].map(asBoolean)
        return [
          policy.id,
          words(status, used, reserved, earnedPremium, earnedSubsidy, refunded, asBoolean(claimed), ...times),
        ]
      }),
    ),
    claims: toTable(
      claims.map((claim) => {
        const { policy, incident, status, requested, reserved, approved, paid, automatic, reasons } = claim
        const ceded = approved > 50_000_000_000n ? approved - 50_000_000_000n : 0n
        const figures = [requested, reserved, approved, paid, ceded, asBoolean(automatic)]
        return [claim.id, words(policy.id, incident.id, status, ...figures, reasons.join('+'))]
      }),
    ),
    payouts: toTable(
      claims.flatMap((claim) =>
        claim.payouts.map(({ sequence, amount, paid }) => [
          `${claim.id}/${sequence}`,
          words(amount, paid ? 'paid' : 'pending'),
        ]),
      ),
    ),
    incidents: toTable(incidents.map(({ id, settlement }) => [id, settlement])),
    events: toTable(
      events.map(({ id, organisation, kind, amount, sent, invoice }) => [
        id,
        words(organisation, kind, amount, sent ? 'sent' : 'pending', ...(invoice === null ? [] : [invoice])),
      ]),
    ),
    invoices: toTable(
      invoices.map(({ id, organisation, total, credit, paid }) => [
        id,
        words(organisation, total, credit, paid ? 'paid' : 'open'),
      ]),
    ),
    exposure: toTable([...onRisk].map(([organisation, amount]) => [organisation, String(amount)])),
    days: toTable([...boundOn].map(([day, amount]) => [day, String(amount)])),
    breaker: {
      network: words(
        breaker.state,
        breaker.cause ?? 'none',
        breaker.acceptedRatio ?? 'none',
        breaker.budget,
        breaker.used,
      ),
    },
  }
}

function words(...values: readonly (string | bigint | number)[]): string {
  return values.join(' ')
}

function asBoolean(value: boolean): string {
  return value ? 't' : 'f'
}

/** Nobody owes less than nothing, and nobody has less than nothing to its credit. */
function expectNothingNegative({ books }: Model): void {
  const wrong = Object.entries(books.balances()).filter(([name, balance]) => {
    const [account] = name.split('/')
    const negative = BigInt(balance) < 0n
    return OWED.has(account!) ? negative : OWING.has(account!) && !negative
  })
  expect(wrong).toEqual([])
}

const OWED = new Set(['premium_receivable', 'reinsurance_recoverable', 'claim_clawback', 'subsidy_budget'])
const OWING = new Set([
  'customer_credit',
  'unearned_premium',
  'case_reserve',
  'claims_payable',
  'reinsurance_payable',
  'ibnr',
])
