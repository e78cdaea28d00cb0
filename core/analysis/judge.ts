import type { ChangeRisk, Checks } from '../../schema/wire/certificate.ts'
import type { RiskLevel, Severity } from '../../schema/wire/vocabulary.ts'
import { shippedCatalogue } from './catalogue/catalogue.ts'
import { round } from './change.ts'
import { type CouplingCheck, checkCoupling } from './coupling/check.ts'
import { type CoverageCheck, checkCoverage } from './coverage/check.ts'
import type { Examination } from './examine.ts'
import { type Calibration, calibrate } from './risk/calibrate.ts'
import { confidence } from './risk/confidence.ts'
import { MODEL_VERSION } from './risk/model.ts'
import { type Contribution, score } from './risk/score.ts'
import { checkSecurity } from './security/check.ts'
import { type MergedFinding, type MergedFindings, mergeFindings } from './security/merge.ts'
import { checkSimilarity } from './similarity/check.ts'
import { type Incident, type Match, matchCatalogue } from './similarity/match.ts'
import { languageOf } from './source/language.ts'

export const COUPLING_THRESHOLD = 8
const DECIMALS_OF_PROBABILITY = 4

/** How an organisation wants to be judged, and what its evidence is worth. */
export interface Terms {
  /** 0 to 1. */
  readonly coverageThreshold: number
  /** E2 when a CI run vouches for the evidence. */
  readonly level: 'E1' | 'E2'
  readonly calibration: Calibration | null
  /** Entries beyond those that come with the software. */
  readonly incidents: readonly Incident[]
}

/** All that is said of a change. Nothing here holds any of its code. */
export interface Analysis {
  readonly codeHash: string
  readonly codeHashMethod: 'sha256' | 'sha256-manifest'
  readonly filesChanged: readonly string[]
  readonly change: Examination['change']
  readonly changeRisk: ChangeRisk
  readonly checks: Checks
  /** 0 to 10, one decimal. */
  readonly riskScore: number
  readonly riskLevel: RiskLevel
  /** 0 to 1, two decimals. */
  readonly confidence: number
  readonly contributions: readonly Contribution[]
  /** For the owner alone. */
  readonly details: Details
}

export interface Details {
  readonly findings: readonly MergedFinding[]
  readonly coverage: CoverageCheck
  readonly coupling: CouplingCheck
  readonly matches: readonly Match[]
  /** Of the shipped model, before any recalibration. */
  readonly modelProbability: number
  /** What the score took for the percentile: higher than the model's where no commit message said what the change is. */
  readonly scoredPercentile: number
}

/** Judges what was examined. Pure. */
export function judge(examination: Examination, terms: Terms): Analysis {
  const { files, evidence, scan, prediction } = examination
  const changed = files.map((file) => {
    const language = languageOf(file.path)
    return {
      ...file,
      language,
      ...(language === null ? {} : { tokens: examination.tokens.get(file.path) ?? null }),
    }
  })
  const coverage = checkCoverage({
    reports: evidence.coverage.map(({ name, report }) => ({ ...report, name })),
    changed,
    commitSha: examination.commitSha,
    threshold: terms.coverageThreshold,
    level: terms.level,
  })
  const merged = mergeFindings({
    own: scan.findings,
    reports: evidence.sarif.map(({ report }) => report),
    changed: files,
  })
  const coupling = checkCoupling({
    files: changed.map(({ path, content, language, tokens }) => ({
      path,
      content,
      // What is too much to be split into tokens has no imports that anybody knows.
      language: tokens === null ? null : language,
      ...(tokens == null ? {} : { tokens }),
    })),
    changedPaths: examination.filesChanged,
    history: evidence.history,
    hints: evidence.imports,
    threshold: COUPLING_THRESHOLD,
    level: terms.level,
  })
  const matches = matchCatalogue(examination.grams, shippedCatalogue(), terms.incidents)
  const checks = describeChecks(examination, terms, { coverage, merged, coupling, matches })
  const { contributions, ...scored } = score({
    percentile: examination.worstPercentile,
    // As bad as it gets, whatever was found beside it: one finding more must not cost less than what was not seen.
    findings:
      scan.unscanned > 0 || examination.unseenSources > 0
        ? null
        : scan.findings.map(({ severity }) => severity),
    reported: merged.sarifClean ? reportedSeverities(merged, scan.findings) : null,
    coverage: checks.test_coverage.result === 'not_evaluated' ? null : (coverage.value ?? 1),
    coupling: {
      history: coupling.components.history,
      ownGraph: coupling.components.own_graph ?? (coupling.reasons.includes('budget') ? 10 : null),
      hintedGraph: coupling.components.hinted_graph,
    },
    similarity:
      examination.unseenSources > 0 || checks.incident_similarity.reasons[0] === 'budget'
        ? null
        : (checks.incident_similarity.max_similarity ?? 0),
  })
  const sizeKnown = files.every((file) => file.previousKnown)
  return {
    codeHash: examination.codeHash,
    codeHashMethod: examination.codeHashMethod,
    filesChanged: examination.filesChanged,
    change: examination.change,
    changeRisk: {
      model: MODEL_VERSION,
      probability: round(calibrate(terms.calibration, prediction.probability), DECIMALS_OF_PROBABILITY),
      percentile: round(prediction.percentile, DECIMALS_OF_PROBABILITY),
      recalibrated: terms.calibration !== null,
    },
    checks,
    ...scored,
    contributions,
    confidence: confidence(checks, prediction.uncertainty, sizeKnown),
    details: {
      findings: merged.findings,
      coverage,
      coupling,
      matches,
      modelProbability: prediction.probability,
      scoredPercentile: examination.worstPercentile,
    },
  }
}

interface Results {
  readonly coverage: CoverageCheck
  readonly merged: MergedFindings
  readonly coupling: CouplingCheck
  readonly matches: readonly Match[]
}

/** The checks as the certificate has them: figures and closed codes, and nothing that names code. */
function describeChecks(examination: Examination, terms: Terms, results: Results): Checks {
  const { coverage, merged, coupling, matches } = results
  const unseen = examination.unseenSources
  const tokensSeen = examination.grams.reduce((sum, grams) => sum + grams.tokensSeen, 0)
  const understood = examination.files.filter(({ path, addedLines }) => {
    return addedLines.size > 0 && languageOf(path) !== null
  })
  return {
    test_coverage: unlessUnseen(
      {
        passed: coverage.passed,
        result: coverage.result,
        evidence: coverage.evidence,
        reasons: [...coverage.reasons],
        value: coverage.value,
        threshold: coverage.threshold,
        project_value: coverage.project_value,
      },
      unseen,
    ),
    security_scan: unlessUnseen(checkSecurity(examination.scan, merged, terms.level), unseen),
    coupling_analysis: {
      passed: coupling.passed,
      result: coupling.result,
      evidence: coupling.evidence,
      reasons: [...coupling.reasons],
      coupling_score: coupling.coupling_score,
      threshold: coupling.threshold,
    },
    incident_similarity: unlessUnseen(
      checkSimilarity(matches, tokensSeen, understood.length > examination.comparedPaths.length),
      unseen,
    ),
  }
}

/** A check that did not fail has not been made of source that nobody sent: it may hold anything. */
function unlessUnseen<Check extends Exclude<Checks[keyof Checks], Checks['coupling_analysis']>>(
  check: Check,
  unseen: number,
): Check {
  if (unseen === 0) return check
  const reasons = [...check.reasons, `contents_not_sent: ${unseen}`]
  if (check.result !== 'passed') return { ...check, reasons }
  return {
    ...check,
    ...withoutFigures(check),
    reasons,
    passed: false,
    result: 'not_evaluated',
    evidence: null,
  }
}

function withoutFigures(check: object): object {
  if ('value' in check) return { value: null }
  return 'issues_found' in check ? { issues_found: null } : { arc_matches: null, max_similarity: null }
}

/** What only the reports found, and what they found graver than we did. */
function reportedSeverities(merged: MergedFindings, own: Examination['scan']['findings']): Severity[] {
  return merged.findings
    .filter((finding, index) => finding.source === 'sarif' || finding.severity !== own[index]?.severity)
    .map(({ severity }) => severity)
}
