import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CRONS } from '../../workers/core/crons.ts'
import { call } from '../support/client.ts'
import {
  age,
  asCustomer,
  asOperator,
  breakDown,
  type CoverNetwork,
  certifyCommit,
  claimOf,
  deploy,
  expectOk,
  insure,
  logged,
  newCommit,
  policy,
  SERVICE,
  startCoverNetwork,
  untilActive,
} from '../support/cover.ts'
import { expectProblem, issueId, makeKey, makeOrganisation, revoke, SMALL_CHANGE } from '../support/issue.ts'
import { expectBooksHold } from '../support/money-invariants.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let cover: CoverNetwork
beforeAll(async () => {
  cover = await startCoverNetwork({ CARRIER_NAME: 'Example Mutual' })
})
afterAll(() => cover?.stop())

const buy = (body: object, key = cover.network.tenants.api_key, headers = {}) =>
  call(cover.network.baseUrl, '/v1/trust/insure', { key, body, headers })
const asked = (certificate_id: string, more = {}) => ({
  certificate_id,
  tier: 'pro',
  service: SERVICE,
  sla_cost_per_minute_cents: 1_000,
  ...more,
})

describe('a quote', () => {
  it('shows both premiums, what is charged, who bears it, and binds nothing', async () => {
    const certificate = await certifyCommit(cover, newCommit())
    const { json } = await expectOk(
      asCustomer(cover.network, '/v1/trust/quote', {
        body: { certificate_id: certificate, tier: 'enterprise' },
      }),
    )
    expect(json).toMatchObject({
      status: 'quoted',
      eligible: true,
      list_premium: 50,
      premium: 50,
      pricing_mode: 'pilot',
      coverage: 10_000_000,
      days: 90,
      carrier: 'Example Mutual',
    })
    expect(json.technical_premium).toBeGreaterThan(json.list_premium)
    expect(json.subsidy).toBe(json.technical_premium - json.list_premium)
    expect(json.notice).toContain('Example Mutual')
    const page = await call(cover.network.baseUrl, '/')
    expect(page.text).toContain('Example Mutual')
  })
})

describe('what cannot be covered', () => {
  it('is refused with every reason', async () => {
    const id = await issueId(cover.network, SMALL_CHANGE)
    const answer = await buy(asked(id, { tier: 'basic', coverage: 600_000 }))
    expectProblem(answer, 422, 'not_insurable')
    expect(answer.json.reasons.sort()).toEqual(['commit_sha_missing', 'coverage_above_tier'])
    expect(answer.json.errors).toHaveLength(2)
  })

  it('names the tier that would take it', async () => {
    const id = await issueId(cover.network, { ...SMALL_CHANGE, commit_sha: newCommit() })
    await cover.network.sql`UPDATE certificates SET risk_score_hundredths = 640 WHERE id = ${id}`
    const answer = await buy(asked(id, { tier: 'basic' }))
    expectProblem(answer, 422, 'not_insurable')
    expect(answer.json).toMatchObject({ reasons: ['risk_score_too_high'], accepting_tier: 'pro' })
  })

  it('is a revoked certificate, another organisation’s, and anything with a test key', async () => {
    const id = await certifyCommit(cover, newCommit())
    const other = await makeOrganisation(cover.network)
    expectProblem(await buy(asked(id), other.api_key), 404, 'certificate_not_found')
    const test = await makeKey(cover.network, ['insurance:write'], { livemode: false })
    expectProblem(await buy(asked(id), test.key), 403, 'live_key_required')
    expect((await revoke(cover.network, id)).status).toBe(200)
    const answer = await buy(asked(id))
    expectProblem(answer, 422, 'not_insurable')
    expect(answer.json.reasons).toEqual(['certificate_revoked'])
  })
})

describe('a policy', () => {
  it('is bought once per Idempotency-Key', async () => {
    const id = await certifyCommit(cover, newCommit())
    const headers = { 'idempotency-key': `buy-${id}` }
    const [first, second] = [
      await buy(asked(id), undefined, headers),
      await buy(asked(id), undefined, headers),
    ]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.text).toBe(first.text)
    expect(second.headers['idempotency-replayed']).toBe('true')
    const rows = await cover.network.sql`SELECT id FROM insurance_policies WHERE certificate_id = ${id}`
    expect(rows).toHaveLength(1)
  })

  it('is cancelled: the unearned part comes back, the cover ends, once', async () => {
    const bought = await insure(cover, await certifyCommit(cover, newCommit()), { tier: 'enterprise' })
    await age(cover, bought.id, 45 * 24 * 60)
    const cancel = () =>
      asCustomer(cover.network, `/v1/insurance/policies/${bought.id}/cancel`, { method: 'POST' })
    const answers = await Promise.all([cancel(), cancel()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await policy(cover, bought.id)).toMatchObject({ status: 'cancelled', refunded: 25 })
    expect(await logged(cover, bought.id)).toEqual(['policy.bound', 'policy.cancelled'])
    await cover.receiver.next(({ type, event }) => type === 'policy.cancelled' && event.data.id === bought.id)
    await expectBooksHold(cover.network.sql)
  })

  it('is not cancelled once it has a claim, and is exhausted when its coverage is used', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha), {
      coverage: 50_000,
      sla_cost_per_minute_cents: 250_000,
    })
    await deploy(cover, sha)
    await untilActive(cover, bought.id)
    await age(cover, bought.id, 60)
    const openedAt = new Date(Date.now() - 30 * 60_000)
    await breakDown(cover, sha, openedAt, new Date(openedAt.getTime() + 10 * 60_000))
    const claim = await claimOf(cover, bought.id, 'paid')
    expect(claim).toMatchObject({ cost: 2_500_000, requested: 50_000, paid: 50_000 })
    const again = asCustomer(cover.network, `/v1/insurance/policies/${bought.id}/cancel`, { method: 'POST' })
    expect((await again).status).toBe(409)
    expect(await policy(cover, bought.id)).toMatchObject({ status: 'exhausted', coverage_remaining: 0 })
    await expectBooksHold(cover.network.sql)
  })

  it('expires at its end, and an incident that began before is still covered', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha))
    await deploy(cover, sha)
    await untilActive(cover, bought.id)
    await age(cover, bought.id, 60 * 24 * 60 + 5)
    await cover.network.workers().runCron(CRONS.hourly)
    expect(await policy(cover, bought.id)).toMatchObject({ status: 'expired' })
    const openedAt = new Date(Date.now() - 10 * 60_000)
    await breakDown(cover, sha, openedAt, new Date(openedAt.getTime() + 60_000))
    const claim = await claimOf(cover, bought.id, 'in_review', 'paid')
    expect(claim.requested).toBe(10_000)
    await expectBooksHold(cover.network.sql)
  })
})

describe('when the subsidy of the pilot is spent', () => {
  it('binding halts, claims go on, an operator reopens with a reason and another budget', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha))
    await deploy(cover, sha)
    await untilActive(cover, bought.id)
    await age(cover, bought.id, 60)
    await cover.network.sql`UPDATE insurance_state SET subsidy_budget_micros = subsidy_used_micros`
    const next = await certifyCommit(cover, newCommit())
    expectProblem(await buy(asked(next)), 409, 'binding_halted')
    const { json: halted } = await expectOk(asOperator(cover.network, '/v1/insurance/breaker'))
    expect(halted).toMatchObject({ state: 'halted', cause: 'subsidy_spent' })
    expectProblem(await buy(asked(next)), 409, 'binding_halted')

    const openedAt = new Date(Date.now() - 50 * 60_000)
    await breakDown(cover, sha, openedAt, new Date(openedAt.getTime() + 60_000))
    expect(await claimOf(cover, bought.id, 'paid', 'in_review')).toMatchObject({ requested: 10_000 })

    const reopen = (body: object) => asOperator(cover.network, '/v1/insurance/breaker/reopen', { body })
    expectProblem(await reopen({ reason: 'go on' }), 409, 'breaker_condition_persists')
    const answers = await Promise.all(
      [0, 1].map(() => reopen({ reason: 'The pilot goes on.', additional_subsidy: 1_000_000 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await buy(asked(next))).status).toBe(201)
    const { json: open } = await expectOk(asOperator(cover.network, '/v1/insurance/breaker'))
    expect(open.history[0]).toMatchObject({ from: 'halted', to: 'open', reason: 'The pilot goes on.' })
    await expectBooksHold(cover.network.sql)
  })
})

describe('the operator’s night and month', () => {
  it('reconciles, reviews, and prints', async () => {
    await cover.network.workers().runCron(CRONS.nightly)
    const { json: clean } = await expectOk(asOperator(cover.network, '/v1/reconciliation'))
    expect(JSON.stringify(clean)).toContain('"findings":[')
    const customer = cover.network.tenants.organisation_id
    await cover.network
      .sql`UPDATE exposure_customers SET on_risk_micros = on_risk_micros + 1 WHERE organisation_id = ${customer}`
    const { text } = await expectOk(asOperator(cover.network, '/v1/reconciliation', { method: 'POST' }))
    expect(text).toContain(customer)
    await cover.network
      .sql`UPDATE exposure_customers SET on_risk_micros = on_risk_micros - 1 WHERE organisation_id = ${customer}`

    const month = new Date().toISOString().slice(0, 7)
    await expectOk(asOperator(cover.network, '/v1/actuarial/reviews', { body: { month } }))
    const report = await asOperator(cover.network, `/v1/actuarial/report?month=${month}`)
    expect([report.status, report.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ])
    expect(report.text).toContain('<svg')
    expect(report.text).toContain('Example Mutual')
  })
})
