import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Cohort,
  estimateIbnr,
  MIN_PATTERN_CLAIMS,
  MIN_PATTERN_MONTHS,
} from '../../../../core/actuarial/ibnr.ts'
import { TAYLOR_ASHE } from './published-data.ts'

const cohort = (more: Partial<Cohort> = {}): Cohort => ({
  incurred: 0,
  expected: 1_000,
  earned: 0.5,
  known: 0.3,
  age: 1,
  ...more,
})
/** Half of it is known at the end of the first month, all of it from the second on. */
const TRIANGLE = Array.from({ length: MIN_PATTERN_MONTHS }, (_, row) =>
  Array.from({ length: MIN_PATTERN_MONTHS - row }, (_, age) => (age === 0 ? 40 : 100)),
)

describe('a young book', () => {
  test('reserves what the cover of the last days is expected to cost', () => {
    const { cohorts, total, pattern } = estimateIbnr([cohort()], [], 0)
    expect(pattern).toBe('prior')
    expect(cohorts[0]).toMatchObject({ method: 'bornhuetter_ferguson', developed: 0.3 })
    expect(total).toBeCloseTo(200, 9)
  })

  test('adds nothing for cover that has not run: unearned premium is there for it', () => {
    expect(estimateIbnr([cohort({ earned: 0, known: 0 })], [], 0).total).toBe(0)
  })

  test('reserves nothing for months that are over and known', () => {
    expect(estimateIbnr([cohort({ earned: 1, known: 1, incurred: 5_000 })], [], 0).total).toBe(0)
  })

  test.each([
    ['too few months', TRIANGLE.slice(1), MIN_PATTERN_CLAIMS],
    ['too few claims', TRIANGLE, MIN_PATTERN_CLAIMS - 1],
  ])('with %s has no pattern of its own', (_, triangle, claims) => {
    expect(estimateIbnr([cohort()], triangle, claims).pattern).toBe('prior')
  })
})

describe('a book with a pattern', () => {
  const estimate = (more: Partial<Cohort>) =>
    estimateIbnr([cohort({ earned: 1, ...more })], TRIANGLE, MIN_PATTERN_CLAIMS)

  test('takes the chain ladder for months of which half is known', () => {
    const { cohorts } = estimate({ incurred: 100, age: 2 })
    expect(cohorts[0]).toEqual({ method: 'chain_ladder', developed: 1, ultimate: 100, ibnr: 0 })
    const halfway = estimate({ incurred: 70, age: 1.5 })
    expect(halfway.cohorts[0]).toMatchObject({ method: 'chain_ladder' })
    expect(halfway.cohorts[0]!.developed).toBeCloseTo(0.7, 9)
    expect(halfway.total).toBeCloseTo(30, 9)
  })

  test('takes Bornhuetter–Ferguson for the others', () => {
    const { cohorts, total } = estimate({ incurred: 500, age: 1 })
    expect(cohorts[0]).toMatchObject({ method: 'bornhuetter_ferguson', ultimate: 1_100 })
    expect(total).toBeCloseTo(600, 9)
  })

  test('comes to the published IBNR of a triangle whose months are all over', () => {
    const cohorts = TAYLOR_ASHE.map((row) =>
      cohort({ incurred: row.at(-1)!, age: row.length, earned: 1, expected: 0 }),
    )
    const { cohorts: found } = estimateIbnr(cohorts, TAYLOR_ASHE, 1_000)
    const mature = found.filter(({ method }) => method === 'chain_ladder')
    expect(mature.map(({ developed }) => developed >= 0.5)).not.toContain(false)
    // Published, by origin: 0, 94,634, 469,511, 709,638, 984,889, 1,419,459, 2,177,641.
    expect(mature.map(({ ibnr }) => Math.round(ibnr))).toEqual([
      0, 94_634, 469_511, 709_638, 984_889, 1_419_459, 2_177_641,
    ])
  })
})

describe('the reserve', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  /** Micro-USD. */
  const amount = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e15 }))
  const any = fc.record({
    incurred: fc.oneof(amount, fc.integer({ min: -1e9, max: 0 })),
    expected: amount,
    earned: share,
    known: share,
    age: fc.double({ min: 0, max: 40, noNaN: true }),
  })
  const triangles = fc.constantFrom<number[][]>([], TRIANGLE, [[0, 0, 0, 0, 0, 0, 0]], [[-5, 1, 2, 3, 4, 5]])

  test('is never negative and never no number', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), triangles, (cohorts, triangle) => {
        const { cohorts: found, total } = estimateIbnr(cohorts, triangle, MIN_PATTERN_CLAIMS)
        for (const { ibnr, ultimate, developed } of found) {
          expect(ibnr).toBeGreaterThanOrEqual(0)
          expect(Number.isFinite(ultimate) && developed >= 0 && developed <= 1).toBe(true)
        }
        expect(Number.isFinite(total)).toBe(true)
      }),
    )
  })

  test('grows with what was expected, and in proportion with all amounts', () => {
    fc.assert(
      fc.property(any, amount, triangles, (one, more, triangle) => {
        const of = (changed: Cohort) => estimateIbnr([changed], triangle, MIN_PATTERN_CLAIMS).total
        expect(of({ ...one, expected: one.expected + more })).toBeGreaterThanOrEqual(of(one) - 1)
        const scaled = of({ ...one, incurred: one.incurred * 2, expected: one.expected * 2 })
        expect(Math.abs(scaled - of(one) * 2)).toBeLessThanOrEqual(1)
      }),
    )
  })
})
