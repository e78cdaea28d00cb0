import { describe, expect, test } from 'vitest'
import { fitLogistic, type Sample } from '../../../../tools/risk-model/logistic.ts'
import { makeRandom } from './support.ts'

/** Samples that follow `label ~ logistic(intercepts[group] + coefficients · terms)`. */
function simulate(count: number, intercepts: readonly number[], coefficients: readonly number[]): Sample[] {
  const random = makeRandom(7)
  return Array.from({ length: count }, () => {
    const group = Math.floor(random() * intercepts.length)
    const terms = coefficients.map(() => 4 * random() - 2)
    const linear = terms.reduce((sum, term, i) => sum + coefficients[i]! * term, intercepts[group]!)
    return { terms, label: random() < 1 / (1 + Math.exp(-linear)), group, weight: 1 }
  })
}

/** `n` samples of one term, of which `positives` are positive. */
function repeat(term: number, positives: number, n: number): Sample[] {
  return Array.from({ length: n }, (_, i) => ({ terms: [term], label: i < positives, group: 0, weight: 1 }))
}

const FREE = { groups: 1, signs: ['any'], ridge: 0 } as const

test('recovers the coefficients and intercepts that made the data', () => {
  const samples = simulate(40_000, [-1.5, 0.5], [0.8, -0.4, 0])
  const fit = fitLogistic(samples, { groups: 2, signs: ['any', 'any', 'any'], ridge: 1 })
  // Six standard errors, which are near 0.013 for a coefficient and 0.02 for an intercept.
  const expectNear = (found: readonly number[], wanted: readonly number[], error: number) => {
    found.forEach((value, i) => {
      expect(Math.abs(value - wanted[i]!)).toBeLessThan(error)
    })
  }
  expectNear(fit.coefficients, [0.8, -0.4, 0], 0.08)
  expectNear(fit.intercepts, [-1.5, 0.5], 0.12)
})

test('one yes-or-no term: the log odds ratio, exactly', () => {
  const fit = fitLogistic([...repeat(0, 20, 100), ...repeat(1, 60, 100)], FREE)
  expect(fit.intercepts[0]).toBeCloseTo(Math.log(20 / 80), 8)
  expect(fit.coefficients[0]).toBeCloseTo(Math.log(60 / 40) - Math.log(20 / 80), 8)
})

test('a weight of two is as good as the sample twice', () => {
  const samples = simulate(300, [0.2], [1])
  const doubled = samples.map((sample, i) => ({ ...sample, weight: i % 3 === 0 ? 2 : 1 }))
  const repeated = samples.flatMap((sample, i) => (i % 3 === 0 ? [sample, sample] : [sample]))
  const [weighted, twice] = [fitLogistic(doubled, FREE), fitLogistic(repeated, FREE)]
  expect(weighted.coefficients[0]).toBeCloseTo(twice.coefficients[0]!, 8)
  expect(weighted.coefficients[0]).not.toBeCloseTo(fitLogistic(samples, FREE).coefficients[0]!, 8)
})

describe('signs', () => {
  const samples = simulate(4_000, [0], [0.6, -0.5])

  test('a coefficient on the wrong side is 0, and the others are as without its term', () => {
    const held = fitLogistic(samples, { groups: 1, signs: ['any', 'not_negative'], ridge: 1 })
    const alone = fitLogistic(
      samples.map((sample) => ({ ...sample, terms: [sample.terms[0]!] })),
      { groups: 1, signs: ['any'], ridge: 1 },
    )
    expect(held.coefficients[1]).toBe(0)
    expect(held.coefficients[0]).toBeCloseTo(alone.coefficients[0]!, 7)
  })

  test('one on the right side is left alone', () => {
    const free = fitLogistic(samples, { groups: 1, signs: ['any', 'any'], ridge: 1 })
    const held = fitLogistic(samples, { groups: 1, signs: ['not_negative', 'not_positive'], ridge: 1 })
    held.coefficients.forEach((value, i) => {
      expect(value).toBeCloseTo(free.coefficients[i]!, 8)
    })
    expect(free.coefficients[0]).toBeGreaterThan(0)
    expect(free.coefficients[1]).toBeLessThan(0)
  })
})

describe('the ridge', () => {
  test('shrinks coefficients', () => {
    const samples = simulate(500, [0], [1])
    const at = (ridge: number) => fitLogistic(samples, { ...FREE, ridge }).coefficients[0]!
    expect(at(1000)).toBeLessThan(at(1) / 2)
    expect(at(1000)).toBeGreaterThan(0)
  })

  test('makes a fit of separated labels and of a term twice possible', () => {
    const separated = [...repeat(-1, 0, 50), ...repeat(1, 50, 50)]
    expect(fitLogistic(separated, { ...FREE, ridge: 1 }).coefficients[0]).toBeGreaterThan(1)
    const twice = simulate(500, [0], [1]).map((sample) => ({
      ...sample,
      terms: [...sample.terms, ...sample.terms],
    }))
    const [first, second] = fitLogistic(twice, { groups: 1, signs: ['any', 'any'], ridge: 1 }).coefficients
    expect(first).toBeCloseTo(second!, 6)
  })
})

test('says so when there is no optimum', () => {
  expect(() => fitLogistic(repeat(0.5, 20, 20), { ...FREE, ridge: 1 })).toThrow('did not converge')
})
