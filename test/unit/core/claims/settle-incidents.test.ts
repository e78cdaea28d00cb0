import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { settleIncident } from '../../../../core/claims/settle-incident.ts'
import { settlementTask } from '../../../../core/claims/settle-incidents.ts'
import type { IncidentRow } from '../../../../core/incidents/rows.ts'
import type { AttributionDocument } from '../../../../schema/wire/claims.ts'
import { expectBooksHold } from '../../../support/money-invariants.ts'
import { START_LIMIT_MS } from '../support.ts'
import {
  BOUND_AT,
  type ClaimsCore,
  COMMIT,
  CONFIRMED_DEPLOYMENT,
  CONFIRMED_INCIDENT,
  DEPLOYED_AT,
  incidentFact,
  minutes,
  OPENED_AT,
  startClaims,
} from './claims-support.ts'

let core: ClaimsCore

beforeAll(async () => {
  core = await startClaims()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
afterEach(() => expectBooksHold(core.db.owner))

const CENT = 10_000n
const DAY_MS = 86_400_000
const OTHER = 'b'.repeat(40)

/** A customer whose deployment of an insured commit broke something, as providers confirm. */
async function insuredIncident(options: Parameters<ClaimsCore['insure']>[1] = {}) {
  const owner = await core.organisation()
  const policy = await core.insure(owner, options)
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  const incident = await core.incident(owner, CONFIRMED_INCIDENT)
  return { owner, policy, incident }
}

async function logTypes(subject: string): Promise<string[]> {
  const rows = await core.db
    .owner`SELECT convert_from(entry, 'UTF8')::json ->> 'type' AS type FROM log_entries
    WHERE convert_from(entry, 'UTF8')::json ->> 'subject' = encode(sha256(${subject}::bytea), 'hex') ORDER BY id`
  return rows.map(({ type }) => type as string)
}

describe('an incident whose cause is sure and small', () => {
  test('is claimed, approved by itself, and paid', async () => {
    const { owner, policy, incident } = await insuredIncident()
    await core.settle()
    const [claim, ...others] = await core.claimsOf(owner)
    expect(others).toEqual([])
    expect(claim).toMatchObject({
      policyId: policy.id,
      incidentId: incident.id,
      status: 'payout_pending',
      automatic: true,
      confidence: 9_000,
      downtimeMs: 600_000,
      cost: 50_000n * CENT,
      requested: 50_000n * CENT,
      approved: 50_000n * CENT,
      reserved: 0n,
      reviewReasons: [],
    })
    expect(await core.readIncident(incident.id)).toMatchObject({
      settlement: 'claimed',
      attributedSha: COMMIT,
      nextSettlementAt: null,
    })
    expect(await core.payoutsOf(claim!.id)).toMatchObject([
      { sequence: 1, amount: 50_000n * CENT, state: 'pending' },
    ])
    await expectBooksHold(core.db.owner)
    await core.payAll()
    expect(await core.claimsOf(owner)).toMatchObject([{ status: 'paid', paid: 50_000n * CENT }])
    expect(await core.balance('customer_credit', owner.organisationId)).toBe(-50_000n * CENT)
    expect(await logTypes(claim!.id)).toEqual(['claim.filed', 'claim.approved', 'claim.paid'])
  })

  test('is settled once, however many settle at once', async () => {
    const { owner, incident } = await insuredIncident()
    const ctx = core.insuring(minutes(31))
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => ctx.database.asSystem((tx) => settleIncident(ctx, tx, incident.id))),
    )
    expect(outcomes.toSorted()).toEqual(['claimed', 'gone', 'gone', 'gone'])
    await core.settle(minutes(50))
    expect(await core.claimsOf(owner)).toHaveLength(1)
  })

  test('pays no more than the coverage, which exhausts the policy', async () => {
    const { owner, policy } = await insuredIncident({ coverage: 30_000 })
    await core.settle()
    expect(await core.claimsOf(owner)).toMatchObject([{ cost: 50_000n * CENT, approved: 30_000n * CENT }])
    const [row] = await core.db
      .owner`SELECT status, used_micros::text AS used FROM insurance_policies WHERE id = ${policy.id}`
    expect(row).toEqual({ status: 'exhausted', used: String(30_000n * CENT) })
    expect((await core.exposure()).counted[owner.organisationId]).toBeUndefined()
  })
})

describe('who signs everything with its own secrets', () => {
  test('gets a review and no money, however well it all fits together', async () => {
    const owner = await core.organisation()
    await core.insure(owner, { perMinute: 10_000 })
    await core.deploy(owner)
    await core.deploy(owner, { commitSha: OTHER, deployedAt: minutes(1) })
    // The rollback that ended it.
    await core.deploy(owner, { commitSha: OTHER, deployedAt: minutes(25) })
    await core.incident(owner, { releaseSha: COMMIT, stackPaths: ['src/sum.ts'], revertedSha: COMMIT })
    await core.settle()
    const [claim] = await core.claimsOf(owner)
    expect(claim).toMatchObject({ status: 'in_review', approved: 0n, automatic: false, confidence: 8_000 })
    expect(claim!.reviewReasons).toEqual(
      expect.arrayContaining(['confidence_too_low', 'no_fact_from_provider', 'signals_do_not_agree']),
    )
    const { signals } = claim!.attribution as AttributionDocument
    expect(new Set(signals.map(({ kind }) => kind))).toEqual(
      new Set(['deploy_window', 'release_sha', 'stack_frames', 'revert']),
    )
    expect(signals.filter(({ counted }) => counted)).toHaveLength(1)
    expect(await core.payoutsOf(claim!.id)).toEqual([])
    expect(await core.balance('claims_payable', claim!.id)).toBe(0n)
  })
})

describe('a claim goes to review', () => {
  test.each([
    ['amount_above_automatic_limit', { perMinute: 10_001 }, {}],
    ['commit_not_bound_by_ci', { ciBound: false }, {}],
    ['fact_refuted', {}, { factState: 'refuted', fact: null }],
    ['signals_do_not_agree', {}, { releaseSha: null, fact: incidentFact() }],
    ['confidence_too_low', {}, { factState: 'unavailable', fact: null, releaseSha: null }],
  ] as const)('for %s', async (reason, options, changes) => {
    const owner = await core.organisation()
    await core.insure(owner, options)
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    await core.incident(owner, { ...CONFIRMED_INCIDENT, ...changes })
    await core.settle()
    const claims = await core.claimsOf(owner)
    expect(claims).toMatchObject([{ status: 'in_review', approved: 0n }])
    expect(claims[0]!.reviewReasons).toContain(reason)
  })

  test('when only a deployment of another repository is confirmed', async () => {
    const owner = await core.organisation()
    await core.insure(owner)
    await core.deploy(owner, { ...CONFIRMED_DEPLOYMENT, repository: 'example/other' })
    await core.incident(owner, { releaseSha: COMMIT })
    await core.settle()
    const claims = await core.claimsOf(owner)
    expect(claims).toMatchObject([{ status: 'in_review', approved: 0n }])
    expect(claims[0]!.reviewReasons).toEqual(
      expect.arrayContaining(['no_fact_from_provider', 'signals_do_not_agree']),
    )
  })

  test('when $1,000 were approved by themselves in thirty days, at once too', async () => {
    const owner = await core.organisation()
    const services = ['a', 'b', 'c', 'd', 'e']
    const made = []
    for (const service of services) {
      await core.insure(owner, { service })
      await core.deploy(owner, { ...CONFIRMED_DEPLOYMENT, service })
      made.push(await core.incident(owner, { ...CONFIRMED_INCIDENT, service }))
    }
    const ctx = core.insuring(minutes(31))
    await Promise.all(made.map(({ id }) => ctx.database.asSystem((tx) => settleIncident(ctx, tx, id))))
    const claims = await core.claimsOf(owner)
    expect(claims.filter(({ automatic }) => automatic)).toHaveLength(2)
    const others = claims.filter(({ automatic }) => !automatic)
    expect(others).toHaveLength(3)
    for (const { status, reviewReasons } of others) {
      expect({ status, reviewReasons }).toEqual({
        status: 'in_review',
        reviewReasons: ['customer_automatic_limit_reached'],
      })
    }
  })

  test('and not for what was approved by itself longer ago', async () => {
    const owner = await core.organisation()
    await core.insure(owner, { perMinute: 10_000 })
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    await core.incident(owner, CONFIRMED_INCIDENT)
    await core.settle()
    const late = new Date(BOUND_AT.getTime() + 29 * DAY_MS)
    const resolvedAt = new Date(late.getTime() + 600_000)
    await core.deploy(owner, { ...CONFIRMED_DEPLOYMENT, deployedAt: new Date(late.getTime() - 60_000) })
    await core.incident(owner, { ...CONFIRMED_INCIDENT, openedAt: late, resolvedAt })
    // By then the first one is more than thirty days ago.
    await core.settle(new Date(BOUND_AT.getTime() + 31 * DAY_MS))
    expect((await core.claimsOf(owner)).map(({ automatic }) => automatic)).toEqual([true, true])
  })
})

describe('without a claim', () => {
  test.each([
    ['unattributed', async () => {}, {}],
    ['uninsured', async (owner: Owner) => core.deploy(owner, CONFIRMED_DEPLOYMENT), {}],
    [
      'no_loss',
      async (owner: Owner) => {
        await core.insure(owner, { perMinute: 1 })
        await core.deploy(owner, CONFIRMED_DEPLOYMENT)
      },
      { resolvedAt: new Date(OPENED_AT.getTime() + 29_999) },
    ],
  ] as const)('an incident is %s', async (settlement, prepare, changes) => {
    const owner = await core.organisation()
    await prepare(owner)
    const incident = await core.incident(owner, {
      ...CONFIRMED_INCIDENT,
      releaseSha: null,
      fact: null,
      ...changes,
    })
    await core.settle()
    expect(await core.readIncident(incident.id)).toMatchObject({ settlement })
    expect(await core.claimsOf(owner)).toEqual([])
  })

  type Owner = Awaited<ReturnType<ClaimsCore['organisation']>>

  test.each<[string, Partial<IncidentRow>, string]>([
    ['before the cover began', { openedAt: new Date(DEPLOYED_AT.getTime() - 1) }, 'unattributed'],
    ['of another service', { service: 'search' }, 'unattributed'],
    ['after the term', { openedAt: new Date(BOUND_AT.getTime() + 30 * DAY_MS) }, 'uninsured'],
  ])('when it is %s', async (_, changes, settlement) => {
    const owner = await core.organisation()
    await core.insure(owner)
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    const openedAt = changes.openedAt ?? OPENED_AT
    // So that there is something to attribute it to.
    if (settlement === 'uninsured') {
      await core.deploy(owner, { ...CONFIRMED_DEPLOYMENT, deployedAt: new Date(openedAt.getTime() - 60_000) })
    }
    const resolvedAt = new Date(openedAt.getTime() + 600_000)
    const told = { factState: 'unavailable', resolvedAt, resolutionReceivedAt: resolvedAt } as const
    const incident = await core.incident(owner, { ...told, ...changes })
    await core.settle(new Date(resolvedAt.getTime() + 60_000))
    expect(await core.readIncident(incident.id)).toMatchObject({ settlement })
    expect(await core.claimsOf(owner)).toEqual([])
  })

  test('a policy that expired since covers what began in its term', async () => {
    const { owner, policy } = await insuredIncident()
    await core.db.owner`UPDATE insurance_policies SET earned_premium_micros = earned_premium_micros,
      ends_at = ${new Date(OPENED_AT.getTime() + 1)} WHERE id = ${policy.id}`
    await core.settle(minutes(120))
    expect(await core.claimsOf(owner)).toHaveLength(1)
  })
})

describe('facts', () => {
  test('are waited for, at most for 40 s after the resolution was told', async () => {
    const owner = await core.organisation()
    await core.insure(owner)
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    const pending = { ...CONFIRMED_INCIDENT, factState: 'pending', fact: null } as const
    const incident = await core.incident(owner, pending)
    await core.settle(new Date(minutes(30).getTime() + 5_000))
    expect(await core.readIncident(incident.id)).toMatchObject({
      settlement: 'due',
      attribution: null,
      nextSettlementAt: new Date(minutes(30).getTime() + 6_000),
    })
    await core.settle(new Date(minutes(30).getTime() + 39_000))
    expect(await core.claimsOf(owner)).toEqual([])
    await core.settle(new Date(minutes(30).getTime() + 40_000))
    expect(await core.claimsOf(owner)).toMatchObject([{ status: 'payout_pending' }])
  })

  test('a loss on more policies than one transaction files is filed in parts, and paid once', async () => {
    const owner = await core.organisation()
    for (let i = 0; i < 42; i++) await core.insure(owner, { coverage: 100 })
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    const incident = await core.incident(owner, CONFIRMED_INCIDENT)
    await core.settle()
    expect(await core.claimsOf(owner)).toHaveLength(40)
    expect(await core.readIncident(incident.id)).toMatchObject({ settlement: 'due' })
    await core.settle()
    await core.settle()
    expect(await core.claimsOf(owner)).toHaveLength(42)
    expect(await core.readIncident(incident.id)).toMatchObject({
      settlement: 'claimed',
      nextSettlementAt: null,
    })
  })

  test('that come in time are taken', async () => {
    const owner = await core.organisation()
    await core.insure(owner)
    await core.deploy(owner)
    const pending = { ...CONFIRMED_INCIDENT, factState: 'pending', fact: null } as const
    const incident = await core.incident(owner, pending)
    const soon = new Date(minutes(30).getTime() + 1_000)
    await core.settle(soon)
    expect(await core.claimsOf(owner)).toEqual([])
    await core.db.owner`UPDATE incidents SET fact_state = 'confirmed',
      fact = ${core.db.owner.json(CONFIRMED_INCIDENT.fact)} WHERE id = ${incident.id}`
    await core.settle(new Date(soon.getTime() + 1_000))
    expect(await core.claimsOf(owner)).toMatchObject([{ status: 'payout_pending', confidence: 9_000 }])
  })

  test('a deployment that is told of after the incident still counts', async () => {
    const owner = await core.organisation()
    await core.insure(owner)
    const incident = await core.incident(owner, CONFIRMED_INCIDENT)
    await core.settle(minutes(30))
    expect(await core.readIncident(incident.id)).toMatchObject({ settlement: 'due' })
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    await core.settle(new Date(minutes(30).getTime() + 2_000))
    expect(await core.claimsOf(owner)).toMatchObject([{ status: 'payout_pending' }])
  })
})

describe('one loss', () => {
  test('is paid once by all policies together, in the order of binding', async () => {
    const owner = await core.organisation()
    const first = await core.insure(owner, { coverage: 20_000 })
    const second = await core.insure(owner)
    const third = await core.insure(owner)
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    await core.incident(owner, CONFIRMED_INCIDENT)
    await core.settle()
    const claims = await core.claimsOf(owner)
    expect(claims).toMatchObject([
      { policyId: first.id, requested: 20_000n * CENT, status: 'payout_pending' },
      {
        policyId: second.id,
        requested: 30_000n * CENT,
        status: 'in_review',
        reviewReasons: ['loss_shared_with_another_policy'],
      },
    ])
    expect(claims.map(({ policyId }) => policyId)).not.toContain(third.id)
  })

  test('is paid once when two providers tell of it', async () => {
    const { owner } = await insuredIncident()
    await core.settle()
    const again = await core.incident(owner, { ...CONFIRMED_INCIDENT, provider: 'pagerduty' })
    const longer = await core.incident(owner, {
      ...CONFIRMED_INCIDENT,
      openedAt: minutes(29),
      resolvedAt: minutes(32),
      resolutionReceivedAt: minutes(30),
    })
    await core.settle(minutes(33))
    expect(await core.readIncident(again.id)).toMatchObject({ settlement: 'no_loss' })
    expect((await core.claimsOf(owner)).slice(1)).toMatchObject([
      {
        incidentId: longer.id,
        downtimeMs: 120_000,
        status: 'in_review',
        reviewReasons: ['overlaps_another_incident'],
      },
    ])
  })
})

test('a crash on the way leaves nothing, and the incident comes again', async () => {
  const { owner, incident } = await insuredIncident()
  const { database } = core.db
  const failing = {
    ...core.insuring(minutes(31)),
    database: {
      ...database,
      asSystem: <T>(work: Parameters<typeof database.asSystem<T>>[0]) =>
        database.asSystem<T>(async (tx) => {
          const done = await work(tx)
          if (done === 'claimed') throw new Error('crash')
          return done
        }),
    },
  }
  await expect(settlementTask.run(failing, {} as never)).rejects.toThrow('crash')
  expect(await core.claimsOf(owner)).toEqual([])
  expect(await core.readIncident(incident.id)).toMatchObject({ settlement: 'due', attribution: null })
  await expectBooksHold(core.db.owner)
  await core.settle(minutes(31))
  expect(await core.claimsOf(owner)).toEqual([])
  // The lease is over.
  await core.settle(minutes(32))
  expect(await core.claimsOf(owner)).toMatchObject([{ status: 'payout_pending' }])
})
