import { eq } from 'drizzle-orm'
import { incidents, payouts } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { derivedIdentifier } from '../identifiers.ts'
import { approveJournals, cededPart } from '../ledger/journals.ts'
import { assertWithinCover, type Bookings, changeCover, closeIfExhausted, together } from './cover.ts'
import { moveClaim } from './move.ts'
import { type ClaimRow, type InsuredPolicyRow, NETWORK } from './rows.ts'
import { tell } from './tell.ts'

export interface Approval {
  /** Micro-USD, whole cents, above zero. */
  readonly amount: bigint
  readonly to: 'auto_approved' | 'approved'
  readonly action: 'approved' | 'adjusted'
  /** A user's id, or `network`. */
  readonly by: string
  readonly reason: string | null
}

export interface Approved {
  readonly claim: ClaimRow
  readonly bookings: Bookings
}

/**
 * Approves a locked claim on a locked policy, by itself or by people: the estimate becomes what is paid, and the payout is
 * queued. The caller books it.
 *
 * @throws {Refusal} `claim_state_conflict`, `claim_not_eligible` when the policy has less than that left
 */
export async function approve(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  policy: InsuredPolicyRow,
  approval: Approval,
): Promise<Approved> {
  const { amount, to, action, by: actor, reason } = approval
  const estimate = claim.reserved
  const approved = await moveClaim(
    ctx,
    tx,
    claim,
    to,
    { action, actor, amount, reason },
    {
      approved: amount,
      reserved: 0n,
      ceded: cededPart(amount),
      automatic: to === 'auto_approved',
      decidedAt: ctx.now,
      decisionReason: reason,
      proposal: null,
    },
  )
  assertWithinCover(policy, amount - estimate)
  const used = await changeCover(ctx, tx, policy, { used: amount, reserved: -estimate })
  await queuePayout(ctx, tx, approved, 1, amount)
  const event = { action: 'payout_started', actor: NETWORK, amount } as const
  const pending = await moveClaim(ctx, tx, approved, 'payout_pending', event)
  await tell(ctx, tx, 'claim.approved', pending)
  const journals = approveJournals(claim, 1, { estimate, amount, approvedBefore: 0n })
  const closing = await closeIfExhausted(ctx, tx, used)
  return { claim: pending, bookings: together({ journals, released: [] }, closing) }
}

/**
 * Its id follows from the policy and from the incident as its provider names it: a network that was restored to an older state
 * and decides on the loss again then finds at the payment rail what it has paid.
 *
 * @param sequence 1 for the first decision, 2 for what a dispute adds: the database takes each once
 */
export async function queuePayout(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  sequence: 1 | 2,
  amount: bigint,
): Promise<void> {
  const [incident] = await tx
    .select({ provider: incidents.provider, providerId: incidents.providerId })
    .from(incidents)
    .where(eq(incidents.id, claim.incidentId))
  const loss = [claim.policyId, incident!.provider, incident!.providerId, sequence].join('\n')
  await tx.insert(payouts).values({
    id: `pay_${await derivedIdentifier(loss)}`,
    claimId: claim.id,
    organisationId: claim.organisationId,
    sequence,
    amount,
    state: 'pending',
    nextAttemptAt: ctx.now,
    createdAt: ctx.now,
  })
}
