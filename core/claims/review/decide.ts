import type { AdjustClaimRequest, DecideClaimRequest } from '../../../schema/wire/claims.ts'
import type { Actor, Context, Transaction } from '../../context.ts'
import type { Answer, Claim } from '../../idempotency/claim.ts'
import { claimReleasedJournal } from '../../ledger/journals.ts'
import { fromCents } from '../../money.ts'
import { Refusal } from '../../refusal.ts'
import { approve } from '../approve.ts'
import { assertWithinCover, book, changeCover } from '../cover.ts'
import { describeClaim } from '../describe.ts'
import { openDispute } from '../dispute-claim.ts'
import { moveClaim } from '../move.ts'
import { type ClaimRow, lockPolicyOf } from '../rows.ts'
import { assertClaimTransition } from '../states.ts'
import { tell } from '../tell.ts'
import { asReviewer } from './as-reviewer.ts'
import { assertNothingProposed, awaitSecondPerson, withdrawProposed } from './proposals.ts'

/**
 * Pays what was requested.
 *
 * @returns 200 with the claim, or 202 while it waits for a second person
 * @throws {Refusal} `claim_not_found`, `own_claim`, `claim_state_conflict`, `second_person_required`, `claim_not_eligible`
 */
export function approveClaim(
  ctx: Context,
  actor: Actor,
  claimId: string,
  { reason }: DecideClaimRequest,
  idempotency: Claim,
): Promise<Answer> {
  return asReviewer(ctx, actor, claimId, idempotency, (tx, claim) =>
    pay(ctx, tx, claim, actor, { action: 'approve', amount: claim.requested, reason }),
  )
}

/** Pays another amount, within what the policy has left. As {@link approveClaim}. */
export function adjustClaim(
  ctx: Context,
  actor: Actor,
  claimId: string,
  request: AdjustClaimRequest,
  idempotency: Claim,
): Promise<Answer> {
  const { reason } = request
  const amount = fromCents(request.amount)
  return asReviewer(ctx, actor, claimId, idempotency, (tx, claim) =>
    pay(ctx, tx, claim, actor, { action: 'adjust', amount, reason }),
  )
}

/** Pays nothing. @throws {Refusal} as {@link approveClaim} */
export function denyClaim(
  ctx: Context,
  actor: Actor,
  claimId: string,
  { reason }: DecideClaimRequest,
  idempotency: Claim,
): Promise<Answer> {
  return asReviewer(ctx, actor, claimId, idempotency, async (tx, claim) => {
    assertClaimTransition(claim.status, 'denied')
    assertNothingProposed(claim)
    const event = { action: 'denied', actor: actor.userId, amount: 0n, reason } as const
    const set = { reserved: 0n, decidedAt: ctx.now, decisionReason: reason }
    const denied = await moveClaim(ctx, tx, claim, 'denied', event, set)
    await changeCover(ctx, tx, await lockPolicyOf(tx, claim), { reserved: -claim.reserved })
    await tell(ctx, tx, 'claim.denied', denied)
    const journal = claimReleasedJournal(claim, 'claim_denied', claim.reserved)
    await book(ctx, tx, { journals: [journal], released: [] })
    return { status: 200, body: JSON.stringify(describeClaim(denied)) }
  })
}

/** Has a claim that was paid looked at again, for the network's part. @throws {Refusal} as {@link approveClaim} */
export function disputePaidClaim(
  ctx: Context,
  actor: Actor,
  claimId: string,
  { reason }: DecideClaimRequest,
  idempotency: Claim,
): Promise<Answer> {
  return asReviewer(ctx, actor, claimId, idempotency, async (tx, claim) => {
    if (claim.status !== 'paid') {
      const detail = `Operators dispute what was paid; this claim is ${claim.status}.`
      throw new Refusal('claim_state_conflict', { detail })
    }
    const disputed = await openDispute(ctx, tx, claim, actor, reason)
    return { status: 200, body: JSON.stringify(describeClaim(disputed)) }
  })
}

/** Takes back a decision that waits for its second person. @throws {Refusal} as {@link approveClaim} */
export function withdrawProposal(
  ctx: Context,
  actor: Actor,
  claimId: string,
  idempotency: Claim,
): Promise<Answer> {
  return asReviewer(ctx, actor, claimId, idempotency, async (tx, claim) => {
    const cleared = await withdrawProposed(ctx, tx, claim, actor)
    return { status: 200, body: JSON.stringify(describeClaim(cleared)) }
  })
}

async function pay(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  actor: Actor,
  decision: { action: 'approve' | 'adjust'; amount: bigint; reason: string },
): Promise<Answer> {
  const { action, amount, reason } = decision
  assertClaimTransition(claim.status, 'approved')
  const policy = await lockPolicyOf(tx, claim)
  assertWithinCover(policy, amount - claim.reserved)
  const waits = await awaitSecondPerson(ctx, tx, claim, actor, { action, outcome: null, amount }, reason)
  if (waits !== null) return waits
  const done = action === 'approve' ? 'approved' : 'adjusted'
  const approval = { amount, to: 'approved', action: done, by: actor.userId, reason } as const
  const approved = await approve(ctx, tx, claim, policy, approval)
  await book(ctx, tx, approved.bookings)
  return { status: 200, body: JSON.stringify(describeClaim(approved.claim)) }
}
