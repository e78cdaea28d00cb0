import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import type { PaymentRail } from '../../../../core/billing/rail.ts'
import { createStripeRail } from '../../../../workers/core/adapters/stripe-rail.ts'
import { type Fault, type StripeServer, startStripeServer } from '../../../support/stripe-server.ts'
import type { TestCore } from '../support.ts'
import {
  approvedClaim,
  balance,
  booksSum,
  crashAt,
  DAY_MS,
  later,
  outsideWith,
  startBilling,
} from './support.ts'

const SECRET_KEY = 'sk_test_of_this_test'
const TRANSACTIONS = 'POST /v1/customers/:id/balance_transactions'
const NOW = new Date('2026-11-21T12:00:00.000Z')
const LEASE_MS = 120_000

let core: TestCore
let server: StripeServer
let stripe: PaymentRail

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

const run = (rail: PaymentRail, at: Date) => payoutsTask.run(core.ctx(at), outsideWith(rail))

/** Every credit of the customer, at the rail: cents. */
async function credits(rail: PaymentRail, organisationId: string): Promise<number[]> {
  if (rail.name === 'stripe') {
    const customers = [...server.customers.values()].filter(
      ({ metadata }) => metadata['organisation_id'] === organisationId,
    )
    return customers.flatMap(({ transactions }) => transactions.map(({ amount }) => -amount))
  }
  const rows = await core.db.owner`
    SELECT amount_cents::int AS cents FROM rail_transactions
    WHERE kind = 'credit' AND customer = ${`ledger_${organisationId}`}`
  return rows.map((row) => row['cents'])
}

async function payoutRow(id: string) {
  const [row] = await core.db.owner`SELECT * FROM payouts WHERE id = ${id}`
  return row!
}

async function expectPaidOnce(
  rail: PaymentRail,
  payout: Awaited<ReturnType<typeof approvedClaim>>,
  cents: number,
) {
  expect(await payoutRow(payout.payoutId)).toMatchObject({ state: 'paid', rail: rail.name })
  expect(await credits(rail, payout.organisationId)).toEqual([cents])
  expect(await balance(core, 'claims_payable', payout.claimId)).toBe(0)
  expect(await balance(core, 'customer_credit', payout.organisationId)).toBe(-cents)
  const [claim] = await core.db.owner`
    SELECT status, (paid_micros / 10000)::int AS paid FROM insurance_claims WHERE id = ${payout.claimId}`
  expect(claim).toEqual({ status: 'paid', paid: cents })
  expect(await booksSum(core)).toBe('0 0')
}

describe.each(['ledger', 'stripe'] as const)('a payout on the rail %s', (name) => {
  const rail = () => (name === 'ledger' ? embeddedRail : stripe)

  it('is paid, with its claim and its journal', async () => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 12_345, NOW)
    expect(await run(rail(), NOW)).toEqual({ done: 1, nextAt: null })
    await expectPaidOnce(rail(), payout, 12_345)
    expect(await run(rail(), later(NOW, DAY_MS))).toEqual({ done: 0, nextAt: null })
    await expectPaidOnce(rail(), payout, 12_345)
  })

  it('is paid once by many at the same time', async () => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 700, NOW)
    const runs = await Promise.all(Array.from({ length: 6 }, () => run(rail(), NOW)))
    expect(runs.reduce((sum, { done }) => sum + done, 0)).toBe(1)
    await expectPaidOnce(rail(), payout, 700)
  })

  it('is paid once by one that outlived its lease and another', async () => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 800, NOW)
    const slow: PaymentRail = {
      ...rail(),
      async credit(ctx, change) {
        // While it was away, another has done it all.
        await run(rail(), later(NOW, LEASE_MS + 1))
        return rail().credit(ctx, change)
      },
    }
    expect(await run(slow, NOW)).toMatchObject({ done: 0 })
    await expectPaidOnce(rail(), payout, 800)
  })

  it('survives a crash at every step, even if the rail has forgotten its key when it is tried again', async () => {
    let step = 0
    for (let crashed = true; crashed; ) {
      step++
      const actor = await core.organisation()
      const payout = await approvedClaim(core, actor, 1_000 + step, NOW)
      crashed = await crashAt(step, payoutsTask, core.ctx(NOW), outsideWith(rail()))
      server.index()
      server.forgetKeys()
      await run(rail(), later(NOW, LEASE_MS + 1))
      await expectPaidOnce(rail(), payout, 1_000 + step)
    }
    // Every transaction before, within and after; every call before and after.
    expect(step).toBeGreaterThan(12)
  })

  it('survives two crashes in a row', async () => {
    for (const first of [5, 9, 11, 12, 13]) {
      for (const second of [4, 6, 8, 10]) {
        const actor = await core.organisation()
        const payout = await approvedClaim(core, actor, 500, NOW)
        await crashAt(first, payoutsTask, core.ctx(NOW), outsideWith(rail()))
        server.index()
        await crashAt(second, payoutsTask, core.ctx(later(NOW, LEASE_MS + 1)), outsideWith(rail()))
        server.forgetKeys()
        await run(rail(), later(NOW, 2 * LEASE_MS + 2))
        await expectPaidOnce(rail(), payout, 500)
      }
    }
  })
})

describe('a rail that fails', () => {
  const faults: Fault[] = [
    'silence_before',
    'silence_after',
    'reset_before',
    'reset_after',
    'error_after',
    'cut_short_after',
    'rate_limited',
    'key_in_use',
  ]
  it.each(faults)('with %s is tried again, and pays once', async (fault) => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 4_200, NOW)
    server.fail(TRANSACTIONS, fault)
    server.fail(TRANSACTIONS, fault)
    const first = await run(stripe, NOW)
    server.heal()
    expect(first).toMatchObject({ done: 0, nextAt: later(NOW, 5_000) })
    expect(await payoutRow(payout.payoutId)).toMatchObject({
      state: 'pending',
      last_error: 'rail_unavailable',
    })
    await run(stripe, later(NOW, 5_000))
    await expectPaidOnce(stripe, payout, 4_200)
  })

  it('with a failure that Stripe repeats waits until Stripe has forgotten it', async () => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 4_300, NOW)
    server.fail(TRANSACTIONS, 'error_before')
    let at = NOW
    for (let attempt = 0; attempt < 8; attempt++) {
      const { nextAt } = await run(stripe, at)
      at = nextAt!
    }
    expect(await credits(stripe, payout.organisationId)).toEqual([])
    server.forgetKeys()
    await run(stripe, at)
    await expectPaidOnce(stripe, payout, 4_300)
  })

  it('is asked less and less often, for ever', async () => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 100, NOW)
    const waits: number[] = []
    let at = NOW
    for (let attempt = 0; attempt < 7; attempt++) {
      server.fail(TRANSACTIONS, 'rate_limited')
      const { nextAt } = await run(stripe, at)
      waits.push((nextAt!.getTime() - at.getTime()) / 1000)
      at = nextAt!
    }
    expect(waits).toEqual([5, 30, 120, 600, 3_600, 3_600, 3_600])
    await run(stripe, at)
    await expectPaidOnce(stripe, payout, 100)
  })

  it('that refuses leaves the payout pending, with its reason', async () => {
    const actor = await core.organisation()
    const payout = await approvedClaim(core, actor, 100, NOW)
    await core.db
      .owner`INSERT INTO billing_accounts VALUES (${actor.organisationId}, 'stripe', ${`cus_gone_${payout.payoutId}`}, ${NOW.toISOString()})`
    for (let attempt = 0; attempt < 20; attempt++) await run(stripe, later(NOW, attempt * DAY_MS))
    expect(await payoutRow(payout.payoutId)).toMatchObject({
      state: 'pending',
      attempts: 20,
      last_error: 'resource_missing',
      first_attempt_at: null,
    })
    await core.db.owner`DELETE FROM billing_accounts WHERE customer LIKE 'cus_gone_%'`
    await run(stripe, later(NOW, 30 * DAY_MS))
    await expectPaidOnce(stripe, payout, 100)
  })

  it('holds no other payout back', async () => {
    const broken = await approvedClaim(core, await core.organisation(), 100, NOW)
    const sound = await approvedClaim(core, await core.organisation(), 200, NOW)
    const rail: PaymentRail = {
      ...embeddedRail,
      async credit(ctx, change) {
        if (change.key === broken.payoutId) throw new Error('a bug')
        return embeddedRail.credit(ctx, change)
      },
    }
    await expect(run(rail, NOW)).rejects.toThrow('a bug')
    await expectPaidOnce(embeddedRail, sound, 200)
    await run(embeddedRail, later(NOW, LEASE_MS + 1))
    await expectPaidOnce(embeddedRail, broken, 100)
  })
})

describe('another rail than before', () => {
  it('leaves what may have been paid to the rail that has it', async () => {
    const payout = await approvedClaim(core, await core.organisation(), 900, NOW)
    const dying: PaymentRail = {
      ...embeddedRail,
      async credit(ctx, change) {
        await embeddedRail.credit(ctx, change)
        throw new Error('the process ends')
      },
    }
    await expect(run(dying, NOW)).rejects.toThrow('the process ends')
    await run(stripe, later(NOW, LEASE_MS + 1))
    await expectPaidOnce(embeddedRail, payout, 900)
    expect(await credits(stripe, payout.organisationId)).toEqual([])
  })

  it('waits for a rail that is not set up any more, if that may have paid', async () => {
    const payout = await approvedClaim(core, await core.organisation(), 901, NOW)
    server.fail(TRANSACTIONS, 'silence_after')
    await run(stripe, NOW)
    await run(embeddedRail, later(NOW, 5_000))
    expect(await payoutRow(payout.payoutId)).toMatchObject({ state: 'pending', rail: 'stripe' })
    await run(stripe, later(NOW, DAY_MS))
    await expectPaidOnce(stripe, payout, 901)
  })

  it('takes what surely was not paid', async () => {
    const payout = await approvedClaim(core, await core.organisation(), 902, NOW)
    server.fail(TRANSACTIONS, 'rate_limited')
    await run(stripe, NOW)
    await run(embeddedRail, later(NOW, 5_000))
    await expectPaidOnce(embeddedRail, payout, 902)
  })
})
