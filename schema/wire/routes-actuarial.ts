import { createRoute, z } from '@hono/zod-openapi'
import {
  actuarialReviewListSchema,
  actuarialReviewSchema,
  actuarialSummarySchema,
  lossRatioSchema,
  monthQuerySchema,
  pricingSchema,
  reportQuerySchema,
  runReviewRequestSchema,
  triangleQuerySchema,
  triangleSchema,
} from './actuarial.ts'
import {
  apiKey,
  idempotencyHeader,
  json,
  jsonBody,
  media,
  mutationProblems,
  problems,
} from './route-parts.ts'

const tags = ['Actuarial']

/** What cover costs and will cost: for operators. */
export const ACTUARIAL_ROUTES = [
  createRoute({
    method: 'get',
    path: '/v1/actuarial/summary',
    operationId: 'getActuarialSummary',
    tags,
    summary: 'Where the business stands, by the books (operators)',
    security: apiKey,
    responses: { 200: json(actuarialSummarySchema, 'At this moment'), ...problems(401, 403, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/actuarial/triangle',
    operationId: 'getTriangle',
    tags,
    summary: 'The run-off triangle, at this moment or as the review of a month found it (operators)',
    security: apiKey,
    request: { query: triangleQuerySchema },
    responses: { 200: json(triangleSchema, 'The triangle'), ...problems(401, 403, 404, 422, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/actuarial/loss-ratio',
    operationId: 'getLossRatio',
    tags,
    summary: 'Loss ratios in all, by tier and by risk, and month by month (operators)',
    security: apiKey,
    request: { query: monthQuerySchema },
    responses: { 200: json(lossRatioSchema, 'The loss ratios'), ...problems(401, 403, 404, 422, 429, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/actuarial/pricing',
    operationId: 'getPricing',
    tags,
    summary: 'What policies are priced with at present (operators)',
    security: apiKey,
    responses: { 200: json(pricingSchema, 'The prices'), ...problems(401, 403, 429, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/actuarial/reviews',
    operationId: 'runActuarialReview',
    tags,
    summary: 'Review a month now; again posts the difference (operators)',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(runReviewRequestSchema, false) },
    responses: { 201: json(actuarialReviewSchema, 'What was found'), ...mutationProblems() },
  }),
  createRoute({
    method: 'get',
    path: '/v1/actuarial/reviews',
    operationId: 'listActuarialReviews',
    tags,
    summary: 'The monthly reviews, newest first (operators)',
    security: apiKey,
    responses: {
      200: json(actuarialReviewListSchema, 'The newest of them'),
      ...problems(401, 403, 429, 503),
    },
  }),
  createRoute({
    method: 'get',
    path: '/v1/actuarial/report',
    operationId: 'getActuarialReport',
    tags,
    summary: 'The review of a month as a printable document with charts (operators)',
    security: apiKey,
    request: { query: reportQuerySchema },
    responses: {
      200: media('text/html', z.string(), 'One self-contained document'),
      ...problems(401, 403, 404, 422, 429, 503),
    },
  }),
  createRoute({
    method: 'get',
    path: '/v1/reinsurance/bordereau',
    operationId: 'getBordereau',
    tags,
    summary: 'The claims with a part for the reinsurer that moved in a month (operators)',
    security: apiKey,
    request: { query: reportQuerySchema },
    responses: {
      200: media('text/csv', z.string(), 'One row for each claim (RFC 4180)'),
      ...problems(401, 403, 422, 429, 503),
    },
  }),
] as const
