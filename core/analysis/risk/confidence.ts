import type { Checks } from '../../../schema/wire/certificate.ts'
import type { EvidenceLevel } from '../../../schema/wire/vocabulary.ts'
import { round } from '../change.ts'

/** What a check adds by how its evidence came: a report that anyone could have written says less than our own look. */
const LEVEL_WEIGHTS: Readonly<Record<EvidenceLevel, number>> = { E0: 0.1, E1: 0.6, E2: 0.9, E3: 1 }
const PER_CHECK = 0.2
const IN_MODEL = 0.2
/** A check that had to do with half of what it is made of. */
const HALF_EVALUATED = 0.5
const HALVES = new Set(['no_history', 'too_little_history', 'no_import_graph', 'budget'])
/** Without what the files were before, their lines all count as new: the size is assumed and not known. */
const SIZE_ASSUMED = 0.5
/** Never above this while two checks or more are not evaluated. */
const MAX_WITH_GAPS = 0.6

/**
 * How much the score can be relied on, 0 to 1, two decimals: a fifth for each check that was evaluated, weighted by
 * the level of its evidence and halved for coupling that was told from history or imports alone, and a fifth for the
 * change-risk model, less its uncertainty. It says how much was known, not how good the code is.
 *
 * @param uncertainty of the model, 0 to 1
 * @param sizeKnown whether every file came with what it was before
 */
export function confidence(checks: Checks, uncertainty: number, sizeKnown: boolean): number {
  const all = Object.values(checks)
  const evaluated = all.filter((check) => check.result !== 'not_evaluated')
  const inChecks = evaluated.reduce((sum, { evidence, reasons }) => {
    const share = reasons.some((reason) => HALVES.has(reason)) ? HALF_EVALUATED : 1
    return sum + PER_CHECK * share * LEVEL_WEIGHTS[evidence ?? 'E0']
  }, 0)
  const inModel = IN_MODEL * (1 - uncertainty) * (sizeKnown ? 1 : SIZE_ASSUMED)
  const gathered = inChecks + inModel
  const gaps = all.length - evaluated.length
  return round(gaps >= 2 ? Math.min(gathered, MAX_WITH_GAPS) : Math.min(1, gathered), 2)
}
