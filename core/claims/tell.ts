import type { Context, Transaction } from '../context.ts'
import { appendEvent } from '../log/append-event.ts'
import { announce } from '../notifications/announce.ts'
import { describeClaim } from './describe.ts'
import type { ClaimRow } from './rows.ts'

type ToldEvent =
  | 'claim.filed'
  | 'claim.approved'
  | 'claim.denied'
  | 'claim.withdrawn'
  | 'claim.paid'
  | 'claim.disputed'
  | 'claim.resolved'

/** Tells the transparency log and the customer's endpoints what became of a claim. The log has the hash of the document. */
export async function tell(ctx: Context, tx: Transaction, type: ToldEvent, claim: ClaimRow): Promise<void> {
  const document = describeClaim(claim)
  const details = type === 'claim.resolved' ? { details: { outcome: claim.resolution! } } : {}
  await appendEvent(tx, { type, subject: claim.id, facts: document, ...details }, ctx.now)
  await announce(ctx, tx, { organisationId: claim.organisationId, type, data: document })
}
