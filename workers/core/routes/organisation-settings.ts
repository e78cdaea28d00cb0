import { Hono } from 'hono'
import { readOrganisation, updateOrganisation } from '../../../core/organisations/settings.ts'
import { updateOrganisationRequestSchema } from '../../../schema/wire/settings.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody } from '../read-body.ts'

export function organisationSettingsRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/organisation', authorised('certificates:read', 'keys:manage'), async (c) => {
    return c.json(await readOrganisation(c.var.ctx, c.var.actor))
  })

  app.patch('/v1/organisation', authorised('keys:manage'), async (c) => {
    const { value, raw } = await readBody(c, updateOrganisationRequestSchema, { maxBytes: 512 * 1024 })
    return answerOnce(c, raw, (claim) => updateOrganisation(c.var.ctx, c.var.actor, value, claim))
  })

  return app
}
