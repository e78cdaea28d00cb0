import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { percentileOf } from '../../../../../core/analysis/risk/percentile.ts'

const QUARTILES = [-2, 0, 1, 1, 5]

describe('percentileOf', () => {
  test.each([
    ['far below the least', -100, 0],
    ['the least', -2, 0],
    ['between two quantiles', -1, 0.125],
    ['a quantile', 0, 0.25],
    ['a value that many share is above none of them', 1, 0.5],
    ['just above what many share', 2, 0.8125],
    ['the greatest', 5, 1],
    ['beyond the greatest', 6, 1],
    ['infinite', Number.POSITIVE_INFINITY, 1],
  ])('%s', (_, value, expected) => {
    expect(percentileOf(QUARTILES, value)).toBe(expected)
  })

  test('all quantiles equal', () => {
    expect([-1, 3, 4].map((value) => percentileOf([3, 3, 3], value))).toEqual([0, 0, 1])
  })

  test('never falls when the value rises, and stays within 0 and 1', () => {
    const finite = fc.double({ min: -50, max: 50, noNaN: true })
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 40 }), finite, finite, (knots, a, b) => {
        const quantiles = knots.toSorted((x, y) => x - y)
        const low = percentileOf(quantiles, Math.min(a, b))
        const high = percentileOf(quantiles, Math.max(a, b))
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })
})
