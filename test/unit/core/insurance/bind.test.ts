import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor } from '../../../../core/context.ts'
import { type ClaimRecord, once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { bindPolicy } from '../../../../core/insurance/bind.ts'
import { putTier } from '../../../../core/insurance/custom-tiers.ts'
import { openBooks } from '../../../../core/insurance/open-books.ts'
import { quoteCover } from '../../../../core/insurance/quote.ts'
import type { Refusal } from '../../../../core/refusal.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { type InsureRequest, quoteSchema } from '../../../../schema/wire/insurance.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'
import {
  assertInsuranceWhole,
  BOUND_AT,
  COMMIT,
  DAY_MS,
  type InsuranceCore,
  startInsurance,
} from './insurance-support.ts'

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
const request = (certificate: string, more: Partial<InsureRequest> = {}): InsureRequest => ({
  certificate_id: certificate,
  tier: 'basic',
  service: 'checkout',
  sla_cost_per_minute_cents: 10_000,
  ...more,
})

/** Everything that a purchase writes, counted. */
async function written() {
  const [row] = await core.db.owner`SELECT
    (SELECT count(*)::int FROM insurance_policies) AS policies,
    (SELECT count(*)::int FROM billing_events) AS billing,
    (SELECT count(*)::int FROM ledger_journals) AS journals,
    (SELECT count(*)::int FROM log_entries WHERE convert_from(entry, 'UTF8') LIKE '%policy.bound%') AS entries,
    (SELECT sum(on_risk_micros)::text FROM exposure_customers) AS on_risk,
    (SELECT sum(bound_micros)::text FROM exposure_days) AS bound,
    (SELECT subsidy_used_micros::text FROM insurance_state) AS subsidy`
  return row
}

describe('a purchase', () => {
  test('is a policy with its premium, its subsidy and its exposure, all at once', async () => {
    const certificate = await core.certificate(owner, { score: 349 })
    const before = await core.balance('subsidy_budget')
    const policy = await core.bind(owner, { certificate_id: certificate })
    expect(policy).toMatchObject({
      status: 'bound',
      certificate_id: certificate,
      commit_sha: COMMIT,
      commit_bound: false,
      repository: null,
      service: 'checkout',
      tier: 'basic',
      risk_score: 3.49,
      risk_level: 'LOW',
      list_premium: 10,
      technical_premium: 6_000,
      premium: 10,
      subsidy: 5_990,
      pricing_mode: 'pilot',
      pricing: { table_version: 0, frequency: 0.02, severity: 200_000, reinsurance: 0, load: 1.5 },
      coverage: 500_000,
      coverage_remaining: 500_000,
      sla_cost_per_minute: 10_000,
      sla_cost_per_minute_declared: 10_000,
      bound_at: BOUND_AT.toISOString(),
      ends_at: new Date(BOUND_AT.getTime() + 30 * DAY_MS).toISOString(),
      carrier: null,
    })
    expect(policy.id).toMatch(/^INS-2026-/)
    expect(policy.notice).toContain('not licensed insurance')
    expect(await core.balance('unearned_premium', policy.id)).toBe(-6_000n * CENT)
    expect((await core.balance('subsidy_budget')) - before).toBe(5_990n * CENT)
    const [service] = await core.db.owner`SELECT name FROM services
      WHERE organisation_id = ${owner.organisationId}`
    expect(service).toEqual({ name: 'checkout' })
    const [event] = await core.db.owner`SELECT kind, amount_micros::text AS amount, state
      FROM billing_events WHERE id = ${policy.id}`
    expect(event).toEqual({ kind: 'premium', amount: '100000', state: 'pending' })
  })

  test('is announced and logged, the log without the id', async () => {
    const { organisationId } = owner
    await core.db.owner`INSERT INTO webhook_endpoints
      (id, organisation_id, url, description, events, state, sealed_secret, created_at, updated_at)
      VALUES ('whe_0000000000000000', ${organisationId}, 'https://hooks.example', '', '{*}', 'enabled', '', now(), now())`.catch(
      (error: Error) => expect.fail(error.message),
    )
    const policy = await core.bind(owner, { certificate_id: await core.certificate(owner) })
    const [told] = await core.db
      .owner`SELECT body FROM webhook_events WHERE organisation_id = ${organisationId}`
    expect(JSON.parse(told!.body)).toMatchObject({ type: 'policy.bound', data: { id: policy.id } })
    const [entry] = await core.db
      .owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries ORDER BY id DESC LIMIT 1`
    expect(JSON.parse(entry!.text)).toMatchObject({ type: 'policy.bound', time: BOUND_AT.toISOString() })
    expect(entry!.text).not.toContain(policy.id)
    await core.db.owner`DELETE FROM webhook_deliveries`
    await core.db.owner`DELETE FROM webhook_events`
    await core.db.owner`DELETE FROM webhook_endpoints`
  })

  test.each([
    ['of the commit', COMMIT, true],
    ['of it in capitals', COMMIT.toUpperCase(), true],
    ['of another commit', 'b'.repeat(40), false],
  ])('is bound to its commit by CI evidence %s', async (_, sha, bound) => {
    const ci = { repository: 'Example/Shop', commit_sha: sha }
    const policy = await core.bind(owner, { certificate_id: await core.certificate(owner, { ci }) })
    expect([policy.commit_bound, policy.repository]).toEqual([bound, bound ? 'example/shop' : null])
  })

  test('with less coverage costs the list premium, and less subsidy', async () => {
    const certificate = await core.certificate(owner)
    const policy = await core.bind(owner, { certificate_id: certificate, coverage: 50_000 })
    expect(policy).toMatchObject({ coverage: 50_000, premium: 10, technical_premium: 1_500, subsidy: 1_490 })
  })

  test('counts a minute of downtime up to the cap of the tier', async () => {
    const certificate = await core.certificate(owner)
    const policy = await core.bind(owner, { certificate_id: certificate, sla_cost_per_minute_cents: 50_001 })
    expect(policy).toMatchObject({ sla_cost_per_minute: 50_000, sla_cost_per_minute_declared: 50_001 })
  })

  test('in technical mode charges the technical premium and needs no subsidy', async () => {
    const certificate = await core.certificate(owner)
    const ctx = core.insuring(BOUND_AT, { PRICING_MODE: 'technical', CARRIER_NAME: 'Example Mutual' })
    const policy = await core.bind(owner, { certificate_id: certificate }, ctx)
    expect(policy).toMatchObject({ premium: 6_000, subsidy: 0, carrier: 'Example Mutual' })
    expect(await core.balance('unearned_premium', policy.id)).toBe(-6_000n * CENT)
  })

  test('can be made again on the same commit', async () => {
    const certificate = await core.certificate(owner)
    const [first, second] = [
      await core.bind(owner, { certificate_id: certificate }),
      await core.bind(owner, { certificate_id: certificate }),
    ]
    expect(first.id).not.toBe(second.id)
  })

  test('many times at once with one idempotency key is made once', async () => {
    const certificate = await core.certificate(owner)
    const before = (await written())!.policies
    const asked = { route: 'POST /v1/trust/insure', key: 'one-purchase', rawBody: utf8('{}') }
    const run = () =>
      once(core.insuring(), owner, asked, (claim) =>
        bindPolicy(core.insuring(), owner, request(certificate), claim),
      )
    const results = await Promise.allSettled(Array.from({ length: 10 }, run))
    const bodies = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.body] : []))
    const codes = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(new Set(bodies).size).toBe(1)
    expect(codes.filter((code) => code !== 'request_in_progress')).toEqual([])
    expect((await run()).body).toBe(bodies[0])
    expect((await written())!.policies).toBe(before + 1)
  })

  test('none of it is left when the answer cannot be recorded', async () => {
    const certificate = await core.certificate(owner)
    const before = await written()
    const row = {
      route: null,
      key: 'x',
      requestSha256: utf8(''),
      responseStatus: 201,
      responseBody: utf8(''),
    }
    const claim = { ...UNCLAIMED, record: () => ({ row, lock: 'x' }) as unknown as ClaimRecord }
    await expect(bindPolicy(core.insuring(), owner, request(certificate), claim)).rejects.toThrow(
      'null value in column "route"',
    )
    expect(await written()).toEqual(before)
  })
})

describe('refused', () => {
  async function refusal(actor: Actor, asked: InsureRequest, now = BOUND_AT): Promise<Refusal> {
    const before = await written()
    const error = await bindPolicy(core.insuring(now), actor, asked, UNCLAIMED).then(
      () => expect.fail('it was bound'),
      (thrown: Refusal) => thrown,
    )
    expect(error.name).toBe('Refusal')
    expect(await written()).toEqual(before)
    return error
  }

  test('for a score above the tier, naming the tier that would take it', async () => {
    const certificate = await core.certificate(owner, { score: 512 })
    expect(await refusal(owner, request(certificate))).toMatchObject({
      code: 'not_insurable',
      details: {
        reasons: ['risk_score_too_high'],
        errors: [{ path: 'tier', message: 'takes scores below 5.00; this one is 5.12' }],
        accepting_tier: 'pro',
      },
    })
  })

  test('with every reason at once', async () => {
    const certificate = await core.certificate(owner, { score: 1000, commit: null })
    await revokeCertificate(core.ctx(), owner, certificate, { reason: 'superseded' }, UNCLAIMED)
    const later = new Date(BOUND_AT.getTime() + 365 * DAY_MS)
    const { details } = await refusal(owner, request(certificate, { coverage: 500_001 }), later)
    expect(details.reasons).toEqual([
      'certificate_revoked',
      'certificate_expired',
      'commit_sha_missing',
      'risk_score_too_high',
      'coverage_above_tier',
    ])
    expect(details.errors).toHaveLength(5)
    expect(details.accepting_tier).toBeUndefined()
  })

  test('for what is not a live certificate of its own', async () => {
    const stranger = await core.organisation()
    const tester = await core.withKey(owner, ['insurance:write', 'certificates:write'], false)
    const foreign = await core.certificate(stranger)
    const unreal = await core.certificate(tester)
    for (const id of [foreign, unreal, 'CERT-2026-0000000000000000']) {
      expect((await refusal(owner, request(id))).code).toBe('certificate_not_found')
    }
    expect((await refusal(tester, request(unreal))).code).toBe('live_key_required')
    expect(await refusalCode(quoteCover(core.insuring(), tester, request(unreal)))).toBe(
      'certificate_not_found',
    )
    expect(await refusalCode(quoteCover(core.insuring(), owner, request(foreign)))).toBe(
      'certificate_not_found',
    )
  })

  test('for a tier that there is not', async () => {
    const certificate = await core.certificate(owner)
    expect(await refusal(owner, request(certificate, { tier: 'platinum' }))).toMatchObject({
      code: 'invalid_input',
      details: { errors: [{ path: 'tier', message: 'must be one of basic, pro, enterprise' }] },
    })
  })

  test('when the certificate is revoked between reading and writing', async () => {
    const certificate = await core.certificate(owner)
    const ctx = core.insuring()
    const racing = {
      ...ctx,
      database: {
        ...ctx.database,
        direct: async (statement: Parameters<typeof ctx.database.direct>[0]) => {
          if (statement.text.includes('bind_policy')) {
            await revokeCertificate(core.ctx(), owner, certificate, { reason: 'superseded' }, UNCLAIMED)
          }
          return ctx.database.direct(statement)
        },
      } as typeof ctx.database,
    }
    const before = await written()
    const attempt = bindPolicy(racing, owner, request(certificate), UNCLAIMED)
    await expect(attempt).rejects.toMatchObject({
      code: 'not_insurable',
      details: { reasons: ['certificate_revoked'] },
    })
    expect(await written()).toEqual(before)
  })

  test.each<[string, string, number, string]>([
    ['halted', 'halted', 200, 'binding_halted'],
    ['restricted, for medium risk', 'restricted', 350, 'binding_restricted'],
  ])('while binding is %s', async (_, state, score, code) => {
    const certificate = await core.certificate(owner, { score })
    await core.db.owner`UPDATE insurance_state SET breaker = ${state}`
    expect((await refusal(owner, request(certificate))).code).toBe(code)
    expect((await quoteCover(core.insuring(), owner, request(certificate))).binding).toBe(state)
    await core.db.owner`UPDATE insurance_state SET breaker = 'open'`
  })

  test('not for low risk while binding is restricted', async () => {
    const certificate = await core.certificate(owner, { score: 349 })
    await core.db.owner`UPDATE insurance_state SET breaker = 'restricted'`
    await core.bind(owner, { certificate_id: certificate })
    await core.db.owner`UPDATE insurance_state SET breaker = 'open'`
  })

  test('above the cap of a customer, and not at it', async () => {
    const customer = await core.organisation()
    const certificate = await core.certificate(customer)
    const enterprise = request(certificate, { tier: 'enterprise' })
    for (let i = 0; i < 4; i++) await core.bind(customer, enterprise)
    await core.bind(customer, { ...enterprise, coverage: 9_999_900 })
    expect((await refusal(customer, enterprise)).code).toBe('customer_cap_reached')
    expect((await refusal(customer, request(certificate, { coverage: 101 }))).code).toBe(
      'customer_cap_reached',
    )
    await core.bind(customer, { ...enterprise, coverage: 100 })
    expect(await refusalCode(core.bind(customer, { ...enterprise, coverage: 100 }))).toBe(
      'customer_cap_reached',
    )
  })

  test('above the cap of a day, and not on the next', async () => {
    const customer = await core.organisation()
    const certificate = await core.certificate(customer)
    const day = '2026-11-25'
    const now = new Date(`${day}T23:59:59.999Z`)
    await core.db
      .owner`INSERT INTO exposure_days VALUES (${day}, ${String(5_000_000n * 1_000_000n - 100n * CENT)})`
    expect((await refusal(customer, request(certificate, { coverage: 101 }), now)).code).toBe(
      'daily_cap_reached',
    )
    await core.bind(customer, { certificate_id: certificate, coverage: 100 }, core.insuring(now))
    expect((await refusal(customer, request(certificate, { coverage: 100 }), now)).code).toBe(
      'daily_cap_reached',
    )
    const next = core.insuring(new Date(now.getTime() + 1))
    await core.bind(customer, { certificate_id: certificate, coverage: 100 }, next)
  })
})

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
    const asked = request(certificate, { tier: 'pro', coverage: 123_456 })
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

test('whatever was bought and refused, the counters are the policies and the books are even', async () => {
  // A test has put this day at its cap without policies.
  await core.db.owner`DELETE FROM exposure_days WHERE day = '2026-11-25'`
  await assertInsuranceWhole(core)
})
