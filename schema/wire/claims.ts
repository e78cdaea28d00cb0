import { z } from '@hono/zod-openapi'
import { incidentId } from './incidents.ts'
import { policyId } from './insurance.ts'
import {
  CLAIM_ID_PATTERN,
  CLAIM_STATUSES,
  CURRENCY,
  FACT_STATES,
  REVIEW_REASONS,
  SIGNAL_KINDS,
} from './money.ts'
import { text, timestamp } from './text.ts'

/** Pieces of evidence that a claim takes. */
export const MAX_EVIDENCE_PIECES = 50

export const claimId = z.string().regex(CLAIM_ID_PATTERN).openapi({ example: 'CLM-2026-7k3m9q2x4w8t1v6z' })
const cents = z.int().min(0)
const fraction = z.number().min(0).max(1)
const status = z.enum(CLAIM_STATUSES)
const commitSha = z.string()

const signalSchema = z
  .object({
    kind: z.enum(SIGNAL_KINDS),
    source: z.enum(['claimant', 'provider']).openapi({
      description: "`provider` only if the network fetched it from the provider's own API.",
    }),
    weight: fraction,
    counted: z
      .boolean()
      .openapi({ description: 'Signals that rest on one and the same fact count once, the strongest.' }),
    detail: z.string(),
  })
  .openapi('AttributionSignal')

export const deploymentEvidenceSchema = z
  .object({
    id: z.string(),
    commit_sha: commitSha,
    deployed_at: timestamp,
    fact_state: z.enum(FACT_STATES),
  })
  .openapi('DeploymentEvidence')

/** Which commit an incident is put down to, and why. */
export const attributionSchema = z
  .object({
    commit_sha: commitSha.nullable(),
    confidence: fraction,
    signals: z.array(signalSchema),
    reasons: z.array(z.string()).openapi({
      description:
        'Closed codes: `no_candidate`, `one_independent_signal`, `signals_disagree`, `incident_refuted`.',
    }),
    rivals: z.array(z.object({ commit_sha: commitSha, confidence: fraction })),
    deployments: z.array(deploymentEvidenceSchema),
    incident_fact_state: z.enum(FACT_STATES),
  })
  .openapi('Attribution')

export const claimSchema = z
  .object({
    id: claimId,
    claim_id: claimId.openapi({ description: 'The same as `id`.' }),
    policy_id: policyId,
    incident_id: incidentId,
    status,
    resolution: z.enum(['upheld', 'adjusted', 'reversed']).nullable(),
    currency: z.literal(CURRENCY),
    downtime_ms: z.int().min(0),
    cost: cents.openapi({ description: 'Downtime times the declared cost of a minute, in cents.' }),
    requested: cents.openapi({ description: 'The cost within what cover remained when it was filed.' }),
    reserved: cents,
    approved: cents,
    paid: cents,
    confidence: fraction,
    automatic: z.boolean(),
    review_reasons: z.array(z.enum(REVIEW_REASONS)),
    filed_by: z.string().openapi({ description: '`network`, or the user who filed it.' }),
    statement: z.string().nullable(),
    filed_at: timestamp,
    decided_at: timestamp.nullable(),
    decision_reason: z.string().nullable(),
    dispute_reason: z.string().nullable(),
    updated_at: timestamp,
  })
  .openapi('Claim')

const historySchema = z
  .object({
    at: timestamp,
    actor: z.string().openapi({ description: '`network`, `operator`, or a user of the organisation.' }),
    action: z.string(),
    from: status.nullable(),
    to: status,
    amount: cents.nullable(),
    reason: z.string().nullable(),
  })
  .openapi('ClaimHistory')

const evidenceSchema = z
  .object({ at: timestamp, user_id: z.string(), text: z.string(), url: z.string().nullable() })
  .openapi('ClaimEvidence')

const payoutSchema = z
  .object({
    id: z.string(),
    amount: cents,
    state: z.enum(['pending', 'paid']),
    created_at: timestamp,
    paid_at: timestamp.nullable(),
  })
  .openapi('ClaimPayout')

export const claimDetailSchema = claimSchema
  .extend({
    history: z.array(historySchema),
    evidence: z.array(evidenceSchema),
    attribution: attributionSchema,
    payouts: z.array(payoutSchema),
  })
  .openapi('ClaimDetail')

export const claimListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(64).optional(),
  status: status.optional(),
  policy_id: policyId.optional(),
})

export const claimListSchema = z
  .object({ data: z.array(claimSchema), next_cursor: z.string().nullable() })
  .openapi('ClaimList')

export const fileClaimRequestSchema = z
  .strictObject({ policy_id: policyId, incident_id: incidentId, statement: text(4_000).optional() })
  .openapi('FileClaimRequest')

const reason = text(2_000)

export const disputeClaimRequestSchema = z.strictObject({ reason }).openapi('DisputeClaimRequest')

const link = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .openapi({ description: 'Where more of it is. The network does not open it.' })

export const addEvidenceRequestSchema = z
  .strictObject({ text: text(10_000), url: link.optional() })
  .openapi('AddEvidenceRequest')

export const addedEvidenceSchema = evidenceSchema
  .extend({ claim_id: claimId, pieces: z.int() })
  .openapi('AddedEvidence')

export const decideClaimRequestSchema = z.strictObject({ reason }).openapi('DecideClaimRequest')

const amountToPay = z.int().min(1).max(100_000_000).openapi({ description: 'Cents.' })

export const adjustClaimRequestSchema = z
  .strictObject({ reason, amount: amountToPay })
  .openapi('AdjustClaimRequest')

export const resolveDisputeRequestSchema = z
  .strictObject({
    reason,
    outcome: z.enum(['upheld', 'adjusted', 'reversed']),
    amount: z.int().min(0).max(100_000_000).optional().openapi({
      description: 'Of `adjusted` alone: what the claim then stands at in all, in cents.',
    }),
  })
  .refine((request) => (request.outcome === 'adjusted') === (request.amount !== undefined), {
    path: ['amount'],
    message: 'goes with the outcome adjusted, and only with it',
  })
  .openapi('ResolveDisputeRequest')

const proposalSchema = z
  .object({
    user_id: z.string(),
    action: z.enum(['approve', 'adjust', 'resolve']),
    outcome: z.enum(['upheld', 'adjusted', 'reversed']).nullable(),
    amount: cents,
    reason: z.string(),
    at: timestamp,
  })
  .openapi('ClaimProposal')

export const awaitingSecondPersonSchema = z
  .object({ status: z.literal('awaiting_second_person'), claim_id: claimId, proposal: proposalSchema })
  .openapi('AwaitingSecondPerson')

export const reviewListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(25).default(10),
  cursor: z.string().min(1).max(64).optional(),
  status: status.optional().openapi({ description: 'Without it: all that wait for a decision.' }),
})

/** A claim with all that it is judged by. */
export const reviewCaseSchema = z
  .object({
    claim: claimSchema.extend({ organisation_id: z.string(), ceded: cents }),
    policy: z.object({
      id: policyId,
      tier: z.string(),
      status: z.string(),
      service: z.string(),
      commit_sha: commitSha,
      commit_bound: z.boolean(),
      risk_level: z.string(),
      coverage: cents,
      used: cents,
      reserved: cents,
      sla_cost_per_minute: cents,
      bound_at: timestamp,
      activated_at: timestamp.nullable(),
      ends_at: timestamp,
      closed_at: timestamp.nullable(),
    }),
    certificate: z.object({
      certificate_id: z.string(),
      ai_tool: z.string(),
      commit_sha: commitSha.nullable(),
      risk_score: z.number(),
      issued_at: timestamp,
      expires_at: timestamp,
      revoked_at: timestamp.nullable(),
      verification_url: z.url(),
    }),
    incident: z.object({
      id: incidentId,
      provider: z.string(),
      provider_id: z.string(),
      title: z.string(),
      url: z.string().nullable(),
      service: z.string(),
      opened_at: timestamp,
      resolved_at: timestamp.nullable(),
      received_at: timestamp,
      resolution_received_at: timestamp.nullable(),
      release_sha: z.string().nullable(),
      reverted_sha: z.string().nullable(),
      stack_paths: z.array(z.string()),
      fact_state: z.enum(FACT_STATES),
      fact: z.unknown().nullable(),
    }),
    attribution: attributionSchema,
    deployments: z.array(deploymentEvidenceSchema),
    history: z.array(historySchema),
    evidence: z.array(evidenceSchema),
    earlier_claims: z.object({
      count: z.int(),
      approved: cents,
      automatic_in_window: cents.openapi({ description: 'Approved by itself in the last 30 days.' }),
      latest: z.array(claimSchema),
    }),
    proposal: proposalSchema.nullable(),
    suggestion: z.object({
      action: z.enum(['approve', 'deny', 'investigate', 'none']),
      because: z.array(z.string()),
    }),
  })
  .openapi('ReviewCase')

export const reviewListSchema = z
  .object({ data: z.array(reviewCaseSchema), next_cursor: z.string().nullable() })
  .openapi('ReviewList')

export const recoveryRequestSchema = z.strictObject({ amount: amountToPay }).openapi('RecoveryRequest')

export const recoverySchema = z
  .object({
    claim_id: claimId,
    currency: z.literal(CURRENCY),
    recovered: cents,
    recoverable: cents.openapi({ description: 'What the reinsurer still owes for this claim.' }),
  })
  .openapi('Recovery')

export type ClaimDocument = z.infer<typeof claimSchema>
export type ClaimHistory = z.infer<typeof historySchema>
export type ClaimDetail = z.infer<typeof claimDetailSchema>
export type AttributionDocument = z.infer<typeof attributionSchema>
export type ClaimListQuery = z.infer<typeof claimListQuerySchema>
export type FileClaimRequest = z.infer<typeof fileClaimRequestSchema>
export type DisputeClaimRequest = z.infer<typeof disputeClaimRequestSchema>
export type AddEvidenceRequest = z.infer<typeof addEvidenceRequestSchema>
export type DecideClaimRequest = z.infer<typeof decideClaimRequestSchema>
export type AdjustClaimRequest = z.infer<typeof adjustClaimRequestSchema>
export type ResolveDisputeRequest = z.infer<typeof resolveDisputeRequestSchema>
export type ClaimProposal = z.infer<typeof proposalSchema>
export type ReviewCase = z.infer<typeof reviewCaseSchema>
export type ReviewListQuery = z.infer<typeof reviewListQuerySchema>
