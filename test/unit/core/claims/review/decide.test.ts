import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  adjustClaim,
  approveClaim,
  denyClaim,
  withdrawProposal,
} from '../../../../../core/claims/review/decide.ts'
import { withdrawClaim } from '../../../../../core/claims/withdraw-claim.ts'
import type { Actor, Context } from '../../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../../core/idempotency/claim.ts'
import type { Refusal } from '../../../../../core/refusal.ts'
import { utf8 } from '../../../../../core/verify/encoding.ts'
import { awaitingSecondPersonSchema, claimSchema } from '../../../../../schema/wire/claims.ts'
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

describe('a decision', () => {
  test('to approve pays what was requested', async () => {
    const { claim, now } = await core.small()
    const answer = await approveClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    expect(answer.status).toBe(200)
    expect(claimSchema.parse(JSON.parse(answer.body))).toMatchObject({
      status: 'payout_pending',
      approved: 200_000,
      reserved: 0,
      automatic: false,
      decision_reason: BECAUSE.reason,
    })
    expect(await core.payoutsOf(claim.id)).toMatchObject([{ sequence: 1, amount: 2_000n * USD }])
    await expectBooksHold(core.db.owner)
    await core.payAll()
    expect(await now()).toMatchObject({ status: 'paid', paid: 2_000n * USD })
  })

  test.each([
    ['less', 150_000],
    ['more, within the coverage', 450_000],
    ['all of the coverage', 500_000],
  ])('to pay %s', async (_, amount) => {
    const { claim, now } = await core.small()
    await adjustClaim(ctx, first, claim.id, { ...BECAUSE, amount }, UNCLAIMED)
    expect(await now()).toMatchObject({
      status: 'payout_pending',
      approved: BigInt(amount) * CENT,
      reserved: 0n,
    })
    const [policy] = await core.db.owner`SELECT status FROM insurance_policies WHERE id = ${claim.policyId}`
    expect(policy!.status).toBe(amount === 500_000 ? 'exhausted' : 'active')
  })

  test('to pay more than the coverage is refused', async () => {
    const { claim, now } = await core.small()
    const attempt = adjustClaim(ctx, first, claim.id, { ...BECAUSE, amount: 500_001 }, UNCLAIMED)
    expect(await refusalCode(attempt)).toBe('claim_not_eligible')
    expect(await now()).toEqual(claim)
  })

  test('to deny pays nothing and frees the coverage', async () => {
    const { claim, now } = await core.small()
    await denyClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    expect(await now()).toMatchObject({ status: 'denied', approved: 0n, reserved: 0n })
    expect(await core.payoutsOf(claim.id)).toEqual([])
  })

  test('on a claim of their own organisation is for nobody', async () => {
    const { owner, claim } = await core.small()
    const own = await core.withKey(owner, ['operator'], true)
    for (const decide of [approveClaim, denyClaim]) {
      expect(await refusalCode(decide(ctx, own, claim.id, BECAUSE, UNCLAIMED))).toBe('own_claim')
    }
  })

  test('with a test key, or on no claim, is refused', async () => {
    const { claim } = await core.small()
    const tester = await core.withKey(first, ['operator'], false)
    expect(await refusalCode(approveClaim(ctx, tester, claim.id, BECAUSE, UNCLAIMED))).toBe(
      'live_key_required',
    )
    const unknown = approveClaim(ctx, first, 'CLM-2026-0000000000000000', BECAUSE, UNCLAIMED)
    expect(await refusalCode(unknown)).toBe('claim_not_found')
  })

  test.each([
    ['approve', 'approve'],
    ['approve', 'deny'],
    ['deny', 'deny'],
    ['approve', 'withdraw'],
  ] as const)('to %s and to %s at once: exactly one succeeds', async (one, other) => {
    const { owner, claim, now } = await core.small()
    const commands = {
      approve: (actor: Actor) => approveClaim(ctx, actor, claim.id, BECAUSE, UNCLAIMED),
      deny: (actor: Actor) => denyClaim(ctx, actor, claim.id, BECAUSE, UNCLAIMED),
      withdraw: () => withdrawClaim(ctx, owner, claim.id, UNCLAIMED),
    }
    const codes = await Promise.all(
      [commands[one](first), commands[other](second)].map((command) => refusalCode(command)),
    )
    expect(codes.toSorted()).toEqual(['claim_state_conflict', null])
    expect(['payout_pending', 'denied', 'withdrawn']).toContain((await now()).status)
    expect((await core.payoutsOf(claim.id)).length).toBe((await now()).approved > 0n ? 1 : 0)
  })

  test('a second time is a conflict that names both states', async () => {
    const { claim } = await core.small()
    await denyClaim(ctx, first, claim.id, BECAUSE, UNCLAIMED)
    await expect(approveClaim(ctx, second, claim.id, BECAUSE, UNCLAIMED)).rejects.toThrow(
      expect.objectContaining({
        code: 'claim_state_conflict',
        detail: 'A claim that is denied cannot become approved.',
      }) as Refusal,
    )
  })

  test('sent again with the same Idempotency-Key gets the first answer', async () => {
    const { claim } = await core.small()
    const request = {
      route: `POST /v1/review/claims/${claim.id}/approve`,
      key: claim.id,
      rawBody: utf8('{}'),
    }
    const send = () =>
      once(ctx, first, request, (idempotency) => approveClaim(ctx, first, claim.id, BECAUSE, idempotency))
    const answers = [await send(), await send()]
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, true])
    expect(answers[1]!.body).toBe(answers[0]!.body)
    expect(await core.payoutsOf(claim.id)).toHaveLength(1)
  })

  test('that crashes before it is committed leaves nothing', async () => {
    const { claim, now } = await core.small()
    const crash = {
      settle: async () => {
        throw new Error('crash')
      },
      record: () => null,
    }
    await expect(approveClaim(ctx, first, claim.id, BECAUSE, crash)).rejects.toThrow('crash')
    expect(await now()).toEqual(claim)
    expect(await core.payoutsOf(claim.id)).toEqual([])
  })
})

describe('above $10,000', () => {
  const approve = (actor: Actor, id: string) => approveClaim(ctx, actor, id, BECAUSE, UNCLAIMED)

  test('two people decide the same', async () => {
    const { claim, now } = await core.large()
    const answer = await approve(first, claim.id)
    expect(answer.status).toBe(202)
    expect(awaitingSecondPersonSchema.parse(JSON.parse(answer.body))).toMatchObject({
      claim_id: claim.id,
      proposal: { user_id: first.userId, action: 'approve', amount: 2_500_000 },
    })
    expect(await now()).toMatchObject({ status: 'in_review', approved: 0n })
    expect(await core.payoutsOf(claim.id)).toEqual([])
    expect((await approve(second, claim.id)).status).toBe(200)
    expect(await now()).toMatchObject({ status: 'payout_pending', approved: 25_000n * USD, proposal: null })
  })

  test('the same person is not two, with another key neither', async () => {
    const { claim, now } = await core.large()
    await approve(first, claim.id)
    const otherKey = await core.withKey(first, ['operator'], true)
    for (const actor of [first, otherKey]) {
      expect(await refusalCode(approve(actor, claim.id))).toBe('second_person_required')
    }
    expect((await now()).status).toBe('in_review')
  })

  test('the same person twice at once is not two either', async () => {
    const { claim, now } = await core.large()
    const codes = await Promise.all([approve(first, claim.id), approve(first, claim.id)].map(refusalCode))
    expect(codes.toSorted()).toEqual(['second_person_required', null].toSorted())
    expect((await now()).status).toBe('in_review')
  })

  test('another decision conflicts until the first is withdrawn', async () => {
    const { claim, now } = await core.large()
    await approve(first, claim.id)
    const others = [
      () => adjustClaim(ctx, second, claim.id, { ...BECAUSE, amount: 2_000_000 }, UNCLAIMED),
      () => adjustClaim(ctx, second, claim.id, { ...BECAUSE, amount: 100 }, UNCLAIMED),
      () => denyClaim(ctx, second, claim.id, BECAUSE, UNCLAIMED),
      () => adjustClaim(ctx, second, claim.id, { ...BECAUSE, amount: 2_500_000 }, UNCLAIMED),
    ]
    for (const decide of others) expect(await refusalCode(decide())).toBe('claim_state_conflict')
    await withdrawProposal(ctx, second, claim.id, UNCLAIMED)
    expect(await refusalCode(withdrawProposal(ctx, first, claim.id, UNCLAIMED))).toBe('claim_state_conflict')
    await denyClaim(ctx, second, claim.id, BECAUSE, UNCLAIMED)
    expect((await now()).status).toBe('denied')
  })

  test('exactly $10,000 takes one', async () => {
    const { claim } = await core.large()
    const answer = await adjustClaim(ctx, first, claim.id, { ...BECAUSE, amount: 1_000_000 }, UNCLAIMED)
    expect(answer.status).toBe(200)
  })
})
