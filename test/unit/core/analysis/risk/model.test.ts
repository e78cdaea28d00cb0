import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import fitted from '../../../../../core/analysis/risk/model.json' with { type: 'json' }
import {
  type ChangeFeatures,
  FEATURE_NAMES,
  MODEL_VERSION,
  type Prediction,
  predict,
} from '../../../../../core/analysis/risk/model.ts'

const SMALL: ChangeFeatures = { la: 10, ld: 2, nf: 1, nd: 1, ns: 1, entropy: 0, fix: null }
const LARGE: ChangeFeatures = { la: 500, ld: 20, nf: 8, nd: 4, ns: 2, entropy: 2.5, fix: null }

const count = fc.nat(200_000)
const anyFeatures: fc.Arbitrary<ChangeFeatures> = fc.record({
  la: count,
  ld: count,
  nf: fc.nat(2_000),
  nd: fc.nat(2_000),
  ns: fc.nat(200),
  entropy: fc.double({ min: 0, max: 12, noNaN: true }),
  fix: fc.constantFrom(true, false, null),
})

/** A published version says the same for ever: whoever fits anew gives the model another version and these figures. */
test.each([
  ['small, purpose not known', SMALL, 0.233067],
  ['small, no correction', { ...SMALL, fix: false }, 0.182407],
  ['small, a correction', { ...SMALL, fix: true }, 0.305164],
  ['large, purpose not known', LARGE, 0.761846],
  ['nothing at all', { la: 0, ld: 0, nf: 0, nd: 0, ns: 0, entropy: 0, fix: null }, 0.067063],
])('jit-lr-2026.11: %s', (_, features, probability) => {
  expect(MODEL_VERSION).toBe('jit-lr-2026.11')
  expect(predict(features).probability).toBeCloseTo(probability, 6)
})

describe('the shipped file', () => {
  test('takes less than 1 KB', () => {
    const file = new URL('../../../../../core/analysis/risk/model.json', import.meta.url)
    expect(readFileSync(file).length).toBeLessThan(1024)
  })

  test('has a coefficient and a limit for each feature, and quantiles that ascend', () => {
    expect(fitted.features).toEqual(FEATURE_NAMES)
    expect(fitted.limits).toHaveLength(FEATURE_NAMES.length)
    expect(fitted.with_fix.coefficients).toHaveLength(FEATURE_NAMES.length)
    expect(fitted.without_fix.coefficients).toHaveLength(FEATURE_NAMES.length - 1)
    expect(FEATURE_NAMES.at(-1)).toBe('fix')
    for (const { quantiles } of [fitted.with_fix, fitted.without_fix]) {
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b))
      expect(quantiles.at(-1)).toBeGreaterThan(quantiles[0]!)
    }
  })
})

test('the figures hold together', () => {
  fc.assert(
    fc.property(anyFeatures, (features) => {
      const { probability, linear, percentile, uncertainty } = predict(features)
      expect(probability).toBeCloseTo(1 / (1 + Math.exp(-linear)), 12)
      for (const figure of [probability, percentile, uncertainty]) {
        expect(figure).toBeGreaterThanOrEqual(0)
        expect(figure).toBeLessThanOrEqual(1)
      }
    }),
  )
})

describe('what never lowers the probability and the percentile', () => {
  test.each(['la', 'nf', 'nd', 'ns', 'entropy'] as const)('more %s', (name) => {
    fc.assert(
      fc.property(anyFeatures, count, (features, more) => {
        expectNoLower(predict({ ...features, [name]: features[name] + more }), predict(features))
      }),
    )
  })

  test('to be a correction', () => {
    fc.assert(
      fc.property(anyFeatures, (features) => {
        expectNoLower(predict({ ...features, fix: true }), predict({ ...features, fix: false }))
      }),
    )
  })

  test('not to say what the files were before: more lines added, none deleted, any entropy', () => {
    fc.assert(
      fc.property(
        anyFeatures,
        count,
        fc.double({ min: 0, max: 12, noNaN: true }),
        (features, more, entropy) => {
          const withheld = { ...features, la: features.la + more, ld: 0, entropy }
          expectNoLower(predict(withheld), predict(features))
        },
      ),
    )
  })
})

test('ranks a large scattered change far above a small one', () => {
  expect(predict(SMALL).percentile).toBeLessThan(0.5)
  expect(predict(LARGE).percentile).toBeGreaterThan(0.95)
})

test('the score that most commits share is above none of them', () => {
  const line: ChangeFeatures = { la: 1, ld: 0, nf: 1, nd: 1, ns: 1, entropy: 0, fix: null }
  for (const [fix, { quantiles }] of [
    [null, fitted.without_fix],
    [false, fitted.with_fix],
  ] as const) {
    const { linear, percentile } = predict({ ...line, fix })
    const first = quantiles.indexOf(Number(linear.toFixed(3)))
    expect(first).toBeGreaterThan(0)
    expect(quantiles[first + 1]).toBe(quantiles[first])
    expect(percentile).toBeCloseTo(first / (quantiles.length - 1), 12)
  }
})

describe('what was never seen in fitting', () => {
  const limits = Object.fromEntries(FEATURE_NAMES.map((name, index) => [name, fitted.limits[index]!]))

  test.each(['la', 'nf', 'ns'] as const)('%s beyond the greatest counts as the greatest', (name) => {
    const most = predict({ ...SMALL, [name]: limits[name]! })
    const beyond = predict({ ...SMALL, [name]: limits[name]! * 4 })
    expect(beyond.probability).toBe(most.probability)
    expect(1 - beyond.uncertainty).toBeCloseTo((1 - most.uncertainty) / 4, 12)
  })

  test('uncertainty there grows with the distance, whichever feature it is', () => {
    for (const name of ['la', 'ld', 'nf', 'nd', 'ns', 'entropy'] as const) {
      const at = (times: number) => predict({ ...SMALL, [name]: limits[name]! * times }).uncertainty
      expect(at(2)).toBeGreaterThan(at(1))
      expect(at(1000)).toBeGreaterThan(0.99)
    }
  })

  test('what is no measurement gives numbers all the same, no lower probability, and full uncertainty', () => {
    const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, Number.NEGATIVE_INFINITY)
    const name = fc.constantFrom('la', 'ld', 'nf', 'nd', 'ns', 'entropy')
    fc.assert(
      fc.property(anyFeatures, name, odd, (features, which, value) => {
        const prediction = predict({ ...features, [which]: value })
        expect(Object.values(prediction).every(Number.isFinite)).toBe(true)
        expect(prediction.uncertainty).toBe(1)
        if (!(value < 0)) expectNoLower(prediction, predict(features))
      }),
    )
  })
})

test('a change of unknown purpose is the less certain one', () => {
  expect(predict(LARGE).uncertainty).toBeGreaterThan(predict({ ...LARGE, fix: true }).uncertainty)
  expect(predict(SMALL).uncertainty).toBeGreaterThan(predict({ ...SMALL, fix: false }).uncertainty)
})

function expectNoLower(higher: Prediction, lower: Prediction): void {
  // Sums of the same terms may differ in their last bit.
  expect(higher.probability).toBeGreaterThanOrEqual(lower.probability - 1e-12)
  expect(higher.percentile).toBeGreaterThanOrEqual(lower.percentile)
}
