import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { claimReleasedJournal } from '../ledger/journals.ts'
import { book, changeCover } from './cover.ts'
import { describeClaim } from './describe.ts'
import { judgeAnew } from './judge-anew.ts'
import { moveClaim } from './move.ts'
import { lockClaim, lockPolicyOf } from './rows.ts'
import { tell } from './tell.ts'

/**
 * A customer takes back a claim that is not decided. For good: the incident is not claimed again under that policy.
 *
 * @throws {Refusal} `claim_not_found`, `claim_state_conflict`, `live_key_required`
 */
export async function withdrawClaim(
  ctx: Context,
  actor: Actor,
  claimId: string,
  idempotency: Claim,
): Promise<Answer> {
  requireLive(actor)
  const answer = await ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const claim = await lockClaim(tx, claimId, actor.organisationId)
    const event = { action: 'withdrawn', actor: actor.userId, amount: claim.reserved } as const
    const withdrawn = await moveClaim(ctx, tx, claim, 'withdrawn', event, { reserved: 0n })
    await changeCover(ctx, tx, await lockPolicyOf(tx, claim), { reserved: -claim.reserved })
    await tell(ctx, tx, 'claim.withdrawn', withdrawn)
    const settled = { status: 200, body: JSON.stringify(describeClaim(withdrawn)) }
    await idempotency.settle(tx, settled)
    const journal = claimReleasedJournal(claim, 'claim_withdrawn', claim.reserved)
    await book(ctx, tx, { journals: [journal], released: [] })
    return settled
  })
  await judgeAnew(ctx)
  return answer
}
