import type { Context as HonoContext } from 'hono'
import { type Answer, type Claim, once } from '../../core/idempotency/claim.ts'
import type { Variables } from './app.ts'

/** Runs a mutation once per `Idempotency-Key` and answers with what it, or its first run, said. */
export async function answerOnce(
  c: HonoContext<{ Variables: Variables }>,
  rawBody: Uint8Array<ArrayBuffer>,
  work: (claim: Claim) => Promise<Answer>,
): Promise<Response> {
  const route = `${c.req.method} ${c.req.path}`
  const request = { route, key: c.req.header('idempotency-key'), rawBody }
  const answer = await once(c.var.ctx, c.var.actor, request, work)
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      ...(answer.replayed ? { 'idempotency-replayed': 'true' } : {}),
    },
  })
}

export function answerJson(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
