import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { once } from '../../../../core/idempotency/claim.ts'
import { bindPolicy } from '../../../../core/insurance/bind.ts'
import { DEFAULTS } from '../../../../core/insurance/defaults.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { openDatabase, type PostgresDatabase } from '../../../../workers/core/adapters/postgres.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'
import { assertInsuranceWhole, type InsuranceCore, startInsurance } from './insurance-support.ts'

const CONNECTIONS = 64
const PURCHASES = 2_000
const CUSTOMERS = 20
/** They want half of everything, which is more than one customer may have. */
const GREEDY = 4
const MAX_ATTEMPTS = 50
const AGAIN = new Set(['database_unavailable', 'request_in_progress'])
const COVERAGES = [250_000, 500_000, 1_000_000]

let core: InsuranceCore
let wide: PostgresDatabase

beforeAll(async () => {
  core = await startInsurance({ SUBSIDY_BUDGET_CENTS: '1000000000' })
  wide = openDatabase(core.db.appUrl, { connections: CONNECTIONS })
}, START_LIMIT_MS)
afterAll(async () => {
  await wide?.close()
  await core?.db.stop()
})

interface Purchase {
  readonly customer: Actor
  readonly certificate_id: string
  readonly coverage: number
  readonly key: string
}

test(
  '64 connections, 2,000 purchases, both caps: neither is passed, and the counters are the policies',
  async () => {
    const purchases = await plan()
    const outcomes: string[] = []
    const buyer = async () => {
      for (let next = purchases.pop(); next !== undefined; next = purchases.pop())
        outcomes.push(await buy(next))
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, buyer))

    const of = (outcome: string) => outcomes.filter((one) => one === outcome).length
    expect(of('bound') + of('customer_cap_reached') + of('daily_cap_reached')).toBe(PURCHASES)
    expect(of('customer_cap_reached')).toBeGreaterThan(0)
    expect(of('daily_cap_reached')).toBeGreaterThan(0)

    const [stored] = await core.db.owner`SELECT count(*)::int AS policies FROM insurance_policies`
    expect(stored!.policies).toBe(of('bound'))
    const { onRisk } = await core.exposure()
    for (const amount of Object.values(onRisk)) expect(amount).toBeLessThanOrEqual(DEFAULTS.customerCap)
    const smallest = BigInt(COVERAGES[0]!) * 10_000n
    const total = Object.values(onRisk).reduce((sum, amount) => sum + amount, 0n)
    expect(total).toBeLessThanOrEqual(DEFAULTS.dayCap)
    // What was refused did not fit: what is left is less than the smallest that was asked for.
    expect(total).toBeGreaterThan(DEFAULTS.dayCap - smallest)
    const fullest = Object.values(onRisk)
      .toSorted((a, b) => (a < b ? 1 : -1))
      .slice(0, GREEDY)
    for (const amount of fullest) expect(amount).toBeGreaterThan(DEFAULTS.customerCap - smallest)
    await assertInsuranceWhole(core)
  },
  START_LIMIT_MS,
)

/** As a client does it: with an idempotency key, and again when a busy machine took too long to answer. */
async function buy({ customer, key, ...terms }: Purchase): Promise<string> {
  const ctx = { ...core.insuring(), database: wide }
  const request = { ...terms, tier: 'pro', service: 'checkout', sla_cost_per_minute_cents: 10_000 }
  const asked = { route: 'POST /v1/trust/insure', key, rawBody: utf8(key) }
  for (let attempt = 1; ; attempt++) {
    const purchase = once(ctx, customer, asked, (claim) => bindPolicy(ctx, customer, request, claim))
    const code = await refusalCode(purchase)
    if (code === null) return 'bound'
    if (!AGAIN.has(code) || attempt === MAX_ATTEMPTS) return code
  }
}

async function plan(): Promise<Purchase[]> {
  const customers: { customer: Actor; certificate_id: string }[] = []
  for (let i = 0; i < CUSTOMERS; i++) {
    const customer = await core.organisation()
    customers.push({ customer, certificate_id: await core.certificate(customer) })
  }
  return Array.from({ length: PURCHASES }, (_, i) => {
    const among = i % 2 === 0 ? GREEDY : CUSTOMERS
    const coverage = COVERAGES[i % COVERAGES.length]!
    return { ...customers[Math.floor(i / 2) % among]!, coverage, key: `purchase-${i}` }
  })
}
