import { CURRENCY } from '../../../schema/wire/money.ts'
import type { Actor, Context } from '../../context.ts'
import type { Answer, Claim } from '../../idempotency/claim.ts'
import { randomIdentifier } from '../../identifiers.ts'
import { accountBalance } from '../../ledger/balances.ts'
import { recoveryJournal } from '../../ledger/journals.ts'
import { fromCents, toCents } from '../../money.ts'
import { Refusal } from '../../refusal.ts'
import { book } from '../cover.ts'
import { noteEvent } from '../move.ts'
import { asReviewer } from './as-reviewer.ts'

/**
 * Records money of the reinsurer that arrived for a claim.
 *
 * @param request.amount cents
 * @throws {Refusal} `claim_not_found`, `own_claim`, `invalid_input` for more than the reinsurer owes, `live_key_required`
 */
export function recordRecovery(
  ctx: Context,
  actor: Actor,
  claimId: string,
  request: { readonly amount: number },
  idempotency: Claim,
): Promise<Answer> {
  const amount = fromCents(request.amount)
  return asReviewer(ctx, actor, claimId, idempotency, async (tx, claim) => {
    const owed = await accountBalance(tx, 'reinsurance_recoverable', claim.id)
    if (amount > owed) {
      const message = `is more than the reinsurer owes for this claim, which is ${toCents(owed)} cents`
      throw new Refusal('invalid_input', { errors: [{ path: 'amount', message }] })
    }
    await noteEvent(ctx, tx, claim, { action: 'recovered', actor: actor.userId, amount })
    const journal = recoveryJournal(claim, `rec_${randomIdentifier(ctx.random)}`, amount)
    await book(ctx, tx, { journals: [journal], released: [] })
    const body = {
      claim_id: claim.id,
      currency: CURRENCY,
      recovered: request.amount,
      recoverable: toCents(owed - amount),
    }
    return { status: 200, body: JSON.stringify(body) }
  })
}
