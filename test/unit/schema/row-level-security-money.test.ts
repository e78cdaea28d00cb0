import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outside } from '../../../core/back-office/outside.ts'
import { embeddedRail } from '../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../core/billing/issue-invoices.ts'
import { payoutsTask } from '../../../core/billing/pay.ts'
import { usageTask } from '../../../core/billing/report-usage.ts'
import { addEvidence } from '../../../core/claims/add-evidence.ts'
import { approveClaim } from '../../../core/claims/review/decide.ts'
import type { Actor } from '../../../core/context.ts'
import { UNCLAIMED } from '../../../core/idempotency/claim.ts'
import { createIntegration } from '../../../core/incidents/create-integration.ts'
import { putTier } from '../../../core/insurance/custom-tiers.ts'
import { createEndpoint } from '../../../core/notifications/create-endpoint.ts'
import { minutes } from '../core/claims/claims-support.ts'
import { BECAUSE, type ReviewCore, startReview } from '../core/claims/review-support.ts'
import { START_LIMIT_MS } from '../core/support.ts'
import {
  type Allowed,
  asTenant,
  describeTenantTable,
  INSUFFICIENT_PRIVILEGE,
  MONEY_TENANT_TABLES,
  stateOf,
} from './tenants.ts'

/** PostgreSQL 18, appendix A: what the triggers of append-only tables say. */
const RESTRICT_VIOLATION = '23001'
const MONTH_LATER = minutes(40 * 24 * 60)

let core: ReviewCore
let one: string
let other: string
let app: postgres.Sql

beforeAll(async () => {
  core = await startReview()
  const owners = [await fill(), await fill()]
  one = owners[0]!.organisationId
  other = owners[1]!.organisationId
  app = core.db.connectAsApp()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

/** A customer with a row in every table. */
async function fill(): Promise<Actor> {
  const { owner: actor, claim } = await core.small()
  const ctx = core.reviewing()
  const endpoint = { url: 'https://receiver.example/hooks', events: ['*' as const], description: '' }
  await createEndpoint(ctx, actor, endpoint, { refuseUrl: () => null }, UNCLAIMED)
  await createIntegration(ctx, actor, { provider: 'deploy' }, UNCLAIMED)
  await addEvidence(ctx, actor, claim.id, { text: 'It was down.' }, UNCLAIMED)
  await approveClaim(ctx, core.first, claim.id, BECAUSE, UNCLAIMED)
  await putTier(ctx, core.first, { organisationId: actor.organisationId, name: 'own' }, OWN_TIER, UNCLAIMED)
  // One that nothing is claimed for, so that something may be.
  await core.incident(actor, { settlement: 'unattributed', nextSettlementAt: null })
  const outside = { rail: embeddedRail } as Outside
  for (const task of [payoutsTask, usageTask]) await task.run(ctx, outside)
  await issueInvoices(core.insuring(MONTH_LATER))
  await core.db.owner`
    INSERT INTO webhook_attempts SELECT id, 1, organisation_id, now(), 200, NULL, 5 FROM webhook_deliveries ON CONFLICT DO NOTHING`
  // And one that nobody was told of yet.
  await core.db
    .owner`INSERT INTO webhook_events SELECT ${`msg_${actor.organisationId}`}, organisation_id, type, body, created_at
    FROM webhook_events WHERE organisation_id = ${actor.organisationId} LIMIT 1`
  return actor
}

const OWN_TIER = {
  list_premium: 20,
  coverage: 100_000,
  days: 10,
  risk_score_below: null,
  sla_cost_per_minute_cap: 100,
}

/** What `coderisk_app` may do with each table. Money that moved, and what the network found, it only reads. */
const READ_ONLY: Allowed = { fresh: null }
const ALLOWED: Readonly<Record<(typeof MONEY_TENANT_TABLES)[number], () => Allowed>> = {
  insurance_policies: () => ({ fresh: { id: 'INS-2026-fresh' }, update: 'updated_at = now()' }),
  exposure_customers: () => ({ fresh: null, update: 'on_risk_micros = on_risk_micros' }),
  insurance_tiers: () => READ_ONLY,
  services: () => ({ fresh: { name: 'fresh' }, update: 'updated_at = now()', delete: true }),
  integrations: () => ({ fresh: { id: 'int_fresh' }, update: "name = 'fresh'" }),
  deployments: () => READ_ONLY,
  incidents: () => READ_ONLY,
  insurance_claims: () => ({
    fresh: { id: 'CLM-2026-fresh', incident_id: unclaimed },
    update: 'updated_at = now()',
  }),
  claim_events: () => ({ fresh: {} }),
  claim_evidence: () => ({ fresh: {} }),
  billing_accounts: () => READ_ONLY,
  billing_events: () => ({ fresh: { id: 'fresh' } }),
  payouts: () => READ_ONLY,
  invoices: () => READ_ONLY,
  webhook_endpoints: () => ({ fresh: { id: 'whe_fresh' }, update: 'updated_at = now()', delete: true }),
  webhook_events: () => ({ fresh: { id: 'msg_fresh' } }),
  webhook_deliveries: () => ({
    fresh: { id: 'dlv_fresh', event_id: `msg_${one}` },
    update: 'next_attempt_at = now()',
  }),
  webhook_attempts: () => READ_ONLY,
}

let unclaimed: string
beforeAll(async () => {
  const [row] = await core.db
    .owner`SELECT id FROM incidents WHERE organisation_id = ${one} AND settlement = 'unattributed'`
  unclaimed = row!.id
})

const tenants = () => ({ owner: core.db.owner, app, one, other })
for (const table of MONEY_TENANT_TABLES) describeTenantTable(table, tenants, () => ALLOWED[table]())

const asSystem = (statement: string) =>
  asTenant(app, null, async (sql) => {
    await sql`SET LOCAL ROLE coderisk_system`
    return sql.unsafe(statement)
  })

describe("the network's own tables", () => {
  const OWN = [
    'ledger_journals',
    'ledger_postings',
    'ledger_balances',
    'exposure_days',
    'breaker_events',
    'inbound_deliveries',
    'rail_transactions',
    'reconciliations',
    'actuarial_reviews',
  ]
  test.each(OWN)('%s is nothing that a tenant may read or write', async (table) => {
    for (const tenant of [null, one]) {
      for (const statement of [`SELECT * FROM ${table}`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
        expect(await stateOf(asTenant(app, tenant, (sql) => sql.unsafe(statement)))).toBe(
          INSUFFICIENT_PRIVILEGE,
        )
      }
    }
    expect(await stateOf(asSystem(`SELECT * FROM ${table}`))).toBe('done')
  })

  test.each([
    "UPDATE insurance_state SET breaker = 'open'",
    'UPDATE insurance_state SET subsidy_used_micros = 0',
    'INSERT INTO pricing_tables DEFAULT VALUES',
    'UPDATE pricing_tables SET parameters = parameters',
    'UPDATE insurance_policies SET premium_micros = 1',
    'UPDATE insurance_policies SET coverage_micros = 1',
    'UPDATE insurance_policies SET activated_at = now()',
    'UPDATE insurance_policies SET ends_at = now()',
    'UPDATE insurance_claims SET approved_micros = 1',
    'UPDATE insurance_claims SET paid_micros = 1',
    'UPDATE insurance_claims SET requested_micros = 1',
    'UPDATE insurance_claims SET proposal = NULL',
    'UPDATE billing_events SET amount_micros = 1',
    'SELECT * FROM insurance_state, ledger_balances',
  ])('no tenant can %s', async (statement) => {
    const attempt = asTenant(app, one, (sql) => sql.unsafe(statement))
    expect(await stateOf(attempt)).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test.each([
    'UPDATE ledger_journals SET key = key',
    'DELETE FROM ledger_journals',
    'UPDATE ledger_postings SET amount_micros = amount_micros',
    'DELETE FROM ledger_postings',
    'TRUNCATE ledger_postings',
    'DELETE FROM ledger_balances',
    'UPDATE claim_events SET reason = reason',
    'DELETE FROM claim_events',
    'DELETE FROM claim_evidence',
    'UPDATE breaker_events SET reason = reason',
    'DELETE FROM breaker_events',
    'DELETE FROM insurance_policies',
    'DELETE FROM insurance_claims',
    'DELETE FROM payouts',
    'DELETE FROM invoices',
    'DELETE FROM billing_events',
    'DELETE FROM rail_transactions',
    'UPDATE pricing_tables SET parameters = parameters',
    'DELETE FROM incidents',
    'DELETE FROM deployments',
    'UPDATE reconciliations SET findings = findings',
    // Learning from claims works as the organisation.
    'SELECT * FROM change_outcomes',
    'UPDATE calibrations SET parameters = parameters',
  ])('not even the system can %s', async (statement) => {
    expect(await stateOf(asSystem(statement))).toBe(INSUFFICIENT_PRIVILEGE)
  })

  test.each([
    'UPDATE ledger_journals SET key = key',
    'DELETE FROM ledger_journals',
    'UPDATE ledger_postings SET amount_micros = amount_micros',
    'DELETE FROM ledger_postings',
    'UPDATE claim_events SET reason = reason',
    'DELETE FROM claim_events',
    'UPDATE breaker_events SET reason = reason',
    'DELETE FROM breaker_events',
    'TRUNCATE ledger_journals CASCADE',
    'TRUNCATE ledger_postings',
    'TRUNCATE claim_events',
  ])('the owner of the database cannot %s', async (statement) => {
    expect(await stateOf(core.db.owner.unsafe(statement))).toBe(RESTRICT_VIOLATION)
  })
})

describe('the functions of the books', () => {
  const journal = (amounts: readonly number[]) =>
    JSON.stringify([
      {
        key: `test/${amounts.join('/')}`,
        kind: 'test',
        organisation_id: null,
        subject: 'network',
        posted_at: '2026-11-21T00:00:00.000Z',
        postings: amounts.map((amount) => ({ account: 'cash_operating', party: '', amount: String(amount) })),
      },
    ])

  test.each([[[1]], [[1, -2]], [[1, 1, -3]], [[]]])('take no journal of %j', async (amounts) => {
    const attempt = asTenant(app, one, (sql) => sql.unsafe(`SELECT post_journals('${journal(amounts)}')`))
    expect(await stateOf(attempt)).toBe('23514')
  })

  test('take one that sums to zero', async () => {
    const attempt = asTenant(app, one, (sql) => sql.unsafe(`SELECT post_journals('${journal([1, 1, -2])}')`))
    expect(await stateOf(attempt)).toBe('done')
  })

  test('give no capacity beyond the caps, whoever asks', async () => {
    const [row] = await asTenant(
      app,
      one,
      (sql) => sql`SELECT reserve_capacity(${one}, '2026-11-21', 10, 5, 100, 0, true) AS outcome`,
    )
    expect(row!.outcome).toBe('customer_cap_reached')
  })
})
