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
/** And what it verifies the webhooks of each provider by, by the first part of their path. */
const STANDARD_WEBHOOKS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const
const FORWARDED_OF_WEBHOOKS = new Map<string, readonly string[]>([
  ['github', ['x-hub-signature-256']],
  ['sentry', ['sentry-hook-signature', 'sentry-hook-timestamp']],
  ['datadog', ['x-coderisk-secret']],
  ['pagerduty', ['x-pagerduty-signature']],
  ['deploy', STANDARD_WEBHOOKS],
  ['incident', STANDARD_WEBHOOKS],
  ['stripe', ['stripe-signature']],
])

/** Hands a request to the core, with its id and trace. Whether the caller may do it is the core's to say. */
export async function forwardToCore(edge: EdgeRequest): Promise<Response> {
  const authorization = edge.request.headers.get('authorization')
  if (authorization !== null) {
    const key = toHex(await sha256(utf8(authorization)))
    if (await isLimited(edge.env, 'RATE_LIMIT_KEY', key)) return tooManyRequests(edge, 'RATE_LIMIT_KEY')
  }
  const url = new URL(edge.request.url)
  const response = await handOver(edge, url, FORWARDED)
  if (response.ok && url.pathname.endsWith('/revoke')) forgetStatusFreshness()
  return response
}

/** Hands a provider's webhook to the core, with the headers that it is verified by and no others. */
export async function forwardWebhook(edge: EdgeRequest): Promise<Response> {
  const url = new URL(edge.request.url)
  const names = FORWARDED_OF_WEBHOOKS.get(url.pathname.split('/')[2] ?? '')
  if (names === undefined) return problem('route_not_found', edge.id)
  url.search = ''
  return handOver(edge, url, ['content-type', 'content-length', ...names])
}

async function handOver(edge: EdgeRequest, url: URL, names: readonly string[]): Promise<Response> {
  const { request, env } = edge
  const trace = traceparent(request.headers)
  try {
    return await env.CORE.fetch(`https://core${url.pathname}${url.search}`, {
      method: request.method,
      headers: forwardedHeaders(edge, trace, names),
      body: request.body,
      redirect: 'manual',
    })
  } catch {
    count('coderisk_edge_core_failures_total')
    logLine('error', 'core did not answer', { request_id: edge.id, trace_id: trace.slice(3, 35) })
    return problem('core_unavailable', edge.id)
  }
}

function forwardedHeaders(edge: EdgeRequest, trace: string, names: readonly string[]): Headers {
  const headers = new Headers({ 'x-request-id': edge.id, traceparent: trace })
  for (const name of names) {
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
