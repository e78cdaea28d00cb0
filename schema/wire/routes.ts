import { createRoute, z } from '@hono/zod-openapi'
import { bundleSchema } from './bundle.ts'
import { certificateListSchema, certificateSchema, listQuerySchema } from './certificate.ts'
import { issueRequestSchema } from './issue.ts'
import { certificateReportSchema } from './report.ts'
import { revocationSchema, revokeRequestSchema } from './revocation.ts'
import {
  apiKey,
  certificateParameters,
  idempotencyHeader,
  json,
  jsonBody,
  mutationProblems,
  preferWaitHeader,
  problems,
} from './route-parts.ts'
import { ACTUARIAL_ROUTES } from './routes-actuarial.ts'
import { ARC_ROUTES } from './routes-arc.ts'
import { BILLING_ROUTES } from './routes-billing.ts'
import { CLAIM_ROUTES } from './routes-claims.ts'
import { INCIDENT_ROUTES } from './routes-incidents.ts'
import { INSURANCE_ROUTES } from './routes-insurance.ts'
import { LEDGER_ROUTES } from './routes-ledger.ts'
import { LOG_ROUTES } from './routes-log.ts'
import { ORGANISATION_ROUTES } from './routes-organisations.ts'
import { TRUST_ROUTES } from './routes-trust.ts'
import { WEBHOOK_ROUTES } from './routes-webhooks.ts'
import { outcomeSchema, recordOutcomeRequestSchema } from './settings.ts'
import { readinessSchema, signedDocumentSchema } from './trust.ts'
import { verificationSchema } from './verification.ts'

/** Every route of the public API, with the shapes that the code validates by. OpenAPI is generated from these. */
export const ROUTES = [
  createRoute({
    method: 'post',
    path: '/v1/trust/verify',
    operationId: 'issueCertificate',
    tags: ['Certificates'],
    summary: 'Check a change and issue a signed certificate of what was found',
    security: apiKey,
    request: {
      headers: idempotencyHeader.extend(preferWaitHeader.shape),
      body: jsonBody(issueRequestSchema),
    },
    responses: { 201: json(certificateSchema, 'The certificate'), ...mutationProblems(413) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs',
    operationId: 'listCertificates',
    tags: ['Certificates'],
    summary: "The organisation's own certificates, newest first",
    security: apiKey,
    request: { query: listQuerySchema },
    responses: { 200: json(certificateListSchema, 'One page'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}',
    operationId: 'getCertificate',
    tags: ['Certificates'],
    summary: 'A certificate as it was signed, with its live status',
    request: { params: certificateParameters },
    responses: { 200: json(certificateSchema, 'The certificate'), ...problems(404, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}/verify',
    operationId: 'verifyCertificate',
    tags: ['Verification'],
    summary: 'A verdict on a certificate, with how fresh its status is',
    request: { params: certificateParameters },
    responses: { 200: json(verificationSchema, 'The verdict'), ...problems(404, 429) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/trust/verify-signature',
    operationId: 'verifySignature',
    tags: ['Verification'],
    summary: 'A verdict on a certificate, a flattened JWS of one, or an offline bundle, that you hold',
    request: {
      body: {
        required: true,
        content: {
          'application/json': { schema: z.union([certificateSchema, signedDocumentSchema, bundleSchema]) },
        },
      },
    },
    responses: { 200: json(verificationSchema, 'The verdict'), ...problems(400, 413, 429) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/trust/certs/{id}/report',
    operationId: 'getReport',
    tags: ['Certificates'],
    summary: 'What only the owner may know: findings with their lines, the salt of hashed paths',
    security: apiKey,
    request: { params: certificateParameters },
    responses: { 200: json(certificateReportSchema, 'The report'), ...problems(401, 403, 404, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/trust/certs/{id}/revoke',
    operationId: 'revokeCertificate',
    tags: ['Certificates'],
    summary: 'Revoke a certificate for good',
    security: apiKey,
    request: {
      params: certificateParameters,
      headers: idempotencyHeader,
      body: jsonBody(revokeRequestSchema, false),
    },
    responses: { 200: json(revocationSchema, 'It is revoked'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/trust/certs/{id}/outcome',
    operationId: 'recordOutcome',
    tags: ['Certificates'],
    summary: 'Tell whether a certified change caused an incident; 200 of these recalibrate probabilities',
    security: apiKey,
    request: {
      params: certificateParameters,
      headers: idempotencyHeader,
      body: jsonBody(recordOutcomeRequestSchema),
    },
    responses: { 200: json(outcomeSchema, 'It is noted'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'get',
    path: '/badges/{id}.svg',
    operationId: 'getBadge',
    tags: ['Badges'],
    summary: 'A badge; always a picture, `unknown` for an id that is not known',
    request: {
      params: certificateParameters,
      query: z.object({
        style: z.enum(['flat', 'flat-square', 'for-the-badge']).optional(),
        label: z.string().max(60).optional(),
      }),
    },
    responses: { 200: { description: 'SVG', content: { 'image/svg+xml': { schema: z.string() } } } },
  }),
  ...TRUST_ROUTES,
  ...LOG_ROUTES,
  ...ORGANISATION_ROUTES,
  ...INSURANCE_ROUTES,
  ...INCIDENT_ROUTES,
  ...CLAIM_ROUTES,
  ...BILLING_ROUTES,
  ...WEBHOOK_ROUTES,
  ...LEDGER_ROUTES,
  ...ACTUARIAL_ROUTES,
  ...ARC_ROUTES,
  createRoute({
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    tags: ['Operations'],
    summary: 'Whether the edge runs',
    responses: { 200: json(z.object({ status: z.literal('ok') }), 'It runs') },
  }),
  createRoute({
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tags: ['Operations'],
    summary: 'Each component by name',
    responses: { 200: json(readinessSchema, 'All are there'), 503: json(readinessSchema, 'Some are away') },
  }),
  createRoute({
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tags: ['Operations'],
    summary: 'Prometheus metrics (operators)',
    security: apiKey,
    responses: {
      200: { description: 'Text exposition format', content: { 'text/plain': { schema: z.string() } } },
      ...problems(401, 403, 503),
    },
  }),
] as const
