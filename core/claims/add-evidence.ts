import { count, eq } from 'drizzle-orm'
import { claimEvidence } from '../../schema/tables/index.ts'
import { type AddEvidenceRequest, MAX_EVIDENCE_PIECES } from '../../schema/wire/claims.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import { describeEvidence } from './describe.ts'
import { noteEvent } from './move.ts'
import { lockClaim } from './rows.ts'
import { CLAIM_TRANSITIONS } from './states.ts'

/**
 * A customer adds to a claim, as long as something may still become of it.
 *
 * @returns 201 with what was added
 * @throws {Refusal} `claim_not_found`, `claim_state_conflict`, `invalid_input` beyond {@link MAX_EVIDENCE_PIECES},
 *   `live_key_required`
 */
export async function addEvidence(
  ctx: Context,
  actor: Actor,
  claimId: string,
  request: AddEvidenceRequest,
  idempotency: Claim,
): Promise<Answer> {
  requireLive(actor)
  const { organisationId, userId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    const claim = await lockClaim(tx, claimId, organisationId)
    if (CLAIM_TRANSITIONS[claim.status].length === 0) {
      throw new Refusal('claim_state_conflict', { detail: `A claim that is ${claim.status} is over.` })
    }
    const [{ pieces } = { pieces: 0 }] = await tx
      .select({ pieces: count() })
      .from(claimEvidence)
      .where(eq(claimEvidence.claimId, claimId))
    if (pieces >= MAX_EVIDENCE_PIECES) {
      const message = `a claim takes ${MAX_EVIDENCE_PIECES} pieces of evidence`
      throw new Refusal('invalid_input', { errors: [{ path: '$', message }] })
    }
    const { text, url = null } = request
    const [added] = await tx
      .insert(claimEvidence)
      .values({ claimId, organisationId, userId, at: ctx.now, text, url })
      .returning()
    await noteEvent(ctx, tx, claim, { action: 'evidence_added', actor: userId })
    const body = { claim_id: claimId, ...describeEvidence(added!), pieces: pieces + 1 }
    const answer = { status: 201, body: JSON.stringify(body) }
    await idempotency.settle(tx, answer)
    return answer
  })
}
