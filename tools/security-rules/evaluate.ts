/** A snippet whose flaws are known. */
export interface Sample<Language extends string = string> {
  readonly id?: string
  readonly language: Language
  readonly code: string
  readonly vulnerable: boolean
  /** `CWE-89`; empty for a snippet that is safe. */
  readonly cwe: readonly string[]
  /** Where the flaw is, from 1. */
  readonly lines?: readonly number[]
}

export interface Finding {
  readonly rule: string
  readonly cwe: readonly string[]
  /** From 1. */
  readonly line: number
}

export type Scan<Language extends string = string> = (
  language: Language,
  code: string,
) => Promise<readonly Finding[]> | readonly Finding[]

/** Numbers of snippets, and what follows from them. A rate without anything to divide by is null. */
export interface Measures {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
  /** How many of the true positives have a matching finding on a labelled line. */
  readonly located: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

/** A snippet that was judged wrongly, with all that was found in it. */
export interface Miss<Language extends string = string> {
  /** The sample's `id`, else its place in the set, from 0. */
  readonly sample: string
  readonly language: Language
  readonly findings: readonly Finding[]
}

export interface Evaluation<Language extends string = string> {
  /** In the order in which the samples name them first. */
  readonly languages: ReadonlyMap<Language, Measures>
  readonly overall: Measures
  /** Safe snippets in which something was found. */
  readonly falsePositives: readonly Miss<Language>[]
  /** Vulnerable snippets in which the flaw was not found; their findings, if any, are of other kinds. */
  readonly falseNegatives: readonly Miss<Language>[]
}

/**
 * Numbers under which tools report one and the same flaw: a parent and its variants, or a cause and its consequence
 * (https://cwe.mitre.org). Each number is in one family at most; one that is in none matches itself alone.
 */
export const CWE_FAMILIES = {
  query_injection: [89, 564, 943],
  ldap_injection: [90],
  xpath_injection: [91, 643, 652],
  command_injection: [77, 78, 88],
  /** Templates and expression languages are code. */
  code_injection: [94, 95, 96, 917, 1336],
  cross_site_scripting: [79, 80, 83, 116],
  path_traversal: [22, 23, 24, 35, 36, 73],
  deserialisation: [502],
  /** Algorithms, modes, key sizes, initialisation vectors, and hashes that are too fast for passwords. */
  cryptography: [323, 326, 327, 328, 329, 759, 760, 780, 916, 1204, 1240],
  randomness: [330, 331, 335, 336, 337, 338, 340, 341],
  certificate_validation: [295, 296, 297, 298, 299, 322, 599],
  hard_coded_credentials: [259, 321, 798],
  xml_entities: [611, 776, 827],
  server_side_request_forgery: [918],
  open_redirect: [601],
  signature_verification: [345, 347],
  cookie_flags: [614, 1004, 1275],
  cross_origin: [346, 942],
  prototype_pollution: [915, 1321],
  observable_timing: [203, 208, 385],
  debug_mode: [215, 489],
  temporary_files: [377, 378, 379],
} as const satisfies Record<string, readonly number[]>

/**
 * Scans each snippet and counts snippets, not findings. A vulnerable one is a true positive when at least one finding
 * has a CWE of a family of its own; one with findings of other kinds alone is a false negative. A safe one with any
 * finding is a false positive. Further findings in a true positive cost nothing, so that precision says how often a
 * snippet that raises an alarm deserves one, not how often a finding is right.
 *
 * @param scan called for one snippet after the other; what it throws ends the evaluation
 */
export async function evaluate<Language extends string>(
  samples: readonly Sample<Language>[],
  scan: Scan<Language>,
): Promise<Evaluation<Language>> {
  const tallies = new Map<Language, Tally>()
  const overall = emptyTally()
  const falsePositives: Miss<Language>[] = []
  const falseNegatives: Miss<Language>[] = []
  for (const [index, sample] of samples.entries()) {
    const findings = await scan(sample.language, sample.code)
    const { outcome, located } = judge(sample, findings)
    const tally = tallies.get(sample.language) ?? emptyTally()
    tallies.set(sample.language, tally)
    for (const counted of [tally, overall]) {
      counted[outcome]++
      if (located) counted.located++
    }
    const miss = { sample: sample.id ?? String(index), language: sample.language, findings }
    if (outcome === 'falsePositives') falsePositives.push(miss)
    if (outcome === 'falseNegatives') falseNegatives.push(miss)
  }
  const languages = new Map([...tallies].map(([language, tally]) => [language, measure(tally)]))
  return { languages, overall: measure(overall), falsePositives, falseNegatives }
}

/** The measures as a table in Markdown: a row for each language and one for all. Percentages are rounded down. */
export function markdownTable(evaluation: Evaluation): string {
  const rows = [...evaluation.languages].map(([language, measures]) => tableRow(language, measures))
  return [
    '| language | snippets | TP | FP | FN | TN | precision | recall | F1 |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
    tableRow('all', evaluation.overall),
    '',
  ].join('\n')
}

type Outcome = 'truePositives' | 'falsePositives' | 'falseNegatives' | 'trueNegatives'
type Tally = Record<Outcome | 'located', number>

function emptyTally(): Tally {
  return { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0, located: 0 }
}

function judge(sample: Sample, findings: readonly Finding[]): { outcome: Outcome; located: boolean } {
  if (!sample.vulnerable) {
    return { outcome: findings.length === 0 ? 'trueNegatives' : 'falsePositives', located: false }
  }
  const wanted = kindsOf(sample.cwe)
  const matching = findings.filter((finding) => kindsOf(finding.cwe).some((kind) => wanted.includes(kind)))
  return {
    outcome: matching.length > 0 ? 'truePositives' : 'falseNegatives',
    located: matching.some((finding) => sample.lines?.includes(finding.line)),
  }
}

const FAMILY_OF: ReadonlyMap<number, string> = new Map(
  Object.entries(CWE_FAMILIES).flatMap(([family, numbers]) => numbers.map((number) => [number, family])),
)

/** The families of some CWEs, written as `CWE-89`, `CWE-89: …` or `external/cwe/cwe-089`. */
function kindsOf(cwe: readonly string[]): string[] {
  const numbers = cwe.flatMap((text) => /\bcwe-(\d+)/i.exec(text)?.[1] ?? []).map(Number)
  return numbers.map((number) => FAMILY_OF.get(number) ?? `CWE-${number}`)
}

function measure(tally: Tally): Measures {
  const { truePositives: hits, falsePositives, falseNegatives } = tally
  return {
    ...tally,
    precision: ratio(hits, hits + falsePositives),
    recall: ratio(hits, hits + falseNegatives),
    f1: ratio(2 * hits, 2 * hits + falsePositives + falseNegatives),
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

function tableRow(name: string, measures: Measures): string {
  const { truePositives, falsePositives, falseNegatives, trueNegatives, precision, recall, f1 } = measures
  const counts = [truePositives, falsePositives, falseNegatives, trueNegatives]
  const snippets = counts.reduce((sum, count) => sum + count, 0)
  return `| ${[name, snippets, ...counts, ...[precision, recall, f1].map(percentage)].join(' | ')} |`
}

function percentage(rate: number | null): string {
  return rate === null ? '–' : `${(Math.floor(rate * 1000) / 10).toFixed(1)} %`
}
