import { Hono } from 'hono'
import { bindPolicy } from '../../../core/insurance/bind.ts'
import { cancelPolicy, voidPolicy } from '../../../core/insurance/cancel.ts'
import { deleteTier, listTiers, putTier } from '../../../core/insurance/custom-tiers.ts'
import { listPolicies, readPolicy } from '../../../core/insurance/list-policies.ts'
import { quoteCover } from '../../../core/insurance/quote.ts'
import { readBreaker } from '../../../core/insurance/read-breaker.ts'
import { reopenBreaker } from '../../../core/insurance/reopen.ts'
import { Refusal } from '../../../core/refusal.ts'
import {
  insureRequestSchema,
  organisationId,
  policyListQuerySchema,
  putTierRequestSchema,
  quoteRequestSchema,
  reopenBreakerRequestSchema,
  tierName,
  voidPolicyRequestSchema,
} from '../../../schema/wire/insurance.ts'
import { POLICY_ID_PATTERN } from '../../../schema/wire/money.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody, validate } from '../read-body.ts'

const NO_BODY = new Uint8Array(0)

export function insuranceRoutes(): App {
  const app: App = new Hono()
  addCoverRoutes(app)
  addPolicyRoutes(app)
  addOperatorRoutes(app)
  return app
}

function addCoverRoutes(app: App): void {
  app.post('/v1/trust/quote', authorised('insurance:read', 'insurance:write'), async (c) => {
    const { value } = await readBody(c, quoteRequestSchema)
    return c.json(await quoteCover(c.var.ctx, c.var.actor, value))
  })

  app.post('/v1/trust/insure', authorised('insurance:write'), async (c) => {
    const { value, raw } = await readBody(c, insureRequestSchema)
    const answer = await answerOnce(c, raw, (claim) => bindPolicy(c.var.ctx, c.var.actor, value, claim))
    c.executionCtx.waitUntil(c.var.service.backOffice.wake('payments', 'webhooks'))
    return answer
  })

  app.get('/v1/insurance/tiers', authorised('insurance:read', 'insurance:write'), async (c) => {
    return c.json(await listTiers(c.var.ctx, c.var.actor))
  })
}

function addPolicyRoutes(app: App): void {
  app.get('/v1/insurance/policies', authorised('insurance:read'), async (c) => {
    const query = validate(policyListQuerySchema, c.req.query())
    return c.json(await listPolicies(c.var.ctx, c.var.actor, query))
  })

  app.get('/v1/insurance/policies/:id', authorised('insurance:read'), async (c) => {
    return c.json(await readPolicy(c.var.ctx, c.var.actor, policyId(c.req.param('id'))))
  })

  app.post('/v1/insurance/policies/:id/cancel', authorised('insurance:write'), async (c) => {
    const id = policyId(c.req.param('id'))
    const answer = await answerOnce(c, NO_BODY, (claim) => cancelPolicy(c.var.ctx, c.var.actor, id, claim))
    c.executionCtx.waitUntil(c.var.service.backOffice.wake('payments', 'webhooks'))
    return answer
  })
}

function addOperatorRoutes(app: App): void {
  app.post('/v1/review/policies/:id/void', authorised('operator'), async (c) => {
    const id = policyId(c.req.param('id'))
    const { value, raw } = await readBody(c, voidPolicyRequestSchema)
    const { ctx, actor, service } = c.var
    const answer = await answerOnce(c, raw, (claim) => voidPolicy(ctx, actor, id, value.reason, claim))
    c.executionCtx.waitUntil(service.backOffice.wake('payments', 'webhooks'))
    return answer
  })

  app.put('/v1/organisations/:id/insurance-tiers/:name', authorised('operator'), async (c) => {
    const target = tierOf(c.req.param('id'), c.req.param('name'))
    const { value, raw } = await readBody(c, putTierRequestSchema)
    return answerOnce(c, raw, (claim) => putTier(c.var.ctx, c.var.actor, target, value, claim))
  })

  app.delete('/v1/organisations/:id/insurance-tiers/:name', authorised('operator'), async (c) => {
    const target = tierOf(c.req.param('id'), c.req.param('name'))
    return answerOnce(c, NO_BODY, (claim) => deleteTier(c.var.ctx, c.var.actor, target, claim))
  })

  app.get('/v1/insurance/breaker', authorised('operator'), async (c) => {
    return c.json(await readBreaker(c.var.ctx))
  })

  app.post('/v1/insurance/breaker/reopen', authorised('operator'), async (c) => {
    const { value, raw } = await readBody(c, reopenBreakerRequestSchema)
    return answerOnce(c, raw, (claim) => reopenBreaker(c.var.ctx, c.var.actor, value, claim))
  })
}

/** What is no id names no policy; nothing but an id goes further. */
function policyId(text: string): string {
  if (!POLICY_ID_PATTERN.test(text)) throw new Refusal('policy_not_found')
  return text
}

function tierOf(id: string, text: string) {
  if (!organisationId.safeParse(id).success) throw new Refusal('organisation_not_found')
  const name = tierName.safeParse(text)
  if (name.success) return { organisationId: id, name: name.data }
  throw new Refusal('invalid_input', { errors: [{ path: 'name', message: name.error.issues[0]!.message }] })
}
