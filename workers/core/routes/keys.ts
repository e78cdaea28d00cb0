import { Hono } from 'hono'
import { acceptTrustRoot } from '../../../core/keys/accept-trust-root.ts'
import { compromiseSigningKey } from '../../../core/keys/compromise.ts'
import { draftTrustRoot } from '../../../core/keys/draft-trust-root.ts'
import { Refusal } from '../../../core/refusal.ts'
import { isKid } from '../../../core/verify/trust-root.ts'
import { compromiseKeyRequestSchema } from '../../../schema/wire/keys.ts'
import { publishTrustRootRequestSchema } from '../../../schema/wire/trust.ts'
import { answerOnce } from '../answer.ts'
import type { App } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBody } from '../read-body.ts'

/** Of some 3 KiB a key, four keys a year: a century. */
const MAX_TRUST_ROOT_BYTES = 2 * 1024 * 1024

/** The network's own keys: for operators. */
export function keyRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/trust-root/draft', authorised('operator'), async (c) => {
    return c.json(await draftTrustRoot(c.var.ctx))
  })

  app.post('/v1/trust-root', authorised('operator'), async (c) => {
    const { value, raw } = await readBody(c, publishTrustRootRequestSchema, {
      maxBytes: MAX_TRUST_ROOT_BYTES,
    })
    const answer = await answerOnce(c, raw, (claim) => acceptTrustRoot(c.var.ctx, value, claim))
    c.executionCtx.waitUntil(c.var.service.publisher.publish())
    return answer
  })

  app.post('/v1/keys/signing/:kid/compromise', authorised('operator'), async (c) => {
    const kid = c.req.param('kid')
    if (!isKid(kid)) throw new Refusal('signing_key_not_found')
    const { value, raw } = await readBody(c, compromiseKeyRequestSchema, { optional: true })
    const answer = await answerOnce(c, raw, (claim) => compromiseSigningKey(c.var.ctx, kid, value, claim))
    c.executionCtx.waitUntil(c.var.service.publisher.publish())
    return answer
  })

  return app
}
