import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../../core/context.ts'
import { openBooks } from '../../../../../core/insurance/open-books.ts'
import { createOperator } from '../../../../../core/organisations/create.ts'
import { prepareApiKey, storeApiKey } from '../../../../../core/organisations/create-api-key.ts'
import {
  breakerSchema,
  policyListSchema,
  policySchema,
  quoteSchema,
  storedTierSchema,
  tierListSchema,
} from '../../../../../schema/wire/insurance.ts'
import type { App, Variables } from '../../../../../workers/core/app.ts'
import { refuse } from '../../../../../workers/core/refuse.ts'
import { insuranceRoutes } from '../../../../../workers/core/routes/insurance.ts'
import { newRequestTrace } from '../../../../../workers/core/trace.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../../../core/support.ts'

let core: TestCore
let app: App
let owner: Actor & { apiKey: string }
let operatorKey: string
let certificate: string
let woken = 0

beforeAll(async () => {
  core = await startTestCore()
  await openBooks(core.ctx())
  owner = await core.organisation()
  operatorKey = (await createOperator(core.ctx(), { name: 'Operator' })).api_key
  certificate = (await core.issue(owner, { commit_sha: 'ab'.repeat(20) })).certificate_id
  await core.db.owner`UPDATE certificates SET risk_score_hundredths = 200`
  const wake = async () => void woken++
  app = new Hono<{ Variables: Variables }>()
  app.use(async (c, next) => {
    const service = { sequencing: { wake: async () => {} }, backOffice: { wake } }
    c.set('service', service as unknown as Variables['service'])
    c.set('ctx', core.ctx())
    c.set('trace', newRequestTrace(c.req.raw.headers))
    await next()
  })
  app.route('/', insuranceRoutes())
  app.onError((error, c) => refuse(c, error))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const WAITABLE = { waitUntil: () => {}, passThroughOnException: () => {}, props: {} }

/** The members of answers that are looked at without their schema. */
interface Body {
  readonly id: string
  readonly code: string
  readonly errors: readonly { readonly path: string }[]
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  key = owner.apiKey,
  idempotencyKey?: string,
) {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  }
  const text = body === undefined ? null : JSON.stringify(body)
  const response = await app.request(path, { method, headers, body: text }, {}, WAITABLE)
  const answer = (await response.json()) as Body
  return { status: response.status, headers: response.headers, body: answer }
}

const ask = (more = {}) => ({
  certificate_id: certificate,
  tier: 'basic',
  service: ' Checkout ',
  sla_cost_per_minute_cents: 10_000,
  ...more,
})

describe('a customer', () => {
  test('asks for a quote, buys once for one Idempotency-Key, finds it, and cancels', async () => {
    const quote = await call('POST', '/v1/trust/quote', { certificate_id: certificate, tier: 'basic' })
    expect(quote.status).toBe(200)
    expect(quoteSchema.parse(quote.body)).toMatchObject({ status: 'quoted', eligible: true, service: null })

    const before = woken
    const bought = await call('POST', '/v1/trust/insure', ask(), owner.apiKey, 'one')
    expect(bought.status).toBe(201)
    expect(woken).toBeGreaterThan(before)
    const policy = policySchema.parse(bought.body)
    expect(policy.service).toBe('checkout')
    const again = await call('POST', '/v1/trust/insure', ask(), owner.apiKey, 'one')
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(again.body).toEqual(bought.body)

    const page = policyListSchema.parse((await call('GET', '/v1/insurance/policies?limit=5')).body)
    expect(page.data).toEqual([policy])
    const cancel = () => call('POST', `/v1/insurance/policies/${policy.id}/cancel`)
    expect(policySchema.parse((await cancel()).body).status).toBe('cancelled')
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'policy_state_conflict' } })
    const read = await call('GET', `/v1/insurance/policies/${policy.id}`)
    expect(policySchema.parse(read.body).status).toBe('cancelled')
  })

  test('is told why not, member by member', async () => {
    const refused = await call('POST', '/v1/trust/insure', ask({ coverage: 600_000 }))
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'not_insurable',
        reasons: ['coverage_above_tier'],
        errors: [{ path: 'coverage', message: 'is more than the $5,000.00 of this tier' }],
        accepting_tier: 'pro',
      },
    })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['no service', { service: undefined }, 'service'],
    ['an empty service', { service: '  ' }, 'service'],
    ['no cost of a minute', { sla_cost_per_minute_cents: undefined }, 'sla_cost_per_minute_cents'],
    ['a cost of nothing', { sla_cost_per_minute_cents: 0 }, 'sla_cost_per_minute_cents'],
    ['fractions of a cent', { coverage: 100_000.5 }, 'coverage'],
    ['less than a dollar of coverage', { coverage: 99 }, 'coverage'],
    ['more than anybody covers', { coverage: 2 ** 50 }, 'coverage'],
    ['no certificate id', { certificate_id: "x' OR 1=1 --" }, 'certificate_id'],
    ['a tier with a NUL', { tier: 'ba\0sic' }, 'tier'],
    ['a member that there is not', { premium: 1 }, 'premium'],
  ])('cannot buy with %s', async (_, more, path) => {
    const { status, body } = await call('POST', '/v1/trust/insure', ask(more))
    expect([status, body.code]).toEqual([422, 'invalid_input'])
    expect(body.errors.map((error) => error.path)).toEqual([path])
  })

  test.each(['INS-2026-0000000000000000', 'x', '%00', "INS-2026-'--"])('finds no policy %s', async (id) => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
    ] as const) {
      const { status, body } = await call(method, `/v1/insurance/policies/${id}${path}`)
      expect([status, body.code]).toEqual([404, 'policy_not_found'])
    }
  })
})

describe('who may', () => {
  const target = () => `/v1/organisations/${owner.organisationId}/insurance-tiers/startup`
  test.each<[string, string, readonly string[]]>([
    ['POST', '/v1/trust/quote', ['insurance:read', 'insurance:write']],
    ['POST', '/v1/trust/insure', ['insurance:write']],
    ['GET', '/v1/insurance/tiers', ['insurance:read', 'insurance:write']],
    ['GET', '/v1/insurance/policies', ['insurance:read']],
    ['GET', '/v1/insurance/policies/INS-2026-0000000000000000', ['insurance:read']],
    ['POST', '/v1/insurance/policies/INS-2026-0000000000000000/cancel', ['insurance:write']],
    ['POST', '/v1/review/policies/INS-2026-0000000000000000/void', ['operator']],
    ['PUT', '/v1/organisations/org_0000000000000000/insurance-tiers/x', ['operator']],
    ['DELETE', '/v1/organisations/org_0000000000000000/insurance-tiers/x', ['operator']],
    ['GET', '/v1/insurance/breaker', ['operator']],
    ['POST', '/v1/insurance/breaker/reopen', ['operator']],
  ])('%s %s: %j', async (method, path, scopes) => {
    for (const scope of ['insurance:read', 'insurance:write', 'certificates:write', 'operator'] as const) {
      const actor = await keyWith(scope)
      const { status } = await call(method, path, method === 'GET' ? undefined : {}, actor)
      if (scopes.includes(scope)) expect(status).not.toBe(403)
      else expect(status).toBe(403)
    }
    const response = await app.request(path, { method }, {}, WAITABLE)
    expect(response.status).toBe(401)
  })

  test('an operator gives an organisation a tier, and takes it away', async () => {
    const terms = {
      list_premium: 7,
      coverage: 100_000,
      days: 3,
      risk_score_below: null,
      sla_cost_per_minute_cap: 100,
    }
    const put = await call('PUT', target(), terms, operatorKey)
    expect(storedTierSchema.parse(put.body)).toMatchObject({ name: 'startup', own: true, list_premium: 7 })
    const offered = tierListSchema.parse((await call('GET', '/v1/insurance/tiers')).body)
    expect(offered.data.map(({ name }) => name)).toEqual(['startup', 'basic', 'pro', 'enterprise'])
    expect(offered.notice).toContain('not licensed insurance')
    expect((await call('DELETE', target(), undefined, operatorKey)).body).toMatchObject({ deleted: true })
    expect((await call('DELETE', target(), undefined, operatorKey)).body).toMatchObject({ deleted: false })
    for (const id of ['org_%00', 'x', 'org_0000000000000000']) {
      const path = `/v1/organisations/${id}/insurance-tiers/startup`
      expect((await call('PUT', path, terms, operatorKey)).body.code).toBe('organisation_not_found')
    }
    expect((await call('PUT', target().replace('startup', 'Start'), terms, operatorKey)).status).toBe(422)
  })

  test('an operator voids a policy and sees the circuit breaker', async () => {
    const { body } = await call('POST', '/v1/trust/insure', ask())
    const path = `/v1/review/policies/${body.id}/void`
    expect((await call('POST', path, {}, operatorKey)).status).toBe(422)
    const voided = await call('POST', path, { reason: 'bought by mistake' }, operatorKey)
    expect(policySchema.parse(voided.body)).toMatchObject({
      status: 'voided',
      close_reason: 'bought by mistake',
    })
    const breaker = await call('GET', '/v1/insurance/breaker', undefined, operatorKey)
    expect(breakerSchema.parse(breaker.body)).toMatchObject({ state: 'open', history: [] })
    const reopened = await call('POST', '/v1/insurance/breaker/reopen', { reason: 'x' }, operatorKey)
    expect([reopened.status, reopened.body.code]).toEqual([409, 'breaker_state_conflict'])
  })

  async function keyWith(scope: 'insurance:read' | 'insurance:write' | 'certificates:write' | 'operator') {
    if (scope === 'operator') return operatorKey
    return keys.get(scope) ?? (await addKey(scope))
  }
})

const keys = new Map<string, string>()

/** The secret of a key with that scope alone. */
async function addKey(scope: 'insurance:read' | 'insurance:write' | 'certificates:write'): Promise<string> {
  const request = { name: 'one scope', scopes: [scope], livemode: true }
  const prepared = await prepareApiKey(
    core.ctx(),
    { id: owner.organisationId, userId: owner.userId },
    request,
  )
  await core.db.database.asOrganisation(owner.organisationId, (tx) => storeApiKey(tx, prepared))
  keys.set(scope, prepared.secret)
  return prepared.secret
}
