import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divideAtEnd, earnedBy } from '../../../../core/insurance/term.ts'
import { fromCents } from '../../../../core/money.ts'
import { BOUND_AT, DAY_MS } from './insurance-support.ts'

const policy = {
  premium: fromCents(10),
  subsidy: 59_900_001n,
  boundAt: BOUND_AT,
  endsAt: new Date(BOUND_AT.getTime() + 30 * DAY_MS),
}
const later = (ms: number) => new Date(BOUND_AT.getTime() + ms)

describe('earned', () => {
  test.each<[string, number, bigint, bigint]>([
    ['before it begins', -1, 0n, 0n],
    ['at the beginning', 0, 0n, 0n],
    ['a day later', DAY_MS, 3_333n, 1_996_666n],
    ['half-way', 15 * DAY_MS, 50_000n, 29_950_000n],
    ['a moment before the end', 30 * DAY_MS - 1, 99_999n, 59_900_000n],
    ['at the end', 30 * DAY_MS, 100_000n, 59_900_001n],
    ['long after', 300 * DAY_MS, 100_000n, 59_900_001n],
  ])('%s', (_, ms, premium, subsidy) => {
    expect(earnedBy(policy, later(ms))).toEqual({ premium, subsidy })
  })
})

describe('at the end', () => {
  test.each(['expired', 'exhausted'] as const)('one that has %s has earned all', (to) => {
    const { premium, subsidy } = policy
    expect(divideAtEnd(policy, to, later(1))).toEqual({
      earned: { premium, subsidy },
      refund: 0n,
      returned: 0n,
    })
  })

  test('one that is void has earned nothing', () => {
    expect(divideAtEnd(policy, 'voided', later(20 * DAY_MS))).toEqual({
      earned: { premium: 0n, subsidy: 0n },
      refund: policy.premium,
      returned: policy.subsidy,
    })
  })

  test.each<[number, number]>([
    [0, 10],
    [DAY_MS, 10],
    // 9.5 and 8.5 cents unearned: to the even cent.
    [1.5 * DAY_MS, 10],
    [4.5 * DAY_MS, 8],
    [15 * DAY_MS, 5],
    [29 * DAY_MS, 0],
    [40 * DAY_MS, 0],
  ])('one cancelled after %i ms gives back %i cents', (ms, cents) => {
    expect(divideAtEnd(policy, 'cancelled', later(ms)).refund).toBe(fromCents(cents))
  })

  test('whatever it was and whenever: nothing is lost, made or left unearned', () => {
    fc.assert(
      fc.property(
        fc.record({
          cents: fc.integer({ min: 1, max: 1_000_000 }),
          subsidy: fc.bigInt({ min: 0n, max: 10n ** 12n }),
          term: fc.integer({ min: 1, max: 366 * DAY_MS }),
          at: fc.integer({ min: 0, max: 400 * DAY_MS }),
          to: fc.constantFrom('expired', 'exhausted', 'cancelled', 'voided'),
        }),
        ({ cents, subsidy, term, at, to }) => {
          const any = { premium: fromCents(cents), subsidy, boundAt: BOUND_AT, endsAt: later(term) }
          const { earned, refund, returned } = divideAtEnd(any, to as 'expired', later(at))
          expect(earned.premium + refund).toBe(any.premium)
          expect(earned.subsidy + returned).toBe(any.subsidy)
          expect(refund % fromCents(1)).toBe(0n)
          for (const part of [earned.premium, refund, earned.subsidy, returned]) {
            expect(part).toBeGreaterThanOrEqual(0n)
          }
        },
      ),
    )
  })
})
