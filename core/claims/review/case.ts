import { and, asc, count, desc, eq, lt, sum } from 'drizzle-orm'
import {
  certificates,
  claimEvents,
  claimEvidence,
  incidents,
  insuranceClaims,
  insurancePolicies,
} from '../../../schema/tables/index.ts'
import type { AttributionDocument, ReviewCase } from '../../../schema/wire/claims.ts'
import type { Context, Transaction } from '../../context.ts'
import type { IncidentRow } from '../../incidents/rows.ts'
import { toCents } from '../../money.ts'
import { automaticTotal } from '../automatic.ts'
import { describeClaim, describeEvent, describeEvidence } from '../describe.ts'
import { describeDeploymentEvidence } from '../describe-attribution.ts'
import { deploymentsAround, describeDeployment, type ResolvedIncident } from '../gather.ts'
import type { ClaimRow, InsuredPolicyRow } from '../rows.ts'
import { describeProposal } from './proposals.ts'
import { suggest } from './suggest.ts'

const EARLIER_CLAIMS_SHOWN = 10

/** Lays out all that a claim is judged by, as it stands now. */
export async function layOut(ctx: Context, tx: Transaction, claim: ClaimRow): Promise<ReviewCase> {
  const [[policy], [incident], history, evidence, earlier] = await Promise.all([
    tx.select().from(insurancePolicies).where(eq(insurancePolicies.id, claim.policyId)),
    tx.select().from(incidents).where(eq(incidents.id, claim.incidentId)),
    tx.select().from(claimEvents).where(eq(claimEvents.claimId, claim.id)).orderBy(asc(claimEvents.id)),
    tx.select().from(claimEvidence).where(eq(claimEvidence.claimId, claim.id)).orderBy(asc(claimEvidence.id)),
    earlierClaims(ctx, tx, claim),
  ])
  const [certificate, deployments] = await Promise.all([
    describeCertificate(ctx, tx, policy!.certificateId),
    deploymentsAround(tx, incident as ResolvedIncident),
  ])
  const attribution = claim.attribution as AttributionDocument
  return {
    claim: {
      ...describeClaim(claim),
      organisation_id: claim.organisationId,
      ceded: toCents(claim.ceded),
    },
    policy: describePolicyFor(policy!),
    certificate,
    incident: describeIncidentFor(incident!),
    attribution,
    deployments: deployments.map((row) => describeDeploymentEvidence(describeDeployment(row))),
    history: history.map((event) => describeEvent(event, (actor) => actor)),
    evidence: evidence.map(describeEvidence),
    earlier_claims: earlier,
    proposal: describeProposal(claim),
    suggestion: describeSuggestion(claim, policy!, attribution),
  }
}

function describeSuggestion(claim: ClaimRow, policy: InsuredPolicyRow, attribution: AttributionDocument) {
  const { action, because } = suggest(claim, policy, attribution.commit_sha)
  return { action, because: [...because] }
}

async function earlierClaims(
  ctx: Context,
  tx: Transaction,
  claim: ClaimRow,
): Promise<ReviewCase['earlier_claims']> {
  const earlier = and(
    eq(insuranceClaims.organisationId, claim.organisationId),
    lt(insuranceClaims.position, claim.position!),
  )
  const [[totals], latest, automatic] = await Promise.all([
    tx
      .select({ count: count(), approved: sum(insuranceClaims.approved) })
      .from(insuranceClaims)
      .where(earlier),
    tx
      .select()
      .from(insuranceClaims)
      .where(earlier)
      .orderBy(desc(insuranceClaims.position))
      .limit(EARLIER_CLAIMS_SHOWN),
    automaticTotal(ctx, tx, claim.organisationId),
  ])
  return {
    count: totals!.count,
    approved: toCents(BigInt(totals!.approved ?? 0)),
    automatic_in_window: toCents(automatic),
    latest: latest.map(describeClaim),
  }
}

async function describeCertificate(ctx: Context, tx: Transaction, id: string) {
  const [row] = await tx
    .select({
      certificate_id: certificates.id,
      ai_tool: certificates.aiTool,
      commit_sha: certificates.commitSha,
      riskScore: certificates.riskScore,
      issuedAt: certificates.issuedAt,
      expiresAt: certificates.expiresAt,
      revokedAt: certificates.revokedAt,
    })
    .from(certificates)
    .where(eq(certificates.id, id))
  const { riskScore, issuedAt, expiresAt, revokedAt, ...rest } = row!
  return {
    ...rest,
    risk_score: riskScore / 100,
    issued_at: issuedAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    revoked_at: revokedAt?.toISOString() ?? null,
    verification_url: `${ctx.settings.publicBaseUrl}/certs/${id}`,
  }
}

function describePolicyFor(row: InsuredPolicyRow): ReviewCase['policy'] {
  return {
    id: row.id,
    tier: row.tier,
    status: row.status,
    service: row.service,
    commit_sha: row.commitSha,
    commit_bound: row.commitBound,
    risk_level: row.riskLevel,
    coverage: toCents(row.coverage),
    used: toCents(row.used),
    reserved: toCents(row.reserved),
    sla_cost_per_minute: toCents(row.slaCostPerMinute),
    bound_at: row.boundAt.toISOString(),
    activated_at: row.activatedAt?.toISOString() ?? null,
    ends_at: row.endsAt.toISOString(),
    closed_at: row.closedAt?.toISOString() ?? null,
  }
}

function describeIncidentFor(row: IncidentRow): ReviewCase['incident'] {
  return {
    id: row.id,
    provider: row.provider,
    provider_id: row.providerId,
    title: row.title,
    url: row.url,
    service: row.service,
    opened_at: row.openedAt.toISOString(),
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    received_at: row.receivedAt.toISOString(),
    resolution_received_at: row.resolutionReceivedAt?.toISOString() ?? null,
    release_sha: row.releaseSha,
    reverted_sha: row.revertedSha,
    stack_paths: row.stackPaths,
    fact_state: row.factState,
    fact: row.fact ?? null,
  }
}
