import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { type ClaimRecord, once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { bindPolicy } from '../../../../core/insurance/bind.ts'
import { quoteCover } from '../../../../core/insurance/quote.ts'
import type { Refusal } from '../../../../core/refusal.ts'
import type { Statement } from '../../../../core/statement.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import type { InsureRequest } from '../../../../schema/wire/insurance.ts'
import { TIERS } from '../../../../schema/wire/money.ts'
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

beforeAll(async () => {
  core = await startInsurance()
  owner = await core.organisation()
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

/** A context in which something happens after a purchase was read and before it is written. */
function meanwhile(happens: () => Promise<unknown>): Context {
  const ctx = core.insuring()
  const direct = async (statement: Statement) => {
    if (statement.text.includes('bind_policy')) await happens()
    return ctx.database.direct(statement)
  }
  return { ...ctx, database: { ...ctx.database, direct } as Context['database'] }
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

  test('is logged, the log without its id', async () => {
    const policy = await core.bind(owner, { certificate_id: await core.certificate(owner) })
    const [entry] = await core.db
      .owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries ORDER BY id DESC LIMIT 1`
    expect(JSON.parse(entry!.text)).toMatchObject({ type: 'policy.bound', time: BOUND_AT.toISOString() })
    expect(entry!.text).not.toContain(policy.id)
  })

  test('is told to the endpoints that want to know, and to none that has gone meanwhile', async () => {
    const customer = await core.organisation()
    const certificate = await core.certificate(customer)
    const endpoints = [
      ['whe_0000000000000001', '{*}', 'enabled'],
      ['whe_0000000000000002', '{policy.bound,claim.paid}', 'enabled'],
      ['whe_0000000000000003', '{claim.paid}', 'enabled'],
      ['whe_0000000000000004', '{*}', 'disabled'],
      ['whe_0000000000000005', '{*}', 'enabled'],
    ] as const
    for (const [id, events, state] of endpoints) {
      await core.db
        .owner`INSERT INTO webhook_endpoints (id, organisation_id, url, events, state, sealed_secret,
          created_at, updated_at)
        VALUES (${id}, ${customer.organisationId}, 'https://hooks.example', ${events}, ${state}, '', now(), now())`
    }
    const racing = meanwhile(() => core.db.owner`DELETE FROM webhook_endpoints WHERE id LIKE '%5'`)
    const policy = await core.bind(customer, { certificate_id: certificate }, racing)
    const told = await core.db.owner`SELECT endpoint_id, d.state, body FROM webhook_deliveries d
      JOIN webhook_events e ON e.id = event_id ORDER BY endpoint_id`
    expect(told.map((row) => [row.endpoint_id, row.state])).toEqual([
      ['whe_0000000000000001', 'pending'],
      ['whe_0000000000000002', 'pending'],
    ])
    expect(JSON.parse(told[0]!.body)).toMatchObject({ type: 'policy.bound', data: policy })
  })

  test("on the seeds' own figures shows their loss in the subsidy: $5 expected for a premium of $0.10", async () => {
    const ofTiers = (value: number) => Object.fromEntries(TIERS.map((tier) => [tier, String(value)]))
    const parameters = {
      version: 1,
      frequencies: { 'LOW:basic': 10_000_000 },
      severities: ofTiers(500_000_000),
      netSeverities: ofTiers(500_000_000),
      reinsurance: ofTiers(0),
    }
    const { owner: sql } = core.db
    await sql`INSERT INTO pricing_tables VALUES (1, now(), ${sql.json(parameters)})`
    const before = await core.balance('subsidy_budget')
    const policy = await core.bind(owner, { certificate_id: await core.certificate(owner) })
    await sql`DELETE FROM pricing_tables`
    expect(policy).toMatchObject({
      premium: 10,
      technical_premium: 750,
      subsidy: 740,
      pricing: { table_version: 1, frequency: 0.01, severity: 50_000 },
    })
    expect((await core.balance('subsidy_budget')) - before).toBe(740n * CENT)
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
    const racing = meanwhile(() =>
      revokeCertificate(core.ctx(), owner, certificate, { reason: 'superseded' }, UNCLAIMED),
    )
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

test('whatever was bought and refused, the counters are the policies and the books are even', async () => {
  // A test has put this day at its cap without policies.
  await core.db.owner`DELETE FROM exposure_days WHERE day = '2026-11-25'`
  await assertInsuranceWhole(core)
})
