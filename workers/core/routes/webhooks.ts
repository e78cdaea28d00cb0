import { Hono } from 'hono'
import { createEndpoint } from '../../../core/notifications/create-endpoint.ts'
import { deleteEndpoint } from '../../../core/notifications/delete-endpoint.ts'
import { listDeliveries } from '../../../core/notifications/deliveries.ts'
import { listEndpoints, readEndpoint } from '../../../core/notifications/read-endpoints.ts'
import { resendDelivery } from '../../../core/notifications/resend.ts'
import { rotateSecret } from '../../../core/notifications/rotate-secret.ts'
import { testEndpoint } from '../../../core/notifications/test-endpoint.ts'
import { updateEndpoint } from '../../../core/notifications/update-endpoint.ts'
import { Refusal } from '../../../core/refusal.ts'
import { listQuerySchema } from '../../../schema/wire/certificate.ts'
import { WEBHOOK_DELIVERY_ID_PATTERN, WEBHOOK_ENDPOINT_ID_PATTERN } from '../../../schema/wire/money.ts'
import {
  createWebhookEndpointRequestSchema,
  updateWebhookEndpointRequestSchema,
} from '../../../schema/wire/webhooks.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody, validate } from '../read-body.ts'

const NO_BODY = new Uint8Array(0)
const reading = authorised('insurance:read')
const writing = authorised('insurance:write')

export function webhookRoutes(): App {
  const app: App = new Hono()

  app.post('/v1/webhook-endpoints', writing, async (c) => {
    const { value, raw } = await readBody(c, createWebhookEndpointRequestSchema)
    const { sender } = c.var.service.outside
    return answerOnce(c, raw, (claim) => createEndpoint(c.var.ctx, c.var.actor, value, sender, claim))
  })

  app.get('/v1/webhook-endpoints', reading, async (c) => {
    return c.json({ data: await listEndpoints(c.var.ctx, c.var.actor), next_cursor: null })
  })

  app.get('/v1/webhook-endpoints/:id', reading, async (c) => {
    return c.json(await readEndpoint(c.var.ctx, c.var.actor, endpointId(c.req.param('id'))))
  })

  app.patch('/v1/webhook-endpoints/:id', writing, async (c) => {
    const id = endpointId(c.req.param('id'))
    const { value, raw } = await readBody(c, updateWebhookEndpointRequestSchema)
    const { sender } = c.var.service.outside
    return answerOnce(c, raw, (claim) => updateEndpoint(c.var.ctx, c.var.actor, id, value, sender, claim))
  })

  app.delete('/v1/webhook-endpoints/:id', writing, async (c) => {
    const id = endpointId(c.req.param('id'))
    return answerOnce(c, NO_BODY, (claim) => deleteEndpoint(c.var.ctx, c.var.actor, id, claim))
  })

  app.post('/v1/webhook-endpoints/:id/secret', writing, async (c) => {
    const id = endpointId(c.req.param('id'))
    return answerOnce(c, NO_BODY, (claim) => rotateSecret(c.var.ctx, c.var.actor, id, claim))
  })

  app.post('/v1/webhook-endpoints/:id/test', writing, async (c) => {
    const id = endpointId(c.req.param('id'))
    const answer = await answerOnce(c, NO_BODY, (claim) => testEndpoint(c.var.ctx, c.var.actor, id, claim))
    c.executionCtx.waitUntil(c.var.service.backOffice.wake('webhooks'))
    return answer
  })

  app.get('/v1/webhook-endpoints/:id/deliveries', reading, async (c) => {
    const id = endpointId(c.req.param('id'))
    const page = validate(listQuerySchema, c.req.query())
    return c.json(await listDeliveries(c.var.ctx, c.var.actor, id, page))
  })

  app.post('/v1/webhook-deliveries/:id/resend', writing, async (c) => {
    const id = deliveryId(c.req.param('id'))
    const answer = await answerOnce(c, NO_BODY, (claim) => resendDelivery(c.var.ctx, c.var.actor, id, claim))
    c.executionCtx.waitUntil(c.var.service.backOffice.wake('webhooks'))
    return answer
  })

  return app
}

function endpointId(text: string): string {
  if (!WEBHOOK_ENDPOINT_ID_PATTERN.test(text)) throw new Refusal('webhook_endpoint_not_found')
  return text
}

function deliveryId(text: string): string {
  if (!WEBHOOK_DELIVERY_ID_PATTERN.test(text)) throw new Refusal('webhook_delivery_not_found')
  return text
}
