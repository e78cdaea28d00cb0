import { sha256, toHex, utf8 } from '../../../core/verify/encoding.ts'
import { logLine } from '../log.ts'
import { count } from '../metrics.ts'
import { isLimited, tooManyRequests } from '../rate-limits.ts'
import type { EdgeRequest } from '../request.ts'
import { problem } from '../respond.ts'
import { forgetStatusFreshness } from '../status.ts'

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
/** What the core needs of a request; everything else stays here. */
const FORWARDED = ['authorization', 'content-type', 'content-length', 'idempotency-key', 'prefer'] as const

/** Hands a request to the core, with its id and trace. Whether the caller may do it is the core's to say. */
export async function forwardToCore(edge: EdgeRequest): Promise<Response> {
  const { request, env } = edge
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const key = toHex(await sha256(utf8(authorization)))
    if (await isLimited(env, 'RATE_LIMIT_KEY', key)) return tooManyRequests(edge, 'RATE_LIMIT_KEY')
  }
  const url = new URL(request.url)
  const trace = traceparent(request.headers)
  let response: Response
  try {
    response = await env.CORE.fetch(`https://core${url.pathname}${url.search}`, {
      method: request.method,
      headers: forwardedHeaders(edge, trace),
      body: request.body,
      redirect: 'manual',
    })
  } catch {
    count('coderisk_edge_core_failures_total')
    logLine('error', 'core did not answer', { request_id: edge.id, trace_id: trace.slice(3, 35) })
    return problem('core_unavailable', edge.id)
  }
  if (response.ok && url.pathname.endsWith('/revoke')) forgetStatusFreshness()
  return response
}

function forwardedHeaders(edge: EdgeRequest, trace: string): Headers {
  const headers = new Headers({ 'x-request-id': edge.id, traceparent: trace })
  for (const name of FORWARDED) {
    const value = edge.request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}

/** W3C Trace Context: the caller's trace goes on; without one, a new one begins. */
function traceparent(headers: Headers): string {
  const given = headers.get('traceparent') ?? ''
  if (TRACEPARENT.test(given)) return given
  const span = crypto.randomUUID().replaceAll('-', '').slice(0, 16)
  return `00-${crypto.randomUUID().replaceAll('-', '')}-${span}-01`
}
