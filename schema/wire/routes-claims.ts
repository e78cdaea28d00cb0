import { createRoute, z } from '@hono/zod-openapi'
import {
  addEvidenceRequestSchema,
  addedEvidenceSchema,
  adjustClaimRequestSchema,
  awaitingSecondPersonSchema,
  claimDetailSchema,
  claimId,
  claimListQuerySchema,
  claimListSchema,
  claimSchema,
  decideClaimRequestSchema,
  disputeClaimRequestSchema,
  fileClaimRequestSchema,
  recoveryRequestSchema,
  recoverySchema,
  resolveDisputeRequestSchema,
  reviewCaseSchema,
  reviewListQuerySchema,
  reviewListSchema,
} from './claims.ts'
import { apiKey, idempotencyHeader, json, jsonBody, mutationProblems, problems } from './route-parts.ts'

const parameters = z.object({ id: claimId })

/** A command on one claim. */
function command<Path extends string, Body extends z.ZodType>(
  path: Path,
  names: { readonly operationId: string; readonly tag: string; readonly summary: string },
  body: Body,
) {
  return {
    method: 'post' as const,
    path,
    operationId: names.operationId,
    tags: [names.tag],
    summary: names.summary,
    security: apiKey,
    request: { params: parameters, headers: idempotencyHeader, body: jsonBody(body) },
  }
}

const decided = {
  200: json(claimSchema, 'The claim as it is now'),
  202: json(awaitingSecondPersonSchema, 'Above $10,000 another person has to decide the same'),
  ...mutationProblems(404),
}
const changed = { 200: json(claimSchema, 'The claim as it is now'), ...mutationProblems(404) }

/** Claims: what customers do with them, how operators decide. */
export const CLAIM_ROUTES = [
  createRoute({
    method: 'get',
    path: '/v1/insurance/claims',
    operationId: 'listClaims',
    tags: ['Claims'],
    summary: "The organisation's claims, newest first",
    security: apiKey,
    request: { query: claimListQuerySchema },
    responses: { 200: json(claimListSchema, 'One page'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/insurance/claims/{id}',
    operationId: 'getClaim',
    tags: ['Claims'],
    summary: 'A claim with its history, its evidence and what it was attributed by',
    security: apiKey,
    request: { params: parameters },
    responses: { 200: json(claimDetailSchema, 'The claim'), ...problems(401, 403, 404, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/insurance/claims',
    operationId: 'fileClaim',
    tags: ['Claims'],
    summary: 'File a claim that the network did not file by itself; it goes to review',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(fileClaimRequestSchema) },
    responses: { 201: json(claimSchema, 'The claim'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/insurance/claims/{id}/withdraw',
    operationId: 'withdrawClaim',
    tags: ['Claims'],
    summary: 'Take back a claim that is not decided',
    security: apiKey,
    request: { params: parameters, headers: idempotencyHeader },
    responses: changed,
  }),
  createRoute({
    ...command(
      '/v1/insurance/claims/{id}/dispute',
      {
        operationId: 'disputeClaim',
        tag: 'Claims',
        summary: 'Have a claim that was denied or paid looked at again, once',
      },
      disputeClaimRequestSchema,
    ),
    responses: changed,
  }),
  createRoute({
    ...command(
      '/v1/insurance/claims/{id}/evidence',
      { operationId: 'addClaimEvidence', tag: 'Claims', summary: 'Add to a claim what speaks for it' },
      addEvidenceRequestSchema,
    ),
    responses: { 201: json(addedEvidenceSchema, 'It is added'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/review/claims',
    operationId: 'listReviewCases',
    tags: ['Review'],
    summary: 'Claims that wait for a decision, oldest first, with their evidence (operators)',
    security: apiKey,
    request: { query: reviewListQuerySchema },
    responses: { 200: json(reviewListSchema, 'One page'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/review/claims/{id}',
    operationId: 'getReviewCase',
    tags: ['Review'],
    summary: 'A claim with all that it is judged by (operators)',
    security: apiKey,
    request: { params: parameters },
    responses: { 200: json(reviewCaseSchema, 'The case'), ...problems(401, 403, 404, 503) },
  }),
  createRoute({
    ...command(
      '/v1/review/claims/{id}/approve',
      { operationId: 'approveClaim', tag: 'Review', summary: 'Pay what was requested (operators)' },
      decideClaimRequestSchema,
    ),
    responses: decided,
  }),
  createRoute({
    ...command(
      '/v1/review/claims/{id}/adjust',
      { operationId: 'adjustClaim', tag: 'Review', summary: 'Pay another amount (operators)' },
      adjustClaimRequestSchema,
    ),
    responses: decided,
  }),
  createRoute({
    ...command(
      '/v1/review/claims/{id}/deny',
      { operationId: 'denyClaim', tag: 'Review', summary: 'Pay nothing (operators)' },
      decideClaimRequestSchema,
    ),
    responses: changed,
  }),
  createRoute({
    ...command(
      '/v1/review/claims/{id}/dispute',
      {
        operationId: 'disputePaidClaim',
        tag: 'Review',
        summary: 'Open a dispute on a paid claim (operators)',
      },
      decideClaimRequestSchema,
    ),
    responses: changed,
  }),
  createRoute({
    ...command(
      '/v1/review/claims/{id}/resolve',
      { operationId: 'resolveDispute', tag: 'Review', summary: 'End a dispute (operators)' },
      resolveDisputeRequestSchema,
    ),
    responses: decided,
  }),
  createRoute({
    method: 'delete',
    path: '/v1/review/claims/{id}/proposal',
    operationId: 'withdrawProposal',
    tags: ['Review'],
    summary: 'Take back a decision that waits for its second person (operators)',
    security: apiKey,
    request: { params: parameters, headers: idempotencyHeader },
    responses: changed,
  }),
  createRoute({
    ...command(
      '/v1/reinsurance/claims/{id}/recovery',
      {
        operationId: 'recordRecovery',
        tag: 'Reinsurance',
        summary: "Record the reinsurer's money for a claim (operators)",
      },
      recoveryRequestSchema,
    ),
    responses: { 200: json(recoverySchema, 'It is recorded'), ...mutationProblems(404) },
  }),
] as const
