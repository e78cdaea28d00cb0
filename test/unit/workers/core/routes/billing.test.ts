import { createHmac } from 'node:crypto'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedRail } from '../../../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../../../core/billing/issue-invoices.ts'
import { createOperator } from '../../../../../core/organisations/create.ts'
import { billingSchema, invoiceListSchema, invoiceSchema } from '../../../../../schema/wire/billing.ts'
import { createStripeWebhooks } from '../../../../../workers/core/adapters/stripe-webhooks.ts'
import type { App, Variables } from '../../../../../workers/core/app.ts'
import { Metrics } from '../../../../../workers/core/metrics.ts'
import { refuse } from '../../../../../workers/core/refuse.ts'
import { billingRoutes } from '../../../../../workers/core/routes/billing.ts'
import { newRequestTrace } from '../../../../../workers/core/trace.ts'
import { startTestCore, type TestCore } from '../../../core/support.ts'

const SECRET = 'whsec_of_this_test'
const waitable = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} }

let core: TestCore
let apiKey: string
let organisationId: string
let operatorKey: string
let woken = 0
const metrics = new Metrics()

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  const organisation = await core.organisation()
  apiKey = organisation.apiKey
  organisationId = organisation.organisationId
  operatorKey = (await createOperator(core.ctx(), { name: 'Operator' })).api_key
})

afterAll(() => core?.db.stop())

function app(stripeWebhooks = createStripeWebhooks(SECRET) as Variables['service']['stripeWebhooks']): App {
  const service = {
    outside: { rail: embeddedRail },
    stripeWebhooks,
    metrics,
    sequencing: { wake: async () => {} },
    backOffice: { wake: async () => void woken++ },
  } as unknown as Variables['service']
  const routes: App = new Hono<{ Variables: Variables }>()
  routes.use(async (c, next) => {
    c.set('service', service)
    c.set('ctx', core.ctx())
    c.set('trace', newRequestTrace(c.req.raw.headers))
    await next()
  })
  routes.route('/', billingRoutes())
  routes.onError((error, c) => refuse(c, error))
  return routes
}

async function call(method: string, path: string, key = apiKey, more: Record<string, string> = {}) {
  const headers = { authorization: `Bearer ${key}`, ...more }
  const response = await app().request(path, { method, headers }, {}, waitable)
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as { code?: string },
  }
}

describe('bills', () => {
  it('are read by their owner, and paid by an operator, once for a key', async () => {
    await core.db.owner`
      INSERT INTO billing_accounts VALUES (${organisationId}, 'ledger', ${`ledger_${organisationId}`}, now())`
    await core.db.owner`
      INSERT INTO billing_events (id, organisation_id, kind, amount_micros, occurred_at, state, rail, next_attempt_at)
      VALUES ('sold', ${organisationId}, 'premium', 1000000, now() - interval '40 days', 'sent', 'ledger', now())`
    expect(await issueInvoices(core.ctx())).toBe(1)
    expect(billingSchema.parse((await call('GET', '/v1/billing')).json)).toMatchObject({ rail: 'ledger' })
    const { data } = invoiceListSchema.parse((await call('GET', '/v1/invoices?limit=5')).json)
    expect(data).toMatchObject([{ total: 100, status: 'open' }])
    const path = `/v1/invoices/${data[0]!.id}/payment`
    expect((await call('POST', path)).json.code).toBe('scope_missing')
    const key = { 'idempotency-key': 'the-bank-says-so' }
    expect(invoiceSchema.parse((await call('POST', path, operatorKey, key)).json)).toMatchObject({
      status: 'paid',
    })
    const replay = await call('POST', path, operatorKey, key)
    expect([replay.status, replay.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    const again = await call('POST', path, operatorKey)
    expect([again.status, again.json.code]).toEqual([409, 'invoice_state_conflict'])
  })

  it.each([
    ['GET', '/v1/invoices?limit=0', 422, 'invalid_input'],
    ['GET', '/v1/invoices?cursor=x', 400, 'invalid_cursor'],
    ['POST', '/v1/billing/portal', 409, 'billing_portal_unavailable'],
  ])('%s %s is refused', async (method, path, status, code) => {
    const answer = await call(method, path)
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  it.each(['inv_0000000000000000', 'inv_', "inv_'; DROP TABLE invoices"])('%s is no invoice', async (id) => {
    const answer = await call('POST', `/v1/invoices/${encodeURIComponent(id)}/payment`, operatorKey)
    expect([answer.status, answer.json.code]).toEqual([404, 'invoice_not_found'])
  })
})

describe('webhooks of Stripe', () => {
  const body = JSON.stringify({ id: 'evt_one', type: 'invoice.paid', data: { object: {} } })

  function sign(at = Math.floor(Date.now() / 1000), text = body): string {
    return `t=${at},v1=${createHmac('sha256', SECRET).update(`${at}.${text}`).digest('hex')}`
  }

  async function send(signature: string, text = body, routes = app()) {
    const headers = { 'stripe-signature': signature, 'content-length': String(text.length) }
    const response = await routes.request(
      '/webhooks/stripe',
      { method: 'POST', headers, body: text },
      {},
      waitable,
    )
    return { status: response.status, json: (await response.json()) as { code?: string; accepted?: true } }
  }

  it('are stored once, whole, and have somebody look at them', async () => {
    const before = woken
    for (let time = 0; time < 3; time++)
      expect(await send(sign())).toMatchObject({ status: 202, json: { accepted: true } })
    expect(woken).toBe(before + 3)
    const rows = await core.db
      .owner`SELECT provider, integration_id, event, body, state FROM inbound_deliveries`
    expect(rows).toMatchObject([
      { provider: 'stripe', integration_id: 'stripe', event: 'invoice.paid', state: 'pending' },
    ])
    expect(Buffer.from(rows[0]!['body']).toString()).toBe(body)
  })

  it('that are forged, stale, from the future or too large are refused, and counted', async () => {
    const now = Math.floor(Date.now() / 1000)
    const cases: [string, number, string, string][] = [
      [`t=${now},v1=${'0'.repeat(64)}`, 401, 'webhook_signature_invalid', 'signature'],
      [sign(now - 400), 401, 'webhook_time_invalid', 'stale'],
      [sign(now + 400), 401, 'webhook_time_invalid', 'future'],
    ]
    for (const [signature, status, code, reason] of cases) {
      expect(await send(signature)).toMatchObject({ status, json: { code } })
      const series = `coderisk_webhooks_rejected_total{provider="stripe",reason="${reason}"}`
      expect(metrics.snapshot()[series]).toBe(1)
    }
    const large = 'x'.repeat(1024 * 1024 + 1)
    expect(await send(sign(now, large), large)).toMatchObject({
      status: 413,
      json: { code: 'body_too_large' },
    })
  })

  it('have no place where the network takes none', async () => {
    expect(await send(sign(), body, app(null))).toMatchObject({
      status: 404,
      json: { code: 'route_not_found' },
    })
  })
})
