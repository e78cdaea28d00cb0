import { createRoute } from '@hono/zod-openapi'
import {
  journalListSchema,
  journalsQuerySchema,
  reconciliationListSchema,
  reconciliationSchema,
  reconciliationsQuerySchema,
  trialBalanceQuerySchema,
  trialBalanceSchema,
} from './ledger.ts'
import { apiKey, idempotencyHeader, json, mutationProblems, problems } from './route-parts.ts'

/** The books and their reconciliation, for operators. */
export const LEDGER_ROUTES = [
  createRoute({
    method: 'get',
    path: '/v1/ledger/journals',
    operationId: 'listJournals',
    tags: ['Ledger'],
    summary: 'Journals with their postings, newest first (operators)',
    security: apiKey,
    request: { query: journalsQuerySchema },
    responses: { 200: json(journalListSchema, 'One page'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/ledger/trial-balance',
    operationId: 'getTrialBalance',
    tags: ['Ledger'],
    summary: 'Every account with its balance, compared with the sum of all postings if asked (operators)',
    security: apiKey,
    request: { query: trialBalanceQuerySchema },
    responses: { 200: json(trialBalanceSchema, 'The balances'), ...problems(401, 403, 422, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/reconciliation',
    operationId: 'listReconciliations',
    tags: ['Ledger'],
    summary: 'What the newest comparisons of counters, books, rows and payments found (operators)',
    security: apiKey,
    request: { query: reconciliationsQuerySchema },
    responses: { 200: json(reconciliationListSchema, 'Newest first'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/reconciliation',
    operationId: 'reconcile',
    tags: ['Ledger'],
    summary: 'Compare everything now; a cron does it every night (operators)',
    security: apiKey,
    request: { headers: idempotencyHeader },
    responses: { 201: json(reconciliationSchema, 'What was found'), ...mutationProblems() },
  }),
] as const
