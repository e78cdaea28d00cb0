import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { evaluateBreaker } from '../../../../core/insurance/breaker.ts'
import { cancelPolicy } from '../../../../core/insurance/cancel.ts'
import { readBreaker } from '../../../../core/insurance/read-breaker.ts'
import { reopenBreaker } from '../../../../core/insurance/reopen.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { type BreakerDocument, breakerSchema } from '../../../../schema/wire/insurance.ts'
import type { Account } from '../../../../schema/wire/money.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'
import { BOUND_AT, type InsuranceCore, startInsurance } from './insurance-support.ts'

let core: InsuranceCore
let owner: Actor
let operator: Actor
let certificate: string

beforeAll(async () => {
  core = await startInsurance({ SUBSIDY_BUDGET_CENTS: '15000' })
  owner = await core.organisation()
  operator = await core.operator()
  certificate = await core.certificate(owner)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

beforeEach(async () => {
  await core.db
    .owner`UPDATE insurance_state SET breaker = 'open', cause = NULL, reopened_at_loss_ratio_bp = NULL`
})

const usd = (dollars: number) => BigInt(dollars) * 1_000_000n
let posted = 0

/** Books an amount between two accounts, without parties. */
async function book(from: Account, to: Account, amount: bigint): Promise<void> {
  const postings = [
    { account: from, amount },
    { account: to, amount: -amount },
  ]
  const journal = { key: `test/${posted++}`, kind: 'test', organisationId: null, subject: 'test', postings }
  await core.db.database.asSystem((tx) => postJournals(tx, [journal], BOUND_AT))
}

/** Makes the loss ratio what it is to be, in percent, with $20,000 earned. */
async function lossRatio(percent: number): Promise<void> {
  const [earned, ultimate] = [await core.balance('earned_premium'), await core.balance('ibnr')]
  await book('cash_operating', 'earned_premium', usd(20_000) + earned)
  await book('claims_incurred', 'ibnr', (usd(20_000) * BigInt(percent)) / 100n + ultimate)
}

async function evaluate(): Promise<BreakerDocument> {
  await evaluateBreaker(core.insuring())
  return breakerSchema.parse(await readBreaker(core.insuring()))
}

async function reopen(request: { additional_subsidy?: number } = {}): Promise<BreakerDocument> {
  const asked = { reason: 'looked into it', ...request }
  return breakerSchema.parse(
    JSON.parse((await reopenBreaker(core.insuring(), operator, asked, UNCLAIMED)).body),
  )
}

const logged = async () =>
  (
    await core.db.owner`SELECT convert_from(entry, 'UTF8')::jsonb AS entry FROM log_entries
    WHERE convert_from(entry, 'UTF8') LIKE '%breaker.changed%' ORDER BY id`
  ).map(({ entry }) => entry.state)

describe('the subsidy', () => {
  test('that does not suffice halts binding, and not what was bound', async () => {
    const first = await core.bind(owner, { certificate_id: certificate })
    await core.bind(owner, { certificate_id: certificate })
    const counters = await core.exposure()
    const attempts = Array.from({ length: 5 }, () => core.bind(owner, { certificate_id: certificate }))
    expect(await Promise.all(attempts.map(refusalCode))).toEqual(Array(5).fill('binding_halted'))
    expect(await core.exposure()).toEqual(counters)
    const breaker = await readBreaker(core.insuring())
    expect(breaker).toMatchObject({
      state: 'halted',
      cause: 'subsidy_spent',
      figures: { subsidy_budget: 15_000, subsidy_used: 11_980 },
    })
    expect(breaker.history.map(({ from, to, cause }) => [from, to, cause])).toEqual([
      ['open', 'halted', 'subsidy_spent'],
    ])
    expect(await logged()).toEqual(['halted'])
    // What needs no subsidy is not bound either.
    expect(await refusalCode(core.bind(owner, { certificate_id: certificate, coverage: 100 }))).toBe(
      'binding_halted',
    )
    expect(JSON.parse((await cancelPolicy(core.insuring(), owner, first.id, UNCLAIMED)).body).status).toBe(
      'cancelled',
    )
  })

  test('holds it halted until there is enough for another policy', async () => {
    await core.db
      .owner`UPDATE insurance_state SET breaker = 'halted', cause = 'subsidy_spent', subsidy_used_micros = 119800000`
    await expect(reopen()).rejects.toMatchObject({
      code: 'breaker_condition_persists',
      detail: '$30.20 of the subsidy are left; send additional_subsidy, $29.70 or more.',
    })
    expect(await refusalCode(reopen({ additional_subsidy: 2_969 }))).toBe('breaker_condition_persists')
    expect(await reopen({ additional_subsidy: 2_970 })).toMatchObject({
      state: 'open',
      cause: null,
      figures: { subsidy_budget: 17_970 },
      history: [{ from: 'halted', to: 'open', cause: 'operator', reason: 'looked into it' }, {}],
    })
    expect((await evaluate()).state).toBe('open')
    await core.bind(owner, { certificate_id: certificate })
  })

  test('that is spent to the last micro-dollar halts it without a purchase', async () => {
    await core.db.owner`UPDATE insurance_state SET subsidy_used_micros = subsidy_budget_micros`
    expect(await evaluate()).toMatchObject({ state: 'halted', cause: 'subsidy_spent' })
    const ctx = core.insuring(BOUND_AT, { PRICING_MODE: 'technical' })
    await reopenBreaker(ctx, operator, { reason: 'no pilot any more' }, UNCLAIMED)
    await evaluateBreaker(ctx)
    expect((await readBreaker(ctx)).state).toBe('open')
    await core.db.owner`UPDATE insurance_state SET subsidy_used_micros = 0`
  })
})

describe('the loss ratio', () => {
  test('restricts, releases, halts; and opens again only by an operator, with a margin', async () => {
    const states: string[] = []
    for (const percent of [67, 95, 85, 79, 125, 30, 125]) {
      await lossRatio(percent)
      states.push((await evaluate()).state)
    }
    expect(states).toEqual(['open', 'restricted', 'restricted', 'open', 'halted', 'halted', 'halted'])
    expect(await reopen()).toMatchObject({
      state: 'open',
      reopened_at_loss_ratio: 1.25,
      figures: { loss_ratio: 1.25, earned: 2_000_000, ultimate: 2_500_000 },
    })
    for (const [percent, state] of [
      [125, 'open'],
      [134, 'open'],
      [135, 'halted'],
    ] as const) {
      await lossRatio(percent)
      expect((await evaluate()).state).toBe(state)
    }
  })

  test('that has become good again makes the reopening forgotten', async () => {
    await core.db.owner`UPDATE insurance_state SET reopened_at_loss_ratio_bp = 12500`
    await lossRatio(85)
    expect((await evaluate()).reopened_at_loss_ratio).toBe(1.25)
    await lossRatio(79)
    expect((await evaluate()).reopened_at_loss_ratio).toBeNull()
    await lossRatio(95)
    expect((await evaluate()).state).toBe('restricted')
  })

  test('evaluated by many at once changes it once', async () => {
    await lossRatio(130)
    const before = (await logged()).length
    await Promise.all(Array.from({ length: 8 }, () => evaluateBreaker(core.insuring())))
    expect((await logged()).length).toBe(before + 1)
    await lossRatio(60)
  })
})

describe('reserves', () => {
  test('above the reserve cash halt it, and hold it halted', async () => {
    await book('cash_operating', 'cash_reserve', usd(240_000))
    await lossRatio(60)
    expect(await evaluate()).toMatchObject({ state: 'halted', cause: 'reserve_short' })
    await expect(reopen({ additional_subsidy: 1_000_000 })).rejects.toMatchObject({
      code: 'breaker_condition_persists',
      detail: 'Net reserves of $12,000.00 are above the reserve cash of $10,000.00.',
    })
    await book('cash_reserve', 'cash_operating', usd(2_000))
    expect((await reopen()).state).toBe('open')
    await book('cash_reserve', 'cash_operating', usd(238_000))
  })
})

describe('reopening', () => {
  test('what is open is a conflict', async () => {
    expect(await refusalCode(reopen())).toBe('breaker_state_conflict')
  })

  test('twice at once is done once', async () => {
    await core.db.owner`UPDATE insurance_state SET breaker = 'halted', cause = 'loss_ratio'`
    const codes = await Promise.all([reopen(), reopen()].map(refusalCode))
    expect(codes.toSorted()).toEqual(['breaker_state_conflict', null].toSorted())
  })

  test('is undone when the answer cannot be recorded', async () => {
    await core.db.owner`UPDATE insurance_state SET breaker = 'halted', cause = 'loss_ratio'`
    const before = await readBreaker(core.insuring())
    const claim = { ...UNCLAIMED, settle: () => Promise.reject(new Error('broke here')) }
    const asked = { reason: 'x', additional_subsidy: 1 }
    await expect(reopenBreaker(core.insuring(), operator, asked, claim)).rejects.toThrow('broke here')
    expect(await readBreaker(core.insuring())).toEqual(before)
  })
})

test('before the books are open nothing is bound, and nothing evaluated', async () => {
  await core.db.owner`CREATE TABLE kept AS SELECT * FROM insurance_state`
  await core.db.owner`DELETE FROM insurance_state`
  expect(await refusalCode(core.bind(owner, { certificate_id: certificate }))).toBe('binding_halted')
  await evaluateBreaker(core.insuring())
  expect(await core.db.owner`SELECT 1 FROM insurance_state`).toHaveLength(0)
  await core.db.owner`INSERT INTO insurance_state SELECT * FROM kept`
})
