import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { activatePolicies } from '../../../../core/insurance/activate.ts'
import { cancelPolicy, voidPolicy } from '../../../../core/insurance/cancel.ts'
import { closePolicy } from '../../../../core/insurance/close.ts'
import { closeDuePolicies } from '../../../../core/insurance/close-due.ts'
import { earnPremiums } from '../../../../core/insurance/earn.ts'
import { releaseExposure } from '../../../../core/insurance/exposure.ts'
import { listPolicies, readPolicy } from '../../../../core/insurance/list-policies.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { insurancePolicies } from '../../../../schema/tables/index.ts'
import { type PolicyDocument, policySchema } from '../../../../schema/wire/insurance.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'
import {
  assertInsuranceWhole,
  BOUND_AT,
  COMMIT,
  DAY_MS,
  type InsuranceCore,
  readSubsidyUsed,
  startInsurance,
} from './insurance-support.ts'

let core: InsuranceCore
let owner: Actor
let stranger: Actor
let operator: Actor
let certificate: string

beforeAll(async () => {
  core = await startInsurance()
  owner = await core.organisation()
  stranger = await core.organisation()
  operator = await core.operator()
  certificate = await core.certificate(owner)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const CENT = 10_000n
const later = (ms: number) => core.insuring(new Date(BOUND_AT.getTime() + ms))
const bind = (more = {}) => core.bind(owner, { certificate_id: certificate, ...more })

async function cancel(id: string, ctx = later(0), actor = owner): Promise<PolicyDocument> {
  return policySchema.parse(JSON.parse((await cancelPolicy(ctx, actor, id, UNCLAIMED)).body))
}

async function annul(id: string, ctx = later(0)): Promise<PolicyDocument> {
  const { body } = await voidPolicy(ctx, operator, id, 'bought by mistake', UNCLAIMED)
  return policySchema.parse(JSON.parse(body))
}

const subsidyUsed = () => readSubsidyUsed(core)
const assertWhole = () => assertInsuranceWhole(core)

async function events(type: string, id: string) {
  const rows = await core.db.owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries
    WHERE convert_from(entry, 'UTF8') LIKE ${`%"${type}"%`}
      AND convert_from(entry, 'UTF8') LIKE '%' || encode(sha256(${id}::bytea), 'hex') || '%'`
  return rows.length
}

describe('cancelling', () => {
  test('gives the unearned premium back to what is owed, and the subsidy to its budget', async () => {
    const policy = await bind()
    const owed = await core.balance('premium_receivable', owner.organisationId)
    const used = await subsidyUsed()
    const cancelled = await cancel(policy.id, later(6 * DAY_MS))
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      refunded: 8,
      close_reason: 'cancelled by the customer',
    })
    expect(await core.balance('premium_receivable', owner.organisationId)).toBe(owed - 8n * CENT)
    expect(used - (await subsidyUsed())).toBe((5_990n * CENT * 24n) / 30n)
    expect(await readPolicy(core.insuring(), owner, policy.id)).toEqual(cancelled)
    expect(await events('policy.cancelled', policy.id)).toBe(1)
    const told = await core.db.owner`SELECT id, kind, amount_micros::text AS amount FROM billing_events
      WHERE id LIKE ${`%${policy.id}`} ORDER BY id`
    expect(told).toEqual([
      { id: policy.id, kind: 'premium', amount: '100000' },
      { id: `refund/${policy.id}`, kind: 'premium', amount: '-80000' },
    ])
    await assertWhole()
  })

  test('in a later month gives it as credit: the bill of the month before stands', async () => {
    const policy = await bind()
    const owed = await core.balance('premium_receivable', owner.organisationId)
    const credit = await core.balance('customer_credit', owner.organisationId)
    expect((await cancel(policy.id, later(12 * DAY_MS))).refunded).toBe(6)
    expect(await core.balance('premium_receivable', owner.organisationId)).toBe(owed)
    expect(await core.balance('customer_credit', owner.organisationId)).toBe(credit - 6n * CENT)
    await assertWhole()
  })

  test('gives what is not owed any more as credit', async () => {
    const customer = await core.organisation()
    const bought = await core.bind(customer, {
      certificate_id: await core.certificate(customer),
      tier: 'pro',
    })
    // It has paid all but four cents of it.
    const { organisationId } = customer
    await core.db.database.asSystem((tx) =>
      postJournals(
        tx,
        [
          {
            key: 'test/paid',
            kind: 'invoice_paid',
            organisationId,
            subject: 'test',
            postings: [
              { account: 'cash_operating', amount: 21n * CENT },
              { account: 'premium_receivable', party: organisationId, amount: -21n * CENT },
            ],
          },
        ],
        BOUND_AT,
      ),
    )
    expect((await cancel(bought.id, later(0), customer)).refunded).toBe(25)
    expect(await core.balance('premium_receivable', organisationId)).toBe(0n)
    expect(await core.balance('customer_credit', organisationId)).toBe(-21n * CENT)
    const told = await core.db.owner`SELECT kind, amount_micros::text AS amount FROM billing_events
      WHERE id LIKE ${`refund%${bought.id}`} ORDER BY kind`
    expect(told).toEqual([
      { kind: 'credit', amount: '210000' },
      { kind: 'premium', amount: '-40000' },
    ])
    await assertWhole()
  })

  test('after part was earned, a rounding of the refund up takes back what it must', async () => {
    const policy = await bind()
    await earnPremiums(later(DAY_MS))
    expect((await cancel(policy.id, later(DAY_MS))).refunded).toBe(10)
    expect(await core.balance('unearned_premium', policy.id)).toBe(0n)
    await assertWhole()
  })

  test('twice at once is done once', async () => {
    const { id } = await bind()
    const codes = await Promise.all([cancel(id), cancel(id)].map(refusalCode))
    expect(codes.sort()).toEqual([null, 'policy_state_conflict'].sort())
    expect(await events('policy.cancelled', id)).toBe(1)
    await assertWhole()
  })

  test('releases the customer and not the day', async () => {
    const day = async () =>
      (
        await core.db.owner`SELECT bound_micros::text AS bound FROM exposure_days WHERE day = '2026-11-21'`
      )[0]!.bound
    const { id } = await bind()
    const before = await day()
    await cancel(id)
    expect(await day()).toBe(before)
    await assertWhole()
  })

  test('is not for others, nor for test keys', async () => {
    const { id } = await bind()
    const tester = await core.withKey(owner, ['insurance:write', 'insurance:read'], false)
    expect(await refusalCode(cancel(id, later(0), stranger))).toBe('policy_not_found')
    expect(await refusalCode(cancel(id, later(0), tester))).toBe('live_key_required')
    expect(await refusalCode(readPolicy(core.insuring(), stranger, id))).toBe('policy_not_found')
    expect(await refusalCode(readPolicy(core.insuring(), tester, id))).toBe('policy_not_found')
    expect((await readPolicy(core.insuring(), owner, id)).status).toBe('bound')
  })

  test.each([
    ['filed', 'policy_has_claim'],
    ['denied', 'policy_has_claim'],
    ['withdrawn', null],
  ])('with a claim that is %s: %s', async (status, code) => {
    const { id } = await bind()
    await insertClaim(id, status)
    expect(await refusalCode(cancel(id))).toBe(code)
    await assertWhole()
  })

  test('none of it is left when the answer cannot be recorded', async () => {
    const { id } = await bind()
    const before = await core.balance('unearned_premium')
    const claim = { ...UNCLAIMED, settle: () => Promise.reject(new Error('broke here')) }
    await expect(cancelPolicy(later(0), owner, id, claim)).rejects.toThrow('broke here')
    expect((await readPolicy(core.insuring(), owner, id)).status).toBe('bound')
    expect(await core.balance('unearned_premium')).toBe(before)
    await assertWhole()
  })
})

describe('voiding', () => {
  test('gives everything back, also what was earned', async () => {
    const policy = await bind()
    await earnPremiums(later(15 * DAY_MS))
    const [earned, used] = [await core.balance('earned_premium'), await subsidyUsed()]
    const [own] = await core.db.owner`SELECT (earned_premium_micros + earned_subsidy_micros)::text AS earned
      FROM insurance_policies WHERE id = ${policy.id}`
    expect(BigInt(own!.earned)).toBe(3_000n * CENT)
    expect(await annul(policy.id, later(15 * DAY_MS))).toMatchObject({ status: 'voided', refunded: 10 })
    expect(await core.balance('earned_premium')).toBe(earned + 3_000n * CENT)
    expect(used - (await subsidyUsed())).toBe(5_990n * CENT)
    await assertWhole()
  })

  test('is refused where a claim stands, and where it has ended', async () => {
    const { id } = await bind()
    await insertClaim(id, 'paid')
    expect(await refusalCode(annul(id))).toBe('policy_has_claim')
    const other = await bind()
    await cancel(other.id)
    expect(await refusalCode(annul(other.id))).toBe('policy_state_conflict')
    expect(await refusalCode(annul('INS-2026-0000000000000000'))).toBe('policy_not_found')
  })
})

describe('activation', () => {
  const deployment = (more = {}) => ({
    id: 'dep_0000000000000001',
    organisationId: owner.organisationId,
    integrationId: 'int_0000000000000000',
    provider: 'github' as const,
    providerId: '1',
    service: 'payments',
    repository: null,
    environment: 'production',
    commitSha: COMMIT.toUpperCase(),
    deployedAt: new Date(BOUND_AT.getTime() + 1),
    receivedAt: BOUND_AT,
    factState: 'pending' as const,
    fact: null,
    factAttempts: 0,
    nextFactAt: null,
    ...more,
  })
  const activate = (more = {}) =>
    core.db.database.asSystem((tx) => activatePolicies(later(60_000), tx, deployment(more)))

  test('is by a later deployment of that commit as that service, once', async () => {
    const policy = await bind({ service: 'payments' })
    const others: Record<string, unknown>[] = [
      { deployedAt: BOUND_AT },
      { deployedAt: new Date(policy.ends_at) },
      { service: 'checkout-2' },
      { commitSha: 'b'.repeat(40) },
      { organisationId: stranger.organisationId },
    ]
    for (const other of others) expect(await activate(other)).toBe(0)
    expect(await activate()).toBe(1)
    expect(await readPolicy(core.insuring(), owner, policy.id)).toMatchObject({
      status: 'active',
      activated_at: deployment().deployedAt.toISOString(),
      deployment_id: deployment().id,
    })
    expect(await activate()).toBe(0)
    expect(await events('policy.activated', policy.id)).toBe(1)
  })
})

describe('the term', () => {
  test('is earned in steps at any times, by several at once, and comes to exactly all', async () => {
    const policies = await Promise.all([bind(), bind({ tier: 'pro' }), bind({ coverage: 12_345 })])
    const steps = fc.sample(fc.integer({ min: 0, max: 30 * DAY_MS }), 12).sort((a, b) => a - b)
    for (const step of steps) {
      await Promise.all([earnPremiums(later(step)), earnPremiums(later(step)), earnPremiums(later(step))])
      await assertWhole()
    }
    expect(await earnPremiums(later(steps.at(-1)!))).toBe(0)
    const ended = later(30 * DAY_MS)
    await Promise.all([closeDuePolicies(ended), closeDuePolicies(ended), closeDuePolicies(ended)])
    await assertWhole()
    for (const { id, tier } of policies) {
      const policy = await readPolicy(core.insuring(), owner, id)
      expect(policy.status).toBe(tier === 'pro' ? 'bound' : 'expired')
      expect(await events('policy.expired', id)).toBe(tier === 'pro' ? 0 : 1)
      if (tier === 'pro') continue
      const [posted] = await core.db.owner`SELECT sum(amount_micros)::text AS earned FROM ledger_postings
        JOIN ledger_journals j ON j.id = journal_id WHERE account = 'earned_premium' AND j.subject = ${id}`
      const [row] = await core.db.owner`SELECT (premium_micros + subsidy_micros)::text AS written
        FROM insurance_policies WHERE id = ${id}`
      expect(posted!.earned).toBe(`-${row!.written}`)
    }
    expect(await closeDuePolicies(ended)).toBe(0)
  })

  test('ends early when the coverage is used up', async () => {
    const { id } = await bind({ service: 'search' })
    await core.db.owner`UPDATE insurance_policies SET status = 'active' WHERE id = ${id}`
    await core.db.database.asSystem(async (tx) => {
      const [policy] = await tx
        .select()
        .from(insurancePolicies)
        .where(eq(insurancePolicies.id, id))
        .for('update')
      const journals = await closePolicy(later(DAY_MS), tx, policy!, 'exhausted')
      await postJournals(tx, journals, BOUND_AT)
      await releaseExposure(tx, policy!)
    })
    expect(await readPolicy(core.insuring(), owner, id)).toMatchObject({ status: 'exhausted', refunded: 0 })
    await assertWhole()
  })
})

describe('the list', () => {
  test('goes through all of them, newest first, and shows no other', async () => {
    const customer = await core.organisation()
    const own = await core.certificate(customer)
    const made: string[] = []
    for (let i = 0; i < 5; i++) made.push((await core.bind(customer, { certificate_id: own })).id)
    await cancel(made[2]!, later(0), customer)
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await listPolicies(core.insuring(), customer, { limit: 2, cursor })
      seen.push(...page.data.map(({ id }) => id))
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    expect(seen).toEqual(made.toReversed())
    const cancelled = await listPolicies(core.insuring(), customer, { limit: 20, status: 'cancelled' })
    expect(cancelled.data.map(({ id }) => id)).toEqual([made[2]])
    const tester = await core.withKey(customer, ['insurance:read'], false)
    expect((await listPolicies(core.insuring(), tester, { limit: 20 })).data).toEqual([])
    expect((await listPolicies(core.insuring(), operator, { limit: 20 })).data).toEqual([])
    expect(await refusalCode(listPolicies(core.insuring(), customer, { limit: 2, cursor: 'x' }))).toBe(
      'invalid_cursor',
    )
  })
})

async function insertClaim(policyId: string, status: string): Promise<void> {
  const { organisationId } = owner
  const suffix = policyId.slice(-16)
  await core.db
    .owner`INSERT INTO incidents (id, organisation_id, integration_id, provider, provider_id, service, title,
      opened_at, received_at, fact_state, settlement, updated_at)
    VALUES (${`INC-2026-${suffix}`}, ${organisationId}, 'int', 'sentry', ${suffix}, 'checkout', 'down', now(), now(),
      'pending', 'open', now())`
  await core.db
    .owner`INSERT INTO insurance_claims (id, organisation_id, policy_id, incident_id, status, downtime_ms,
      cost_micros, requested_micros, reserved_micros, confidence_bp, attribution, filed_at, updated_at)
    VALUES (${`CLM-2026-${suffix}`}, ${organisationId}, ${policyId}, ${`INC-2026-${suffix}`}, ${status}, 60000, 1, 1, 0,
      9000, '{}', now(), now())`
}
