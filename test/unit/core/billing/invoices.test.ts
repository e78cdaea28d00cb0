import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../../core/billing/issue-invoices.ts'
import { openPortal } from '../../../../core/billing/open-portal.ts'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import { type PaymentRail, RailRefused, RailUnavailable } from '../../../../core/billing/rail.ts'
import { listInvoices, readBilling } from '../../../../core/billing/read.ts'
import { recordPayment } from '../../../../core/billing/record-payment.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { bindJournals, certificateFeeJournal } from '../../../../core/ledger/journals.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { fromCents } from '../../../../core/money.ts'
import { refusalCode, type TestCore } from '../support.ts'
import { approvedClaim, balance, billingEvent, booksSum, outsideWith, startBilling } from './support.ts'

const OCTOBER = new Date('2026-10-15T12:00:00.000Z')
const NOVEMBER = new Date('2026-11-01T00:17:00.000Z')
const DECEMBER = new Date('2026-12-01T00:17:00.000Z')

let core: TestCore
let actor: Actor
let operator: Actor

beforeAll(async () => {
  core = await startBilling()
  operator = await core.operator()
})

afterAll(() => core?.db.stop())

beforeEach(async () => {
  actor = await core.organisation()
})

let sold = 0

/** A premium, or fees, in the books and told to the embedded rail. */
async function owe(cents: number, at: Date, kind: 'premium' | 'certificates' = 'premium'): Promise<void> {
  const { organisationId } = actor
  const id = `sold-${++sold}`
  const amount = fromCents(cents)
  await billingEvent(core, organisationId, { id, cents, kind, at })
  const journals =
    kind === 'certificates'
      ? [certificateFeeJournal(id, organisationId, amount)]
      : bindJournals({ id, organisationId, premium: amount, subsidy: 0n })
  await core.db.database.asSystem((tx) => postJournals(tx, journals, at))
  await usageTask.run(core.ctx(at), outsideWith(embeddedRail))
}

async function payOut(cents: number): Promise<void> {
  await approvedClaim(core, actor, cents, OCTOBER)
  await payoutsTask.run(core.ctx(OCTOBER), outsideWith(embeddedRail))
}

const invoices = async () => (await listInvoices(core.ctx(), actor, { limit: 20 })).data
const pay = (id: string, by = operator) => recordPayment(core.ctx(NOVEMBER), by, id, UNCLAIMED)

describe('invoices of the embedded rail', () => {
  it('bill a month when it is over, once', async () => {
    await owe(10, OCTOBER)
    await owe(25, OCTOBER)
    await owe(50, NOVEMBER)
    expect(await issueInvoices(core.ctx(OCTOBER))).toBe(0)
    const runs = await Promise.all(Array.from({ length: 5 }, () => issueInvoices(core.ctx(NOVEMBER))))
    expect(runs.reduce((sum, issued) => sum + issued, 0)).toBe(1)
    expect(await invoices()).toMatchObject([
      {
        period: '2026-10',
        status: 'open',
        total: 35,
        credit: 0,
        due: 35,
        rail: 'ledger',
        currency: 'usd',
        paid_at: null,
      },
    ])
    expect(await issueInvoices(core.ctx(DECEMBER))).toBe(1)
    expect(await invoices()).toMatchObject([
      { period: '2026-11', total: 50 },
      { period: '2026-10', total: 35 },
    ])
  })

  it('leave what comes late for the next bill', async () => {
    await owe(10, OCTOBER)
    await issueInvoices(core.ctx(NOVEMBER))
    await owe(20, OCTOBER)
    expect(await issueInvoices(core.ctx(NOVEMBER))).toBe(0)
    expect(await issueInvoices(core.ctx(DECEMBER))).toBe(1)
    expect((await invoices())[0]).toMatchObject({ period: '2026-11', total: 20 })
  })

  it('use the credit first, in part', async () => {
    await owe(300, OCTOBER)
    await payOut(100)
    await issueInvoices(core.ctx(NOVEMBER))
    expect(await invoices()).toMatchObject([{ total: 300, credit: 100, due: 200, status: 'open' }])
    expect(await balance(core, 'customer_credit', actor.organisationId)).toBe(0)
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(200)
    expect(await booksSum(core)).toBe('0 0')
  })

  it('are paid at once by enough credit, and leave the rest of it', async () => {
    await owe(300, OCTOBER)
    await payOut(1_000)
    await issueInvoices(core.ctx(NOVEMBER))
    expect(await invoices()).toMatchObject([
      { total: 300, credit: 300, due: 0, status: 'paid', paid_at: NOVEMBER.toISOString() },
    ])
    expect(await balance(core, 'customer_credit', actor.organisationId)).toBe(-700)
    expect(await readBilling(core.ctx(), actor, 'ledger')).toEqual({
      rail: 'ledger',
      owed: 0,
      credit: 700,
      currency: 'usd',
    })
    expect(await refusalCode(pay((await invoices())[0]!.id))).toBe('invoice_state_conflict')
  })

  it('carry on what comes to less than nothing', async () => {
    const { organisationId } = actor
    await billingEvent(core, organisationId, { id: `refund/${organisationId}`, cents: -30, at: OCTOBER })
    await usageTask.run(core.ctx(OCTOBER), outsideWith(embeddedRail))
    expect(await issueInvoices(core.ctx(NOVEMBER))).toBe(0)
    await owe(100, NOVEMBER)
    await issueInvoices(core.ctx(DECEMBER))
    expect(await invoices()).toMatchObject([{ total: 70 }])
  })
})

describe('a payment', () => {
  it('is recorded once: cash, and half of the premium into the reserve', async () => {
    const before = {
      operating: await balance(core, 'cash_operating'),
      reserve: await balance(core, 'cash_reserve'),
    }
    await owe(100, OCTOBER)
    await owe(60, OCTOBER, 'certificates')
    await issueInvoices(core.ctx(NOVEMBER))
    const [invoice] = await invoices()
    const attempts = await Promise.all([1, 2, 3].map(() => refusalCode(pay(invoice!.id))))
    expect(attempts.sort()).toEqual(['invoice_state_conflict', 'invoice_state_conflict', null].sort())
    expect(await balance(core, 'cash_reserve')).toBe(before.reserve + 50)
    expect(await balance(core, 'cash_operating')).toBe(before.operating + 110)
    expect(await balance(core, 'premium_receivable', actor.organisationId)).toBe(0)
    expect(await invoices()).toMatchObject([{ status: 'paid', due: 0, total: 160 }])
    expect(await booksSum(core)).toBe('0 0')
  })

  it('of no invoice, of another rail, or with a test key is refused', async () => {
    expect(await refusalCode(pay('inv_0000000000000000'))).toBe('invoice_not_found')
    await owe(10, OCTOBER)
    await issueInvoices(core.ctx(NOVEMBER))
    const [invoice] = await invoices()
    await core.db.owner`UPDATE invoices SET rail = 'stripe' WHERE id = ${invoice!.id}`
    expect(await refusalCode(pay(invoice!.id))).toBe('invoice_state_conflict')
    // Refused before the first await.
    expect(
      await refusalCode(Promise.resolve().then(() => pay(invoice!.id, { ...operator, livemode: false }))),
    ).toBe('live_key_required')
  })
})

describe('reading', () => {
  it('shows an organisation its own alone, in pages', async () => {
    for (const month of ['2026-02', '2026-03', '2026-04']) {
      await owe(10, new Date(`${month}-15T00:00:00.000Z`))
      await issueInvoices(
        core.ctx(new Date(new Date(`${month}-28T00:00:00.000Z`).getTime() + 10 * 86_400_000)),
      )
    }
    const first = await listInvoices(core.ctx(), actor, { limit: 2 })
    expect(first.data.map(({ period }) => period)).toEqual(['2026-04', '2026-03'])
    const second = await listInvoices(core.ctx(), actor, { limit: 2, cursor: first.next_cursor! })
    expect(second.data.map(({ period }) => period)).toEqual(['2026-02'])
    expect(second.next_cursor).toBeNull()
    const other = await core.organisation()
    expect(await listInvoices(core.ctx(), other, { limit: 2 })).toEqual({ data: [], next_cursor: null })
    expect(await refusalCode(listInvoices(core.ctx(), actor, { limit: 2, cursor: '%' }))).toBe(
      'invalid_cursor',
    )
  })

  it('shows a test key nothing', async () => {
    await owe(10, OCTOBER)
    await issueInvoices(core.ctx(NOVEMBER))
    const test = { ...actor, livemode: false }
    expect(await listInvoices(core.ctx(), test, { limit: 2 })).toEqual({ data: [], next_cursor: null })
    expect(await readBilling(core.ctx(), test, 'ledger')).toMatchObject({ owed: 0, credit: 0 })
    expect(await readBilling(core.ctx(), actor, 'ledger')).toMatchObject({ owed: 10, credit: 0 })
  })
})

describe('the portal', () => {
  const open = (rail: PaymentRail, by = actor) =>
    refusalCode(Promise.resolve().then(() => openPortal(core.ctx(), by, rail)))
  const failing = (error: Error): PaymentRail => ({
    ...embeddedRail,
    portalLink: () => Promise.reject(error),
  })

  it('is not there on the embedded rail', async () => {
    expect(await open(embeddedRail)).toBe('billing_portal_unavailable')
  })

  it('is there where the rail has one', async () => {
    const rail: PaymentRail = {
      ...embeddedRail,
      portalLink: async (_, { customer, returnUrl }) => `${returnUrl}/portal/${customer}`,
    }
    expect(await openPortal(core.ctx(), actor, rail)).toEqual({
      url: `https://network.example/portal/ledger_${actor.organisationId}`,
    })
    expect(await open(rail, { ...actor, livemode: false })).toBe('live_key_required')
  })

  it('says what failed', async () => {
    expect(await open(failing(new RailUnavailable('away')))).toBe('payment_provider_unavailable')
    expect(await open(failing(new RailRefused('no configuration')))).toBe('billing_portal_unavailable')
    await expect(open(failing(new Error('a bug')))).rejects.toThrow('a bug')
  })
})
