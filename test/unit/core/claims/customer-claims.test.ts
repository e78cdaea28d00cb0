import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addEvidence } from '../../../../core/claims/add-evidence.ts'
import { disputeClaim } from '../../../../core/claims/dispute-claim.ts'
import { fileClaim } from '../../../../core/claims/file-claim.ts'
import { listClaims } from '../../../../core/claims/list-claims.ts'
import { readClaim } from '../../../../core/claims/read-claim.ts'
import { approveClaim, denyClaim } from '../../../../core/claims/review/decide.ts'
import { withdrawClaim } from '../../../../core/claims/withdraw-claim.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import type { Refusal } from '../../../../core/refusal.ts'
import { claimDetailSchema, claimSchema, MAX_EVIDENCE_PIECES } from '../../../../schema/wire/claims.ts'
import { expectBooksHold } from '../../../support/money-invariants.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'
import { type ClaimsCore, CONFIRMED_DEPLOYMENT, DEPLOYED_AT, minutes, startClaims } from './claims-support.ts'

let core: ClaimsCore
let ctx: Context
let operator: Actor

beforeAll(async () => {
  core = await startClaims()
  operator = await core.operator()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => {
  ctx = core.insuring(minutes(45))
})
afterEach(() => expectBooksHold(core.db.owner))

const BECAUSE = { reason: 'As the evidence says.' }

/** A customer whose incident nobody attributed: the deployment is of longer ago. */
async function unattributed(policyOptions: Parameters<ClaimsCore['insure']>[1] = {}) {
  const owner = await core.organisation()
  const policy = await core.insure(owner, policyOptions)
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  await core.db
    .owner`UPDATE deployments SET deployed_at = ${minutes(-5_000)} WHERE organisation_id = ${owner.organisationId}`
  const incident = await core.incident(owner)
  await core.settle()
  expect(await core.claimsOf(owner)).toEqual([])
  return { owner, policy, incident, request: { policy_id: policy.id, incident_id: incident.id } }
}

async function filed() {
  const made = await unattributed()
  const { body } = await fileClaim(ctx, made.owner, made.request, UNCLAIMED)
  return { ...made, claim: claimSchema.parse(JSON.parse(body)) }
}

async function refusal(work: Promise<unknown>): Promise<Partial<Refusal>> {
  try {
    await work
    return {}
  } catch (error) {
    return error as Refusal
  }
}

describe('a customer files a claim', () => {
  test('which goes to review, whatever speaks for it', async () => {
    const { owner, policy, incident, request } = await unattributed()
    const answer = await fileClaim(ctx, owner, { ...request, statement: 'It was that change.' }, UNCLAIMED)
    expect(answer.status).toBe(201)
    expect(claimSchema.parse(JSON.parse(answer.body))).toMatchObject({
      status: 'in_review',
      policy_id: policy.id,
      incident_id: incident.id,
      requested: 50_000,
      filed_by: owner.userId,
      statement: 'It was that change.',
      confidence: 0,
    })
    const [claim] = await core.claimsOf(owner)
    expect(claim!.reviewReasons).toContain('filed_by_customer')
  })

  test('once, however often at once, and not again after withdrawing it', async () => {
    const { owner, request } = await unattributed()
    const codes = await Promise.all(
      [1, 2, 3].map(() => refusalCode(fileClaim(ctx, owner, request, UNCLAIMED))),
    )
    expect(codes.toSorted()).toEqual(['claim_already_filed', 'claim_already_filed', null])
    const [claim] = await core.claimsOf(owner)
    await withdrawClaim(ctx, owner, claim!.id, UNCLAIMED)
    expect(await refusalCode(fileClaim(ctx, owner, request, UNCLAIMED))).toBe('claim_already_filed')
  })

  test('on two policies at once, and the loss is claimed once in all', async () => {
    const { owner, request, incident } = await unattributed()
    const other = await core.insure(owner)
    await core.db
      .owner`UPDATE insurance_policies SET status = 'active', activated_at = ${DEPLOYED_AT} WHERE id = ${other.id}`
    const both = [request.policy_id, other.id].map((policy_id) =>
      refusal(fileClaim(ctx, owner, { policy_id, incident_id: incident.id }, UNCLAIMED)),
    )
    const refused = (await Promise.all(both)).filter((error) => error.code !== undefined)
    expect(refused).toMatchObject([{ code: 'claim_not_eligible', details: { reasons: ['no_loss'] } }])
    expect(await core.claimsOf(owner)).toHaveLength(1)
  })

  test('at the same moment as the network: there is one', async () => {
    const owner = await core.organisation()
    const policy = await core.insure(owner)
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    const incident = await core.incident(owner)
    const request = { policy_id: policy.id, incident_id: incident.id }
    await Promise.all([refusalCode(fileClaim(ctx, owner, request, UNCLAIMED)), core.settle()])
    await core.settle(minutes(40))
    expect(await core.claimsOf(owner)).toHaveLength(1)
    expect(await core.readIncident(incident.id)).toMatchObject({ settlement: 'claimed' })
  })

  test.each([
    ['incident_not_resolved', { resolvedAt: null, settlement: 'open' }],
    ['service_differs', { service: 'search' }],
    ['policy_not_active_at_incident', { openedAt: new Date(DEPLOYED_AT.getTime() - 1) }],
    ['no_loss', { resolvedAt: minutes(20) }],
  ] as const)('and is told why not: %s', async (reason, changes) => {
    const { owner, policy } = await unattributed()
    const incident = await core.incident(owner, { settlement: 'unattributed', ...changes })
    const request = { policy_id: policy.id, incident_id: incident.id }
    const refused = await refusal(fileClaim(ctx, owner, request, UNCLAIMED))
    expect(refused).toMatchObject({ code: 'claim_not_eligible', details: { reasons: [reason] } })
  })

  test('and is told every reason', async () => {
    const { owner, policy } = await unattributed()
    const openedAt = new Date(DEPLOYED_AT.getTime() - 1)
    const told = { service: 'search', openedAt, resolvedAt: openedAt, settlement: 'unattributed' } as const
    const incident = await core.incident(owner, told)
    const request = { policy_id: policy.id, incident_id: incident.id }
    const refused = await refusal(fileClaim(ctx, owner, request, UNCLAIMED))
    expect(refused.details?.reasons).toEqual(['service_differs', 'policy_not_active_at_incident', 'no_loss'])
  })

  test('not when the coverage is used up', async () => {
    const { owner, request, policy } = await unattributed({ coverage: 50_000 })
    const { body } = await fileClaim(ctx, owner, request, UNCLAIMED)
    await approveClaim(ctx, operator, JSON.parse(body).id, BECAUSE, UNCLAIMED)
    const later = await core.incident(owner, {
      settlement: 'unattributed',
      openedAt: minutes(35),
      resolvedAt: minutes(40),
    })
    const again = fileClaim(ctx, owner, { policy_id: policy.id, incident_id: later.id }, UNCLAIMED)
    expect((await refusal(again)).details?.reasons).toEqual(['coverage_exhausted'])
  })

  test('with its own policy and incident alone, and a live key', async () => {
    const { owner, request } = await unattributed()
    const other = await unattributed()
    const tester = await core.withKey(owner, ['insurance:write'], false)
    const codes = await Promise.all(
      [
        fileClaim(ctx, owner, { ...request, policy_id: other.policy.id }, UNCLAIMED),
        fileClaim(ctx, owner, { ...request, incident_id: other.incident.id }, UNCLAIMED),
        fileClaim(ctx, tester, request, UNCLAIMED),
      ].map(refusalCode),
    )
    expect(codes).toEqual(['policy_not_found', 'incident_not_found', 'live_key_required'])
  })
})

describe('a customer withdraws a claim', () => {
  test('that waits, and its cover is free again', async () => {
    const { owner, claim, policy } = await filed()
    await withdrawClaim(ctx, owner, claim.id, UNCLAIMED)
    expect(await core.claimsOf(owner)).toMatchObject([{ status: 'withdrawn', reserved: 0n }])
    const [row] = await core.db
      .owner`SELECT reserved_micros::text AS reserved FROM insurance_policies WHERE id = ${policy.id}`
    expect(row!.reserved).toBe('0')
  })

  test('twice at once: exactly one succeeds', async () => {
    const { owner, claim } = await filed()
    const codes = await Promise.all(
      [1, 2].map(() => refusalCode(withdrawClaim(ctx, owner, claim.id, UNCLAIMED))),
    )
    expect(codes.toSorted()).toEqual(['claim_state_conflict', null])
  })
})

describe('what others have', () => {
  test('is not found, listed or changed', async () => {
    const { claim } = await filed()
    const stranger = await core.organisation()
    const codes = await Promise.all(
      [
        readClaim(ctx, stranger, claim.id),
        withdrawClaim(ctx, stranger, claim.id, UNCLAIMED),
        disputeClaim(ctx, stranger, claim.id, BECAUSE, UNCLAIMED),
        addEvidence(ctx, stranger, claim.id, { text: 'x' }, UNCLAIMED),
      ].map(refusalCode),
    )
    expect(new Set(codes)).toEqual(new Set(['claim_not_found']))
    expect((await listClaims(ctx, stranger, { limit: 10 })).data).toEqual([])
  })
})

describe('evidence', () => {
  test('is added while something may become of the claim, and is bounded', async () => {
    const { owner, claim } = await filed()
    const add = (text: string) =>
      addEvidence(ctx, owner, claim.id, { text, url: 'https://status.example/1' }, UNCLAIMED)
    const { status, body } = await add('Our status page.')
    expect(status).toBe(201)
    expect(JSON.parse(body)).toMatchObject({ claim_id: claim.id, text: 'Our status page.', pieces: 1 })
    for (let piece = 2; piece < MAX_EVIDENCE_PIECES; piece++) await add(`${piece}`)
    const codes = await Promise.all([add('a'), add('b')].map(refusalCode))
    expect(codes.toSorted()).toEqual(['invalid_input', null])
    await withdrawClaim(ctx, owner, claim.id, UNCLAIMED)
    expect(await refusalCode(add('late'))).toBe('claim_state_conflict')
  })
})

describe('reading', () => {
  test('shows history, evidence, attribution and payouts, and names operators as such', async () => {
    const { owner, claim } = await filed()
    await addEvidence(ctx, owner, claim.id, { text: 'Our status page.' }, UNCLAIMED)
    await denyClaim(ctx, operator, claim.id, BECAUSE, UNCLAIMED)
    await disputeClaim(ctx, owner, claim.id, { reason: 'Look again.' }, UNCLAIMED)
    const text = JSON.stringify(await readClaim(ctx, owner, claim.id))
    expect(text).not.toContain(operator.userId)
    const found = claimDetailSchema.parse(JSON.parse(text))
    expect(found.history.map(({ actor, action, from, to }) => [actor, action, from, to])).toEqual([
      [owner.userId, 'filed', null, 'filed'],
      ['network', 'sent_to_review', 'filed', 'in_review'],
      [owner.userId, 'evidence_added', 'in_review', 'in_review'],
      ['operator', 'denied', 'in_review', 'denied'],
      [owner.userId, 'disputed', 'denied', 'disputed'],
    ])
    expect(found).toMatchObject({
      evidence: [{ text: 'Our status page.', url: null }],
      payouts: [],
      dispute_reason: 'Look again.',
    })
  })

  test('lists by status and policy, page by page, and shows a test key nothing', async () => {
    const { owner, claim, policy } = await filed()
    const later = await core.incident(owner, {
      settlement: 'unattributed',
      openedAt: minutes(35),
      resolvedAt: minutes(40),
    })
    await fileClaim(ctx, owner, { policy_id: policy.id, incident_id: later.id }, UNCLAIMED)
    const firstPage = await listClaims(ctx, owner, { limit: 1 })
    expect(firstPage.data).toMatchObject([{ incident_id: later.id }])
    const secondPage = await listClaims(ctx, owner, { limit: 1, cursor: firstPage.next_cursor! })
    expect(secondPage).toMatchObject({ data: [{ id: claim.id }], next_cursor: null })
    await withdrawClaim(ctx, owner, claim.id, UNCLAIMED)
    expect((await listClaims(ctx, owner, { limit: 9, status: 'withdrawn' })).data).toHaveLength(1)
    expect((await listClaims(ctx, owner, { limit: 9, policy_id: policy.id })).data).toHaveLength(2)
    const tester = await core.withKey(owner, ['insurance:read'], false)
    expect(await listClaims(ctx, tester, { limit: 9 })).toEqual({ data: [], next_cursor: null })
    expect(await refusalCode(readClaim(ctx, tester, claim.id))).toBe('claim_not_found')
  })
})
