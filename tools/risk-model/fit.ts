// Fits the change-risk model and measures it: `node tools/risk-model/fit.ts DIRECTORY`, where DIRECTORY holds the
// projects' commits as docs/risk-model.md describes them. Writes core/analysis/risk/model.json, for `npm run format` to
// lay out, and prints the tables of docs/risk-model.md. The same data always give the same model.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { FEATURE_NAMES, type FeatureName } from '../../core/analysis/risk/model.ts'
import { type Project, readDataset } from './dataset.ts'
import { leaveOneProjectOut } from './evaluate.ts'
import type { Sign } from './logistic.ts'
import {
  describeData,
  describeHeldOut,
  describeModels,
  describeRecalibration,
  describeRecipes,
} from './report.ts'
import { type Model, type Recipe, scoreQuantiles, train } from './train.ts'

const VERSION = 'jit-lr-2026.11'
const MODEL_FILE = path.resolve(import.meta.dirname, '../../core/analysis/risk/model.json')
const MAX_MODEL_BYTES = 1024
const QUANTILES = 31
const COEFFICIENT_DIGITS = 4
const QUANTILE_DIGITS = 3

const WITH_FIX: readonly FeatureName[] = FEATURE_NAMES
const WITHOUT_FIX = FEATURE_NAMES.filter((name) => name !== 'fix')

/** A larger or more scattered change is never the safer one. */
const GROWING: Recipe['signs'] = {
  la: 'not_negative',
  nf: 'not_negative',
  nd: 'not_negative',
  ns: 'not_negative',
  entropy: 'not_negative',
  fix: 'not_negative',
}
/** Where nobody says what a file was before, all its lines count as added and none as deleted. That must not pay. */
const SHIPPED_SIGNS: Readonly<Record<string, Sign>> = { ...GROWING, ld: 'not_positive' }

const directory = process.argv[2]
if (directory === undefined) {
  console.error('usage: node tools/risk-model/fit.ts DIRECTORY')
  process.exitCode = 2
} else {
  const projects = readDataset(directory)
  const withFix = rounded(train(projects, shipped(WITH_FIX)))
  const withoutFix = rounded(train(projects, shipped(WITHOUT_FIX)))
  writeModel(projects, withFix, withoutFix)
  report(projects, withFix, withoutFix)
}

function shipped(features: readonly FeatureName[]): Recipe {
  return { features, signs: SHIPPED_SIGNS, interceptPerProject: true }
}

/** The quantiles are of the scores that the rounded coefficients give. */
function rounded(model: Model): Model {
  return {
    ...model,
    intercept: round(model.intercept, COEFFICIENT_DIGITS),
    coefficients: model.coefficients.map((value) => round(value, COEFFICIENT_DIGITS)),
    interceptSd: round(model.interceptSd, COEFFICIENT_DIGITS),
  }
}

function writeModel(projects: readonly Project[], withFix: Model, withoutFix: Model): void {
  const describe = (model: Model) => ({
    intercept: model.intercept,
    intercept_sd: model.interceptSd,
    coefficients: model.coefficients,
    quantiles: scoreQuantiles(model, projects, QUANTILES).map((value) => round(value, QUANTILE_DIGITS)),
  })
  const text = JSON.stringify({
    version: VERSION,
    features: FEATURE_NAMES,
    limits: FEATURE_NAMES.map((name) => round(greatest(projects, name), QUANTILE_DIGITS)),
    with_fix: describe(withFix),
    without_fix: describe(withoutFix),
  })
  if (text.length >= MAX_MODEL_BYTES) throw new Error(`the model takes ${text.length} bytes`)
  writeFileSync(MODEL_FILE, `${text}\n`)
}

function greatest(projects: readonly Project[], name: FeatureName): number {
  return projects.reduce(
    (most, { commits }) => commits.reduce((max, { features }) => Math.max(max, features[name]), most),
    0,
  )
}

function report(projects: readonly Project[], withFix: Model, withoutFix: Model): void {
  const measure = (recipe: Recipe) => leaveOneProjectOut(projects, recipe)
  const both = (change: Partial<Recipe>) =>
    [WITH_FIX, WITHOUT_FIX].map((features) => measure({ ...shipped(features), ...change }))
  const [heldOutWith, heldOutWithout] = both({})
  const linesAdded = measure(shipped(['la']))
  const tables = {
    Data: describeData(projects),
    Coefficients: describeModels({ 'with `fix`': withFix, without: withoutFix }),
    'Leave one project out': describeHeldOut({
      'with `fix`': heldOutWith!,
      without: heldOutWithout!,
      '`la` alone': linesAdded,
    }),
    'Recalibration, with `fix`': describeRecalibration(heldOutWith!),
    'Recalibration, without': describeRecalibration(heldOutWithout!),
    'Recipes tried': describeRecipes({
      'one intercept, any sign': both({ interceptPerProject: false, signs: {} }),
      'intercept per project, any sign': both({ signs: {} }),
      'intercept per project, nothing below 0': both({ signs: { ...GROWING, ld: 'not_negative' } }),
      'shipped: as before, but `ld` not above 0': [heldOutWith!, heldOutWithout!],
    }),
  }
  for (const [title, table] of Object.entries(tables)) console.log(`## ${title}\n\n${table}\n`)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
