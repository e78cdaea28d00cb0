import { createRoute, z } from '@hono/zod-openapi'
import {
  billingSchema,
  invoiceId,
  invoiceListQuerySchema,
  invoiceListSchema,
  invoiceSchema,
  portalSchema,
} from './billing.ts'
import { acceptedSchema } from './incidents.ts'
import { apiKey, idempotencyHeader, json, jsonBody, problems } from './route-parts.ts'

/** What is owed, what is credited, and how it is paid. */
export const BILLING_ROUTES = [
  createRoute({
    method: 'get',
    path: '/v1/billing',
    operationId: 'getBilling',
    tags: ['Billing'],
    summary: 'What the organisation owes and has to its credit',
    security: apiKey,
    responses: { 200: json(billingSchema, 'By the books'), ...problems(401, 403, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/billing/portal',
    operationId: 'openBillingPortal',
    tags: ['Billing'],
    summary: 'A link to where bills are seen and paid, if the payment provider has such a place',
    security: apiKey,
    responses: { 200: json(portalSchema, 'The link'), ...problems(401, 403, 409, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/invoices',
    operationId: 'listInvoices',
    tags: ['Billing'],
    summary: "The organisation's invoices, newest first",
    security: apiKey,
    request: { query: invoiceListQuerySchema },
    responses: { 200: json(invoiceListSchema, 'A page of them'), ...problems(400, 401, 403, 422, 503) },
  }),
  createRoute({
    method: 'post',
    path: '/v1/invoices/{id}/payment',
    operationId: 'recordPayment',
    tags: ['Billing'],
    summary: 'Record that what an invoice asks for has arrived (operators)',
    security: apiKey,
    request: { params: z.object({ id: invoiceId }), headers: idempotencyHeader },
    responses: {
      200: json(invoiceSchema, 'The invoice, paid'),
      ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
  }),
  createRoute({
    method: 'post',
    path: '/webhooks/stripe',
    operationId: 'receiveStripeWebhook',
    tags: ['Incoming webhooks'],
    summary: 'For Stripe alone, and only where the network is paid through it',
    request: {
      headers: z.object({
        'stripe-signature': z
          .string()
          .openapi({ description: 'As Stripe signs; within five minutes of now.' }),
      }),
      body: jsonBody(z.looseObject({})),
    },
    responses: {
      202: json(acceptedSchema, 'It is stored, now or before, and will be looked at'),
      ...problems(401, 404, 413, 422, 429, 503),
    },
  }),
] as const
