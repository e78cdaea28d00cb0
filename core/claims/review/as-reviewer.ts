import type { Actor, Context, Transaction } from '../../context.ts'
import type { Answer, Claim } from '../../idempotency/claim.ts'
import { requireLive } from '../../insurance/require-live.ts'
import { Refusal } from '../../refusal.ts'
import { judgeAnew } from '../judge-anew.ts'
import { type ClaimRow, lockClaim } from '../rows.ts'

/**
 * An operator's command on a claim, which is locked: of two at once the second finds what the first made of it. Nobody decides
 * on a claim of their own organisation.
 *
 * @throws {Refusal} `claim_not_found`, `own_claim`, `live_key_required`
 */
export async function asReviewer(
  ctx: Context,
  actor: Actor,
  claimId: string,
  idempotency: Claim,
  work: (tx: Transaction, claim: ClaimRow) => Promise<Answer>,
): Promise<Answer> {
  requireLive(actor)
  const answer = await ctx.database.asSystem(async (tx) => {
    const claim = await lockClaim(tx, claimId)
    if (claim.organisationId === actor.organisationId) throw new Refusal('own_claim')
    const done = await work(tx, claim)
    await idempotency.settle(tx, done)
    return done
  })
  await judgeAnew(ctx)
  return answer
}
