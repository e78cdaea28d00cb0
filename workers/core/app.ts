import { Hono } from 'hono'
import type { Actor, Context } from '../../core/context.ts'
import { logLine } from './log.ts'
import { refuse } from './refuse.ts'
import { actuarialRoutes } from './routes/actuarial.ts'
import { apiKeyRoutes } from './routes/api-keys.ts'
import { arcRoutes } from './routes/arc.ts'
import { billingRoutes } from './routes/billing.ts'
import { certificateRoutes } from './routes/certificates.ts'
import { claimRoutes } from './routes/claims.ts'
import { inboundRoutes } from './routes/inbound.ts'
import { incidentRoutes } from './routes/incidents.ts'
import { insuranceRoutes } from './routes/insurance.ts'
import { keyRoutes } from './routes/keys.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { operationRoutes } from './routes/operations.ts'
import { organisationSettingsRoutes } from './routes/organisation-settings.ts'
import { organisationRoutes } from './routes/organisations.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import type { Service } from './service.ts'
import { newRequestTrace, type RequestTrace } from './trace.ts'

/** What every handler finds in `c.var`. */
export interface Variables {
  readonly service: Service
  readonly ctx: Context
  readonly trace: RequestTrace
  /** Set by `authorised`; absent on routes without a key. */
  actor: Actor
}

export type App = Hono<{ Variables: Variables }>

/** Work that goes on after the answer. */
export type Defer = (work: Promise<unknown>) => void

/** The core's HTTP API. It is reached by the edge alone, through its service binding. */
export function createApp(service: Service): App {
  const app: App = new Hono()
  app.use(async (c, next) => {
    const started = Date.now()
    const trace = newRequestTrace(c.req.raw.headers)
    c.set('service', service)
    c.set('ctx', service.context())
    c.set('trace', trace)
    await next()
    c.header('x-request-id', trace.requestId)
    c.header('cache-control', 'no-store')
    const labels = `{method="${c.req.method}",route="${routePattern(c.req.routePath)}",status="${c.res.status}"}`
    service.metrics.count(`coderisk_core_requests_total${labels}`)
    logLine(c.res.status >= 500 ? 'error' : 'info', 'request', {
      request_id: trace.requestId,
      trace_id: trace.traceId,
      method: c.req.method,
      route: routePattern(c.req.routePath),
      status: c.res.status,
      duration_ms: Date.now() - started,
      ...(c.var.actor === undefined
        ? {}
        : { organisation_id: c.var.actor.organisationId, key_id: c.var.actor.keyId }),
    })
  })
  app.route('/', certificateRoutes())
  app.route('/', apiKeyRoutes())
  app.route('/', organisationRoutes())
  app.route('/', organisationSettingsRoutes())
  app.route('/', arcRoutes())
  app.route('/', keyRoutes())
  app.route('/', insuranceRoutes())
  app.route('/', inboundRoutes())
  app.route('/', incidentRoutes())
  app.route('/', claimRoutes())
  app.route('/', billingRoutes())
  app.route('/', webhookRoutes())
  app.route('/', ledgerRoutes())
  app.route('/', actuarialRoutes())
  app.route('/', operationRoutes())
  refuseOtherMethods(app)
  app.notFound((c) => refuse(c, 'route_not_found'))
  app.onError((error, c) => {
    const answer = refuse(c, error)
    if (answer.status >= 500) {
      logLine('error', 'request failed', {
        request_id: c.var.trace.requestId,
        trace_id: c.var.trace.traceId,
        error,
      })
    }
    return answer
  })
  return app
}

/** A path that exists with other methods says which (RFC 9110 §15.5.6). */
function refuseOtherMethods(app: App): void {
  const methods = new Map<string, Set<string>>()
  for (const { path, method } of app.routes) {
    if (method !== 'ALL') methods.set(path, (methods.get(path) ?? new Set()).add(method))
  }
  for (const [path, allowed] of methods) {
    app.all(path, (c) => {
      const answer = refuse(c, 'method_not_allowed')
      answer.headers.set('allow', [...allowed].join(', '))
      return answer
    })
  }
}

/** The pattern and never the path: paths hold certificate ids, and an id is the authority to see what it names. */
function routePattern(routePath: string): string {
  return routePath === '/*' || routePath === '*' ? 'unmatched' : routePath
}
