import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bornhuetterFerguson } from '../../../../core/actuarial/bornhuetter-ferguson.ts'
import { chainLadder } from '../../../../core/actuarial/chain-ladder.ts'
import { TAYLOR_ASHE } from './published-data.ts'

/** Cumulative amounts that never fall. */
const increment = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000 }))
const triangle = fc
  .integer({ min: 0, max: 7 })
  .chain((size) =>
    fc.tuple(
      ...Array.from({ length: size }, (_, row) =>
        fc.array(increment, { minLength: size - row, maxLength: size - row }),
      ),
    ),
  )
  .map((rows) =>
    rows.map((increments) => {
      let total = 0
      return increments.map((amount) => (total += amount))
    }),
  )

describe("Taylor and Ashe's triangle", () => {
  const ladder = chainLadder(TAYLOR_ASHE)

  test('has the published factors', () => {
    expect(ladder.factors.map((factor) => factor.toFixed(4))).toEqual([
      '3.4906',
      '1.7473',
      '1.4574',
      '1.1739',
      '1.1038',
      '1.0863',
      '1.0539',
      '1.0766',
      '1.0177',
    ])
  })

  test('has the published IBNR', () => {
    expect(ladder.totalIbnr.toFixed(2)).toBe('18680855.61')
    expect(ladder.ibnr[0]).toBe(0)
    expect(Math.round(ladder.ibnr[9]!)).toBe(4_625_811)
  })

  test('is developed by one over what is to come', () => {
    expect(ladder.developed.at(-1)).toBe(1)
    expect(ladder.developed[0]).toBeCloseTo(
      1 / ladder.factors.reduce((product, factor) => product * factor, 1),
      12,
    )
  })
})

describe('the chain ladder', () => {
  test.each<[string, number[][]]>([
    ['no triangle', []],
    ['one number', [[5]]],
    ['nothing but zeros', [[0, 0, 0], [0, 0], [0]]],
    ['rows without anything', [[], []]],
    ['amounts that fall', [[10, 5], [10]]],
    ['amounts below zero', [[-10, 5], [-3]]],
  ])('of %s expects nothing more', (_, rows) => {
    const { totalIbnr, factors, developed } = chainLadder(rows)
    expect(totalIbnr).toBe(0)
    expect([...factors, ...developed].every(Number.isFinite)).toBe(true)
  })

  test('is never negative and never no number, and grows with what is there', () => {
    fc.assert(
      fc.property(triangle, (rows) => {
        const ladder = chainLadder(rows)
        for (const value of [...ladder.ibnr, ...ladder.ultimates, ...ladder.factors, ...ladder.developed]) {
          expect(Number.isFinite(value)).toBe(true)
          expect(value).toBeGreaterThanOrEqual(0)
        }
        for (const [age, share] of ladder.developed.entries()) {
          expect(share).toBeGreaterThanOrEqual(ladder.developed[age - 1] ?? 0)
          expect(share).toBeLessThanOrEqual(1)
        }
        for (const [origin, row] of rows.entries()) {
          expect(ladder.ultimates[origin]).toBeGreaterThanOrEqual(row.at(-1)!)
        }
      }),
    )
  })

  test('grows in proportion with all amounts, and leaves factors alone', () => {
    fc.assert(
      fc.property(triangle, (rows) => {
        const ladder = chainLadder(rows)
        const larger = chainLadder(rows.map((row) => row.map((amount) => amount * 64)))
        expect(larger.factors).toEqual(ladder.factors)
        expect(larger.totalIbnr).toBeCloseTo(ladder.totalIbnr * 64, 2)
      }),
    )
  })
})

describe('Bornhuetter–Ferguson', () => {
  test('adds the part of what was expected that is still to come', () => {
    expect(bornhuetterFerguson(30, 100, 0.4)).toBe(90)
    expect(bornhuetterFerguson(30, 100, 1)).toBe(30)
    expect(bornhuetterFerguson(0, 100, 0)).toBe(100)
    expect(bornhuetterFerguson(30, 100, 1.7)).toBe(30)
  })

  test('agrees with the chain ladder where that is what was expected', () => {
    const { developed, ultimates } = chainLadder(TAYLOR_ASHE)
    TAYLOR_ASHE.forEach((row, origin) => {
      const share = developed[row.length - 1]!
      expect(bornhuetterFerguson(row.at(-1)!, ultimates[origin]!, share)).toBeCloseTo(ultimates[origin]!, 4)
    })
  })
})
