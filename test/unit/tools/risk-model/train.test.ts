import { describe, expect, test } from 'vitest'
import { FEATURE_NAMES } from '../../../../core/analysis/risk/model.ts'
import type { Project } from '../../../../tools/risk-model/dataset.ts'
import { leaveOneProjectOut, meanOf } from '../../../../tools/risk-model/evaluate.ts'
import { areaUnderCurve, type Judged, mean } from '../../../../tools/risk-model/measures.ts'
import {
  linearScore,
  type Model,
  probabilityOf,
  scoreQuantiles,
  train,
} from '../../../../tools/risk-model/train.ts'
import { makeProject } from './support.ts'

const RECIPE = { features: FEATURE_NAMES, signs: {}, interceptPerProject: true } as const
/** One law of size and purpose, two base rates, and sizes that differ twentyfold. */
const PROJECTS = [
  makeProject('careful', 20_000, { intercept: -3, la: 0.5, fix: 0.7 }, 1),
  makeProject('hasty', 1_000, { intercept: -1, la: 0.5, fix: 0.7 }, 2),
]

describe('train', () => {
  const model = train(PROJECTS, RECIPE)
  const coefficient = (name: (typeof FEATURE_NAMES)[number]) =>
    model.coefficients[model.features.indexOf(name)]!

  test('finds the law that projects of different bug rates have in common', () => {
    expect(coefficient('la')).toBeGreaterThan(0.4)
    expect(coefficient('la')).toBeLessThan(0.6)
    expect(coefficient('fix')).toBeGreaterThan(0.45)
    expect(coefficient('fix')).toBeLessThan(0.95)
    for (const name of ['ld', 'nf', 'nd', 'ns', 'entropy'] as const) {
      expect(Math.abs(coefficient(name))).toBeLessThan(0.2)
    }
  })

  test('says how far the projects’ own intercepts are apart', () => {
    // Of −3 and −1, as of a sample: the square root of 2.
    expect(model.interceptSd).toBeGreaterThan(1.2)
    expect(model.interceptSd).toBeLessThan(1.65)
  })

  test('its mean probability is the mean bug rate, each project counting the same', () => {
    const said = PROJECTS.map(({ commits }) => mean(commits.map((commit) => probabilityOf(model, commit))))
    const happened = PROJECTS.map(({ commits }) => mean(commits.map(({ bug }) => Number(bug))))
    expect(mean(said)).toBeCloseTo(mean(happened), 8)
  })

  test('keeps to the signs that are asked for', () => {
    const held = train(PROJECTS, { ...RECIPE, signs: { la: 'not_positive', fix: 'not_negative' } })
    expect(held.coefficients[0]).toBe(0)
    expect(held.coefficients.at(-1)).toBeGreaterThan(0)
  })

  test('is the same each time', () => {
    expect(train(PROJECTS, RECIPE)).toEqual(model)
  })
})

test('quantiles of the scores, each project counting the same', () => {
  const model = { features: ['la'], intercept: 0, coefficients: [1], interceptSd: 0 } as const
  const quantiles = scoreQuantiles(model, PROJECTS, 5)
  expect(quantiles).toHaveLength(5)
  const scores = PROJECTS.map(({ commits }) => commits.map((commit) => linearScore(model, commit)))
  expect(quantiles[0]).toBe(Math.min(...scores.flat()))
  expect(quantiles[4]).toBe(Math.max(...scores.flat()))
  quantiles.slice(1, -1).forEach((quantile, i) => {
    const below = mean(scores.map((own) => own.filter((score) => score < quantile).length / own.length))
    const upTo = mean(scores.map((own) => own.filter((score) => score <= quantile).length / own.length))
    expect(below).toBeLessThanOrEqual((i + 1) / 4 + 1e-9)
    expect(upTo).toBeGreaterThanOrEqual((i + 1) / 4 - 1e-9)
  })
})

describe('leave one project out', () => {
  const law = { intercept: -2, la: 0.6, fix: 0.5 }
  const alike = [1, 2, 3].map((seed) => makeProject(`p${seed}`, 3_000, law, seed))

  test('a project that is like the others is predicted and calibrated well', () => {
    const heldOut = leaveOneProjectOut(alike, RECIPE)
    expect(heldOut.map(({ project }) => project)).toEqual(['p1', 'p2', 'p3'])
    const { auc, ece } = meanOf(heldOut)
    expect(auc).toBeGreaterThan(0.7)
    expect(ece).toBeLessThan(0.04)
  })

  test('it is measured by a model that has not seen it', () => {
    const weak = makeProject('weak', 3_000, { intercept: -1, la: 0.3, fix: 0 }, 4)
    // Strong enough that a model that had seen both would follow it.
    const contrary = makeProject('contrary', 3_000, { intercept: 2, la: -0.9, fix: 0 }, 5)
    expect(areaUnderCurve(judge(train([weak, contrary], RECIPE), contrary))).toBeGreaterThan(0.6)
    expect(leaveOneProjectOut([weak, contrary], RECIPE)[1]!.auc).toBeLessThan(0.4)
  })

  test('recalibration is measured on none of the commits that it rests on', () => {
    const later = makeProject('p4', 3_000, law, 6)
    const commits = later.commits.map((commit, i) => (i < 1000 ? { ...commit, bug: i % 2 === 0 } : commit))
    const measured = [later, { ...later, commits }].map(
      (last) => leaveOneProjectOut([...alike, last], RECIPE)[3]!,
    )
    expect(measured[1]!.brier).not.toBeCloseTo(measured[0]!.brier, 2)
    expect(measured[1]!.recalibrated[0]).toEqual(measured[0]!.recalibrated[0])
  })

  test('its own outcomes mend another base rate', () => {
    const hasty = makeProject('hasty', 3_000, { ...law, intercept: 0 }, 5)
    const { recalibrated } = leaveOneProjectOut([...alike, hasty], RECIPE).at(-1)!
    expect(recalibrated.map(({ commits }) => commits)).toEqual([0, 200, 1000])
    const [before, , after] = recalibrated.map(({ measured }) => measured)
    expect(before!.ece).toBeGreaterThan(0.2)
    expect(after!.ece).toBeLessThan(0.06)
    expect(after!.brier).toBeLessThan(before!.brier)
    expect(after!.auc).toBeCloseTo(before!.auc, 10)
  })
})

function judge(model: Model, { commits }: Project): Judged[] {
  return commits.map((commit) => ({ score: probabilityOf(model, commit), label: commit.bug }))
}
