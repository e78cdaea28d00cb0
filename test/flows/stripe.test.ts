import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { call } from '../support/client.ts'
import {
  age,
  asCustomer,
  asOperator,
  breakDown,
  type CoverNetwork,
  certifyCommit,
  claimOf,
  deploy,
  expectOk,
  insure,
  newCommit,
  startCoverNetwork,
  untilActive,
} from '../support/cover.ts'
import { expectProblem } from '../support/issue.ts'
import { expectBooksHold } from '../support/money-invariants.ts'
import { type SignedEvent, type StripeServer, startStripeServer } from '../support/stripe-server.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const KEY = 'sk_test_of_a_flow'
const WEBHOOK_SECRET = 'whsec_of_a_flow'

let stripe: StripeServer
let cover: CoverNetwork
beforeAll(async () => {
  stripe = await startStripeServer(KEY)
  cover = await startCoverNetwork({
    STRIPE_SECRET_KEY: KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_URL: stripe.url,
  })
})
afterAll(async () => {
  await cover?.stop()
  await stripe?.stop()
})

const send = ({ body, signature }: SignedEvent) =>
  call(cover.network.baseUrl, '/webhooks/stripe', {
    method: 'POST',
    body,
    headers: { 'stripe-signature': signature, 'content-type': 'application/json' },
  })
const seconds = () => Math.floor(Date.now() / 1_000)

describe('with Stripe', () => {
  it('premiums are metered, claims are credited once although it stalls, and bills are paid', async () => {
    const sha = newCommit()
    const bought = await insure(cover, await certifyCommit(cover, sha))
    const metered = () => stripe.meterEvents.filter(({ identifier }) => identifier === bought.id)
    await vi.waitFor(() => expect(metered()).toMatchObject([{ value: 25 }]), 30_000)
    const customer = stripe.customers.get(metered()[0]!.customer)!
    expect(customer.metadata).toMatchObject({ organisation_id: cover.network.tenants.organisation_id })

    stripe.fail('POST /v1/customers/:id/balance_transactions', 'reset_after')
    await deploy(cover, sha)
    await untilActive(cover, bought.id)
    await age(cover, bought.id, 60)
    const openedAt = new Date(Date.now() - 30 * 60_000)
    await breakDown(cover, sha, openedAt, new Date(openedAt.getTime() + 2 * 60_000))
    const claim = await claimOf(cover, bought.id, 'paid')
    expect(claim.paid).toBe(20_000)
    expect(customer.transactions.map(({ amount }) => amount)).toEqual([-20_000])

    const invoice = stripe.bill(customer.id)
    const paid = stripe.pay(invoice)
    const events = [
      stripe.event('invoice.paid', paid, WEBHOOK_SECRET, seconds()),
      stripe.event('invoice.finalized', invoice, WEBHOOK_SECRET, seconds()),
      stripe.event('customer.updated', { id: customer.id }, WEBHOOK_SECRET, seconds()),
    ]
    for (const event of [...events, ...events]) expect((await send(event)).status).toBe(202)
    await vi.waitFor(async () => {
      const { json } = await expectOk(asCustomer(cover.network, '/v1/invoices'))
      expect(json.data).toMatchObject([{ status: 'paid', total: 25, credit: 25 }])
    }, 30_000)
    expect((await expectOk(asCustomer(cover.network, '/v1/billing'))).json).toMatchObject({
      credit: 20_000 - 25,
      owed: 0,
    })
    await expectBooksHold(cover.network.sql)
    const { json: found } = await expectOk(
      asOperator(cover.network, '/v1/reconciliation', { method: 'POST' }),
    )
    expect(found.findings).toEqual([])
  })

  it('the customer gets a link to its bills', async () => {
    const { json } = await expectOk(
      asCustomer(cover.network, '/v1/billing/portal', {
        body: { return_url: 'https://shop.example/account' },
      }),
    )
    expect(json.url).toMatch(/^https:\/\/billing\.stripe\.example\//)
  })

  it('forged, old and future events are refused', async () => {
    const invoice = { id: 'in_forged' }
    const events: [string, SignedEvent][] = [
      ['webhook_signature_invalid', stripe.event('invoice.paid', invoice, 'whsec_another', seconds())],
      ['webhook_time_invalid', stripe.event('invoice.paid', invoice, WEBHOOK_SECRET, seconds() - 400)],
      ['webhook_time_invalid', stripe.event('invoice.paid', invoice, WEBHOOK_SECRET, seconds() + 400)],
    ]
    for (const [code, event] of events) expectProblem(await send(event), 401, code)
  })
})
