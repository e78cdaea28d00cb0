import type { Analysis } from '../analysis/judge.ts'
import type { ContributionCode } from '../analysis/risk/score.ts'
import { MATCH_THRESHOLD } from '../analysis/similarity/check.ts'

/** One decimal, down; the millionth is what doubles are off by: 1 − 0.9 is 10 %. */
const percent = (share: number) => `${Math.floor(share * 1000 + 1e-6) / 10} %`

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`

/** What moved the score, in words for the owner, the largest part first. May name files. */
export function summarise(analysis: Analysis): string[] {
  return analysis.contributions.map(({ code, points }) => `+${points} ${WORDS[code](analysis)}`)
}

const WORDS: Readonly<Record<ContributionCode, (analysis: Analysis) => string>> = {
  change_risk: ({ change, changeRisk, details }) => {
    const size = `${count(change.lines_added, 'line')} added, ${change.lines_deleted} deleted, in ${count(change.files, 'file')}`
    const assumed =
      details.scoredPercentile > changeRisk.percentile
        ? ', or than some more if it is a fix: no commit message says'
        : ''
    return `by size, spread and purpose the change is riskier than ${percent(changeRisk.percentile)} of those that the model knows (${size})${assumed}`
  },
  security_findings: ({ details }) => {
    const own = details.findings.filter(({ source }) => source === 'coderisk')
    const places = own.slice(0, 3).map(({ rule, path, line }) => `${rule} in ${path}:${line}`)
    return `${count(own.length, 'finding')} on changed lines: ${places.join(', ')}${own.length > 3 ? ', …' : ''}`
  },
  reported_findings: ({ details }) => {
    const reported = details.findings.filter(({ source }) => source === 'sarif').length
    return `${count(reported, 'more finding')} on changed lines in the SARIF reports`
  },
  uncovered_changes: ({ details: { coverage } }) =>
    coverage.value === null
      ? 'changed lines are not covered by tests'
      : `${percent(1 - coverage.value)} of the changed executable lines are not covered by tests`,
  change_coupling: ({ details: { coupling } }) => {
    const named = coupling.signals[0]?.kind === 'change_coupling' ? coupling.headline : null
    return named ?? 'files that usually change together did not'
  },
  dependencies: () => 'the changed files depend on each other, and others on them',
  incident_similarity: ({ details: { matches } }) => {
    const [closest] = matches
    if (closest === undefined) return 'the code is like that of known incidents'
    const word = closest.similarity >= MATCH_THRESHOLD ? 'matches' : 'comes near'
    return `the code ${word} ${closest.id} (${percent(closest.similarity)} of its fingerprints)`
  },
  not_scanned: () => 'some of the code was too much to look through, or was not sent: it may hold anything',
  not_compared: () => 'some of the code was too much to compare with known incidents, or was not sent',
  missing_static_analysis: () => 'no SARIF report of a successful run was sent',
  missing_coverage: () => 'no coverage report told of these lines',
  missing_history: () => 'no history told which files change together',
  missing_import_graph: () => 'nothing was told of the files around the change',
}
