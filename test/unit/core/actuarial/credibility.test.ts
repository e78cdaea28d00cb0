import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blend, credibility, fitCredibility } from '../../../../core/actuarial/credibility.ts'
import { HACHEMEISTER } from './published-data.ts'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const observation = fc.record({
  weight: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
  value: fc.oneof(unit, fc.double({ min: 0, max: 1e12, noNaN: true })),
})
const groups = fc.array(fc.array(observation, { maxLength: 6 }), { maxLength: 6 })

describe("Hachemeister's data", () => {
  const fit = fitCredibility(HACHEMEISTER)

  test('have the published variances', () => {
    expect(fit.processVariance).toBeCloseTo(139_120_026, -1)
    expect(fit.hypotheticalVariance).toBeCloseTo(89_638.73, 1)
    expect(fit.m).toBeCloseTo(139_120_026 / 89_638.73, 2)
  })

  test('have the published credibility factors', () => {
    expect(fit.groups.map(({ factor }) => factor.toFixed(4))).toEqual([
      '0.9847',
      '0.9276',
      '0.8985',
      '0.7279',
      '0.9588',
    ])
  })

  test('do not come to anything else in another order, or with observations that weigh nothing', () => {
    const nothing = { weight: 0, value: 1e9 }
    const turned = fitCredibility(HACHEMEISTER.map((state) => [nothing, ...state.toReversed()]).reverse())
    expect(turned.m).toBeCloseTo(fit.m!, 6)
    expect(turned.groups.map(({ factor }) => factor).reverse()[0]).toBeCloseTo(fit.groups[0]!.factor, 9)
  })
})

describe('what tells no groups apart', () => {
  const alike = [0.02, 0.02, 0.02].map((value) => ({ weight: 100, value }))
  test.each<[string, { weight: number; value: number }[][]]>([
    ['nothing', []],
    ['groups without observations', [[], []]],
    ['one group', [HACHEMEISTER[0]!]],
    ['groups with one period each', HACHEMEISTER.map((state) => state.slice(0, 1))],
    ['equal groups', [alike, alike, alike]],
    [
      'groups that differ less than their own periods do',
      [
        [
          { weight: 10, value: 0 },
          { weight: 10, value: 1 },
        ],
        [
          { weight: 10, value: 1 },
          { weight: 10, value: 0 },
        ],
      ],
    ],
    [
      'weights that are no numbers',
      [
        [
          { weight: Number.NaN, value: 1 },
          { weight: 1, value: Number.NaN },
        ],
        alike,
      ],
    ],
  ])('%s: nothing is believed', (_, observations) => {
    const { m, groups: fitted } = fitCredibility(observations)
    expect(m).toBeNull()
    expect(fitted.every(({ factor }) => factor === 0)).toBe(true)
    expect(blend(0.02, 0.9, 1_000, m)).toBe(0.02)
  })

  test('groups that never vary in themselves, and differ, are believed outright', () => {
    const other = alike.map((observed) => ({ ...observed, value: 0.5 }))
    const { m, groups: fitted } = fitCredibility([alike, other])
    expect(m).toBeCloseTo(0, 9)
    expect(fitted[1]!.factor).toBeCloseTo(1, 9)
  })
})

describe('credibility', () => {
  test('is between 0 and 1 and never no number, whatever was observed', () => {
    fc.assert(
      fc.property(groups, (observed) => {
        const { m, groups: fitted } = fitCredibility(observed)
        expect(m === null || (Number.isFinite(m) && m >= 0)).toBe(true)
        for (const { factor, mean, weight } of fitted) {
          expect(factor).toBeGreaterThanOrEqual(0)
          expect(factor).toBeLessThanOrEqual(1)
          expect(Number.isFinite(blend(0.02, mean, weight, m))).toBe(true)
        }
      }),
    )
  })

  test('does not change with the unit that is measured in', () => {
    const some = fc.array(
      fc.array(fc.record({ weight: fc.integer({ min: 1, max: 1_000 }), value: unit }), {
        minLength: 2,
        maxLength: 5,
      }),
      { minLength: 2, maxLength: 5 },
    )
    fc.assert(
      fc.property(some, (observed) => {
        const cents = observed.map((group) =>
          group.map(({ weight, value }) => ({ weight, value: value * 128 })),
        )
        expect(fitCredibility(cents).m).toBe(fitCredibility(observed).m)
      }),
    )
  })

  test('grows with what was seen, and the blend lies between both means', () => {
    const positive = fc.double({ min: 0.001, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(positive, positive, positive, unit, unit, (m, n, more, base, mean) => {
        expect(credibility(n + more, m)).toBeGreaterThanOrEqual(credibility(n, m))
        const mixed = blend(base, mean, n, m)
        expect(mixed).toBeGreaterThanOrEqual(Math.min(base, mean) - 1e-12)
        expect(mixed).toBeLessThanOrEqual(Math.max(base, mean) + 1e-12)
        expect(mixed).toBeCloseTo((m * base + n * mean) / (m + n), 6)
      }),
    )
  })
})
