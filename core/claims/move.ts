import { eq } from 'drizzle-orm'
import { claimEvents, insuranceClaims } from '../../schema/tables/index.ts'
import type { ClaimStatus } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'
import type { ClaimRow } from './rows.ts'
import { assertClaimTransition } from './states.ts'

/** What its history has; `proposed` and what follows it are for those who decide. */
export type ClaimAction =
  | 'filed'
  | 'sent_to_review'
  | 'approved'
  | 'denied'
  | 'adjusted'
  | 'withdrawn'
  | 'payout_started'
  | 'paid'
  | 'disputed'
  | 'resolved'
  | 'closed'
  | 'evidence_added'
  | 'proposed'
  | 'proposal_withdrawn'
  | 'recovered'

export interface ClaimEvent {
  readonly action: ClaimAction
  /** A user's id, or `network`. */
  readonly actor: string
  readonly amount?: bigint
  readonly reason?: string | null
}

/**
 * Brings a locked claim into another state, with a line in its history.
 *
 * @param set what else changes with it
 * @throws {Refusal} `claim_state_conflict`
 */
export async function moveClaim(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  to: ClaimStatus,
  event: ClaimEvent,
  set: Partial<typeof insuranceClaims.$inferInsert> = {},
): Promise<ClaimRow> {
  assertClaimTransition(claim.status, to)
  const [moved] = await tx
    .update(insuranceClaims)
    .set({ ...set, status: to, updatedAt: ctx.now })
    .where(eq(insuranceClaims.id, claim.id))
    .returning()
  await noteEvent(ctx, tx, moved!, event, claim.status)
  return moved!
}

/** A line in a claim's history. @param from the status before, where it changed; null for the first line */
export async function noteEvent(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
  event: ClaimEvent,
  from: ClaimStatus | null = claim.status,
): Promise<void> {
  await tx.insert(claimEvents).values({
    claimId: claim.id,
    organisationId: claim.organisationId,
    at: ctx.now,
    actor: event.actor,
    action: event.action,
    fromStatus: from,
    toStatus: claim.status,
    amount: event.amount ?? null,
    reason: event.reason ?? null,
  })
}
