export interface Sample {
  readonly terms: readonly number[]
  readonly label: boolean
  /** From 0; each group has an intercept of its own. */
  readonly group: number
  readonly weight: number
}

/** What a coefficient may be. */
export type Sign = 'any' | 'not_negative' | 'not_positive'

export interface Options {
  readonly groups: number
  /** One for each term. */
  readonly signs: readonly Sign[]
  /** Penalty: half of it times the sum of the squared coefficients. The intercepts are not penalised. */
  readonly ridge: number
}

export interface Fit {
  readonly intercepts: readonly number[]
  readonly coefficients: readonly number[]
}

const MAX_ITERATIONS = 100
const MAX_SWEEPS = 100_000
/** The largest change of a parameter that ends an iteration. */
const TOLERANCE = 1e-9
const SWEEP_TOLERANCE = 1e-12

/**
 * Logistic regression with an intercept for each group, a ridge (le Cessie & van Houwelingen, 1992) and signs that
 * coefficients must keep: iteratively reweighted least squares (McCullagh & Nelder, 1989), each step of which is the
 * minimum, within the signs, of the quadratic approximation, found by coordinate descent (Friedman, Hastie &
 * Tibshirani, 2010). The problem is convex: what it converges to is the one optimum.
 *
 * @throws {Error} when it does not converge, as where a group has but one label
 */
export function fitLogistic(samples: readonly Sample[], options: Options): Fit {
  const bounds = [...Array<Sign>(options.groups).fill('any'), ...options.signs].map(boundsOf)
  const parameters = new Float64Array(bounds.length)
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const { gradient, curvature } = approximate(samples, parameters, options)
    const step = minimise(gradient, curvature, parameters, bounds)
    let largest = 0
    step.forEach((change, index) => {
      parameters[index]! += change
      largest = Math.max(largest, Math.abs(change))
    })
    if (!Number.isFinite(largest)) break
    if (largest < TOLERANCE) {
      return {
        intercepts: [...parameters.subarray(0, options.groups)],
        coefficients: [...parameters.subarray(options.groups)],
      }
    }
  }
  throw new Error(`logistic regression did not converge in ${MAX_ITERATIONS} iterations`)
}

interface Bounds {
  readonly least: number
  readonly greatest: number
}

function boundsOf(sign: Sign): Bounds {
  return {
    least: sign === 'not_negative' ? 0 : Number.NEGATIVE_INFINITY,
    greatest: sign === 'not_positive' ? 0 : Number.POSITIVE_INFINITY,
  }
}

interface Approximation {
  readonly gradient: Float64Array
  readonly curvature: readonly Float64Array[]
}

/** Gradient of the penalised log-likelihood, and its negated second derivatives. */
function approximate(samples: readonly Sample[], parameters: Float64Array, options: Options): Approximation {
  const { groups, ridge } = options
  const size = parameters.length
  const gradient = new Float64Array(size)
  const curvature = Array.from({ length: size }, () => new Float64Array(size))
  for (const { terms, label, group, weight } of samples) {
    let linear = parameters[group]!
    for (let i = 0; i < terms.length; i++) linear += parameters[groups + i]! * terms[i]!
    const probability = 1 / (1 + Math.exp(-linear))
    const residual = weight * (Number(label) - probability)
    const importance = weight * probability * (1 - probability)
    gradient[group]! += residual
    curvature[group]![group]! += importance
    for (let i = 0; i < terms.length; i++) {
      const scaled = importance * terms[i]!
      gradient[groups + i]! += residual * terms[i]!
      curvature[groups + i]![group]! += scaled
      for (let j = 0; j <= i; j++) curvature[groups + i]![groups + j]! += scaled * terms[j]!
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) curvature[j]![i] = curvature[i]![j]!
    if (i < groups) continue
    gradient[i]! -= ridge * parameters[i]!
    curvature[i]![i]! += ridge
  }
  return { gradient, curvature }
}

/** The step to the minimum of the quadratic approximation within the bounds, by cyclic coordinate descent. */
function minimise(
  gradient: Float64Array,
  curvature: readonly Float64Array[],
  parameters: Float64Array,
  bounds: readonly Bounds[],
): Float64Array {
  const step = new Float64Array(gradient.length)
  const residual = Float64Array.from(gradient)
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let largest = 0
    for (let i = 0; i < step.length; i++) {
      const { least, greatest } = bounds[i]!
      const current = parameters[i]! + step[i]!
      const wanted = current + residual[i]! / curvature[i]![i]!
      const change = Math.min(Math.max(wanted, least), greatest) - current
      if (change === 0) continue
      step[i]! += change
      for (let j = 0; j < step.length; j++) residual[j]! -= curvature[j]![i]! * change
      largest = Math.max(largest, Math.abs(change))
    }
    if (!(largest > SWEEP_TOLERANCE)) break
  }
  return step
}
