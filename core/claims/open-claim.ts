import { eq } from 'drizzle-orm'
import { insuranceClaims, insurancePolicies } from '../../schema/tables/index.ts'
import type { AttributionDocument } from '../../schema/wire/claims.ts'
import type { ReviewReason } from '../../schema/wire/money.ts'
import type { Context, Transaction } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'
import { claimFiledJournal } from '../ledger/journals.ts'
import type { Journal } from '../ledger/post.ts'
import { announce } from '../notifications/announce.ts'
import { describeClaim } from './describe.ts'
import { moveClaim, noteEvent } from './move.ts'
import { type ClaimRow, type InsuredPolicyRow, NETWORK } from './rows.ts'
import { tell } from './tell.ts'

/** A loss that is to become a claim. Amounts are micro-USD. */
export interface Filing {
  readonly policy: InsuredPolicyRow
  readonly incidentId: string
  readonly downtimeMs: number
  readonly cost: bigint
  /** Within what the policy has left. */
  readonly requested: bigint
  /** Ten-thousandths: that the policy's commit is the cause. */
  readonly confidence: number
  readonly attribution: AttributionDocument
  readonly reviewReasons: readonly ReviewReason[]
  /** Null when the network files it. */
  readonly filedBy: string | null
  readonly statement?: string | undefined
}

export interface OpenedClaim {
  readonly claim: ClaimRow
  /** With the estimate reserved. */
  readonly policy: InsuredPolicyRow
  readonly journals: readonly Journal[]
}

/** Files a claim on a locked policy: the row, the reserve, the log entry, the announcement. What becomes of it comes after. */
export async function openClaim(ctx: Context, tx: Transaction, filing: Filing): Promise<OpenedClaim> {
  const { policy, requested } = filing
  const [claim] = await tx.insert(insuranceClaims).values(newClaim(ctx, filing)).returning()
  const [reserved] = await tx
    .update(insurancePolicies)
    .set({ reserved: policy.reserved + requested, claimed: true, updatedAt: ctx.now })
    .where(eq(insurancePolicies.id, policy.id))
    .returning()
  const event = { action: 'filed', actor: filing.filedBy ?? NETWORK, amount: requested } as const
  await noteEvent(ctx, tx, claim!, event, null)
  await tell(ctx, tx, 'claim.filed', claim!)
  return { claim: claim!, policy: reserved!, journals: [claimFiledJournal(claim!, requested)] }
}

/** Has people decide. */
export async function sendToReview(ctx: Context, tx: Transaction, claim: ClaimRow): Promise<ClaimRow> {
  const event = { action: 'sent_to_review', actor: NETWORK, reason: claim.reviewReasons.join(', ') } as const
  const moved = await moveClaim(ctx, tx, claim, 'in_review', event)
  const { organisationId } = moved
  await announce(ctx, tx, { organisationId, type: 'claim.in_review', data: describeClaim(moved) })
  return moved
}

function newClaim(ctx: Context, filing: Filing): typeof insuranceClaims.$inferInsert {
  const { policy } = filing
  return {
    id: `CLM-${ctx.now.getUTCFullYear()}-${randomIdentifier(ctx.random)}`,
    organisationId: policy.organisationId,
    policyId: policy.id,
    incidentId: filing.incidentId,
    status: 'filed',
    downtimeMs: filing.downtimeMs,
    cost: filing.cost,
    requested: filing.requested,
    reserved: filing.requested,
    confidence: filing.confidence,
    attribution: filing.attribution,
    reviewReasons: [...filing.reviewReasons],
    filedBy: filing.filedBy,
    statement: filing.statement ?? null,
    filedAt: ctx.now,
    updatedAt: ctx.now,
  }
}
