import type { RiskLevel, Severity } from '../../../schema/wire/vocabulary.ts'
import { round } from '../change.ts'

/** What the score is made of. Null stands for evidence that there is none of. */
export interface ScoreInput {
  /** Of the change-risk model, 0 to 1. */
  readonly percentile: number
  /** Severities of what was found here, on changed lines; null when the change was too much to look through. */
  readonly findings: readonly Severity[] | null
  /** Severities of what only SARIF reports found; null without a report of a run that succeeded. */
  readonly reported: readonly Severity[] | null
  /** Covered share of the changed executable lines, 0 to 1; null when it was not evaluated. */
  readonly coverage: number | null
  readonly coupling: {
    /** Each 0 to 10, null when there was nothing to tell it from. */
    readonly history: number | null
    readonly ownGraph: number | null
    readonly hintedGraph: number | null
  }
  /** Closest entry of the incident catalogue, 0 to 1; null when the change was too much to compare. */
  readonly similarity: number | null
}

export interface Score {
  /** 0 to 10, one decimal. */
  readonly riskScore: number
  readonly riskLevel: RiskLevel
  /** What it is made of, largest first, none that rounds to 0. */
  readonly contributions: readonly Contribution[]
}

export interface Contribution {
  readonly code: ContributionCode
  /** Two decimals. */
  readonly points: number
}

export type ContributionCode = keyof typeof MAX_POINTS

/**
 * The most that each part may add. What evidence may take away when it is good, its absence costs in full: that is why
 * `missing_…` costs what the worst report would.
 */
export const MAX_POINTS = {
  change_risk: 3.5,
  security_findings: 6,
  reported_findings: 0.5,
  uncovered_changes: 1.5,
  change_coupling: 0.7,
  dependencies: 0.3,
  incident_similarity: 2,
  not_scanned: 6,
  not_compared: 2,
  missing_static_analysis: 0.5,
  missing_coverage: 1.5,
  missing_history: 0.7,
  missing_import_graph: 0.15,
} as const

const FINDING_POINTS: Readonly<Record<Severity, number>> = { low: 0.5, medium: 2, high: 3.5, critical: 5 }
const POINTS_PER_FURTHER_FINDING = 0.25
const REPORTED_POINTS: Readonly<Record<Severity, number>> = {
  low: 0.1,
  medium: 0.25,
  high: 0.4,
  critical: 0.5,
}
/** Any two pieces of code have something in common: from here on it says something, and from there on all. */
const SIMILARITY_OF_STRANGERS = 0.1
const SIMILARITY_OF_TWINS = 0.6

/**
 * The risk score: a sum of points, each of which only grows with its figure. One more finding, less coverage, more
 * coupling or a closer match never lowers it, and neither does evidence that is left out. `docs/risk-model.md` has the
 * table of points.
 */
export function score(input: ScoreInput): Score {
  const points = pointsOf(input)
  const total = points.reduce((sum, [, value]) => sum + value, 0)
  const riskScore = Math.min(10, round(total, 1))
  return {
    riskScore,
    riskLevel: riskLevel(riskScore),
    contributions: points
      .map(([code, value]) => ({ code, points: round(value, 2) }))
      .filter(({ points: shown }) => shown > 0)
      .sort((a, b) => b.points - a.points),
  }
}

/** LOW < 3.5 ≤ MEDIUM < 5 ≤ HIGH < 7 ≤ CRITICAL. */
export function riskLevel(riskScore: number): RiskLevel {
  if (riskScore < 3.5) return 'LOW'
  if (riskScore < 5) return 'MEDIUM'
  return riskScore < 7 ? 'HIGH' : 'CRITICAL'
}

function pointsOf(input: ScoreInput): [ContributionCode, number][] {
  const { findings, reported, coverage, coupling, similarity } = input
  const most = MAX_POINTS
  return [
    ['change_risk', most.change_risk * input.percentile],
    findings === null ? ['not_scanned', most.not_scanned] : ['security_findings', pointsOfFindings(findings)],
    reported === null
      ? ['missing_static_analysis', most.missing_static_analysis]
      : ['reported_findings', Math.max(0, ...reported.map((severity) => REPORTED_POINTS[severity]))],
    coverage === null
      ? ['missing_coverage', most.missing_coverage]
      : ['uncovered_changes', most.uncovered_changes * (1 - coverage)],
    coupling.history === null
      ? ['missing_history', most.missing_history]
      : ['change_coupling', (most.change_coupling * coupling.history) / 10],
    // Half of it is what was submitted, which cannot be left out; the other half is what was said of its surroundings.
    ['dependencies', (most.dependencies * ((coupling.ownGraph ?? 0) + (coupling.hintedGraph ?? 0))) / 20],
    ['missing_import_graph', coupling.hintedGraph === null ? most.missing_import_graph : 0],
    similarity === null
      ? ['not_compared', most.not_compared]
      : ['incident_similarity', most.incident_similarity * beyondStrangers(similarity)],
  ]
}

/** The worst counts most; each further one a little. */
function pointsOfFindings(findings: readonly Severity[]): number {
  if (findings.length === 0) return 0
  const worst = Math.max(...findings.map((severity) => FINDING_POINTS[severity]))
  return Math.min(MAX_POINTS.security_findings, worst + POINTS_PER_FURTHER_FINDING * (findings.length - 1))
}

function beyondStrangers(similarity: number): number {
  const beyond = (similarity - SIMILARITY_OF_STRANGERS) / (SIMILARITY_OF_TWINS - SIMILARITY_OF_STRANGERS)
  return Math.min(1, Math.max(0, beyond))
}
