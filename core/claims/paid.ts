import type { Context, Transaction } from '../context.ts'
import { payoutJournal } from '../ledger/journals.ts'
import type { Journal } from '../ledger/post.ts'
import { moveClaim } from './move.ts'
import { lockClaim, NETWORK, type PayoutRow } from './rows.ts'
import { tell } from './tell.ts'

/**
 * The claim's part of a payout that arrived, in the transaction that marks the payout paid. The first payout makes the claim
 * `paid`; one that a dispute added closes it.
 *
 * @returns journals for the caller to post together with its own
 */
export async function claimPaid(ctx: Context, tx: Transaction, payout: PayoutRow): Promise<Journal[]> {
  const claim = await lockClaim(tx, payout.claimId, payout.organisationId)
  const set = { paid: claim.paid + payout.amount }
  const event = { action: 'paid', actor: NETWORK, amount: payout.amount } as const
  const paid = await moveClaim(ctx, tx, claim, payout.sequence === 1 ? 'paid' : 'closed', event, set)
  await tell(ctx, tx, 'claim.paid', paid)
  return [payoutJournal(payout)]
}
