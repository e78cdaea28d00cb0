import { Hono, type Context as HonoContext } from 'hono'
import { acceptDelivery, WebhookRejected } from '../../../core/incidents/accept-delivery.ts'
import { Refusal } from '../../../core/refusal.ts'
import { INTEGRATION_ID_PATTERN, PROVIDERS, type Provider } from '../../../schema/wire/money.ts'
import type { App, Variables } from '../app.ts'
import { readBytes } from '../read-body.ts'

const MAX_BYTES = 1024 * 1024
const ACCEPTED = JSON.stringify({ accepted: true })

/** Where providers' webhooks arrive. They bring no API key: their signature says whose they are. */
export function inboundRoutes(): App {
  const app: App = new Hono()
  for (const provider of PROVIDERS) {
    app.post(`/webhooks/${provider}/:id`, (c) => receive(c, provider, c.req.param('id')))
  }
  return app
}

async function receive(
  c: HonoContext<{ Variables: Variables }>,
  provider: Provider,
  id: string,
): Promise<Response> {
  if (!INTEGRATION_ID_PATTERN.test(id)) throw new Refusal('integration_not_found')
  const { metrics, backOffice } = c.var.service
  const body = await readBytes(c.req.raw, MAX_BYTES)
  try {
    await acceptDelivery(c.var.ctx, id, provider, c.req.raw.headers, body)
  } catch (error) {
    if (error instanceof WebhookRejected) {
      metrics.count(`coderisk_webhooks_rejected_total{provider="${provider}",reason="${error.reason}"}`)
    }
    throw error
  }
  metrics.count(`coderisk_webhooks_accepted_total{provider="${provider}"}`)
  c.executionCtx.waitUntil(backOffice.wake('claims', 'facts'))
  return new Response(ACCEPTED, { status: 202, headers: { 'content-type': 'application/json' } })
}
