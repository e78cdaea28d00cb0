import { createRoute } from '@hono/zod-openapi'
import { listQuerySchema } from './certificate.ts'
import { apiKey, idempotencyHeader, json, jsonBody, mutationProblems, problems } from './route-parts.ts'
import {
  createWebhookEndpointRequestSchema,
  deletedWebhookEndpointSchema,
  updateWebhookEndpointRequestSchema,
  webhookDeliveryListSchema,
  webhookDeliveryParameters,
  webhookDeliverySchema,
  webhookEndpointListSchema,
  webhookEndpointParameters,
  webhookEndpointSchema,
  webhookEndpointSecretSchema,
} from './webhooks.ts'

const tags = ['Webhooks']
const params = webhookEndpointParameters

/** Where the network tells of what happens: Standard Webhooks, outgoing. */
export const WEBHOOK_ROUTES = [
  createRoute({
    method: 'post',
    path: '/v1/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    tags,
    summary: 'Be told of events at a URL',
    security: apiKey,
    request: { headers: idempotencyHeader, body: jsonBody(createWebhookEndpointRequestSchema) },
    responses: {
      201: json(webhookEndpointSecretSchema, 'The endpoint; its secret is shown this once'),
      ...mutationProblems(),
    },
  }),
  createRoute({
    method: 'get',
    path: '/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    tags,
    summary: "The organisation's webhook endpoints",
    security: apiKey,
    responses: { 200: json(webhookEndpointListSchema, 'All of them'), ...problems(401, 403, 503) },
  }),
  createRoute({
    method: 'get',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'getWebhookEndpoint',
    tags,
    summary: 'One webhook endpoint',
    security: apiKey,
    request: { params },
    responses: { 200: json(webhookEndpointSchema, 'The endpoint'), ...problems(401, 403, 404, 503) },
  }),
  createRoute({
    method: 'patch',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'updateWebhookEndpoint',
    tags,
    summary: 'Change the URL, the events or the description of a webhook endpoint; disable or enable it',
    security: apiKey,
    request: { params, headers: idempotencyHeader, body: jsonBody(updateWebhookEndpointRequestSchema) },
    responses: { 200: json(webhookEndpointSchema, 'As it is now'), ...mutationProblems(404) },
  }),
  createRoute({
    method: 'delete',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    tags,
    summary: 'Delete a webhook endpoint with its delivery log',
    security: apiKey,
    request: { params, headers: idempotencyHeader },
    responses: {
      200: json(deletedWebhookEndpointSchema, 'It is gone'),
      ...problems(400, 401, 403, 404, 409, 422, 503),
    },
  }),
  createRoute({
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/secret',
    operationId: 'rotateWebhookSecret',
    tags,
    summary: 'Give a webhook endpoint a new secret; the one before signs too for 24 hours',
    security: apiKey,
    request: { params, headers: idempotencyHeader },
    responses: {
      200: json(webhookEndpointSecretSchema, 'The endpoint; its secret is shown this once'),
      ...problems(400, 401, 403, 404, 409, 422, 503),
    },
  }),
  createRoute({
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/test',
    operationId: 'testWebhookEndpoint',
    tags,
    summary: 'Send `webhook.test` to a webhook endpoint',
    security: apiKey,
    request: { params, headers: idempotencyHeader },
    responses: {
      202: json(webhookDeliverySchema, 'It is on its way'),
      ...problems(400, 401, 403, 404, 409, 422, 503),
    },
  }),
  createRoute({
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    tags,
    summary: 'What was sent to a webhook endpoint and what came of it, newest first; kept for 30 days',
    security: apiKey,
    request: { params, query: listQuerySchema },
    responses: {
      200: json(webhookDeliveryListSchema, 'One page'),
      ...problems(400, 401, 403, 404, 422, 503),
    },
  }),
  createRoute({
    method: 'post',
    path: '/v1/webhook-deliveries/{id}/resend',
    operationId: 'resendWebhookDelivery',
    tags,
    summary: 'Send an event to an endpoint again, with the same `webhook-id`',
    security: apiKey,
    request: { params: webhookDeliveryParameters, headers: idempotencyHeader },
    responses: {
      202: json(webhookDeliverySchema, 'It is on its way'),
      ...problems(400, 401, 403, 404, 409, 422, 503),
    },
  }),
] as const
