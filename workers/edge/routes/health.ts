import { TRUST_ROOT_KEY } from '../../../schema/kv.ts'
import { within } from '../deadline.ts'
import { exposeEdgeMetrics } from '../metrics.ts'
import type { EdgeRequest } from '../request.ts'
import { json } from '../respond.ts'
import { trustRoot } from '../trust.ts'
import { forwardToCore } from './forward.ts'

const COMPONENT_WAIT_MS = 2_500

/** `GET /healthz`: this isolate runs. */
export function getHealth(): Response {
  return json('{"status":"ok"}', { 'cache-control': 'no-store' })
}

/** `GET /readyz`: each component by name; 503 when any is away. Look-ups of known certificates may still work then. */
export async function getReadiness(edge: EdgeRequest): Promise<Response> {
  const { env, now } = edge
  const [root, kv, database] = await Promise.all([
    answers(trustRoot(env, now).then((held) => held !== null)),
    answers(env.TRUST_KV.get(TRUST_ROOT_KEY).then(() => true)),
    ask(within(COMPONENT_WAIT_MS, Promise.resolve(env.CORE_READS.databaseAnswers()))),
  ])
  const components = {
    edge: 'ok',
    trust_root: root ? 'ok' : 'unavailable',
    kv: kv ? 'ok' : 'unavailable',
    core: database === null ? 'unavailable' : 'ok',
    database: database === true ? 'ok' : 'unavailable',
  }
  const ready = Object.values(components).every((state) => state === 'ok')
  const response = json(JSON.stringify({ status: ready ? 'ready' : 'degraded', components }), {
    'cache-control': 'no-store',
  })
  return ready ? response : new Response(response.body, { status: 503, headers: response.headers })
}

/** `GET /metrics`: the core's, for which it asks for an operator's key, and this isolate's. */
export async function getMetrics(edge: EdgeRequest): Promise<Response> {
  const core = await forwardToCore(edge)
  if (!core.ok) return core
  return new Response((await core.text()) + exposeEdgeMetrics(), { headers: core.headers })
}

async function answers(question: Promise<boolean>): Promise<boolean> {
  return (await ask(question)) === true
}

async function ask(question: Promise<boolean>): Promise<boolean | null> {
  try {
    return await question
  } catch {
    return null
  }
}
