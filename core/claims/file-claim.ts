import { and, eq } from 'drizzle-orm'
import { incidents, insurancePolicies } from '../../schema/tables/index.ts'
import type { FileClaimRequest } from '../../schema/wire/claims.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import type { IncidentRow } from '../incidents/rows.ts'
import { requireLive } from '../insurance/require-live.ts'
import { maximum, minimum } from '../money.ts'
import { Refusal } from '../refusal.ts'
import { type ClaimedBefore, claimedBefore, holdFiling } from './claimed-before.ts'
import { book } from './cover.ts'
import { describeClaim } from './describe.ts'
import type { ResolvedIncident } from './gather.ts'
import { confidenceIn, judgeIncident, whyReview } from './judge.ts'
import { judgeAnew } from './judge-anew.ts'
import { costOf, coveredAt, remainingCover } from './loss.ts'
import { openClaim, sendToReview } from './open-claim.ts'
import type { InsuredPolicyRow } from './rows.ts'

/** Why the network pays nothing for an incident under a policy. */
export type IneligibleReason =
  | 'incident_not_resolved'
  | 'service_differs'
  | 'policy_not_active_at_incident'
  | 'coverage_exhausted'
  | 'no_loss'

/**
 * A customer files a claim that the network did not: it goes to review, always.
 *
 * @returns 201 with the claim
 * @throws {Refusal} `policy_not_found`, `incident_not_found`, `claim_already_filed`, `claim_not_eligible` with every reason,
 *   `live_key_required`
 */
export async function fileClaim(
  ctx: Context,
  actor: Actor,
  request: FileClaimRequest,
  idempotency: Claim,
): Promise<Answer> {
  requireLive(actor)
  const { organisationId } = actor
  const answer = await ctx.database.asOrganisation(organisationId, async (tx) => {
    await holdFiling(tx, organisationId)
    const policy = await lockPolicy(tx, organisationId, request.policy_id)
    const incident = await findIncident(tx, organisationId, request.incident_id)
    if (!isResolved(incident)) throw ineligible(['incident_not_resolved'])
    const before = await claimedBefore(tx, incident)
    if (before.claims.some(({ policyId }) => policyId === policy.id)) throw new Refusal('claim_already_filed')
    const loss = findLoss(policy, incident, before)
    if (loss.reasons.length > 0) throw ineligible(loss.reasons)
    const filed = await file(ctx, tx, actor, { request, policy, incident, before, ...loss })
    await idempotency.settle(tx, filed)
    return filed
  })
  await judgeAnew(ctx)
  return answer
}

async function lockPolicy(tx: Transaction, organisationId: string, id: string): Promise<InsuredPolicyRow> {
  const [row] = await tx
    .select()
    .from(insurancePolicies)
    .where(and(eq(insurancePolicies.id, id), eq(insurancePolicies.organisationId, organisationId)))
    .for('update')
  if (row === undefined) throw new Refusal('policy_not_found')
  return row
}

async function findIncident(tx: Transaction, organisationId: string, id: string): Promise<IncidentRow> {
  const [row] = await tx
    .select()
    .from(incidents)
    .where(and(eq(incidents.id, id), eq(incidents.organisationId, organisationId)))
  if (row === undefined) throw new Refusal('incident_not_found')
  return row
}

function isResolved(incident: IncidentRow): incident is ResolvedIncident {
  return incident.resolvedAt !== null && incident.settlement !== 'open'
}

function ineligible(reasons: readonly IneligibleReason[]): Refusal {
  return new Refusal('claim_not_eligible', { reasons })
}

/** What the policy would pay, or why it pays nothing. Amounts are micro-USD. */
function findLoss(policy: InsuredPolicyRow, incident: ResolvedIncident, before: ClaimedBefore) {
  const cost = costOf(before.downtimeMs, policy.slaCostPerMinute)
  const left = maximum(0n, cost - before.amount)
  const remaining = remainingCover(policy)
  const reasons: [IneligibleReason, boolean][] = [
    ['service_differs', policy.service !== incident.service],
    ['policy_not_active_at_incident', !coveredAt(policy, incident.openedAt)],
    ['coverage_exhausted', remaining === 0n],
    ['no_loss', left === 0n],
  ]
  return {
    cost,
    requested: minimum(left, remaining),
    reasons: reasons.flatMap(([reason, holds]) => (holds ? [reason] : [])),
  }
}

interface EligibleLoss {
  readonly request: FileClaimRequest
  readonly policy: InsuredPolicyRow
  readonly incident: ResolvedIncident
  readonly before: ClaimedBefore
  readonly cost: bigint
  readonly requested: bigint
}

async function file(ctx: Context, tx: Transaction, actor: Actor, loss: EligibleLoss): Promise<Answer> {
  const { request, policy, incident, before, cost, requested } = loss
  const judged = await judgeIncident(tx, incident)
  const shared = before.amount > 0n
  const { overlaps, downtimeMs } = before
  const opened = await openClaim(ctx, tx, {
    policy,
    cost,
    requested,
    downtimeMs,
    incidentId: incident.id,
    confidence: confidenceIn(policy, judged),
    attribution: judged.document,
    reviewReasons: await whyReview(ctx, tx, judged, {
      policy,
      requested,
      shared,
      overlaps,
      filedByCustomer: true,
    }),
    filedBy: actor.userId,
    statement: request.statement,
  })
  const claim = await sendToReview(ctx, tx, opened.claim)
  await book(ctx, tx, { journals: opened.journals, released: [] })
  return { status: 201, body: JSON.stringify(describeClaim(claim)) }
}
