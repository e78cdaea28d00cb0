import { FEATURE_NAMES, type FeatureName } from '../../core/analysis/risk/model.ts'
import type { Project } from './dataset.ts'
import { CALIBRATION_COMMITS, type HeldOut, meanOf } from './evaluate.ts'
import { mean } from './measures.ts'
import type { Model } from './train.ts'

/** Projects with their commits, bug rate, rate of fixes and the Brier score of always saying the project's own bug rate. */
export function describeData(projects: readonly Project[]): string {
  const rows = projects.map(({ name, commits }) => {
    const rate = mean(commits.map(({ bug }) => Number(bug)))
    const fixes = mean(commits.map(({ features }) => features.fix))
    const years = [commits[0]!, commits.at(-1)!].map(({ date }) =>
      new Date(date * 1000).toISOString().slice(0, 7),
    )
    return [
      name,
      count(commits.length),
      years.join(' to '),
      percent(rate),
      percent(fixes),
      digits(rate * (1 - rate)),
    ]
  })
  const total = projects.reduce((sum, { commits }) => sum + commits.length, 0)
  return table(
    ['project', 'commits', 'from', 'bug-inducing', 'fixes', 'Brier score of its bug rate'],
    [...rows, ['all', count(total), '', '', '', '']],
  )
}

/** AUC, Brier score and calibration error of each project, for several models side by side. */
export function describeHeldOut(models: Readonly<Record<string, readonly HeldOut[]>>): string {
  const names = Object.keys(models)
  const figures = (name: string, index: number) => {
    const all = models[name]!
    const { auc, brier, ece } = all[index] ?? meanOf(all)
    return [digits(auc), digits(brier), digits(ece)]
  }
  const projects = [...models[names[0]!]!.map(({ project }) => project), '**mean**']
  return table(
    ['held out', ...names.flatMap((name) => [`${name}: AUC`, 'Brier', 'ECE'])],
    projects.map((project, index) => [project, ...names.flatMap((name) => figures(name, index))]),
  )
}

/** What recalibration changes, on the same later commits of each project. */
export function describeRecalibration(heldOut: readonly HeldOut[]): string {
  const rows = heldOut.map(({ project, recalibrated }) => [
    project,
    ...recalibrated.flatMap(({ measured }) => [digits(measured.brier), digits(measured.ece)]),
  ])
  const means = CALIBRATION_COMMITS.flatMap((_, index) => {
    const { brier, ece } = meanOf(heldOut.map(({ recalibrated }) => recalibrated[index]!.measured))
    return [digits(brier), digits(ece)]
  })
  const names = CALIBRATION_COMMITS.map((commits) =>
    commits === 0 ? 'as shipped' : `after ${count(commits)}`,
  )
  return table(
    ['held out', ...names.flatMap((name) => [`${name}: Brier`, 'ECE'])],
    [...rows, ['**mean**', ...means]],
  )
}

/** Mean AUC of recipes that were tried. */
export function describeRecipes(recipes: Readonly<Record<string, readonly (readonly HeldOut[])[]>>): string {
  return table(
    ['recipe', 'mean AUC with `fix`', 'without'],
    Object.entries(recipes).map(([name, models]) => [
      name,
      ...models.map((one) => meanOf(one).auc.toFixed(4)),
    ]),
  )
}

export function describeModels(models: Readonly<Record<string, Model>>): string {
  const value = (model: Model, name: FeatureName) => {
    const index = model.features.indexOf(name)
    return index === -1 ? '' : model.coefficients[index]!.toFixed(4)
  }
  const all = Object.values(models)
  return table(
    ['', ...Object.keys(models)],
    [
      ['intercept', ...all.map(({ intercept }) => intercept.toFixed(4))],
      ...FEATURE_NAMES.map((name) => [`\`${name}\``, ...all.map((model) => value(model, name))]),
      [
        'standard deviation of the projects’ intercepts',
        ...all.map(({ interceptSd }) => interceptSd.toFixed(4)),
      ],
    ],
  )
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n')
}

function digits(value: number): string {
  return value.toFixed(3)
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}

function count(value: number): string {
  return value.toLocaleString('en-GB')
}
