import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { refundAtRail, takeBackAtRail } from '../../../../core/billing/adjust.ts'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import type { PaymentRail } from '../../../../core/billing/rail.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import { fromCents } from '../../../../core/money.ts'
import { createStripeRail } from '../../../../workers/core/adapters/stripe-rail.ts'
import {
  balanceOf,
  type Fault,
  type StripeServer,
  startStripeServer,
} from '../../../support/stripe-server.ts'
import type { TestCore } from '../support.ts'
import { billingEvent, crashAt, DAY_MS, later, outsideWith, startBilling } from './support.ts'

const SECRET_KEY = 'sk_test_of_this_test'
const METER = 'POST /v1/billing/meter_events'
const LEASE_MS = 120_000

let core: TestCore
let server: StripeServer
let stripe: PaymentRail
/** Stripe takes no usage of long ago. */
const now = new Date()

beforeAll(async () => {
  core = await startBilling()
  server = await startStripeServer(SECRET_KEY)
  stripe = createStripeRail({
    secretKey: SECRET_KEY,
    apiUrl: server.url,
    meters: { premium: 'premium_meter', certificates: 'certificate_meter' },
    timeoutMs: 300,
  })
})

afterAll(async () => {
  await server?.stop()
  await core?.db.stop()
})

afterEach(() => server.heal())

const run = (rail: PaymentRail, at: Date) => usageTask.run(core.ctx(at), outsideWith(rail))

async function eventRow(id: string) {
  const [row] = await core.db
    .owner`SELECT state, attempts, last_error, rail FROM billing_events WHERE id = ${id}`
  return row!
}

const counted = (id: string) => server.meterEvents.filter(({ identifier }) => identifier === id)
const customerOf = (organisationId: string) =>
  [...server.customers.values()].filter(({ metadata }) => metadata['organisation_id'] === organisationId)

let events = 0
async function newEvent(more: { cents?: number; kind?: 'premium' | 'credit' | 'debit'; at?: Date } = {}) {
  const { organisationId } = await core.organisation()
  const id = `event-${++events}`
  await billingEvent(core, organisationId, { id, cents: 10, at: now, ...more })
  return { id, organisationId }
}

describe('usage', () => {
  it('is told once, on either rail', async () => {
    const first = await newEvent()
    expect(await run(stripe, now)).toEqual({ done: 1, nextAt: null })
    expect(counted(first.id)).toMatchObject([{ name: 'premium_meter', value: 10 }])
    expect(await eventRow(first.id)).toMatchObject({ state: 'sent', rail: 'stripe' })
    const second = await newEvent()
    expect(await run(embeddedRail, now)).toEqual({ done: 1, nextAt: null })
    expect(await eventRow(second.id)).toMatchObject({ state: 'sent', rail: 'ledger' })
  })

  it('of one organisation makes one customer', async () => {
    const { organisationId } = await newEvent()
    for (const id of ['more-1', 'more-2']) await billingEvent(core, organisationId, { id, cents: 5, at: now })
    expect(await run(stripe, now)).toMatchObject({ done: 3 })
    expect(customerOf(organisationId)).toHaveLength(1)
  })

  it.each<Fault>([
    'silence_before',
    'silence_after',
    'reset_after',
    'error_before',
    'error_after',
    'rate_limited',
  ])('is counted once after %s', async (fault) => {
    const { id } = await newEvent()
    server.fail(METER, fault)
    server.fail(METER, fault)
    expect(await run(stripe, now)).toEqual({ done: 0, nextAt: later(now, 5_000) })
    server.heal()
    await run(stripe, later(now, 5_000))
    expect(counted(id)).toHaveLength(1)
    expect(await eventRow(id)).toMatchObject({ state: 'sent', attempts: 2, last_error: null })
  })

  it('survives a crash at every step', async () => {
    let step = 0
    for (let crashed = true; crashed; ) {
      step++
      const { id, organisationId } = await newEvent()
      crashed = await crashAt(step, usageTask, core.ctx(now), outsideWith(stripe))
      server.index()
      await run(stripe, later(now, LEASE_MS + 1))
      expect(counted(id)).toHaveLength(1)
      expect(customerOf(organisationId)).toHaveLength(1)
      expect(await eventRow(id)).toMatchObject({ state: 'sent' })
    }
    expect(step).toBeGreaterThan(10)
  })

  it('that is refused ten times is for people to look at', async () => {
    const { id } = await newEvent({ at: new Date(now.getTime() - 40 * DAY_MS) })
    let at = now
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(await eventRow(id)).toMatchObject({ state: 'pending', attempts: attempt - 1 })
      const { nextAt } = await run(stripe, at)
      at = nextAt ?? at
    }
    expect(await eventRow(id)).toMatchObject({ state: 'failed', last_error: 'timestamp_too_far_in_past' })
  })

  it('that may have been counted a day ago is not told again', async () => {
    const { id } = await newEvent()
    server.fail(METER, 'silence_after')
    await run(stripe, now)
    server.forgetKeys()
    await run(stripe, later(now, DAY_MS))
    expect(counted(id)).toHaveLength(1)
    expect(await eventRow(id)).toMatchObject({ state: 'failed', last_error: 'usage_uncertain' })
  })

  it('that surely was not counted is told however late', async () => {
    const { id } = await newEvent()
    server.fail(METER, 'rate_limited')
    await run(stripe, now)
    await run(stripe, later(now, 2 * DAY_MS))
    expect(counted(id)).toHaveLength(1)
  })
})

describe('what balances gain and lose', () => {
  it('by a refund: less is billed, and the rest is credited', async () => {
    const { organisationId } = await core.organisation()
    const refund = { policyId: 'INS-refunded', organisationId, owed: fromCents(7), credited: fromCents(3) }
    // In the customer's own transaction, as a cancellation has it.
    await core.db.database.asOrganisation(organisationId, (tx) => refundAtRail(core.ctx(now), tx, refund))
    await core.db.database.asOrganisation(organisationId, (tx) => refundAtRail(core.ctx(now), tx, refund))
    expect(await run(stripe, now)).toMatchObject({ done: 2 })
    expect(counted('refund/INS-refunded')).toMatchObject([{ value: -7 }])
    expect(customerOf(organisationId).map(balanceOf)).toEqual([-3])
  })

  it('by a refund of nothing: nothing', async () => {
    const { organisationId } = await core.organisation()
    const refund = { policyId: 'INS-nothing', organisationId, owed: 0n, credited: 0n }
    await core.db.database.asOrganisation(organisationId, (tx) => refundAtRail(core.ctx(now), tx, refund))
    expect(await run(stripe, now)).toMatchObject({ done: 0 })
  })

  it('by a reversal: the credit is taken back, once, even if the rail forgets that it was', async () => {
    const { organisationId } = await core.organisation()
    await core.db.database.asSystem((tx) =>
      takeBackAtRail(core.ctx(now), tx, {
        claimId: 'CLM-reversed',
        organisationId,
        fromCredit: fromCents(900),
      }),
    )
    server.fail('POST /v1/customers/:id/balance_transactions', 'silence_after')
    await run(stripe, now)
    server.forgetKeys()
    await run(stripe, later(now, DAY_MS))
    expect(customerOf(organisationId).map(balanceOf)).toEqual([900])
    expect(await eventRow('reversal/CLM-reversed')).toMatchObject({ state: 'sent' })
  })

  it('is never given up', async () => {
    const { id, organisationId } = await newEvent({ kind: 'credit' })
    await core.db.owner`
      INSERT INTO billing_accounts VALUES (${organisationId}, 'stripe', 'cus_gone', ${now.toISOString()})`
    for (let day = 0; day < 15; day++) await run(stripe, later(now, day * DAY_MS))
    expect(await eventRow(id)).toMatchObject({
      state: 'pending',
      attempts: 15,
      last_error: 'resource_missing',
    })
  })
})
