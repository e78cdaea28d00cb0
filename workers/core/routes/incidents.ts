import { Hono } from 'hono'
import { createIntegration } from '../../../core/incidents/create-integration.ts'
import { listIncidents, readIncident } from '../../../core/incidents/list.ts'
import { listIntegrations } from '../../../core/incidents/list-integrations.ts'
import { putServices, readServices } from '../../../core/incidents/services.ts'
import { deleteIntegration, updateIntegration } from '../../../core/incidents/update-integration.ts'
import { Refusal } from '../../../core/refusal.ts'
import {
  createIntegrationRequestSchema,
  listIncidentsQuerySchema,
  putServicesRequestSchema,
  updateIntegrationRequestSchema,
} from '../../../schema/wire/incidents.ts'
import { INCIDENT_ID_PATTERN, INTEGRATION_ID_PATTERN } from '../../../schema/wire/money.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody, validate } from '../read-body.ts'

const MAX_SERVICES_BYTES = 512 * 1024

/** What an organisation runs, where its providers' webhooks arrive, and the incidents that they tell of. */
export function incidentRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/services', authorised('insurance:read'), async (c) => {
    return c.json(await readServices(c.var.ctx, c.var.actor))
  })

  app.put('/v1/services', authorised('insurance:write'), async (c) => {
    const { value, raw } = await readBody(c, putServicesRequestSchema, { maxBytes: MAX_SERVICES_BYTES })
    return answerOnce(c, raw, (claim) => putServices(c.var.ctx, c.var.actor, value, claim))
  })

  app.get('/v1/integrations', authorised('insurance:read'), async (c) => {
    return c.json({ data: await listIntegrations(c.var.ctx, c.var.actor), next_cursor: null })
  })

  app.post('/v1/integrations', authorised('insurance:write'), async (c) => {
    const { value, raw } = await readBody(c, createIntegrationRequestSchema)
    return answerOnce(c, raw, (claim) => createIntegration(c.var.ctx, c.var.actor, value, claim))
  })

  app.patch('/v1/integrations/:id', authorised('insurance:write'), async (c) => {
    const id = integrationId(c.req.param('id'))
    const { value, raw } = await readBody(c, updateIntegrationRequestSchema)
    return answerOnce(c, raw, (claim) => updateIntegration(c.var.ctx, c.var.actor, id, value, claim))
  })

  app.delete('/v1/integrations/:id', authorised('insurance:write'), async (c) => {
    const id = integrationId(c.req.param('id'))
    return answerOnce(c, new Uint8Array(0), (claim) => deleteIntegration(c.var.ctx, c.var.actor, id, claim))
  })

  app.get('/v1/incidents', authorised('insurance:read'), async (c) => {
    const page = validate(listIncidentsQuerySchema, c.req.query())
    return c.json(await listIncidents(c.var.ctx, c.var.actor, page))
  })

  app.get('/v1/incidents/:id', authorised('insurance:read'), async (c) => {
    const id = c.req.param('id')
    if (!INCIDENT_ID_PATTERN.test(id)) throw new Refusal('incident_not_found')
    return c.json(await readIncident(c.var.ctx, c.var.actor, id))
  })

  return app
}

function integrationId(text: string): string {
  if (!INTEGRATION_ID_PATTERN.test(text)) throw new Refusal('integration_not_found')
  return text
}
