export interface Judged {
  /** Higher is likelier. A probability, 0 to 1, for `brierScore` and `expectedCalibrationError`. */
  readonly score: number
  readonly label: boolean
}

export const CALIBRATION_BINS = 10

/**
 * Area under the ROC curve, 0 to 1: the probability that a positive scores above a negative, ties counting half (the
 * Mann–Whitney statistic; Hanley & McNeil, 1982). NaN without a positive or without a negative.
 */
export function areaUnderCurve(judged: readonly Judged[]): number {
  const sorted = judged.toSorted((a, b) => a.score - b.score)
  let [positives, negatives, wins] = [0, 0, 0]
  for (let start = 0; start < sorted.length; ) {
    let [tiedPositives, tiedNegatives] = [0, 0]
    const score = sorted[start]!.score
    for (; start < sorted.length && sorted[start]!.score === score; start++) {
      if (sorted[start]!.label) tiedPositives++
      else tiedNegatives++
    }
    wins += tiedPositives * (negatives + tiedNegatives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
  }
  return wins / (positives * negatives)
}

/** Mean squared difference of the probability and what happened, 0 to 1 (Brier, 1950). */
export function brierScore(judged: readonly Judged[]): number {
  return mean(judged.map(({ score, label }) => (score - Number(label)) ** 2))
}

/**
 * Expected calibration error, 0 to 1, over `CALIBRATION_BINS` bins of equal counts: the mean over the bins, weighted
 * by their counts, of how far the mean probability is from the share that happened (Naeini et al., 2015, with
 * equal-count bins as in Nguyen & O'Connor, 2015). Ties are split in their given order.
 */
export function expectedCalibrationError(judged: readonly Judged[]): number {
  const sorted = judged.toSorted((a, b) => a.score - b.score)
  let error = 0
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const from = Math.floor((bin * sorted.length) / CALIBRATION_BINS)
    const to = Math.floor(((bin + 1) * sorted.length) / CALIBRATION_BINS)
    let gap = 0
    for (const { score, label } of sorted.slice(from, to)) gap += score - Number(label)
    error += Math.abs(gap) / sorted.length
  }
  return error
}

/** @returns NaN for none */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** @returns with n − 1, as of a sample */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
