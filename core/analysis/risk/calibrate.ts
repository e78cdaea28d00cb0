/** Fewer outcomes, in all and of either kind, say too little to correct the model by. */
export const MIN_OUTCOMES = 200
export const MIN_OUTCOMES_PER_CLASS = 10

const MAX_ITERATIONS = 100
const MAX_HALVINGS = 40
/** Ends the iteration: mean change of the log-likelihood per outcome that is no longer worth a step. */
const TOLERANCE = 1e-12
/** Logits beyond ±13.8 are not told apart: a probability of 0 or 1 has none. */
const LEAST_PROBABILITY = 1e-6

/** A prediction of the past, and what came of it. */
export interface Outcome {
  /** What the shipped model said, 0 to 1, before any calibration. */
  readonly probability: number
  readonly happened: boolean
}

/** Survives JSON. */
export interface Calibration {
  readonly method: 'platt'
  /** Factor of the logit, 0 or more. */
  readonly slope: number
  /** Added to the logit. */
  readonly intercept: number
  /** How many outcomes it rests on. */
  readonly outcomes: number
}

/**
 * Fits the model's probabilities to what happened in one organisation: Platt scaling (Platt, 1999) of the model's
 * logit, with his smoothed targets, by Newton's method with backtracking (Lin, Lin & Weng, 2007).
 *
 * Platt and not isotonic regression: a few hundred outcomes are what an organisation has, and isotonic regression
 * overfits below about a thousand (Niculescu-Mizil & Caruana, 2005); its steps would also make ties where the model
 * tells changes apart; and what differs between projects is the base rate above all, which is the intercept. A slope
 * below 0 becomes 0: outcomes may take the model's say away but never turn its order around.
 *
 * @param outcomes those whose probability is no number from 0 to 1 do not count; the time is linear in them
 * @returns null with fewer than `MIN_OUTCOMES` of them, or than `MIN_OUTCOMES_PER_CLASS` of either kind
 */
export function fitCalibration(outcomes: readonly Outcome[]): Calibration | null {
  const valid = outcomes.filter(({ probability }) => probability >= 0 && probability <= 1)
  const positives = valid.filter(({ happened }) => happened).length
  const negatives = valid.length - positives
  if (valid.length < MIN_OUTCOMES || Math.min(positives, negatives) < MIN_OUTCOMES_PER_CLASS) return null
  const targets = { positive: (positives + 1) / (positives + 2), negative: 1 / (negatives + 2) }
  const points = valid.map(({ probability, happened }) => ({
    x: logit(probability),
    target: happened ? targets.positive : targets.negative,
  }))
  const base = logit(points.reduce((sum, { target }) => sum + target, 0) / points.length)
  const { slope, intercept } = climb(points, base)
  const usable = slope > 0 ? { slope, intercept } : { slope: 0, intercept: base }
  return { method: 'platt', ...usable, outcomes: valid.length }
}

/**
 * The probability in this organisation; without a calibration the model's own. Never falls when `probability` rises.
 * What is no number counts as 1.
 */
export function calibrate(calibration: Calibration | null, probability: number): number {
  const given = Number.isNaN(probability) ? 1 : Math.min(Math.max(probability, 0), 1)
  if (calibration === null) return given
  return sigmoid(calibration.slope * logit(given) + calibration.intercept)
}

interface Point {
  readonly x: number
  readonly target: number
}

interface Line {
  readonly slope: number
  readonly intercept: number
}

/** The line of the greatest likelihood. It exists, since no target is 0 or 1, unless all x are equal: then any does. */
function climb(points: readonly Point[], base: number): Line {
  let line: Line = { slope: 0, intercept: base }
  let loss = meanLoss(points, line)
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const step = newtonStep(points, line)
    let next = line
    let nextLoss = loss
    for (let halving = 0; halving < MAX_HALVINGS; halving++) {
      const length = 2 ** -halving
      next = { slope: line.slope + length * step.slope, intercept: line.intercept + length * step.intercept }
      nextLoss = meanLoss(points, next)
      if (nextLoss <= loss) break
    }
    if (!(loss - nextLoss > TOLERANCE)) break
    line = next
    loss = nextLoss
  }
  return line
}

function newtonStep(points: readonly Point[], line: Line): Line {
  // Keeps the equations solvable when all x are equal.
  const ridge = 1e-9
  let [gradientSlope, gradientIntercept] = [0, 0]
  let [xx, x1, one] = [ridge, 0, ridge]
  for (const { x, target } of points) {
    const p = sigmoid(line.slope * x + line.intercept)
    const weight = p * (1 - p)
    gradientSlope += (target - p) * x
    gradientIntercept += target - p
    xx += weight * x * x
    x1 += weight * x
    one += weight
  }
  const determinant = xx * one - x1 * x1
  if (!(determinant > 0)) return { slope: 0, intercept: gradientIntercept / one }
  return {
    slope: (one * gradientSlope - x1 * gradientIntercept) / determinant,
    intercept: (xx * gradientIntercept - x1 * gradientSlope) / determinant,
  }
}

/** Cross-entropy per point, in nats; written so that no large logit overflows. */
function meanLoss(points: readonly Point[], line: Line): number {
  let sum = 0
  for (const { x, target } of points) {
    const z = line.slope * x + line.intercept
    sum += Math.max(z, 0) - target * z + Math.log1p(Math.exp(-Math.abs(z)))
  }
  return sum / points.length
}

function logit(probability: number): number {
  const p = Math.min(Math.max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
  return Math.log(p / (1 - p))
}

function sigmoid(logitValue: number): number {
  return 1 / (1 + Math.exp(-logitValue))
}
