import { and, eq } from 'drizzle-orm'
import type { claimEvents, claimEvidence, payouts } from '../../schema/tables/index.ts'
import { insuranceClaims, insurancePolicies } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import { Refusal } from '../refusal.ts'

export type ClaimRow = typeof insuranceClaims.$inferSelect
export type ClaimEventRow = typeof claimEvents.$inferSelect
export type ClaimEvidenceRow = typeof claimEvidence.$inferSelect
export type PayoutRow = typeof payouts.$inferSelect
export type InsuredPolicyRow = typeof insurancePolicies.$inferSelect

/** The network itself, where an event asks who did it. */
export const NETWORK = 'network'

/**
 * Holds a claim still until the transaction ends: before its policy, always.
 *
 * @param organisationId whose it must be; left out for operators
 * @throws {Refusal} `claim_not_found`
 */
export async function lockClaim(tx: Transaction, id: string, organisationId?: string): Promise<ClaimRow> {
  const [row] = await tx
    .select()
    .from(insuranceClaims)
    .where(
      and(
        eq(insuranceClaims.id, id),
        organisationId === undefined ? undefined : eq(insuranceClaims.organisationId, organisationId),
      ),
    )
    .for('update')
  if (row === undefined) throw new Refusal('claim_not_found')
  return row
}

/** The policy of a claim that is locked. */
export async function lockPolicyOf(tx: Transaction, claim: ClaimRow): Promise<InsuredPolicyRow> {
  const [row] = await tx
    .select()
    .from(insurancePolicies)
    .where(eq(insurancePolicies.id, claim.policyId))
    .for('update')
  return row!
}
