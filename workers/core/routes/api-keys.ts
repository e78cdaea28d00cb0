import { Hono } from 'hono'
import { createApiKey } from '../../../core/organisations/create-api-key.ts'
import { listApiKeys } from '../../../core/organisations/list-api-keys.ts'
import { revokeApiKey } from '../../../core/organisations/revoke-api-key.ts'
import { Refusal } from '../../../core/refusal.ts'
import { createApiKeyRequestSchema } from '../../../schema/wire/organisations.ts'
import { API_KEY_ID_PATTERN } from '../../../schema/wire/vocabulary.ts'
import { answerJson, answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody } from '../read-body.ts'

export function apiKeyRoutes(): App {
  const app: App = new Hono()

  app.post('/v1/keys', authorised('keys:manage'), async (c) => {
    const { value, raw } = await readBody(c, createApiKeyRequestSchema)
    return answerOnce(c, raw, (claim) => createApiKey(c.var.ctx, c.var.actor, value, claim))
  })

  app.get('/v1/keys', authorised('keys:manage'), async (c) => {
    return answerJson(JSON.stringify({ data: await listApiKeys(c.var.ctx, c.var.actor), next_cursor: null }))
  })

  app.delete('/v1/keys/:id', authorised('keys:manage'), async (c) => {
    const id = c.req.param('id')
    if (!API_KEY_ID_PATTERN.test(id)) throw new Refusal('api_key_not_found')
    return answerOnce(c, new Uint8Array(0), (claim) => revokeApiKey(c.var.ctx, c.var.actor, id, claim))
  })

  return app
}
