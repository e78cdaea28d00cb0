import type { MiddlewareHandler } from 'hono'
import { authenticate, requireScope } from '../../core/organisations/authenticate.ts'
import type { Scope } from '../../schema/wire/vocabulary.ts'
import type { Variables } from './app.ts'

/** Lets a request through with a key that has one of `scopes`, before anything of it is read. */
export function authorised(...scopes: readonly Scope[]): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const actor = await authenticate(c.var.ctx, c.req.header('authorization'))
    c.set('actor', actor)
    requireScope(actor, ...scopes)
    await next()
  }
}
