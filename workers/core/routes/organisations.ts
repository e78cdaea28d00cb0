import { Hono } from 'hono'
import { addOrganisation } from '../../../core/organisations/create.ts'
import { createOrganisationRequestSchema } from '../../../schema/wire/organisations.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody } from '../read-body.ts'

export function organisationRoutes(): App {
  const app: App = new Hono()

  app.post('/v1/organisations', authorised('operator'), async (c) => {
    const { value, raw } = await readBody(c, createOrganisationRequestSchema)
    return answerOnce(c, raw, (claim) => addOrganisation(c.var.ctx, value, claim))
  })

  return app
}
