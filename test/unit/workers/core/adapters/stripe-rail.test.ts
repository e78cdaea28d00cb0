import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type BalanceChange,
  type PaymentRail,
  RailRefused,
  RailUnavailable,
} from '../../../../../core/billing/rail.ts'
import type { Context } from '../../../../../core/context.ts'
import { createStripeRail } from '../../../../../workers/core/adapters/stripe-rail.ts'
import {
  balanceOf,
  type Fault,
  type StripeServer,
  startStripeServer,
} from '../../../../support/stripe-server.ts'

const SECRET_KEY = 'sk_test_of_this_test'
const TRANSACTIONS = 'POST /v1/customers/:id/balance_transactions'
const METER = 'POST /v1/billing/meter_events'
const NO_CONTEXT = {} as Context

let server: StripeServer
let rail: PaymentRail
let customer: string
let change: BalanceChange

beforeAll(async () => {
  server = await startStripeServer(SECRET_KEY)
  rail = railWith(SECRET_KEY)
})

afterAll(() => server?.stop())

let organisations = 0

beforeEach(async () => {
  const organisationId = `org_${++organisations}`
  customer = await rail.ensureCustomer(NO_CONTEXT, { id: organisationId, name: 'Example Shop' })
  const since = new Date()
  change = {
    organisationId,
    customer,
    key: `pay_${organisations}`,
    cents: 12_345,
    description: 'Payout',
    since,
  }
})

function railWith(secretKey: string): PaymentRail {
  return createStripeRail({
    secretKey,
    apiUrl: server.url,
    meters: { premium: 'premium_meter', certificates: 'certificate_meter' },
    timeoutMs: 300,
  })
}

describe('customers', () => {
  it('are made once: found by the key while searching lags behind, and by searching afterwards', async () => {
    const ask = () => rail.ensureCustomer(NO_CONTEXT, { id: change.organisationId, name: 'Example Shop' })
    expect(await ask()).toBe(customer)
    server.index()
    server.forgetKeys()
    expect(await ask()).toBe(customer)
    expect(server.customers.get(customer)?.metadata).toEqual({ organisation_id: change.organisationId })
  })
})

describe('credits', () => {
  it('are negative balance transactions that carry the key', async () => {
    const id = await rail.credit(NO_CONTEXT, change)
    expect(server.customers.get(customer)?.transactions).toMatchObject([
      { id, amount: -12_345, metadata: { payout_id: change.key } },
    ])
    expect(await rail.findCredit(NO_CONTEXT, change)).toBe(id)
    expect(await rail.findCredit(NO_CONTEXT, { ...change, key: 'pay_other' })).toBeNull()
  })

  it('are taken back by positive ones', async () => {
    await rail.credit(NO_CONTEXT, { ...change, cents: -500 })
    expect(balanceOf(server.customers.get(customer)!)).toBe(500)
  })

  it('are made once for a key, and never with another amount', async () => {
    const id = await rail.credit(NO_CONTEXT, change)
    expect(await rail.credit(NO_CONTEXT, change)).toBe(id)
    await expect(rail.credit(NO_CONTEXT, { ...change, cents: 1 })).rejects.toThrow(RailRefused)
    await expect(rail.findCredit(NO_CONTEXT, { ...change, cents: 1 })).rejects.toMatchObject({
      code: 'credit_differs',
    })
    expect(balanceOf(server.customers.get(customer)!)).toBe(-12_345)
  })

  it('are found behind pages of others, and not looked for before the first attempt', async () => {
    const id = await rail.credit(NO_CONTEXT, change)
    for (let index = 0; index < 205; index++) {
      server.customers.get(customer)!.transactions.unshift({
        id: `cbtxn_other_${index}`,
        object: 'customer_balance_transaction',
        amount: -1,
        created: Math.floor(Date.now() / 1000),
        metadata: {},
      })
    }
    expect(await rail.findCredit(NO_CONTEXT, change)).toBe(id)
    const before = server.requests.length
    const later = new Date(Date.now() + 2 * 3_600_000)
    expect(await rail.findCredit(NO_CONTEXT, { ...change, key: 'pay_none', since: later })).toBeNull()
    expect(server.requests.length - before).toBe(1)
  })

  const uncertain: [Fault, number][] = [
    ['silence_before', 0],
    ['silence_after', 1],
    ['reset_after', 1],
    ['error_before', 0],
    ['error_after', 1],
    ['cut_short_after', 1],
  ]
  it.each(uncertain)('are uncertain after %s, and then found or not', async (fault, made) => {
    server.fail(TRANSACTIONS, fault)
    // A connection that is cut is tried once more by the SDK itself.
    server.fail(TRANSACTIONS, fault)
    await expect(rail.credit(NO_CONTEXT, change)).rejects.toMatchObject({
      name: 'RailUnavailable',
      uncertain: true,
    })
    server.heal()
    expect(server.customers.get(customer)!.transactions).toHaveLength(made)
    expect((await rail.findCredit(NO_CONTEXT, change)) !== null).toBe(made === 1)
  })

  it('wait for as long as Stripe repeats a failure', async () => {
    server.fail(TRANSACTIONS, 'error_before')
    await expect(rail.credit(NO_CONTEXT, change)).rejects.toThrow(RailUnavailable)
    await expect(rail.credit(NO_CONTEXT, change)).rejects.toThrow(RailUnavailable)
    expect(await rail.findCredit(NO_CONTEXT, change)).toBeNull()
    server.forgetKeys()
    await rail.credit(NO_CONTEXT, change)
    expect(server.customers.get(customer)!.transactions).toHaveLength(1)
  })

  it('surely did not happen when there were too many requests, or with a wrong key', async () => {
    server.fail(TRANSACTIONS, 'rate_limited')
    const refused = { name: 'RailUnavailable', uncertain: false }
    await expect(rail.credit(NO_CONTEXT, change)).rejects.toMatchObject(refused)
    await expect(railWith('sk_test_wrong').credit(NO_CONTEXT, change)).rejects.toMatchObject(refused)
    expect(server.customers.get(customer)!.transactions).toHaveLength(0)
  })

  it('may be on their way while the key is in use', async () => {
    server.fail(TRANSACTIONS, 'key_in_use')
    await expect(rail.credit(NO_CONTEXT, change)).rejects.toMatchObject({ uncertain: true })
  })

  it('are refused with the code of Stripe', async () => {
    const gone = { ...change, customer: 'cus_gone' }
    await expect(rail.credit(NO_CONTEXT, gone)).rejects.toMatchObject({
      name: 'RailRefused',
      code: 'resource_missing',
    })
  })

  it('are not made where nobody listens', async () => {
    const nowhere = createStripeRail({
      secretKey: SECRET_KEY,
      apiUrl: 'http://127.0.0.1:9',
      meters: { premium: 'premium_meter', certificates: 'certificate_meter' },
    })
    await expect(nowhere.credit(NO_CONTEXT, change)).rejects.toThrow(RailUnavailable)
  })
})

describe('usage', () => {
  const usage = () => ({
    organisationId: change.organisationId,
    customer,
    key: `INS-${change.key}`,
    kind: 'premium' as const,
    cents: 10,
    at: new Date(),
  })
  const counted = () => server.meterEvents.filter((event) => event.customer === customer)

  it('is a meter event in cents, by its kind', async () => {
    await rail.reportUsage(NO_CONTEXT, usage())
    await rail.reportUsage(NO_CONTEXT, { ...usage(), key: 'other', kind: 'certificates', cents: -5 })
    expect(counted()).toMatchObject([
      { name: 'premium_meter', identifier: usage().key, value: 10 },
      { name: 'certificate_meter', identifier: 'other', value: -5 },
    ])
  })

  it.each<Fault>(['silence_after', 'reset_after', 'error_after', 'cut_short_after'])(
    'is counted once when it was counted without saying so: %s',
    async (fault) => {
      server.fail(METER, fault)
      server.fail(METER, fault)
      await expect(rail.reportUsage(NO_CONTEXT, usage())).rejects.toMatchObject({ uncertain: true })
      server.heal()
      await rail.reportUsage(NO_CONTEXT, usage())
      expect(counted()).toHaveLength(1)
    },
  )

  it('is counted after a failure', async () => {
    server.fail(METER, 'error_before')
    await expect(rail.reportUsage(NO_CONTEXT, usage())).rejects.toThrow(RailUnavailable)
    await rail.reportUsage(NO_CONTEXT, usage())
    expect(counted()).toHaveLength(1)
  })

  it('of long ago is refused', async () => {
    const at = new Date(Date.now() - 40 * 86_400_000)
    await expect(rail.reportUsage(NO_CONTEXT, { ...usage(), at })).rejects.toThrow(RailRefused)
  })
})

describe('the portal', () => {
  it('gives a link', async () => {
    const link = await rail.portalLink(NO_CONTEXT, { ...change, returnUrl: 'https://network.example' })
    expect(link).toMatch(/^https:\/\/billing\.stripe\.example\//)
  })
})
