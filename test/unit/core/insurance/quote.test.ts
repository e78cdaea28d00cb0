import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { putTier } from '../../../../core/insurance/custom-tiers.ts'
import { openBooks } from '../../../../core/insurance/open-books.ts'
import { quoteCover } from '../../../../core/insurance/quote.ts'
import { type QuoteRequest, quoteSchema } from '../../../../schema/wire/insurance.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'
import { BOUND_AT, DAY_MS, type InsuranceCore, startInsurance } from './insurance-support.ts'

let core: InsuranceCore
let owner: Actor
let operator: Actor

beforeAll(async () => {
  core = await startInsurance()
  owner = await core.organisation()
  operator = await core.operator()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const CENT = 10_000n
const request = (certificate: string, more: Partial<QuoteRequest> = {}): QuoteRequest => ({
  certificate_id: certificate,
  tier: 'basic',
  ...more,
})

/** The database, all that a quote could have changed. */
async function written() {
  const [row] = await core.db.owner`SELECT (SELECT count(*)::int FROM insurance_policies) AS policies,
    (SELECT count(*)::int FROM ledger_journals) AS journals, (SELECT count(*)::int FROM services) AS services,
    (SELECT sum(bound_micros)::text FROM exposure_days) AS bound,
    (SELECT subsidy_used_micros::text FROM insurance_state) AS subsidy`
  return row
}

describe('a quote', () => {
  test('says everything and writes nothing', async () => {
    const certificate = await core.certificate(owner, { score: 700 })
    const before = await written()
    const quote = await quoteCover(core.insuring(), owner, request(certificate, { coverage: 600_000 }))
    expect(quoteSchema.parse(quote)).toMatchObject({
      status: 'quoted',
      list_premium: 10,
      technical_premium: 6_000,
      premium: 10,
      subsidy: 5_990,
      coverage: 600_000,
      days: 30,
      eligible: false,
      reasons: [{ code: 'risk_score_too_high' }, { code: 'coverage_above_tier' }],
      accepting_tier: 'enterprise',
      binding: 'open',
      risk_level: 'CRITICAL',
    })
    expect(await written()).toEqual(before)
  })

  test('is what binding then does', async () => {
    const certificate = await core.certificate(owner, { score: 450 })
    const asked = { certificate_id: certificate, tier: 'pro', coverage: 123_456 }
    const quote = await quoteCover(core.insuring(), owner, asked)
    expect(quote.eligible).toBe(true)
    const policy = await core.bind(owner, asked)
    const shared = ['list_premium', 'technical_premium', 'premium', 'subsidy', 'coverage', 'pricing'] as const
    for (const member of shared) expect(policy[member]).toEqual(quote[member])
  })
})

test("a tier of an organisation's own is sold to it alone", async () => {
  const other = await core.organisation()
  const terms = {
    list_premium: 33,
    coverage: 1_000_000,
    days: 7,
    risk_score_below: 8.5,
    sla_cost_per_minute_cap: 5,
  }
  const target = { organisationId: owner.organisationId, name: 'startup' }
  await putTier(core.insuring(), operator, target, terms, UNCLAIMED)
  const certificate = await core.certificate(owner, { score: 849 })
  const policy = await core.bind(owner, { certificate_id: certificate, tier: 'startup' })
  expect(policy).toMatchObject({ premium: 33, coverage: 1_000_000, sla_cost_per_minute: 5 })
  expect(policy.ends_at).toBe(new Date(BOUND_AT.getTime() + 7 * DAY_MS).toISOString())
  const theirs = await core.certificate(other)
  expect(await refusalCode(core.bind(other, { certificate_id: theirs, tier: 'startup' }))).toBe(
    'invalid_input',
  )
  const above = { ...terms, coverage: 50_000_001 }
  expect(await refusalCode(putTier(core.insuring(), operator, target, above, UNCLAIMED))).toBe(
    'invalid_input',
  )
  const nobody = { organisationId: 'org_0000000000000000', name: 'startup' }
  expect(await refusalCode(putTier(core.insuring(), operator, nobody, terms, UNCLAIMED))).toBe(
    'organisation_not_found',
  )
})

test('the books are opened once, whatever the settings say later', async () => {
  const before = await core.balance('capital')
  await openBooks(core.insuring(BOUND_AT, { INITIAL_CAPITAL_CENTS: '1', SUBSIDY_BUDGET_CENTS: '1' }))
  expect(await core.balance('capital')).toBe(before)
  expect(before).toBe(-25_000_000n * CENT)
})
