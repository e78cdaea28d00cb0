import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { RailRefused } from '../../../../core/billing/rail.ts'
import { startTestCore, type TestCore } from '../support.ts'

let core: TestCore

beforeAll(async () => {
  core = await startTestCore({ keys: false })
})

afterAll(() => core?.db.stop())

const change = (more: object = {}) => ({
  organisationId: 'org_one',
  customer: 'ledger_org_one',
  key: 'pay_one',
  cents: 500,
  description: 'Payout',
  since: new Date(),
  ...more,
})

async function transactions(key: string) {
  return core.db.owner`SELECT kind, amount_cents::int AS cents FROM rail_transactions WHERE key = ${key}`
}

describe('the embedded rail', () => {
  it('gives an organisation the same customer each time', async () => {
    const ask = () => embeddedRail.ensureCustomer(core.ctx(), { id: 'org_one', name: 'One' })
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array(3).fill('ledger_org_one'))
  })

  it('credits once for a key, at the same time too', async () => {
    const credit = () => embeddedRail.credit(core.ctx(), change())
    expect(new Set(await Promise.all(Array.from({ length: 8 }, credit)))).toEqual(new Set(['pay_one']))
    expect(await transactions('pay_one')).toEqual([{ kind: 'credit', cents: 500 }])
    expect(await embeddedRail.findCredit(core.ctx(), change())).toBe('pay_one')
    expect(await embeddedRail.findCredit(core.ctx(), change({ key: 'pay_none' }))).toBeNull()
  })

  it.each([{ cents: 501 }, { cents: -500 }, { customer: 'ledger_org_two' }])(
    'refuses the same key for anything else: %o',
    async (other) => {
      await embeddedRail.credit(core.ctx(), change())
      await expect(embeddedRail.credit(core.ctx(), change(other))).rejects.toThrow(RailRefused)
      await expect(embeddedRail.findCredit(core.ctx(), change(other))).rejects.toThrow(RailRefused)
    },
  )

  it('takes back', async () => {
    await embeddedRail.credit(core.ctx(), change({ key: 'reversal/one', cents: -200 }))
    expect(await transactions('reversal/one')).toEqual([{ kind: 'debit', cents: 200 }])
  })

  it('counts usage once', async () => {
    const { organisationId, customer } = change()
    const usage = {
      organisationId,
      customer,
      key: 'INS-one',
      kind: 'premium',
      cents: 10,
      at: new Date(),
    } as const
    await embeddedRail.reportUsage(core.ctx(), usage)
    await embeddedRail.reportUsage(core.ctx(), usage)
    await expect(embeddedRail.reportUsage(core.ctx(), { ...usage, cents: 11 })).rejects.toThrow(RailRefused)
    expect(await transactions('INS-one')).toEqual([{ kind: 'usage', cents: 10 }])
  })

  it('has no portal', async () => {
    expect(
      await embeddedRail.portalLink(core.ctx(), { ...change(), returnUrl: 'https://network.example' }),
    ).toBeNull()
  })
})
