import type { Context as HonoContext } from 'hono'
import { Refusal } from '../../core/refusal.ts'
import { PROBLEMS, type ProblemCode, problemDocument } from '../../schema/wire/problems.ts'
import type { Variables } from './app.ts'

const RETRY_AFTER_S = 2

/** The one place where an error becomes an answer: a refusal as its code says, anything else as a bare 500. */
export function refuse(c: HonoContext<{ Variables: Variables }>, error: Error | ProblemCode): Response {
  const refusal =
    typeof error === 'string'
      ? new Refusal(error)
      : error instanceof Refusal
        ? error
        : new Refusal('internal_error', { cause: error })
  const { status } = PROBLEMS[refusal.code]
  const body = problemDocument(refusal.code, c.var.trace.requestId, refusal.details)
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 503 || status === 409 ? { 'retry-after': String(RETRY_AFTER_S) } : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="coderisk"' } : {}),
    },
  })
}
