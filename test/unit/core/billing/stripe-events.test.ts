import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import type { PaymentRail } from '../../../../core/billing/rail.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import { readStripeEvent } from '../../../../core/billing/stripe/read-event.ts'
import { storeStripeEvent } from '../../../../core/billing/stripe/store-event.ts'
import { stripeTask } from '../../../../core/billing/stripe/task.ts'
import type { Actor } from '../../../../core/context.ts'
import { bindJournals, certificateFeeJournal } from '../../../../core/ledger/journals.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { fromCents } from '../../../../core/money.ts'
import { createStripeRail } from '../../../../workers/core/adapters/stripe-rail.ts'
import {
  balanceOf,
  type Customer,
  type Invoice,
  type StripeServer,
  startStripeServer,
} from '../../../support/stripe-server.ts'
import type { TestCore } from '../support.ts'
import {
  approvedClaim,
  balance,
  billingEvent,
  booksSum,
  crashAt,
  later,
  outsideWith,
  startBilling,
} from './support.ts'

const SECRET_KEY = 'sk_test_of_this_test'
const LEASE_MS = 120_000
const now = new Date()
const utf8 = new TextEncoder()

let core: TestCore
let server: StripeServer
let stripe: PaymentRail
let actor: Actor

beforeAll(async () => {
  core = await startBilling()
  server = await startStripeServer(SECRET_KEY)
  stripe = createStripeRail({
    secretKey: SECRET_KEY,
    apiUrl: server.url,
    meters: { premium: 'premium_meter', certificates: 'certificate_meter' },
  })
})

afterAll(async () => {
  await server?.stop()
  await core?.db.stop()
})

beforeEach(async () => {
  actor = await core.organisation()
})

const outside = () => outsideWith(stripe)
const run = (at = now) => stripeTask.run(core.ctx(at), outside())
const customer = (): Customer =>
  [...server.customers.values()].find(({ metadata }) => metadata['organisation_id'] === actor.organisationId)!

let sold = 0

async function owe(cents: number, kind: 'premium' | 'certificates' = 'premium'): Promise<void> {
  const { organisationId } = actor
  const id = `sold-${++sold}`
  const amount = fromCents(cents)
  await billingEvent(core, organisationId, { id, cents, kind, at: now })
  const journals =
    kind === 'certificates'
      ? [certificateFeeJournal(id, organisationId, amount)]
      : bindJournals({ id, organisationId, premium: amount, subsidy: 0n })
  await core.db.database.asSystem((tx) => postJournals(tx, journals, now))
  await usageTask.run(core.ctx(now), outside())
}

let events = 0

/** As the endpoint stores it, once its signature is verified. */
async function deliver(type: string, object: unknown, id = `evt_${++events}`, at = now): Promise<string> {
  const body = JSON.stringify({ id, type, object: 'event', data: { object } })
  await storeStripeEvent(core.ctx(at), { id, type }, utf8.encode(body))
  return id
}

async function outcome(id: string) {
  const [row] = await core.db.owner`SELECT state, outcome FROM inbound_deliveries WHERE key = ${id}`
  return row
}

async function invoiceRows() {
  return core.db.owner`
    SELECT state, (total_micros / 10000)::int AS total, (credit_micros / 10000)::int AS credit, reference
    FROM invoices WHERE organisation_id = ${actor.organisationId} ORDER BY position`
}

describe("Stripe's invoices", () => {
  it('bill usage, use the credit of a payout, and are paid: all of it reaches the books', async () => {
    const reserve = await balance(core, 'cash_reserve')
    const operating = await balance(core, 'cash_operating')
    await owe(600)
    await owe(400, 'certificates')
    await approvedClaim(core, actor, 200, now)
    await payoutsTask.run(core.ctx(now), outside())
    const invoice = server.bill(customer().id)
    expect(invoice).toMatchObject({ total: 1_000, starting_balance: -200, ending_balance: 0 })
    await deliver('invoice.finalized', invoice)
    await run()
    expect(await invoiceRows()).toMatchObject([
      { state: 'open', total: 1_000, credit: 200, reference: invoice.id },
    ])
    await deliver('invoice.paid', server.pay(invoice))
    await run()
    expect(await invoiceRows()).toMatchObject([{ state: 'paid', total: 1_000, credit: 200 }])
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(0)
    expect(await balance(core, 'customer_credit', actor.organisationId)).toBe(0)
    expect(balanceOf(customer())).toBe(0)
    // 800 arrived, 60 % of it premium, and half of that is reserved.
    expect(await balance(core, 'cash_reserve')).toBe(reserve + 240)
    expect(await balance(core, 'cash_operating')).toBe(operating + 560)
    expect(await booksSum(core)).toBe('0 0')
  })

  it('that the credit pays wholly bring no cash', async () => {
    const operating = await balance(core, 'cash_operating')
    await owe(50)
    await approvedClaim(core, actor, 1_000, now)
    await payoutsTask.run(core.ctx(now), outside())
    await deliver('invoice.paid', server.pay(server.bill(customer().id)))
    await run()
    expect(await balance(core, 'cash_operating')).toBe(operating)
    expect(await balance(core, 'customer_credit', actor.organisationId)).toBe(-950)
    expect(balanceOf(customer())).toBe(-950)
  })

  it('told ten times, shuffled and in parallel, have the effect of one', async () => {
    await owe(700)
    const invoice = server.bill(customer().id)
    const paid = server.pay(invoice)
    const deliveries = Array.from({ length: 10 }, (_, index) => [
      // The same event again, and others that tell the same.
      () => deliver('invoice.paid', paid, `evt_paid_${sold}_${index % 3}`),
      () => deliver('invoice.finalized', invoice, `evt_finalized_${sold}_${index % 3}`),
      () => deliver('customer.subscription.updated', { id: 'sub_one' }, `evt_subscription_${sold}`),
    ]).flat()
    shuffle(deliveries)
    await Promise.all(deliveries.map((send) => send()))
    await Promise.all([run(), run(), run(), run()])
    await run(later(now, LEASE_MS + 1))
    expect(await invoiceRows()).toMatchObject([{ state: 'paid', total: 700 }])
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(0)
    expect(await outcome(`evt_subscription_${sold}`)).toEqual({
      state: 'ignored',
      outcome: 'not_of_interest',
    })
    expect(await booksSum(core)).toBe('0 0')
  })

  it('stay as they ended, whatever comes later', async () => {
    await owe(100)
    const first = server.bill(customer().id)
    await deliver('invoice.voided', first)
    await run()
    await deliver('invoice.finalized', first)
    const paidLate = await deliver('invoice.paid', server.pay(first))
    await run()
    expect(await invoiceRows()).toMatchObject([{ state: 'void' }])
    expect(await outcome(paidLate)).toEqual({ state: 'done', outcome: 'nothing_new' })
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(100)
    await owe(40)
    const second = server.bill(customer().id)
    await deliver('invoice.paid', server.pay(second))
    await run()
    await deliver('invoice.voided', second)
    await run()
    expect(await invoiceRows()).toMatchObject([{ state: 'void' }, { state: 'paid', total: 40 }])
  })

  it('of a stranger are ignored', async () => {
    const id = await deliver('invoice.paid', invoiceOf({ customer: 'cus_of_somebody_else' }))
    await run()
    expect(await outcome(id)).toEqual({ state: 'ignored', outcome: 'unknown_customer' })
  })

  it('survive a crash at every step', async () => {
    let step = 0
    for (let crashed = true; crashed; ) {
      step++
      actor = await core.organisation()
      await owe(100 + step)
      await deliver('invoice.paid', server.pay(server.bill(customer().id)))
      crashed = await crashAt(step, stripeTask, core.ctx(now), outside())
      await run(later(now, LEASE_MS + 1))
      expect(await invoiceRows()).toMatchObject([{ state: 'paid', total: 100 + step }])
      expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(0)
    }
    expect(step).toBeGreaterThan(6)
  })
})

/** The same order each time (Park and Miller's generator). */
function shuffle(list: unknown[]): void {
  let state = 42
  for (let index = list.length - 1; index > 0; index--) {
    state = (state * 48_271) % 2_147_483_647
    const other = state % (index + 1)
    ;[list[index], list[other]] = [list[other], list[index]]
  }
}

function invoiceOf(more: object = {}): Invoice {
  return {
    id: 'in_one',
    object: 'invoice',
    customer: 'cus_one',
    currency: 'usd',
    total: 500,
    amount_due: 500,
    amount_paid: 500,
    starting_balance: 0,
    ending_balance: 0,
    period_end: 1_790_000_000,
    status: 'paid',
    ...more,
  }
}

describe('reading an event', () => {
  const read = (event: unknown) => readStripeEvent(utf8.encode(JSON.stringify(event)))
  const paid = (more: object = {}) => ({ type: 'invoice.paid', data: { object: invoiceOf(more) } })

  it.each([
    ['less credit used', { starting_balance: -500, ending_balance: -200 }, 300],
    ['all of it', { starting_balance: -500, ending_balance: 0 }, 500],
    ['none', { starting_balance: 0, ending_balance: 0 }, 0],
    ['a debt that was billed', { starting_balance: 100, ending_balance: 0 }, 0],
    ['no balance yet', { starting_balance: -500, ending_balance: null }, 0],
  ])('finds the credit: %s', (_, balances, used) => {
    expect(read(paid(balances))!.invoice.creditUsed).toBe(fromCents(used))
  })

  it('takes an expanded customer', () => {
    expect(read(paid({ customer: { id: 'cus_two' } }))!.invoice.customer).toBe('cus_two')
  })

  it.each([
    { type: 'invoice.created', data: {} },
    { type: 'toString' },
    { type: 5 },
    {},
    paid({ currency: 'eur' }),
  ])('is of no interest: %o', (event) => {
    expect(read(event)).toBeNull()
  })

  it.each([
    ['no data', { type: 'invoice.paid' }],
    ['a fraction', paid({ total: 1.5 })],
    ['text for a number', paid({ amount_paid: '500' })],
    ['too much', paid({ total: 1e300 })],
    ['no customer', paid({ customer: null })],
    ['an empty id', paid({ id: '' })],
    ['no time', paid({ period_end: undefined })],
    ['a list', [1]],
  ])('is refused: %s', (_, event) => {
    expect(() => read(event)).toThrow(TypeError)
  })

  it('never fails in another way', () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 0, 2 ** 60, '', 'cus_one', {}))
    const invoices = fc.record(
      {
        id: values,
        customer: values,
        currency: fc.constant('usd'),
        total: values,
        amount_paid: values,
        period_end: values,
        starting_balance: values,
        ending_balance: values,
      },
      { requiredKeys: [] },
    )
    const events = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom('invoice.paid', 'invoice.voided', 'x'),
        data: fc.oneof(values, fc.record({ object: fc.oneof(values, invoices) })),
      }),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          events.map((event) => utf8.encode(JSON.stringify(event))),
          fc.uint8Array(),
        ),
        (bytes) => {
          try {
            readStripeEvent(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError)
          }
        },
      ),
    )
  })

  it('that cannot be read is kept as such', async () => {
    const id = await deliver('invoice.paid', 'nonsense')
    expect(await run()).toMatchObject({ done: 1, nextAt: null })
    expect(await outcome(id)).toEqual({ state: 'failed', outcome: 'unreadable' })
  })
})
