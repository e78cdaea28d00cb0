import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { disputeClaim } from '../../../../../core/claims/dispute-claim.ts'
import {
  adjustClaim,
  approveClaim,
  denyClaim,
  disputePaidClaim,
} from '../../../../../core/claims/review/decide.ts'
import { recordRecovery } from '../../../../../core/claims/review/recover.ts'
import { resolveDispute } from '../../../../../core/claims/review/resolve.ts'
import type { ClaimRow } from '../../../../../core/claims/rows.ts'
import type { Actor, Context } from '../../../../../core/context.ts'
import { UNCLAIMED } from '../../../../../core/idempotency/claim.ts'
import { type ResolveDisputeRequest, recoverySchema } from '../../../../../schema/wire/claims.ts'
import { expectBooksHold } from '../../../../support/money-invariants.ts'
import { refusalCode, START_LIMIT_MS } from '../../support.ts'
import { BECAUSE, type ReviewCore, startReview } from '../review-support.ts'

let core: ReviewCore
let ctx: Context
let first: Actor
let second: Actor

beforeAll(async () => {
  core = await startReview()
  ;({ first, second } = core)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => {
  ctx = core.reviewing()
})
afterEach(() => expectBooksHold(core.db.owner))

const CENT = 10_000n
const USD = 100n * CENT

function dispute(owner: Actor, claim: ClaimRow) {
  return disputeClaim(ctx, owner, claim.id, { reason: 'Look again.' }, UNCLAIMED)
}

function resolve(actor: Actor, claim: ClaimRow, request: Omit<ResolveDisputeRequest, 'reason'>) {
  return resolveDispute(ctx, actor, claim.id, { ...BECAUSE, ...request }, UNCLAIMED)
}

describe('a dispute', () => {
  test('that is upheld changes no money', async () => {
    const { owner, claim, now } = await core.paid()
    await dispute(owner, claim)
    await resolve(first, claim, { outcome: 'upheld' })
    expect(await now()).toMatchObject({
      status: 'closed',
      resolution: 'upheld',
      paid: 2_000n * USD,
      reversedAt: null,
    })
  })

  test('of a denied claim that is reversed pays it, and is closed when it arrives', async () => {
    const { owner, claim, now } = await core.small()
    await denyClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    await dispute(owner, claim)
    await resolve(second, claim, { outcome: 'reversed' })
    expect(await now()).toMatchObject({ status: 'reversed', approved: 2_000n * USD, paid: 0n })
    expect(await core.payoutsOf(claim.id)).toMatchObject([{ sequence: 2, amount: 2_000n * USD }])
    await expectBooksHold(core.db.owner)
    await core.payAll()
    expect(await now()).toMatchObject({ status: 'closed', resolution: 'reversed', paid: 2_000n * USD })
  })

  test('that adds money has a second payout', async () => {
    const { owner, claim, now } = await core.paid()
    await dispute(owner, claim)
    await resolve(first, claim, { outcome: 'adjusted', amount: 300_000 })
    expect(await now()).toMatchObject({ status: 'adjusted', approved: 3_000n * USD, paid: 2_000n * USD })
    await core.payAll()
    expect(await now()).toMatchObject({ status: 'closed', paid: 3_000n * USD })
    expect((await core.payoutsOf(claim.id)).map(({ amount }) => amount)).toEqual([2_000n * USD, 1_000n * USD])
  })

  test.each([
    ['wholly', { outcome: 'reversed' }, 0n],
    ['in part', { outcome: 'adjusted', amount: 50_000 }, 500n * USD],
    ['wholly, as an adjustment', { outcome: 'adjusted', amount: 0 }, 0n],
  ] as const)('takes a paid claim back %s', async (_, request, left) => {
    const { owner, claim, now } = await core.paid()
    await disputePaidClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    await resolve(second, claim, request)
    expect(await now()).toMatchObject({ status: 'closed', approved: left, paid: left, reversedAt: ctx.now })
    expect(await core.balance('customer_credit', owner.organisationId)).toBe(-left)
    expect(await core.balance('claim_clawback', owner.organisationId)).toBe(0n)
    const [policy] = await core.db
      .owner`SELECT used_micros::text AS used FROM insurance_policies WHERE id = ${claim.policyId}`
    expect(policy!.used).toBe(String(left))
  })

  test('that takes back more than the credit leaves the rest owed', async () => {
    const { owner, claim } = await core.paid()
    // The customer has used most of it.
    await core.db.owner`SELECT post_journals(${core.db.owner.json([
      {
        key: `credit_used/${claim.id}`,
        kind: 'credit_used',
        organisation_id: owner.organisationId,
        subject: claim.id,
        posted_at: ctx.now.toISOString(),
        postings: [
          { account: 'customer_credit', party: owner.organisationId, amount: String(1_500n * USD) },
          { account: 'premium_receivable', party: owner.organisationId, amount: String(-1_500n * USD) },
        ],
      },
    ])}::jsonb)`
    await disputePaidClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    await resolve(second, claim, { outcome: 'reversed' })
    expect(await core.balance('customer_credit', owner.organisationId)).toBe(0n)
    expect(await core.balance('claim_clawback', owner.organisationId)).toBe(1_500n * USD)
  })

  test.each([
    ['reversed', { outcome: 'reversed' }],
    ['adjusted', { outcome: 'adjusted', amount: 300_000 }],
    ['upheld', { outcome: 'upheld' }],
  ] as const)('that is %s twice at once: exactly one succeeds', async (_, request) => {
    const { owner, claim } = await core.paid()
    await dispute(owner, claim)
    const codes = await Promise.all(
      [first, second].map((actor) => refusalCode(resolve(actor, claim, request))),
    )
    expect(codes.toSorted()).toEqual(['claim_state_conflict', null])
  })

  test('that is opened twice at once: exactly one succeeds, and not a second time when it is over', async () => {
    const { owner, claim } = await core.paid()
    const both = [dispute(owner, claim), disputePaidClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)]
    expect((await Promise.all(both.map(refusalCode))).toSorted()).toEqual(['claim_state_conflict', null])
    await resolve(first, claim, { outcome: 'upheld' })
    expect(await refusalCode(dispute(owner, claim))).toBe('claim_state_conflict')
  })

  test('needs two people to pay more than $10,000', async () => {
    const { owner, claim, now } = await core.large()
    await denyClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    await dispute(owner, claim)
    expect((await resolve(first, claim, { outcome: 'reversed' })).status).toBe(202)
    expect(await refusalCode(resolve(first, claim, { outcome: 'reversed' }))).toBe('second_person_required')
    expect(await refusalCode(resolve(second, claim, { outcome: 'upheld' }))).toBe('claim_state_conflict')
    expect((await resolve(second, claim, { outcome: 'reversed' })).status).toBe(200)
    expect((await now()).status).toBe('reversed')
  })

  test('needs two people where it adds to what was paid, to more than $10,000 in all', async () => {
    const { owner, claim, now } = await core.large()
    const lessThanAsked = { ...BECAUSE, amount: 1_000_000 }
    expect((await adjustClaim(ctx, first, claim.id, lessThanAsked, UNCLAIMED)).status).toBe(200)
    await core.payAll()
    await dispute(owner, claim)
    expect((await resolve(first, claim, { outcome: 'adjusted', amount: 1_000_001 })).status).toBe(202)
    expect(await now()).toMatchObject({ status: 'disputed', approved: 10_000n * USD })
    expect((await resolve(second, claim, { outcome: 'adjusted', amount: 1_000_001 })).status).toBe(200)
    expect((await now()).approved).toBe(10_000n * USD + CENT)
  })

  test('refuses what changes nothing, and more than the coverage', async () => {
    const { owner, claim } = await core.paid()
    await dispute(owner, claim)
    const codes = []
    for (const amount of [200_000, 500_001]) {
      codes.push(await refusalCode(resolve(first, claim, { outcome: 'adjusted', amount })))
    }
    expect(codes).toEqual(['invalid_input', 'claim_not_eligible'])
  })

  test('is not opened by operators on what was denied', async () => {
    const { claim } = await core.small()
    await denyClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    const attempt = disputePaidClaim(ctx, second, claim.id, BECAUSE, UNCLAIMED)
    expect(await refusalCode(attempt)).toBe('claim_state_conflict')
  })
})

describe('above $50,000 the reinsurer bears the rest', () => {
  const recover = async (claim: ClaimRow, amount: number) => {
    const { body } = await recordRecovery(ctx, first, claim.id, { amount }, UNCLAIMED)
    return recoverySchema.parse(JSON.parse(body))
  }

  test('and pays no more than it owes, however often it is asked', async () => {
    const { claim, now } = await core.huge()
    for (const actor of [first, second]) await approveClaim(ctx, actor, claim.id, BECAUSE, UNCLAIMED)
    expect(await now()).toMatchObject({ approved: 60_000n * USD, ceded: 10_000n * USD })
    expect(await recover(claim, 400_000)).toMatchObject({ recovered: 400_000, recoverable: 600_000 })
    const codes = await Promise.all([recover(claim, 500_000), recover(claim, 500_000)].map(refusalCode))
    expect(codes.toSorted()).toEqual(['invalid_input', null])
    expect(await core.balance('reinsurance_recoverable', claim.id)).toBe(1_000n * USD)
  })

  test('and is owed what it paid for a claim that is taken back', async () => {
    const { claim } = await core.huge()
    for (const actor of [first, second]) await approveClaim(ctx, actor, claim.id, BECAUSE, UNCLAIMED)
    await core.payAll()
    await recover(claim, 900_000)
    await disputePaidClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    await resolve(second, claim, { outcome: 'adjusted', amount: 5_200_000 })
    expect(await core.balance('reinsurance_recoverable', claim.id)).toBe(0n)
    expect(await core.balance('reinsurance_payable', claim.id)).toBe(-7_000n * USD)
  })
})
