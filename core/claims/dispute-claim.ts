import type { DisputeClaimRequest } from '../../schema/wire/claims.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { describeClaim } from './describe.ts'
import { moveClaim } from './move.ts'
import { type ClaimRow, lockClaim } from './rows.ts'
import { tell } from './tell.ts'

/**
 * A customer has a claim that was denied or paid looked at again, once.
 *
 * @throws {Refusal} `claim_not_found`, `claim_state_conflict`, `live_key_required`
 */
export async function disputeClaim(
  ctx: Context,
  actor: Actor,
  claimId: string,
  request: DisputeClaimRequest,
  idempotency: Claim,
): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const claim = await lockClaim(tx, claimId, actor.organisationId)
    const disputed = await openDispute(ctx, tx, claim, actor, request.reason)
    const answer = { status: 200, body: JSON.stringify(describeClaim(disputed)) }
    await idempotency.settle(tx, answer)
    return answer
  })
}

/** @throws {Refusal} `claim_state_conflict` */
export async function openDispute(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  actor: Actor,
  reason: string,
): Promise<ClaimRow> {
  const event = { action: 'disputed', actor: actor.userId, reason } as const
  const disputed = await moveClaim(ctx, tx, claim, 'disputed', event, { disputeReason: reason })
  await tell(ctx, tx, 'claim.disputed', disputed)
  return disputed
}
