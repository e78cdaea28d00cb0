import type { ResolveDisputeRequest } from '../../../schema/wire/claims.ts'
import { takeBackAtRail } from '../../billing/adjust.ts'
import type { Actor, Context, Transaction } from '../../context.ts'
import type { Answer, Claim } from '../../idempotency/claim.ts'
import { accountBalance } from '../../ledger/balances.ts'
import { lockCustomerBalances } from '../../ledger/customer-balances.ts'
import { approveJournals, cededPart, reversalJournals } from '../../ledger/journals.ts'
import { fromCents, minimum } from '../../money.ts'
import { Refusal } from '../../refusal.ts'
import { queuePayout } from '../approve.ts'
import { assertWithinCover, book, changeCover, closeIfExhausted, together } from '../cover.ts'
import { describeClaim } from '../describe.ts'
import { remainingCover } from '../loss.ts'
import { moveClaim } from '../move.ts'
import { type ClaimRow, type InsuredPolicyRow, lockPolicyOf, NETWORK } from '../rows.ts'
import { assertClaimTransition } from '../states.ts'
import { tell } from '../tell.ts'
import { asReviewer } from './as-reviewer.ts'
import { assertNothingProposed, awaitSecondPerson } from './proposals.ts'

type Outcome = ResolveDisputeRequest['outcome']

/** How a dispute ends. */
interface Resolution {
  readonly outcome: Outcome
  readonly by: string
  readonly reason: string
}

/**
 * Ends a dispute. `upheld` leaves the decision as it was; `adjusted` has the claim stand at another amount; `reversed` pays a
 * claim that was denied, and takes back one that was paid. More money is paid out first and closes the claim when it arrives;
 * less is taken back and closes it at once.
 *
 * @returns 200 with the claim, or 202 while it waits for a second person
 * @throws {Refusal} `claim_not_found`, `own_claim`, `claim_state_conflict`, `second_person_required`, `claim_not_eligible`,
 *   `invalid_input` for an adjustment that changes nothing
 */
export function resolveDispute(
  ctx: Context,
  actor: Actor,
  claimId: string,
  request: ResolveDisputeRequest,
  idempotency: Claim,
): Promise<Answer> {
  return asReviewer(ctx, actor, claimId, idempotency, async (tx, claim) => {
    const { outcome, reason } = request
    assertClaimTransition(claim.status, outcome)
    const resolution: Resolution = { outcome, reason, by: actor.userId }
    const policy = await lockPolicyOf(tx, claim)
    const change = changeOf(claim, policy, request)
    if (change <= 0n) {
      assertNothingProposed(claim)
      return answer(await (change === 0n ? uphold : takeBack)(ctx, tx, claim, policy, resolution, -change))
    }
    assertWithinCover(policy, change)
    const paying = { action: 'resolve', outcome: outcome as 'adjusted' | 'reversed', amount: change } as const
    const waits = await awaitSecondPerson(ctx, tx, claim, actor, paying, reason)
    return waits ?? answer(await payMore(ctx, tx, claim, policy, resolution, change))
  })
}

function answer(claim: ClaimRow): Answer {
  return { status: 200, body: JSON.stringify(describeClaim(claim)) }
}

/** What the outcome adds to what stands approved; negative when it takes away. Micro-USD. */
function changeOf(claim: ClaimRow, policy: InsuredPolicyRow, request: ResolveDisputeRequest): bigint {
  if (request.outcome === 'upheld') return 0n
  if (request.outcome === 'reversed')
    return claim.approved > 0n ? -claim.approved : reversedDenial(claim, policy)
  const change = fromCents(request.amount!) - claim.approved
  if (change !== 0n) return change
  const message = 'is what the claim stands at already; that is upheld'
  throw new Refusal('invalid_input', { errors: [{ path: 'amount', message }] })
}

function reversedDenial(claim: ClaimRow, policy: InsuredPolicyRow): bigint {
  const amount = minimum(claim.requested, remainingCover(policy))
  if (amount === 0n) throw new Refusal('claim_not_eligible', { reasons: ['coverage_exhausted'] })
  return amount
}

async function uphold(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  _policy: InsuredPolicyRow,
  resolution: Resolution,
): Promise<ClaimRow> {
  const resolved = await resolve(ctx, tx, claim, resolution, 0n, {})
  return close(ctx, tx, resolved)
}

/** Its payout is the claim's second, whether there was a first one or not; the claim is closed when it arrives. */
async function payMore(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  policy: InsuredPolicyRow,
  resolution: Resolution,
  amount: bigint,
): Promise<ClaimRow> {
  const approvedBefore = claim.approved
  const approved = approvedBefore + amount
  const resolved = await resolve(ctx, tx, claim, resolution, approved, {
    approved,
    ceded: cededPart(approved),
  })
  const used = await changeCover(ctx, tx, policy, { used: amount })
  await queuePayout(ctx, tx, resolved, 2, amount)
  const journals = approveJournals(claim, 2, { estimate: 0n, amount, approvedBefore })
  const closing = await closeIfExhausted(ctx, tx, used)
  await book(ctx, tx, together({ journals, released: [] }, closing))
  return resolved
}

/** Once at most: a claim is disputed once, and the key of its journal says the same. */
async function takeBack(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  policy: InsuredPolicyRow,
  resolution: Resolution,
  amount: bigint,
): Promise<ClaimRow> {
  const approvedBefore = claim.approved
  const approved = approvedBefore - amount
  const resolved = await resolve(ctx, tx, claim, resolution, approved, {
    approved,
    paid: claim.paid - amount,
    ceded: cededPart(approved),
    reversedAt: ctx.now,
  })
  const closed = await close(ctx, tx, resolved)
  await changeCover(ctx, tx, policy, { used: -amount })
  const recoverable = await accountBalance(tx, 'reinsurance_recoverable', claim.id)
  const balances = await lockCustomerBalances(tx, claim.organisationId)
  const { id: claimId, organisationId } = claim
  await takeBackAtRail(ctx, tx, { claimId, organisationId, fromCredit: minimum(amount, balances.credit) })
  const journals = reversalJournals(claim, { amount, approvedBefore, recoverable }, balances)
  await book(ctx, tx, { journals, released: [] })
  return closed
}

async function resolve(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  { outcome, by: actor, reason }: Resolution,
  amount: bigint,
  set: Parameters<typeof moveClaim>[5],
): Promise<ClaimRow> {
  const event = { action: 'resolved', actor, amount, reason } as const
  const resolved = await moveClaim(ctx, tx, claim, outcome, event, {
    ...set,
    resolution: outcome,
    decidedAt: ctx.now,
    decisionReason: reason,
    proposal: null,
  })
  await tell(ctx, tx, 'claim.resolved', resolved)
  return resolved
}

function close(ctx: Context, tx: Transaction, claim: ClaimRow): Promise<ClaimRow> {
  return moveClaim(ctx, tx, claim, 'closed', { action: 'closed', actor: NETWORK })
}
