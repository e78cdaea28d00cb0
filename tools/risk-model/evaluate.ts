import { calibrate, fitCalibration } from '../../core/analysis/risk/calibrate.ts'
import type { Commit, Project } from './dataset.ts'
import { areaUnderCurve, brierScore, expectedCalibrationError, type Judged, mean } from './measures.ts'
import { probabilityOf, type Recipe, train } from './train.ts'

export interface Measured {
  readonly auc: number
  readonly brier: number
  /** Expected calibration error. */
  readonly ece: number
}

/** A project that the model was not fitted on. */
export interface HeldOut extends Measured {
  readonly project: string
  /** On its commits after the first `CALIBRATION_COMMITS.at(-1)`: by how many of the first the model was recalibrated. */
  readonly recalibrated: readonly { readonly commits: number; readonly measured: Measured }[]
}

/** How many of a project's first commits recalibrate the model; 0 is not at all. */
export const CALIBRATION_COMMITS = [0, 200, 1000] as const

/** Leave one project out: for each project, fits the recipe to all others and measures it on that one. */
export function leaveOneProjectOut(projects: readonly Project[], recipe: Recipe): HeldOut[] {
  return projects.map((heldOut) => {
    const others = projects.filter((project) => project !== heldOut)
    const model = train(others, recipe)
    const judge = (commit: Commit): Judged => ({ score: probabilityOf(model, commit), label: commit.bug })
    const judged = heldOut.commits.map(judge)
    return { project: heldOut.name, ...measure(judged), recalibrated: recalibrate(judged) }
  })
}

/** Means over the projects, each of which counts the same. */
export function meanOf(measured: readonly Measured[]): Measured {
  return {
    auc: mean(measured.map(({ auc }) => auc)),
    brier: mean(measured.map(({ brier }) => brier)),
    ece: mean(measured.map(({ ece }) => ece)),
  }
}

function measure(judged: readonly Judged[]): Measured {
  return {
    auc: areaUnderCurve(judged),
    brier: brierScore(judged),
    ece: expectedCalibrationError(judged),
  }
}

/** As if the outcomes of the project's first commits had been known before the others came. */
function recalibrate(judged: readonly Judged[]): HeldOut['recalibrated'] {
  const rest = judged.slice(CALIBRATION_COMMITS.at(-1)!)
  return CALIBRATION_COMMITS.map((commits) => {
    const outcomes = judged
      .slice(0, commits)
      .map(({ score, label }) => ({ probability: score, happened: label }))
    const calibration = fitCalibration(outcomes)
    const calibrated = rest.map(({ score, label }) => ({ score: calibrate(calibration, score), label }))
    return { commits, measured: measure(calibrated) }
  })
}
