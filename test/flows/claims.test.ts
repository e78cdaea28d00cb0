import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  age,
  asCustomer,
  asOperator,
  breakDown,
  type CoverNetwork,
  certifyCommit,
  claimOf,
  deliver,
  deploy,
  expectOk,
  insure,
  logged,
  newCommit,
  operator,
  policy,
  REPOSITORY,
  startCoverNetwork,
  untilActive,
} from '../support/cover.ts'
import { expectProblem } from '../support/issue.ts'
import { expectBooksHold } from '../support/money-invariants.ts'
import { signStandard } from '../support/providers.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let cover: CoverNetwork
beforeAll(async () => {
  cover = await startCoverNetwork()
})
afterAll(() => cover?.stop())

describe('a covered change that breaks', () => {
  it('is paid by itself: bought, deployed, broken, attributed, claimed, approved, credited, told, logged', async () => {
    const sha = newCommit()
    const certificate = await certifyCommit(cover, sha)
    const bought = await insure(cover, certificate, { sla_cost_per_minute_cents: 250_000 })
    expect(bought).toMatchObject({
      status: 'bound',
      tier: 'pro',
      premium: 25,
      coverage: 2_500_000,
      currency: 'usd',
      commit_sha: sha,
      commit_bound: true,
    })
    await deploy(cover, sha)
    await untilActive(cover, bought.id)

    const startedAt = new Date(Date.now() + 50)
    const closedAt = new Date(startedAt.getTime() + 4_000)
    await new Promise((resolve) => setTimeout(resolve, closedAt.getTime() - Date.now() + 50))
    await breakDown(cover, sha, startedAt, closedAt)
    const claim = await claimOf(cover, bought.id, 'paid')
    // 4 s of $2,500 a minute, half-even to a cent.
    expect(claim).toMatchObject({
      automatic: true,
      downtime_ms: 4_000,
      cost: 16_667,
      requested: 16_667,
      approved: 16_667,
      paid: 16_667,
      review_reasons: [],
    })
    expect(claim.confidence).toBeGreaterThan(0.85)
    expect(Date.parse(claim.filed_at) - closedAt.getTime()).toBeLessThan(60_000)
    const told = await cover.receiver.next(
      ({ type, event }) => type === 'claim.paid' && event.data.id === claim.id,
    )
    expect(told.verified).toBe(true)
    expect((await expectOk(asCustomer(cover.network, '/v1/billing'))).json).toMatchObject({ credit: 16_667 })
    expect(await policy(cover, bought.id)).toMatchObject({ claimed: true, coverage_used: 16_667 })
    expect(await logged(cover, bought.id)).toEqual(['policy.bound', 'policy.activated'])
    expect(await logged(cover, claim.incident_id)).toEqual(['incident.opened', 'incident.resolved'])
    expect(await logged(cover, claim.id)).toEqual(['claim.filed', 'claim.approved', 'claim.paid'])
    await expectBooksHold(cover.network.sql)

    // The catalogue and the calibration learn.
    await vi.waitFor(async () => {
      const { json } = await expectOk(asCustomer(cover.network, '/v1/arc/recorded'))
      expect(json.data).toHaveLength(1)
    }, 20_000)
    const [outcome] = await cover.network
      .sql`SELECT caused_incident FROM change_outcomes WHERE certificate_id = ${certificate}`
    expect(outcome).toEqual({ caused_incident: true })
    const { json: summary } = await expectOk(asOperator(cover.network, '/v1/actuarial/summary'))
    expect(JSON.stringify(summary)).toContain('16667')
  })
})

describe('a claimant who forges everything', () => {
  it('with its own secrets gets a review, and no money', async () => {
    const sha = newCommit()
    // Of its own: what GitHub confirmed of another commit of the same service would weigh more than all that is forged.
    const service = 'made-up'
    const bought = await insure(cover, await certifyCommit(cover, sha), {
      service,
      sla_cost_per_minute_cents: 100_000,
    })
    const { json: deploys } = await expectOk(
      asCustomer(cover.network, '/v1/integrations', { body: { provider: 'deploy' } }),
    )
    const { json: incidents } = await expectOk(
      asCustomer(cover.network, '/v1/integrations', { body: { provider: 'incident' } }),
    )
    const deployedAt = new Date()
    const send = (of: { id: string; provider: string; secret: string }, body: object) =>
      expectOk(deliver(cover, `${of.provider}/${of.id}`, signStandard(of.secret, body)))
    await send(deploys, {
      id: 'forged-1',
      service,
      commit_sha: sha,
      repository: REPOSITORY,
      deployed_at: deployedAt.toISOString(),
    })
    await untilActive(cover, bought.id)
    const openedAt = new Date()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const resolvedAt = new Date()
    await send(incidents, {
      id: 'forged-1',
      service,
      title: 'all of it is made up',
      status: 'resolved',
      opened_at: openedAt.toISOString(),
      resolved_at: resolvedAt.toISOString(),
      release_sha: sha,
      stack_paths: ['src/checkout.ts'],
      reverted_sha: sha,
    })
    const claim = await claimOf(cover, bought.id, 'in_review')
    expect(claim).toMatchObject({ automatic: false, approved: 0, paid: 0 })
    expect(claim.confidence).toBeLessThanOrEqual(0.85)
    expect(claim.review_reasons).toEqual(
      expect.arrayContaining(['confidence_too_low', 'no_fact_from_provider', 'signals_do_not_agree']),
    )
    await cover.receiver.next(({ type, event }) => type === 'claim.in_review' && event.data.id === claim.id)
    expect(await cover.network.sql`SELECT id FROM payouts WHERE claim_id = ${claim.id}`).toEqual([])
    await expectBooksHold(cover.network.sql)
  })
})

describe('a large claim', () => {
  const review = (id: string, action: string, body: object, key?: string) =>
    asOperator(cover.network, `/v1/review/claims/${id}/${action}`, {
      body,
      ...(key === undefined ? {} : { key }),
    })

  it('is looked at, approved by two people, paid, shared with the reinsurer, disputed and reversed', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha), {
      tier: 'enterprise',
      sla_cost_per_minute_cents: 1_000_000,
    })
    await deploy(cover, sha)
    await untilActive(cover, bought.id)
    // It was deployed an hour ago, and was down for 7 minutes.
    await age(cover, bought.id, 60)
    const openedAt = new Date(Date.now() - 20 * 60_000)
    await breakDown(cover, sha, openedAt, new Date(openedAt.getTime() + 7 * 60_000))
    const filed = await claimOf(cover, bought.id, 'in_review')
    expect(filed).toMatchObject({ requested: 7_000_000, reserved: 7_000_000, paid: 0 })
    expect(filed.review_reasons).toContain('amount_above_automatic_limit')

    const { json: queue } = await expectOk(asOperator(cover.network, '/v1/review/claims'))
    expect(JSON.stringify(queue)).toContain(filed.id)
    const { json: laidOut } = await expectOk(asOperator(cover.network, `/v1/review/claims/${filed.id}`))
    expect(JSON.stringify(laidOut)).toContain(sha)

    const decision = { reason: 'The deployment broke checkout; the logs agree.' }
    const first = await review(filed.id, 'approve', decision)
    expect([first.status, first.json.status]).toEqual([202, 'awaiting_second_person'])
    expectProblem(await review(filed.id, 'approve', decision), 409, 'second_person_required')
    const second = await operator(cover)
    expect((await review(filed.id, 'approve', decision, second)).status).toBe(200)
    const paid = await claimOf(cover, bought.id, 'paid')
    expect(paid).toMatchObject({ approved: 7_000_000, paid: 7_000_000 })

    const month = new Date().toISOString().slice(0, 7)
    const bordereau = await asOperator(cover.network, `/v1/reinsurance/bordereau?month=${month}`)
    expect(bordereau.headers['content-type']).toContain('text/csv')
    expect(bordereau.text).toContain(filed.id)
    expect(bordereau.text).toContain('20000.00')
    const { json: trial } = await expectOk(asOperator(cover.network, '/v1/ledger/trial-balance?verify=true'))
    expect(trial.balanced).toBe(true)

    await expectOk(
      asCustomer(cover.network, `/v1/insurance/claims/${filed.id}/dispute`, {
        body: { reason: 'It lasted longer.' },
      }),
    )
    const twice = await Promise.all(
      [0, 1].map(() => review(filed.id, 'resolve', { outcome: 'reversed', reason: 'Nothing had failed.' })),
    )
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409])
    const closed = await claimOf(cover, bought.id, 'closed')
    expect(closed).toMatchObject({ resolution: 'reversed', approved: 0, paid: 0 })
    expectProblem(
      await review(filed.id, 'resolve', { outcome: 'upheld', reason: 'too late' }),
      409,
      'claim_state_conflict',
    )
    expect(await logged(cover, filed.id)).toEqual([
      'claim.filed',
      'claim.approved',
      'claim.paid',
      'claim.disputed',
      'claim.resolved',
    ])
    await expectBooksHold(cover.network.sql)
  })

  it('is denied, disputed, adjusted and paid in part', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha), { sla_cost_per_minute_cents: 50_000 })
    await deploy(cover, sha)
    await untilActive(cover, bought.id)
    await age(cover, bought.id, 60)
    const openedAt = new Date(Date.now() - 20 * 60_000)
    await breakDown(cover, sha, openedAt, new Date(openedAt.getTime() + 5 * 60_000))
    const filed = await claimOf(cover, bought.id, 'in_review')
    await expectOk(
      asCustomer(cover.network, `/v1/insurance/claims/${filed.id}/evidence`, {
        body: { text: 'Orders stopped at once.', url: 'https://example.com/graph' },
      }),
    )
    expect((await review(filed.id, 'deny', { reason: 'It was the database.' })).status).toBe(200)
    expect(await policy(cover, bought.id)).toMatchObject({ coverage_reserved: 0, coverage_used: 0 })
    await expectOk(
      asCustomer(cover.network, `/v1/insurance/claims/${filed.id}/dispute`, { body: { reason: 'No.' } }),
    )
    const adjusted = { outcome: 'adjusted', amount: 100_000, reason: 'Half of it was.' }
    expect((await review(filed.id, 'resolve', adjusted)).status).toBe(200)
    expect(await claimOf(cover, bought.id, 'closed')).toMatchObject({
      resolution: 'adjusted',
      approved: 100_000,
      paid: 100_000,
    })
    await expectBooksHold(cover.network.sql)
  })
})
