import path from 'node:path'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BalanceChange, type PaymentRail, RailRefused } from '../../core/billing/rail.ts'
import type { Context } from '../../core/context.ts'
import { freePort, LOOPBACK } from '../../stack/ports.ts'
import { createStripeRail } from '../../workers/core/adapters/stripe-rail.ts'
import { peer } from './support/peers.ts'
import { answers, type Started, start } from './support/start.ts'

const stripeMock = peer('stripe-mock')
const NO_CONTEXT = {} as Context
const METERS = { premium: 'coderisk_premium', certificates: 'coderisk_certificates' }

/**
 * stripe-mock checks each request against Stripe's published OpenAPI description and answers with an example of it. It keeps
 * nothing, and ignores idempotency keys: that is tested against a server of our own.
 */
describe.skipIf(stripeMock.missing)("Stripe's API, as stripe-mock describes it", () => {
  let server: Started
  let rail: PaymentRail
  let url: string

  beforeAll(async () => {
    const port = await freePort()
    url = `http://${LOOPBACK}:${port}`
    server = await start(path.join(stripeMock.path, 'stripe-mock'), ['-http-port', String(port)], {}, () =>
      answers(url),
    )
    rail = railWith('sk_test_123')
  })

  afterAll(() => server?.stop())

  const railWith = (secretKey: string) => createStripeRail({ secretKey, apiUrl: url, meters: METERS })

  const change: BalanceChange = {
    organisationId: 'org_7k3m9q2x4w8t1v6z',
    customer: 'cus_QXg1o8vcGmoR32',
    key: 'pay_7k3m9q2x4w8t1v6z',
    cents: 12_345,
    description: 'Payout of claim CLM-2026-7k3m9q2x4w8t1v6z',
    since: new Date(0),
  }

  it('takes our search for a customer', async () => {
    const customer = await rail.ensureCustomer(NO_CONTEXT, {
      id: change.organisationId,
      name: 'Example Shop',
    })
    expect(customer).toMatch(/^cus_/)
  })

  it('takes our new customer, which no search of it ever asks for', async () => {
    const stripe = new Stripe('sk_test_123', { host: LOOPBACK, port: new URL(url).port, protocol: 'http' })
    const made = await stripe.customers.create(
      { name: 'Example Shop', metadata: { organisation_id: change.organisationId } },
      { idempotencyKey: `customer/${change.organisationId}` },
    )
    expect(made.id).toMatch(/^cus_/)
  })

  it('takes our meter events, negative ones too', async () => {
    const usage = { ...change, kind: 'premium' as const, at: new Date() }
    await rail.reportUsage(NO_CONTEXT, { ...usage, key: 'INS-2026-7k3m9q2x4w8t1v6z' })
    await rail.reportUsage(NO_CONTEXT, { ...usage, key: 'refund/INS-2026-7k3m9q2x4w8t1v6z', cents: -7 })
  })

  it('takes our credits, and lists them', async () => {
    expect(await rail.credit(NO_CONTEXT, change)).toMatch(/^cbtxn_/)
    // Its example is nobody's payout.
    expect(await rail.findCredit(NO_CONTEXT, change)).toBeNull()
  })

  it('takes our request for a portal', async () => {
    const link = await rail.portalLink(NO_CONTEXT, { ...change, returnUrl: 'https://network.example' })
    expect(new URL(link!).protocol).toBe('https:')
  })

  it('refuses what Stripe would refuse', async () => {
    const fraction = rail.credit(NO_CONTEXT, { ...change, cents: 0.5 })
    await expect(fraction).rejects.toThrow(RailRefused)
    await expect(railWith('no_key_of_stripe').credit(NO_CONTEXT, change)).rejects.toMatchObject({
      name: 'RailUnavailable',
      uncertain: false,
    })
  })
})
