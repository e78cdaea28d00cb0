import { eq } from 'drizzle-orm'
import { invoices } from '../../schema/tables/index.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { postJournals } from '../ledger/post.ts'
import { Refusal } from '../refusal.ts'
import { describeInvoice } from './describe-invoice.ts'
import { embeddedRail } from './embedded-rail.ts'
import { settleInvoice } from './settle-invoice.ts'

/**
 * Records, for an operator, that what an invoice of the embedded rail asks for has arrived.
 *
 * @throws {Refusal} `live_key_required`, `invoice_not_found`, `invoice_state_conflict` when it is not open, or another rail's
 */
export function recordPayment(ctx: Context, actor: Actor, invoiceId: string, claim: Claim): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asSystem(async (tx) => {
    const [invoice] = await tx.select().from(invoices).where(eq(invoices.id, invoiceId)).for('update')
    if (invoice === undefined) throw new Refusal('invoice_not_found')
    if (invoice.state !== 'open') {
      throw new Refusal('invoice_state_conflict', { detail: `The invoice is ${invoice.state}.` })
    }
    if (invoice.rail !== embeddedRail.name) {
      throw new Refusal('invoice_state_conflict', { detail: 'The payment provider collects this invoice.' })
    }
    // Its credit was used when it was issued.
    const paid = { cash: invoice.total - invoice.credit, credit: 0n }
    const journals = await settleInvoice(ctx, tx, invoice, paid)
    const answer = {
      status: 200,
      body: JSON.stringify(describeInvoice({ ...invoice, state: 'paid', paidAt: ctx.now })),
    }
    await claim.settle(tx, answer)
    await postJournals(tx, journals, ctx.now)
    return answer
  })
}
