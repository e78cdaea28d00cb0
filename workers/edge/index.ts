import type { EdgeEnv } from './env.ts'
import { answerHotRoute } from './hot-routes.ts'
import { logLine } from './log.ts'
import { isLimited, tooManyRequests } from './rate-limits.ts'
import { type EdgeRequest, newEdgeRequest } from './request.ts'
import { problem } from './respond.ts'
import { createRouter } from './router.ts'

const router = createRouter()

/** The edge: reads, verifies, renders, forwards. It holds no authority and no secret. */
export default {
  async fetch(request, env, ctx): Promise<Response> {
    const edge = newEdgeRequest(request, env, ctx)
    try {
      if (await isLimited(env, 'RATE_LIMIT_IP', edge.client)) return tooManyRequests(edge, 'RATE_LIMIT_IP')
      const hot = answerHotRoute(edge)
      // From memory: it has no use for an id. What must be waited for has, and may fail here.
      if (hot instanceof Response) return hot
      return withRequestId(await (hot ?? router.fetch(request, { edge })), edge)
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown'
      logLine('error', 'request failed', { request_id: edge.id, error: name })
      return problem('internal_error', edge.id)
    }
  },
} satisfies ExportedHandler<EdgeEnv>

function withRequestId(response: Response, edge: EdgeRequest): Response {
  if (response.headers.has('x-request-id')) return response
  try {
    response.headers.set('x-request-id', edge.id)
    return response
  } catch {
    // Answers of other Workers have immutable headers.
    const copy = new Response(response.body, response)
    copy.headers.set('x-request-id', edge.id)
    return copy
  }
}
