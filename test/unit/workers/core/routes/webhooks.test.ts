import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareApiKey, storeApiKey } from '../../../../../core/organisations/create-api-key.ts'
import type { Scope } from '../../../../../schema/wire/vocabulary.ts'
import {
  type WebhookDelivery,
  type WebhookEndpointSecret,
  webhookDeliveryListSchema,
  webhookEndpointListSchema,
  webhookEndpointSchema,
  webhookEndpointSecretSchema,
} from '../../../../../schema/wire/webhooks.ts'
import { createWebhookSender } from '../../../../../workers/core/adapters/webhook-sender.ts'
import type { App, Variables } from '../../../../../workers/core/app.ts'
import { refuse } from '../../../../../workers/core/refuse.ts'
import { webhookRoutes } from '../../../../../workers/core/routes/webhooks.ts'
import { newRequestTrace } from '../../../../../workers/core/trace.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../../../core/support.ts'

let core: TestCore
let app: App
let apiKey: string
let woken = 0

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  apiKey = (await core.organisation()).apiKey
  const service = {
    outside: { sender: createWebhookSender({}) },
    sequencing: { wake: async () => {} },
    backOffice: { wake: async () => void woken++ },
  } as unknown as Variables['service']
  app = new Hono<{ Variables: Variables }>()
  app.use(async (c, next) => {
    c.set('service', service)
    c.set('ctx', core.ctx())
    c.set('trace', newRequestTrace(c.req.raw.headers))
    await next()
  })
  app.route('/', webhookRoutes())
  app.onError((error, c) => refuse(c, error))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const waitable = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} }

async function call(method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...more }
  const request = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await app.request(path, request, {}, waitable)
  return { status: response.status, headers: response.headers, json: (await response.json()) as unknown }
}

test('the life of an endpoint', async () => {
  const once = { 'idempotency-key': 'create' }
  const body = { url: 'https://hooks.example.com/coderisk', events: ['claim.paid'] }
  const created = await call('POST', '/v1/webhook-endpoints', body, once)
  const { secret, ...endpoint } = webhookEndpointSecretSchema.parse(created.json)
  expect([created.status, secret]).toEqual([201, expect.stringMatching(/^whsec_/)])

  const replay = await call('POST', '/v1/webhook-endpoints', body, once)
  expect([replay.status, replay.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
  expect(replay.json).toEqual({ ...endpoint, secret: null, secret_already_shown: true })

  const path = `/v1/webhook-endpoints/${endpoint.id}`
  const listed = webhookEndpointListSchema.parse((await call('GET', '/v1/webhook-endpoints')).json)
  expect(listed).toEqual({ data: [endpoint], next_cursor: null })
  expect((await call('GET', path)).json).toEqual(endpoint)
  const patched = await call('PATCH', path, { description: 'on-call' })
  expect(webhookEndpointSchema.parse(patched.json)).toMatchObject({ description: 'on-call' })
  const rotated = await call('POST', `${path}/secret`)
  expect((rotated.json as WebhookEndpointSecret).secret).toMatch(/^whsec_/)

  const before = woken
  const tested = await call('POST', `${path}/test`)
  expect([tested.status, woken]).toEqual([202, before + 1])
  const { id } = tested.json as WebhookDelivery
  const log = webhookDeliveryListSchema.parse((await call('GET', `${path}/deliveries?limit=1`)).json)
  expect(log).toEqual({ data: [tested.json], next_cursor: null })
  expect((await call('POST', `/v1/webhook-deliveries/${id}/resend`)).status).toBe(202)
  expect(woken).toBe(before + 2)

  expect((await call('DELETE', path)).json).toEqual({ id: endpoint.id, deleted: true })
  expect((await call('GET', path)).json).toMatchObject({ code: 'webhook_endpoint_not_found' })
})

test.each([
  ['POST', '/v1/webhook-endpoints', { url: 'https://10.0.0.1/' }, 422, 'webhook_url_rejected'],
  ['POST', '/v1/webhook-endpoints', { url: 'https://a.example/', events: ['nothing'] }, 422, 'invalid_input'],
  ['GET', '/v1/webhook-endpoints/whe_', undefined, 404, 'webhook_endpoint_not_found'],
  ['PATCH', '/v1/webhook-endpoints/x', {}, 404, 'webhook_endpoint_not_found'],
  ['DELETE', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z', undefined, 404, 'webhook_endpoint_not_found'],
  [
    'GET',
    '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z/deliveries',
    undefined,
    404,
    'webhook_endpoint_not_found',
  ],
  ['GET', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z/deliveries?limit=0', undefined, 422, 'invalid_input'],
  ['POST', '/v1/webhook-deliveries/dlv_%27/resend', undefined, 404, 'webhook_delivery_not_found'],
])('%s %s is refused', async (method, path, body, status, code) => {
  expect(await call(method, path, body)).toMatchObject({ status, json: { code } })
})

test.each([
  ['GET', '/v1/webhook-endpoints', 'insurance:read'],
  ['GET', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z', 'insurance:read'],
  ['GET', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z/deliveries', 'insurance:read'],
  ['POST', '/v1/webhook-endpoints', 'insurance:write'],
  ['PATCH', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z', 'insurance:write'],
  ['DELETE', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z', 'insurance:write'],
  ['POST', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z/secret', 'insurance:write'],
  ['POST', '/v1/webhook-endpoints/whe_7k3m9q2x4w8t1v6z/test', 'insurance:write'],
  ['POST', '/v1/webhook-deliveries/dlv_7k3m9q2x4w8t1v6z/resend', 'insurance:write'],
])('%s %s needs %s', async (method, path, scope) => {
  const others = (['insurance:read', 'insurance:write', 'certificates:read'] as Scope[]).filter(
    (other) => other !== scope,
  )
  const owner = await core.organisation()
  const { organisationId, userId } = owner
  const key = await prepareApiKey(
    core.ctx(),
    { id: organisationId, userId },
    { name: 'other', scopes: others, livemode: true },
  )
  await core.db.database.asOrganisation(organisationId, (tx) => storeApiKey(tx, key))
  const answer = await call(method, path, method === 'GET' ? undefined : {}, {
    authorization: `Bearer ${key.secret}`,
  })
  expect(answer).toMatchObject({ status: 403, json: { code: 'scope_missing' } })
})
