import type { ClaimDocument, ClaimHistory } from '../../schema/wire/claims.ts'
import { CURRENCY, type ReviewReason } from '../../schema/wire/money.ts'
import { toCents } from '../money.ts'
import { type ClaimEventRow, type ClaimEvidenceRow, type ClaimRow, NETWORK } from './rows.ts'

/** Ten-thousandths as a fraction. */
export function fraction(basisPoints: number): number {
  return basisPoints / 10_000
}

/** A claim as the API, the webhooks and the log tell it. */
export function describeClaim(row: ClaimRow): ClaimDocument {
  return {
    id: row.id,
    claim_id: row.id,
    policy_id: row.policyId,
    incident_id: row.incidentId,
    status: row.status,
    resolution: row.resolution,
    currency: CURRENCY,
    downtime_ms: row.downtimeMs,
    cost: toCents(row.cost),
    requested: toCents(row.requested),
    reserved: toCents(row.reserved),
    approved: toCents(row.approved),
    paid: toCents(row.paid),
    confidence: fraction(row.confidence),
    automatic: row.automatic,
    review_reasons: row.reviewReasons as ReviewReason[],
    filed_by: row.filedBy ?? NETWORK,
    statement: row.statement,
    filed_at: row.filedAt.toISOString(),
    decided_at: row.decidedAt?.toISOString() ?? null,
    decision_reason: row.decisionReason,
    dispute_reason: row.disputeReason,
    updated_at: row.updatedAt.toISOString(),
  }
}

/** @param nameActor who did it, as whoever reads this may know them */
export function describeEvent(row: ClaimEventRow, nameActor: (actor: string) => string): ClaimHistory {
  return {
    at: row.at.toISOString(),
    actor: nameActor(row.actor),
    action: row.action,
    from: row.fromStatus,
    to: row.toStatus,
    amount: row.amount === null ? null : toCents(row.amount),
    reason: row.reason,
  }
}

export function describeEvidence(row: ClaimEvidenceRow) {
  return { at: row.at.toISOString(), user_id: row.userId, text: row.text, url: row.url }
}
