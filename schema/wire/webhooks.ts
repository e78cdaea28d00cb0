import { z } from '@hono/zod-openapi'
import { WEBHOOK_EVENT_TYPES } from './money.ts'
import { text, timestamp } from './text.ts'

export const MAX_WEBHOOK_ENDPOINTS = 20

/** Why an attempt did not deliver. */
export const WEBHOOK_ATTEMPT_ERRORS = [
  'address_refused',
  'name_not_found',
  'resolver_unavailable',
  'timeout',
  'connection_failed',
  'redirected',
  'refused',
  'internal_error',
] as const
export type WebhookAttemptError = (typeof WEBHOOK_ATTEMPT_ERRORS)[number]

const EVENTS = ['*', ...WEBHOOK_EVENT_TYPES] as const

const url = text(2_048).openapi({ example: 'https://hooks.example.com/coderisk' })
const description = text(200).or(z.literal('')).openapi({ example: 'on-call' })
const events = z
  .array(z.enum(EVENTS))
  .min(1)
  .max(EVENTS.length)
  .openapi({
    description: 'Types of events; `*` for all that there are or will be.',
    example: ['policy.activated', 'claim.paid'],
  })
const state = z.enum(['enabled', 'disabled'])
const endpointId = z.string().openapi({ example: 'whe_7k3m9q2x4w8t1v6z' })
const deliveryId = z.string().openapi({ example: 'dlv_7k3m9q2x4w8t1v6z' })

export const webhookEndpointParameters = z.object({ id: endpointId })
export const webhookDeliveryParameters = z.object({ id: deliveryId })

export const createWebhookEndpointRequestSchema = z
  .strictObject({ url, description: description.default(''), events: events.default(['*']) })
  .openapi('CreateWebhookEndpointRequest')

export const updateWebhookEndpointRequestSchema = z
  .strictObject({
    url: url.optional(),
    description: description.optional(),
    events: events.optional(),
    state: state.optional(),
  })
  .openapi('UpdateWebhookEndpointRequest')

export const webhookEndpointSchema = z
  .object({
    id: endpointId,
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    state: state.openapi({
      description: 'Disabled ones are sent nothing. An answer of 410 Gone disables an endpoint, too.',
    }),
    previous_secret_expires_at: timestamp.nullable().openapi({
      description: 'Until then deliveries are signed with the secret before the last rotation as well.',
    }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('WebhookEndpoint')

export const webhookEndpointSecretSchema = webhookEndpointSchema
  .extend({
    secret: z.string().nullable().openapi({
      description: 'Shown once; null in a replay.',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
    }),
    secret_already_shown: z.boolean().optional(),
  })
  .openapi('WebhookEndpointSecret')

export const webhookEndpointListSchema = z
  .object({ data: z.array(webhookEndpointSchema), next_cursor: z.string().nullable() })
  .openapi('WebhookEndpointList')

export const deletedWebhookEndpointSchema = z
  .object({ id: endpointId, deleted: z.literal(true) })
  .openapi('DeletedWebhookEndpoint')

const webhookAttemptSchema = z
  .object({
    number: z.int().min(1),
    at: timestamp,
    status: z.int().nullable().openapi({ description: 'Of the answer; null when there was none.' }),
    error: z.enum(WEBHOOK_ATTEMPT_ERRORS).nullable().openapi({ description: 'Null when it was delivered.' }),
    duration_ms: z.int().min(0),
  })
  .openapi('WebhookAttempt')

export const webhookDeliverySchema = z
  .object({
    id: deliveryId,
    endpoint_id: endpointId,
    event: z.object({
      id: z.string().openapi({ description: '`webhook-id`.', example: 'msg_7k3m9q2x4w8t1v6z' }),
      type: z.enum(WEBHOOK_EVENT_TYPES),
      created_at: timestamp,
    }),
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.array(webhookAttemptSchema).openapi({ description: 'The last 20, oldest first.' }),
    next_attempt_at: timestamp.nullable().openapi({ description: 'Null unless it is pending.' }),
    delivered_at: timestamp.nullable(),
    created_at: timestamp,
  })
  .openapi('WebhookDelivery')

export const webhookDeliveryListSchema = z
  .object({ data: z.array(webhookDeliverySchema), next_cursor: z.string().nullable() })
  .openapi('WebhookDeliveryList')

export type CreateWebhookEndpointRequest = z.infer<typeof createWebhookEndpointRequestSchema>
export type UpdateWebhookEndpointRequest = z.infer<typeof updateWebhookEndpointRequestSchema>
export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>
export type WebhookEndpointSecret = z.infer<typeof webhookEndpointSecretSchema>
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>
export type WebhookDeliveryList = z.infer<typeof webhookDeliveryListSchema>
