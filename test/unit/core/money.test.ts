import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  divideHalfEven,
  floorDivide,
  formatUsd,
  fromCents,
  MICROS_PER_CENT,
  maximum,
  minimum,
  roundToCents,
  toCents,
} from '../../../core/money.ts'

const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })
const divisor = fc.bigInt({ min: 1n, max: 10n ** 12n })
const distance = (a: bigint, b: bigint) => (a < b ? b - a : a - b)

describe('divideHalfEven', () => {
  test.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [35n, 10n, 4n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [-25n, 10n, -2n],
    [14n, 10n, 1n],
    [16n, 10n, 2n],
    [-14n, 10n, -1n],
    [-16n, 10n, -2n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [7n, 1n, 7n],
  ])('%s / %s is %s', (dividend, by, quotient) => {
    expect(divideHalfEven(dividend, by)).toBe(quotient)
  })

  test('is as near as any integer, and even where two are', () => {
    fc.assert(
      fc.property(amount, divisor, (dividend, by) => {
        const quotient = divideHalfEven(dividend, by)
        const twice = 2n * distance(quotient * by, dividend)
        expect(twice <= by).toBe(true)
        if (twice === by) expect(quotient % 2n).toBe(0n)
      }),
    )
  })

  test('is the same on both sides of zero, so that a debit and its credit round alike', () => {
    fc.assert(
      fc.property(amount, divisor, (dividend, by) => {
        expect(divideHalfEven(-dividend, by)).toBe(-divideHalfEven(dividend, by))
      }),
    )
  })

  test('where halves tie, half of them go up', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), (n) => {
        expect(divideHalfEven(2n * n + 1n, 2n) + divideHalfEven(2n * n + 3n, 2n)).toBe(2n * n + 2n)
      }),
    )
  })
})

test('floorDivide is the greatest integer that is not above, for negative dividends too', () => {
  fc.assert(
    fc.property(amount, divisor, (dividend, by) => {
      const quotient = floorDivide(dividend, by)
      expect(quotient * by <= dividend && dividend < (quotient + 1n) * by).toBe(true)
    }),
  )
  expect(floorDivide(-1n, 30n)).toBe(-1n)
  expect(floorDivide(-30n, 30n)).toBe(-1n)
})

describe('cents', () => {
  test('go in and come out the same', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (cents) => {
        expect(toCents(fromCents(cents))).toBe(cents)
      }),
    )
  })

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    '%s is no whole number of cents',
    (cents) => {
      expect(() => fromCents(cents)).toThrow(RangeError)
    },
  )

  test('beyond what a number holds exactly, nothing comes out', () => {
    expect(toCents(BigInt(Number.MAX_SAFE_INTEGER) * MICROS_PER_CENT)).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => toCents(BigInt(Number.MAX_SAFE_INTEGER) * MICROS_PER_CENT + MICROS_PER_CENT)).toThrow(
      RangeError,
    )
  })

  test('rounding is half-even, once is as good as twice, and it moves by half a cent at most', () => {
    expect([5_000n, 15_000n, 25_000n, -5_000n, -15_000n].map(toCents)).toEqual([0, 2, 2, 0, -2])
    fc.assert(
      fc.property(amount, (micros) => {
        const rounded = roundToCents(micros)
        expect(rounded % MICROS_PER_CENT).toBe(0n)
        expect(roundToCents(rounded)).toBe(rounded)
        expect(distance(rounded, micros) <= MICROS_PER_CENT / 2n).toBe(true)
        expect(rounded).toBe(fromCents(toCents(micros)))
      }),
    )
  })
})

test('minimum and maximum are of what they are given', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 8 }), ([first, ...rest]) => {
      const all = [first!, ...rest]
      const [least, most] = [minimum(first!, ...rest), maximum(first!, ...rest)]
      expect(all).toContain(least)
      expect(all).toContain(most)
      expect(all.every((one) => least <= one && one <= most)).toBe(true)
    }),
  )
})

describe('formatUsd', () => {
  test.each([
    [0n, '$0.00'],
    [1n, '$0.00'],
    [-1n, '$0.00'],
    [-4_999n, '$0.00'],
    [5_000n, '$0.00'],
    [15_000n, '$0.02'],
    [-15_000n, '-$0.02'],
    [100_000n, '$0.10'],
    [1_000_000n, '$1.00'],
    [999_999_999n, '$1,000.00'],
    [1_234_500_000n, '$1,234.50'],
    [-1_234_567_890_000n, '-$1,234,567.89'],
    [50_000_000_000n, '$50,000.00'],
  ])('%s micro-USD is %s', (micros, shown) => {
    expect(formatUsd(micros)).toBe(shown)
  })

  test('reads back as the rounded amount', () => {
    fc.assert(
      fc.property(amount, (micros) => {
        const shown = formatUsd(micros)
        expect(shown).toMatch(/^-?\$\d{1,3}(,\d{3})*\.\d\d$/)
        expect(BigInt(shown.replace(/[$,.]/g, '')) * MICROS_PER_CENT).toBe(roundToCents(micros))
      }),
    )
  })
})
