import type { Context as HonoContext } from 'hono'
import { type Answer, type Claim, once } from '../../core/idempotency/claim.ts'
import type { Variables } from './app.ts'

/** Runs a mutation once per `Idempotency-Key` and answers with what it, or its first run, said. */
export async function answerOnce(
  c: HonoContext<{ Variables: Variables }>,
  rawBody: Uint8Array<ArrayBuffer>,
  work: (claim: Claim) => Promise<Answer>,
): Promise<Response> {
  return respond(await runOnce(c, rawBody, work))
}

/** What it, or its first run, said. */
export async function runOnce(
  c: HonoContext<{ Variables: Variables }>,
  rawBody: Uint8Array<ArrayBuffer>,
  work: (claim: Claim) => Promise<Answer>,
): Promise<Settled> {
  const route = `${c.req.method} ${c.req.path}`
  const request = { route, key: c.req.header('idempotency-key'), rawBody }
  const answer = await once(c.var.ctx, c.var.actor, request, work)
  // Nearly every mutation appends to the log.
  c.executionCtx.waitUntil(c.var.service.sequencing.wake())
  return answer
}

export type Settled = Answer & { readonly replayed: boolean }

export function respond(answer: Settled, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      ...(answer.replayed ? { 'idempotency-replayed': 'true' } : {}),
      ...headers,
    },
  })
}

export function answerJson(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
