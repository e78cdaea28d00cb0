import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Calibration,
  calibrate,
  fitCalibration,
  MIN_OUTCOMES,
  MIN_OUTCOMES_PER_CLASS,
  type Outcome,
} from '../../../../../core/analysis/risk/calibrate.ts'

const probability = fc.double({ min: 0, max: 1, noNaN: true })
const outcome: fc.Arbitrary<Outcome> = fc.record({ probability, happened: fc.boolean() })
const enough = fc.array(outcome, { minLength: 260, maxLength: 400 })

/** Outcomes in fixed proportions: at each probability p, the share `happens(p)` of 100 happened. */
function outcomesOf(happens: (p: number) => number): Outcome[] {
  return [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].flatMap((p) =>
    Array.from({ length: 100 }, (_, i) => ({ probability: p, happened: i < Math.round(100 * happens(p)) })),
  )
}

function brier(outcomes: readonly Outcome[], calibration: Calibration | null): number {
  const errors = outcomes.map(
    ({ probability: p, happened }) => (calibrate(calibration, p) - Number(happened)) ** 2,
  )
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}

const logit = (p: number) => Math.log(p / (1 - p))
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))

describe('when there is a calibration', () => {
  const mixed = (total: number, positives: number) =>
    Array.from({ length: total }, (_, i) => ({ probability: 0.3, happened: i < positives }))

  test.each([
    ['none', 0, 0, false],
    ['one too few', MIN_OUTCOMES - 1, 50, false],
    ['just enough', MIN_OUTCOMES, 50, true],
    ['nothing happened', 500, 0, false],
    ['too little happened', 500, MIN_OUTCOMES_PER_CLASS - 1, false],
    ['just enough happened', 500, MIN_OUTCOMES_PER_CLASS, true],
    ['nearly everything happened', 500, 500 - MIN_OUTCOMES_PER_CLASS + 1, false],
  ])('%s', (_, total, positives, expected) => {
    expect(fitCalibration(mixed(total, positives)) !== null).toBe(expected)
  })

  test('what is no probability does not count', () => {
    const odd = [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY].map((p) => ({
      probability: p,
      happened: true,
    }))
    expect(fitCalibration([...mixed(MIN_OUTCOMES - 1, 50), ...odd])).toBeNull()
    expect(fitCalibration([...mixed(MIN_OUTCOMES, 50), ...odd])).toEqual(
      fitCalibration(mixed(MIN_OUTCOMES, 50)),
    )
  })
})

describe('what it learns', () => {
  test('nothing from outcomes that are as predicted', () => {
    const calibration = fitCalibration(outcomesOf((p) => p))!
    expect(calibration.slope).toBeCloseTo(1, 1)
    expect(calibration.intercept).toBeCloseTo(0, 1)
    expect(calibration).toMatchObject({ method: 'platt', outcomes: 600 })
  })

  test('another base rate', () => {
    const shifted = (p: number) => sigmoid(logit(p) - 1)
    const calibration = fitCalibration(outcomesOf(shifted))!
    for (const p of [0.1, 0.35, 0.6]) expect(calibrate(calibration, p)).toBeCloseTo(shifted(p), 1)
    expect(calibration.intercept).toBeCloseTo(-1, 1)
  })

  test('that the model was too sure of itself', () => {
    const calibration = fitCalibration(outcomesOf((p) => sigmoid(0.5 * logit(p))))!
    expect(calibration.slope).toBeCloseTo(0.5, 1)
  })

  test('Platt’s targets: where the model says one thing only, the smoothed share', () => {
    const same = Array.from({ length: 300 }, (_, i) => ({ probability: 0.4, happened: i < 60 }))
    const smoothed = (60 * (61 / 62) + 240 / 242) / 300
    expect(calibrate(fitCalibration(same), 0.4)).toBeCloseTo(smoothed, 6)
  })

  test('no order the other way round', () => {
    const calibration = fitCalibration(outcomesOf((p) => 0.8 - p))!
    expect(calibration.slope).toBe(0)
    expect(calibrate(calibration, 0.1)).toBe(calibrate(calibration, 0.9))
    // What happened on the whole: 0.8 less the mean of the probabilities.
    expect(calibrate(calibration, 0.5)).toBeCloseTo(0.45, 2)
  })

  test('all from outcomes that the model separates', () => {
    const calibration = fitCalibration(outcomesOf((p) => Number(p > 0.35)))!
    expect(Number.isFinite(calibration.slope)).toBe(true)
    expect(calibrate(calibration, 0.3)).toBeLessThan(0.05)
    expect(calibrate(calibration, 0.4)).toBeGreaterThan(0.95)
  })

  test('the few that happened, where a whole Newton step would overshoot', () => {
    const rare = Array.from({ length: 1010 }, (_, i) => ({ probability: i < 10 ? 1 : 0, happened: i < 10 }))
    const calibration = fitCalibration(rare)
    // Platt's targets are the optimum here: the model says two things, and the line goes through both.
    expect(calibrate(calibration, 1)).toBeCloseTo(11 / 12, 4)
    expect(calibrate(calibration, 0)).toBeCloseTo(1 / 1002, 4)
  })

  test.each([
    ['shifted down', (p: number) => p / 4],
    ['shifted up', (p: number) => 0.4 + p / 2],
    ['too sure', (p: number) => 0.3 + p / 10],
    ['the other way round', (p: number) => 0.8 - p],
  ])('improves the Brier score: %s', (_, happens) => {
    const outcomes = outcomesOf(happens)
    const before = brier(outcomes, null)
    expect(brier(outcomes, fitCalibration(outcomes))).toBeLessThan(before - 0.005)
  })
})

describe('for any outcomes', () => {
  test('never falls when the model’s probability rises, and stays within 0 and 1', () => {
    fc.assert(
      fc.property(enough, probability, probability, (outcomes, a, b) => {
        const calibration = fitCalibration(outcomes)
        const low = calibrate(calibration, Math.min(a, b))
        const high = calibrate(calibration, Math.max(a, b))
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        // The last bit of exp is not monotone everywhere.
        expect(low).toBeLessThanOrEqual(high + 1e-12)
      }),
    )
  })

  test('survives JSON', () => {
    fc.assert(
      fc.property(enough, (outcomes) => {
        const calibration = fitCalibration(outcomes)
        fc.pre(calibration !== null)
        expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration)
        expect(calibration!.slope).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

test.each([
  [0.25, 0.25],
  [-1, 0],
  [2, 1],
  [Number.NaN, 1],
])('without a calibration %d is %d', (given, expected) => {
  expect(calibrate(null, given)).toBe(expected)
})
