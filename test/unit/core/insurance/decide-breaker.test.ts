import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BreakerFigures,
  type BreakerStanding,
  decideBreaker,
  lossRatioBp,
} from '../../../../core/insurance/decide-breaker.ts'
import { fromCents } from '../../../../core/money.ts'
import { BREAKER_STATES, type BreakerState } from '../../../../schema/wire/money.ts'

const usd = (dollars: number) => fromCents(Math.round(dollars * 100))
const WELL: BreakerFigures = {
  earned: usd(100_000),
  ultimate: usd(67_000),
  netReserves: usd(60_000),
  reserveCash: usd(250_000),
  subsidyBudget: usd(50_000),
  subsidyUsed: usd(10_000),
  subsidised: true,
}
const standing = (breaker: BreakerState, reopenedAtLossRatio: number | null = null): BreakerStanding => ({
  breaker,
  reopenedAtLossRatio,
})
/** @param ratio percent */
const at = (ratio: number, earned = usd(100_000)): BreakerFigures => ({
  ...WELL,
  earned,
  ultimate: (earned * BigInt(Math.round(ratio * 100))) / 10_000n,
})
const become = (figures: BreakerFigures, from: BreakerStanding) => {
  const change = decideBreaker(figures, from)
  return change === null ? from.breaker : `${change.to}: ${change.cause}`
}

describe('by the loss ratio', () => {
  test.each<[number, BreakerState, string]>([
    [67, 'open', 'open'],
    [89.99, 'open', 'open'],
    [90, 'open', 'restricted: loss_ratio'],
    [119.99, 'open', 'restricted: loss_ratio'],
    [120, 'open', 'halted: loss_ratio'],
    [5_000, 'open', 'halted: loss_ratio'],
    [90, 'restricted', 'restricted'],
    [80, 'restricted', 'restricted'],
    [79.99, 'restricted', 'open: loss_ratio'],
    [-10, 'restricted', 'open: loss_ratio'],
    [120, 'restricted', 'halted: loss_ratio'],
    [10, 'halted', 'halted'],
    [500, 'halted', 'halted'],
  ])('of %f %% it goes from %s to %s', (ratio, from, to) =>
    expect(become(at(ratio), standing(from))).toBe(to),
  )

  test('only once $10,000 are earned', () => {
    expect(become(at(5_000, usd(10_000) - 1n), standing('open'))).toBe('open')
    expect(become(at(5_000, usd(10_000)), standing('open'))).toBe('halted: loss_ratio')
    expect(become(at(10, usd(9_999)), standing('restricted'))).toBe('restricted')
  })
})

describe('after an operator reopened at 125 %', () => {
  test.each([
    [125, 'open'],
    [134.99, 'open'],
    [135, 'halted: loss_ratio'],
  ])('%f %%: %s', (ratio, to) => expect(become(at(ratio), standing('open', 12_500))).toBe(to))

  test('at 95 % it is restricted from 105 % on and halted from 120 %', () => {
    expect(become(at(104.99), standing('open', 9_500))).toBe('open')
    expect(become(at(105), standing('open', 9_500))).toBe('restricted: loss_ratio')
    expect(become(at(120), standing('open', 9_500))).toBe('halted: loss_ratio')
  })

  test('at 20 % it trips where it always does', () => {
    expect(become(at(89), standing('open', 2_000))).toBe('open')
    expect(become(at(90), standing('open', 2_000))).toBe('restricted: loss_ratio')
  })
})

describe('at any time', () => {
  const young = { ...WELL, earned: 0n, ultimate: 0n }
  test('net reserves above the reserve cash halt it, and equal ones do not', () => {
    const equal = { ...young, netReserves: young.reserveCash }
    expect(become(equal, standing('open'))).toBe('open')
    expect(become({ ...equal, netReserves: equal.netReserves + 1n }, standing('open'))).toBe(
      'halted: reserve_short',
    )
    expect(become({ ...equal, netReserves: equal.netReserves + 1n }, standing('restricted'))).toBe(
      'halted: reserve_short',
    )
  })

  test('a subsidy that is spent halts it, while there is one', () => {
    const spent = { ...young, subsidyUsed: young.subsidyBudget }
    expect(become({ ...spent, subsidyUsed: spent.subsidyUsed - 1n }, standing('open'))).toBe('open')
    expect(become(spent, standing('open'))).toBe('halted: subsidy_spent')
    expect(become({ ...spent, subsidised: false }, standing('open'))).toBe('open')
  })
})

test('the loss ratio is none before anything is earned', () => {
  expect(lossRatioBp({ ultimate: usd(5), earned: 0n })).toBeNull()
  expect(lossRatioBp({ ultimate: usd(5), earned: usd(0.1) })).toBe(500_000)
})

test('whatever the figures: deciding twice is deciding once, and nothing but an operator opens what is halted', () => {
  const amount = fc.bigInt({ min: 0n, max: usd(1_000_000) })
  fc.assert(
    fc.property(
      fc.record({
        earned: amount,
        ultimate: fc.bigInt({ min: -usd(10_000), max: usd(1_000_000) }),
        netReserves: amount,
        reserveCash: amount,
        subsidyBudget: amount,
        subsidyUsed: amount,
        subsidised: fc.boolean(),
      }),
      fc.constantFrom(...BREAKER_STATES),
      fc.option(fc.integer({ min: 0, max: 50_000 })),
      (figures, breaker, reopenedAt) => {
        const change = decideBreaker(figures, standing(breaker, reopenedAt))
        if (breaker === 'halted') expect(change).toBeNull()
        if (change === null) return
        expect(change.to).not.toBe(breaker)
        expect(decideBreaker(figures, standing(change.to, reopenedAt))).toBeNull()
      },
    ),
  )
})
