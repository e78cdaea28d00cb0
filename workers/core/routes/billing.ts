import { Hono, type Context as HonoContext } from 'hono'
import { openPortal } from '../../../core/billing/open-portal.ts'
import { listInvoices, readBilling } from '../../../core/billing/read.ts'
import { recordPayment } from '../../../core/billing/record-payment.ts'
import { storeStripeEvent } from '../../../core/billing/stripe/store-event.ts'
import { WebhookRejected } from '../../../core/incidents/accept-delivery.ts'
import { Refusal } from '../../../core/refusal.ts'
import { invoiceListQuerySchema } from '../../../schema/wire/billing.ts'
import { INVOICE_ID_PATTERN } from '../../../schema/wire/money.ts'
import { answerOnce } from '../answer.ts'
import type { App, Variables } from '../app.ts'
import { authorised } from '../authorised.ts'
import { readBytes, validate } from '../read-body.ts'

const MAX_WEBHOOK_BYTES = 1024 * 1024
const NO_BODY = new Uint8Array(0)

export function billingRoutes(): App {
  const app: App = new Hono()

  app.get('/v1/billing', authorised('insurance:read'), async (c) => {
    return c.json(await readBilling(c.var.ctx, c.var.actor, c.var.service.outside.rail.name))
  })

  app.post('/v1/billing/portal', authorised('insurance:write'), async (c) => {
    return c.json(await openPortal(c.var.ctx, c.var.actor, c.var.service.outside.rail))
  })

  app.get('/v1/invoices', authorised('insurance:read'), async (c) => {
    const page = validate(invoiceListQuerySchema, c.req.query())
    return c.json(await listInvoices(c.var.ctx, c.var.actor, page))
  })

  app.post('/v1/invoices/:id/payment', authorised('operator'), async (c) => {
    const id = c.req.param('id')
    if (!INVOICE_ID_PATTERN.test(id)) throw new Refusal('invoice_not_found')
    return answerOnce(c, NO_BODY, (claim) => recordPayment(c.var.ctx, c.var.actor, id, claim))
  })

  app.post('/webhooks/stripe', receive)

  return app
}

async function receive(c: HonoContext<{ Variables: Variables }>): Promise<Response> {
  const { stripeWebhooks, metrics, backOffice } = c.var.service
  if (stripeWebhooks === null) throw new Refusal('route_not_found')
  const raw = await readBytes(c.req.raw, MAX_WEBHOOK_BYTES)
  const header = c.req.header('stripe-signature')
  const event = await stripeWebhooks.verify(c.var.ctx.now, raw, header).catch((error: unknown) => {
    if (error instanceof WebhookRejected) {
      metrics.count(`coderisk_webhooks_rejected_total{provider="stripe",reason="${error.reason}"}`)
    }
    throw error
  })
  await storeStripeEvent(c.var.ctx, event, raw)
  metrics.count('coderisk_webhooks_accepted_total{provider="stripe"}')
  c.executionCtx.waitUntil(backOffice.wake('payments'))
  return c.json({ accepted: true }, 202)
}
