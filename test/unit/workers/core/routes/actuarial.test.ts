import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBooks } from '../../../../../core/insurance/open-books.ts'
import { createOperator } from '../../../../../core/organisations/create.ts'
import {
  actuarialReviewListSchema,
  actuarialReviewSchema,
  actuarialSummarySchema,
  lossRatioSchema,
  pricingSchema,
  triangleSchema,
} from '../../../../../schema/wire/actuarial.ts'
import type { App, Variables } from '../../../../../workers/core/app.ts'
import { refuse } from '../../../../../workers/core/refuse.ts'
import { actuarialRoutes } from '../../../../../workers/core/routes/actuarial.ts'
import { newRequestTrace } from '../../../../../workers/core/trace.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../../../core/support.ts'

let core: TestCore
let app: App
let operatorKey: string
let customerKey: string

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  customerKey = (await core.organisation()).apiKey
  operatorKey = (await createOperator(core.ctx(), { name: 'Operator' })).api_key
  await openBooks(core.ctx())
  app = new Hono<{ Variables: Variables }>()
  app.use(async (c, next) => {
    c.set('service', { sequencing: { wake: async () => {} } } as unknown as Variables['service'])
    c.set('ctx', core.ctx())
    c.set('trace', newRequestTrace(c.req.raw.headers))
    await next()
  })
  app.route('/', actuarialRoutes())
  app.onError((error, c) => refuse(c, error))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const WAITABLE = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} }
const call = (path: string, init: RequestInit = {}, key = operatorKey) => {
  const headers = {
    'content-type': 'application/json',
    ...(init.headers as object),
    authorization: `Bearer ${key}`,
  }
  return app.request(path, { ...init, headers }, {}, WAITABLE)
}
const get = async (path: string) => {
  const response = await call(path)
  expect(response.status).toBe(200)
  return response.json()
}

const PATHS = ['summary', 'triangle', 'loss-ratio', 'pricing', 'reviews', 'report?month=2026-01'].map(
  (name) => `/v1/actuarial/${name}`,
)

test.each([...PATHS, '/v1/reinsurance/bordereau?month=2026-01'])('%s is for operators', async (path) => {
  expect((await call(path, {}, customerKey)).status).toBe(403)
  expect((await app.request(path, {}, {}, WAITABLE)).status).toBe(401)
})

test('a review is for operators to ask for, once for one Idempotency-Key', async () => {
  const ask = (key: string) =>
    call('/v1/actuarial/reviews', { method: 'POST', body: '{}', headers: { 'idempotency-key': 'one' } }, key)
  expect((await ask(customerKey)).status).toBe(403)
  const first = await ask(operatorKey)
  expect(first.status).toBe(201)
  const review = actuarialReviewSchema.parse(await first.json())
  const again = await ask(operatorKey)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await again.json()).toEqual(review)
})

test('answers keep to their shapes', async () => {
  const { data } = actuarialReviewListSchema.parse(await get('/v1/actuarial/reviews'))
  expect(data).toHaveLength(1)
  expect(actuarialSummarySchema.parse(await get('/v1/actuarial/summary')).latest_review).toBe(data[0]!.month)
  expect(triangleSchema.parse(await get('/v1/actuarial/triangle')).kind).toBe('incurred')
  expect(
    triangleSchema.parse(await get(`/v1/actuarial/triangle?kind=paid&month=${data[0]!.month}`)).kind,
  ).toBe('paid')
  lossRatioSchema.parse(await get('/v1/actuarial/loss-ratio'))
  pricingSchema.parse(await get('/v1/actuarial/pricing'))
})

test('a report is one document that may load nothing but its own style', async () => {
  const { data } = actuarialReviewListSchema.parse(await get('/v1/actuarial/reviews'))
  const response = await call(`/v1/actuarial/report?month=${data[0]!.month}`)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const html = await response.text()
  const style = html.match(/<style>([\s\S]*)<\/style>/)![1]!
  const hash = createHash('sha256').update(style).digest('base64')
  expect(response.headers.get('content-security-policy')).toContain(
    `default-src 'none'; style-src 'sha256-${hash}';`,
  )
  expect((await call('/v1/actuarial/report?month=2020-01')).status).toBe(404)
})

test('a bordereau is a file of comma-separated values', async () => {
  const response = await call('/v1/reinsurance/bordereau?month=2026-10')
  expect(response.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="bordereau-2026-10.csv"')
  expect(await response.text()).toMatch(/^claim,policy,/)
})

test.each([
  ['report', 422],
  ['report?month=2026-13', 422],
  ['report?month=1999-12', 422],
  ['triangle?kind=made', 422],
  ['triangle?month=2026-1', 422],
  ["loss-ratio?month=2026-01'--", 422],
])('%s is refused with %i', async (query, status) => {
  expect((await call(`/v1/actuarial/${query}`)).status).toBe(status)
})

test.each([
  ['{"month":"2026-1"}', 422],
  ['{"months":"2026-01"}', 422],
  ['{"month":"2099-01"}', 422],
  ['[', 400],
])('a review of %s is refused with %i', async (body, status) => {
  expect((await call('/v1/actuarial/reviews', { method: 'POST', body })).status).toBe(status)
})
