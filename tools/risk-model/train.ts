import { type FeatureName, toTerm } from '../../core/analysis/risk/model.ts'
import type { Commit, Project } from './dataset.ts'
import { type Fit, fitLogistic, type Sample, type Sign } from './logistic.ts'
import { mean, standardDeviation } from './measures.ts'

/** How a model is fitted. */
export interface Recipe {
  readonly features: readonly FeatureName[]
  /** `any` for those not named. */
  readonly signs: Readonly<Partial<Record<FeatureName, Sign>>>
  /** An intercept for each project while fitting, so that the coefficients compare commits within a project alone. */
  readonly interceptPerProject: boolean
}

export interface Model {
  readonly features: readonly FeatureName[]
  readonly intercept: number
  readonly coefficients: readonly number[]
  /** Standard deviation of the projects' own intercepts; 0 where they share one. */
  readonly interceptSd: number
}

/** Weak: features are standardised, and the weights add up to tens of thousands. It keeps the equations solvable. */
const RIDGE = 1
const BISECTIONS = 80

/**
 * Fits one model to several projects, each of which weighs the same however many commits it has. Features are
 * divided by their standard deviation while fitting, so that the ridge treats them alike.
 *
 * With an intercept per project, the model's own is the one with which its mean probability is the mean bug rate.
 */
export function train(projects: readonly Project[], recipe: Recipe): Model {
  const { features } = recipe
  const scales = features.map((name) =>
    standardDeviation(projects.flatMap(({ commits }) => commits.map((commit) => termOf(commit, name)))),
  )
  const total = projects.reduce((sum, { commits }) => sum + commits.length, 0)
  const samples = projects.flatMap(({ commits }, index): Sample[] =>
    commits.map((commit) => ({
      terms: features.map((name, i) => termOf(commit, name) / scales[i]!),
      label: commit.bug,
      group: recipe.interceptPerProject ? index : 0,
      weight: total / projects.length / commits.length,
    })),
  )
  const fit = fitLogistic(samples, {
    groups: recipe.interceptPerProject ? projects.length : 1,
    signs: features.map((name) => recipe.signs[name] ?? 'any'),
    ridge: RIDGE,
  })
  return {
    features,
    intercept: fit.intercepts.length === 1 ? fit.intercepts[0]! : commonIntercept(samples, fit),
    coefficients: fit.coefficients.map((value, i) => value / scales[i]!),
    interceptSd: fit.intercepts.length === 1 ? 0 : standardDeviation(fit.intercepts),
  }
}

/** The logit that a model gives to a commit. */
export function linearScore(model: Model, commit: Commit): number {
  return model.features.reduce(
    (sum, name, i) => sum + model.coefficients[i]! * termOf(commit, name),
    model.intercept,
  )
}

export function probabilityOf(model: Model, commit: Commit): number {
  return 1 / (1 + Math.exp(-linearScore(model, commit)))
}

/** Evenly spaced quantiles of the scores, from the least to the greatest, each project weighing the same. */
export function scoreQuantiles(model: Model, projects: readonly Project[], count: number): number[] {
  const scored = projects
    .flatMap(({ commits }) =>
      commits.map((commit) => ({ score: linearScore(model, commit), weight: 1 / commits.length })),
    )
    .sort((a, b) => a.score - b.score)
  const quantiles = [scored[0]!.score]
  let passed = 0
  for (const { score, weight } of scored) {
    passed += weight / projects.length
    while (quantiles.length < count - 1 && passed >= quantiles.length / (count - 1)) quantiles.push(score)
  }
  return [...quantiles, scored.at(-1)!.score]
}

/** Where the mean probability is the mean bug rate; the first grows with the intercept. */
function commonIntercept(samples: readonly Sample[], fit: Fit): number {
  const scores = samples.map(({ terms }) =>
    terms.reduce((sum, term, i) => sum + fit.coefficients[i]! * term, 0),
  )
  const wanted = mean(samples.map(({ label, weight }) => weight * Number(label)))
  let [low, high] = [Math.min(...fit.intercepts), Math.max(...fit.intercepts)]
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2
    const reached = mean(scores.map((score, k) => samples[k]!.weight / (1 + Math.exp(-middle - score))))
    if (reached < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function termOf(commit: Commit, name: FeatureName): number {
  return toTerm(name, commit.features[name])
}
