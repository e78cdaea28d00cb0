import type { Match } from './match.ts'

/**
 * The similarity to one sample of a pattern, or to one part of an incident, from which on a change fails.
 *
 * Measured with `tools/arc/measure.ts` in November 2026, on 510 samples and 9,384 files of npm packages and of the
 * standard libraries of Go, Java and Python, from other directories than those that the idioms were learnt from:
 * - samples with other literals, layout, declarations or surroundings, or without their types: at least 98.5 % found
 *   (other names change nothing, by construction); with a statement put in after half of their lines: 97.3 %;
 * - 32 snippets that show a pattern and were written without looking at the samples: 31 % found. So this finds what is
 *   written like a known failure, and a change that passes may still have one;
 * - ordinary files taken for a pattern: 0.23 % (JavaScript 0.10 %, Python 0.18 %, Go 0.48 %, Java 0.07 %), some of them
 *   rightly, such as tests that make requests without a timeout. At 0.3 it would be 0.34 %, at 0.4 0.16 %;
 * - with a whole file taken for an incident's root cause: 0.97 % of files of neighbouring directories were like it.
 */
export const MATCH_THRESHOLD = 0.35
/** Ids named in `arc_matches`; the number of all is in the reasons. */
export const MAX_NAMED_MATCHES = 10

/** `incident_similarity` of a certificate. */
export interface SimilarityCheck {
  readonly result: 'passed' | 'failed' | 'not_evaluated'
  readonly passed: boolean
  readonly evidence: 'E3' | null
  readonly reasons: string[]
  /** Ids of the patterns at or above `MATCH_THRESHOLD`, most alike first; never that of a private incident. */
  readonly arc_matches: string[] | null
  /** 0 to 1, two decimals, private incidents included; below the threshold it says how near the nearest was. */
  readonly max_similarity: number | null
}

/**
 * Whether a change is like a known failure.
 *
 * @param matches of `matchCatalogue`, most alike first
 * @param tokensSeen how many tokens of languages that are understood are on the lines of the change; without any there
 *   was nothing to compare, and nothing passes
 * @param budgetSpent whether some of the change was left out for its size
 */
export function checkSimilarity(
  matches: readonly Match[],
  tokensSeen: number,
  budgetSpent = false,
): SimilarityCheck {
  if (budgetSpent) return notEvaluated('budget')
  if (tokensSeen === 0) return notEvaluated('no_code_to_compare')
  const failing = matches.filter((match) => match.similarity >= MATCH_THRESHOLD)
  const named = failing.filter((match) => !match.private)
  const privateCount = failing.length - named.length
  const failed = failing.length > 0
  return {
    result: failed ? 'failed' : 'passed',
    passed: !failed,
    evidence: 'E3',
    reasons: [
      ...(named.length > 0 ? [`arc_matches: ${named.length}`] : []),
      ...(privateCount > 0 ? [`private_matches: ${privateCount}`] : []),
    ],
    arc_matches: named.slice(0, MAX_NAMED_MATCHES).map((match) => match.id),
    max_similarity: matches[0]?.similarity ?? 0,
  }
}

function notEvaluated(reason: string): SimilarityCheck {
  return {
    result: 'not_evaluated',
    passed: false,
    evidence: null,
    reasons: [reason],
    arc_matches: null,
    max_similarity: null,
  }
}
