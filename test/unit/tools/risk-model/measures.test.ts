import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  areaUnderCurve,
  brierScore,
  expectedCalibrationError,
  type Judged,
  standardDeviation,
} from '../../../../tools/risk-model/measures.ts'

/** Few different scores, so that many tie. */
const judged = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 10 }).map((n) => n / 10), label: fc.boolean() }),
  { minLength: 20, maxLength: 120 },
)

function repeat(score: number, positives: number, n: number): Judged[] {
  return Array.from({ length: n }, (_, i) => ({ score, label: i < positives }))
}

/** By its definition: all pairs of a positive and a negative. */
function naiveAuc(all: readonly Judged[]): number {
  let [wins, pairs] = [0, 0]
  for (const positive of all.filter(({ label }) => label)) {
    for (const negative of all.filter(({ label }) => !label)) {
      pairs++
      wins += positive.score > negative.score ? 1 : positive.score === negative.score ? 0.5 : 0
    }
  }
  return wins / pairs
}

describe('area under the curve', () => {
  test.each([
    [
      'positives above negatives',
      [
        [0.2, false],
        [0.8, true],
      ],
      1,
    ],
    [
      'below',
      [
        [0.2, true],
        [0.8, false],
      ],
      0,
    ],
    [
      'tied',
      [
        [0.5, true],
        [0.5, false],
      ],
      0.5,
    ],
    [
      'one of two pairs, and a tie',
      [
        [0.1, false],
        [0.4, true],
        [0.4, false],
        [0.9, true],
      ],
      0.875,
    ],
    ['no negative', [[0.1, true]], Number.NaN],
  ] as [string, [number, boolean][], number][])('%s', (_, rows, expected) => {
    expect(areaUnderCurve(rows.map(([score, label]) => ({ score, label })))).toBe(expected)
  })

  test('agrees with counting all pairs', () => {
    fc.assert(
      fc.property(judged, (all) => {
        fc.pre(new Set(all.map(({ label }) => label)).size === 2)
        expect(areaUnderCurve(all)).toBeCloseTo(naiveAuc(all), 12)
      }),
    )
  })
})

test.each([
  ['certain and right', [...repeat(1, 5, 5), ...repeat(0, 0, 5)], 0],
  ['certain and wrong', [...repeat(1, 0, 5), ...repeat(0, 5, 5)], 1],
  ['undecided', repeat(0.5, 3, 10), 0.25],
  ['a share said of all', repeat(0.3, 3, 10), 0.3 * 0.7],
] as [string, Judged[], number][])('Brier score: %s', (_, all, expected) => {
  expect(brierScore(all)).toBeCloseTo(expected, 12)
})

describe('expected calibration error, ten bins of equal counts', () => {
  const tenths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

  test.each([
    ['as said', tenths.flatMap((n) => repeat(n / 10, n, 10)), 0],
    ['a tenth too little everywhere', tenths.flatMap((n) => repeat(n / 10, n + 1, 10)), 0.1],
    ['too much and too little do not cancel out', [...repeat(0.2, 40, 100), ...repeat(0.6, 40, 100)], 0.2],
    ['one bin in ten is off by one half', [...repeat(0, 0, 90), ...repeat(0.5, 10, 10)], 0.05],
  ] as [string, Judged[], number][])('%s', (_, all, expected) => {
    // Ties split in their given order, so that runs of one score are shuffled evenly over their bins.
    expect(expectedCalibrationError(interleave(all))).toBeCloseTo(expected, 12)
  })

  test('counts every one once when the count is no multiple of ten', () => {
    expect(expectedCalibrationError(repeat(1, 0, 23))).toBeCloseTo(1, 12)
  })

  test('lies between the error on the whole and 1', () => {
    fc.assert(
      fc.property(judged, (all) => {
        const whole =
          Math.abs(all.reduce((sum, { score, label }) => sum + score - Number(label), 0)) / all.length
        const error = expectedCalibrationError(all)
        expect(error).toBeGreaterThanOrEqual(whole - 1e-12)
        expect(error).toBeLessThanOrEqual(1)
      }),
    )
  })
})

test('standard deviation, of a sample', () => {
  expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12)
})

/** Takes every tenth in turn: each ten in a row of one score have its share of positives. */
function interleave(all: readonly Judged[]): Judged[] {
  const scores = [...new Set(all.map(({ score }) => score))]
  return scores.flatMap((score) => {
    const same = all.filter((one) => one.score === score)
    const bins = same.length / 10
    return Array.from({ length: same.length }, (_, i) => same[Math.floor(i / 10) + (i % 10) * bins]!)
  })
}
