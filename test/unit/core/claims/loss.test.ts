import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costOf, coveredAt, type Interval, timeOutside } from '../../../../core/claims/loss.ts'

const CENT = 10_000n
const at = (ms: number) => new Date(ms)

describe('what downtime costs', () => {
  test.each([
    [60_000, 5_000n, 5_000n],
    [600_000, 5_000n, 50_000n],
    // Half a cent goes to the even one.
    [30_000, 1n, 0n],
    [30_000, 3n, 2n],
    [30_001, 1n, 1n],
    [0, 5_000n, 0n],
    // Not rounded twice: 0.4999… cents would become half a cent, and then one.
    [29_999, 1n, 0n],
  ])('%i ms at %i cents a minute are %i cents', (ms, perMinute, cents) => {
    expect(costOf(ms, perMinute * CENT)).toBe(cents * CENT)
  })

  test('grows with both, and is whole cents', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), fc.bigInt(0n, 10n ** 12n), (one, more, perMinute) => {
        expect(costOf(one, perMinute) % CENT).toBe(0n)
        expect(costOf(one + more, perMinute)).toBeGreaterThanOrEqual(costOf(one, perMinute))
      }),
    )
  })
})

describe('cover', () => {
  const policy = { status: 'active', activatedAt: at(10), endsAt: at(100), closedAt: null } as const
  test.each([
    [policy, 9, false],
    [policy, 10, true],
    [policy, 99, true],
    [policy, 100, false],
    [{ ...policy, status: 'bound', activatedAt: null } as const, 50, false],
    [{ ...policy, status: 'expired', closedAt: at(100) } as const, 50, true],
    [{ ...policy, status: 'cancelled', closedAt: at(50) } as const, 49, true],
    [{ ...policy, status: 'cancelled', closedAt: at(50) } as const, 50, false],
    [{ ...policy, status: 'exhausted', closedAt: at(50) } as const, 51, false],
    [{ ...policy, status: 'voided', closedAt: at(90) } as const, 50, false],
  ])('of %o at %i: %s', (row, moment, covered) => {
    expect(coveredAt(row, at(moment))).toBe(covered)
  })
})

describe('the part of a time that others have not', () => {
  const interval = fc
    .tuple(fc.nat(60), fc.nat(60))
    .map(([from, length]): Interval => ({ from: at(from), to: at(from + length) }))

  test('is what a count of its milliseconds says', () => {
    fc.assert(
      fc.property(interval, fc.array(interval, { maxLength: 5 }), (whole, others) => {
        const has = ({ from, to }: Interval, ms: number) => from.getTime() <= ms && ms < to.getTime()
        let counted = 0
        for (let ms = 0; ms < 130; ms++) {
          if (has(whole, ms) && !others.some((other) => has(other, ms))) counted++
        }
        expect(timeOutside(whole, others)).toBe(counted)
      }),
    )
  })

  test('is nothing of one that ends before it begins', () => {
    expect(timeOutside({ from: at(10), to: at(5) }, [])).toBe(0)
  })
})
