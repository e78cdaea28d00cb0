import type { EdgeEnv } from './env.ts'
import { answerHotRoute } from './hot-routes.ts'
import { logLine } from './log.ts'
import { tooManyRequests, wasLimited } from './rate-limits.ts'
import { EdgeRequest } from './request.ts'
import { problem } from './respond.ts'
import { createRouter } from './router.ts'

const router = createRouter()

/** The edge: reads, verifies, renders, forwards. It holds no authority and no secret. */
export default {
  // Neither `async` here nor an `await` before an answer from memory: at this rate turns of the queue are felt.
  fetch(request, env, ctx): Promise<Response> {
    const edge = new EdgeRequest(request, env, ctx)
    return env.RATE_LIMIT_IP.limit({ key: edge.client }).then(
      (outcome) => answer(edge, outcome),
      (error) => fail(edge, error),
    )
  },
} satisfies ExportedHandler<EdgeEnv>

function answer(edge: EdgeRequest, outcome: RateLimitOutcome): Response | Promise<Response> {
  try {
    if (wasLimited(outcome)) return tooManyRequests(edge, 'RATE_LIMIT_IP')
    const hot = answerHotRoute(edge)
    if (hot instanceof Response) return hot
    return answerInTime(edge, hot)
  } catch (error) {
    return fail(edge, error)
  }
}

async function answerInTime(edge: EdgeRequest, hot: Promise<Response> | null): Promise<Response> {
  try {
    // What was looked up has no use for an id; a problem brings its own.
    return hot === null ? withRequestId(await router.fetch(edge.request, { edge }), edge) : await hot
  } catch (error) {
    return fail(edge, error)
  }
}

function fail(edge: EdgeRequest, error: unknown): Response {
  const name = error instanceof Error ? error.name : 'unknown'
  logLine('error', 'request failed', { request_id: edge.id, error: name })
  return problem('internal_error', edge.id)
}

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
