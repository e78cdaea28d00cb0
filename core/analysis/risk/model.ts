import fitted from './model.json' with { type: 'json' }
import { percentileOf } from './percentile.ts'

/** What the change-risk model looks at, as Kamei et al. (2013) define it. Counts are whole and not negative. */
export interface ChangeFeatures {
  /** Lines added. */
  readonly la: number
  /** Lines deleted. */
  readonly ld: number
  /** Files touched. */
  readonly nf: number
  /** Directories touched. */
  readonly nd: number
  /** Subsystems touched: first directories. */
  readonly ns: number
  /** Shannon entropy of the touched lines over the files, in bits: not divided by log2(nf). */
  readonly entropy: number
  /** Whether the change corrects a defect; null when nobody said. */
  readonly fix: boolean | null
}

export interface Prediction {
  /** 0 to 1: that the change induces a bug, in a project of the average bug rate of those that the model knows. */
  readonly probability: number
  /** The logit of the probability. */
  readonly linear: number
  /** 0 to 1: the share of the commits that the model was fitted on, each project counting the same, that scored lower. */
  readonly percentile: number
  /**
   * 0 to 1: how far apart the probabilities are in a project one standard deviation more prone to bugs than the average
   * and in one as much less prone. Beyond what was seen in fitting it goes on towards 1, in inverse proportion to
   * how many times the greatest known value the change is; 1 for what is no measurement (NaN, negative).
   */
  readonly uncertainty: number
}

export type FeatureName = keyof ChangeFeatures

/** In the order of the coefficients. */
export const FEATURE_NAMES = [
  'la',
  'ld',
  'nf',
  'nd',
  'ns',
  'entropy',
  'fix',
] as const satisfies readonly FeatureName[]

export const MODEL_VERSION: string = fitted.version

/** The quantiles have three decimals. A score that many commits share is its quantile only when rounded like it. */
const QUANTILE_SCALE = 1000

/** What one feature adds to the linear score for each unit of its coefficient. */
export function toTerm(name: FeatureName, value: number): number {
  return name === 'entropy' || name === 'fix' ? value : Math.log1p(value)
}

/**
 * Predicts whether a change induces a bug: logistic regression on the size, the spread and the purpose of the change,
 * with a model of its own for when the purpose is not known. `docs/risk-model.md` says how it was fitted, how good it
 * is and when not to trust it.
 *
 * Never throws and never returns NaN. A value beyond the greatest that was seen in fitting counts as that one; what is
 * no number counts as the value that gives the higher probability, a negative one as 0.
 */
export function predict(features: ChangeFeatures): Prediction {
  const { fix } = features
  const model = fix === null ? fitted.without_fix : fitted.with_fix
  const values: Record<FeatureName, number> = { ...features, fix: fix === true ? 1 : 0 }
  let linear = model.intercept
  let excess = 1
  model.coefficients.forEach((coefficient, index) => {
    const name = FEATURE_NAMES[index]!
    const limit = fitted.limits[index]!
    linear += coefficient * toTerm(name, clamp(values[name], limit, coefficient))
    excess = Math.max(excess, values[name] >= 0 ? values[name] / limit : Number.POSITIVE_INFINITY)
  })
  const spread = sigmoid(linear + model.intercept_sd) - sigmoid(linear - model.intercept_sd)
  return {
    probability: sigmoid(linear),
    linear,
    percentile: percentileOf(model.quantiles, Math.round(linear * QUANTILE_SCALE) / QUANTILE_SCALE),
    uncertainty: 1 - (1 - spread) / excess,
  }
}

function clamp(value: number, limit: number, coefficient: number): number {
  if (Number.isNaN(value)) return coefficient > 0 ? limit : 0
  return Math.min(Math.max(value, 0), limit)
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}
