import type { ChangeMetrics, Checks } from '../../schema/wire/certificate.ts'
import type { RiskLevel } from '../../schema/wire/vocabulary.ts'
import { round } from './change.ts'

export interface Score {
  /** 0 to 10, one decimal. */
  readonly riskScore: number
  readonly riskLevel: RiskLevel
  /** 0 to 1, two decimals: how much of the evidence there was, not how good the code is. */
  readonly confidence: number
  /** `code: points`, largest first. */
  readonly explanation: readonly string[]
}

const POINTS_PER_TENFOLD_LINES = 0.9
const POINTS_PER_DOUBLED_FILES = 0.5
const POINTS_ENTROPY = 0.5
const POINTS_PER_MISSING_CHECK = 0.5
const POINTS_FIRST_ISSUE = 3.5
const POINTS_PER_FURTHER_ISSUE = 0.5
const MAX_POINTS = { size: 3, diffusion: 2, issues: 6 } as const

/** Never above this while two checks or more are not evaluated. */
const MAX_CONFIDENCE_WITH_GAPS = 0.6
const CONFIDENCE_PER_CHECK = 0.2
const CONFIDENCE_IN_SIZE = 0.2

/**
 * The risk score: a sum of points, each of which only grows with size, spread, findings and missing evidence, so
 * that no finding and no withheld report can ever lower it.
 *
 * @param previousKnown whether every file came with what it was before, so that its size is known and not assumed
 */
export function score(change: ChangeMetrics, checks: Checks, previousKnown: boolean): Score {
  const missing = Object.values(checks).filter((check) => check.result === 'not_evaluated').length
  const issues = checks.security_scan.issues_found ?? 0
  const points: Record<string, number> = {
    size: Math.min(
      MAX_POINTS.size,
      POINTS_PER_TENFOLD_LINES * Math.log10(1 + change.lines_added + change.lines_deleted),
    ),
    diffusion: Math.min(
      MAX_POINTS.diffusion,
      POINTS_PER_DOUBLED_FILES * Math.log2(Math.max(1, change.files)) + POINTS_ENTROPY * change.entropy,
    ),
    missing_evidence: POINTS_PER_MISSING_CHECK * missing,
    security_issues:
      issues === 0
        ? 0
        : Math.min(MAX_POINTS.issues, POINTS_FIRST_ISSUE + POINTS_PER_FURTHER_ISSUE * (issues - 1)),
  }
  const total = Object.values(points).reduce((sum, value) => sum + value, 0)
  const riskScore = Math.min(10, round(total, 1))
  return {
    riskScore,
    riskLevel: riskLevel(riskScore),
    confidence: confidence(missing, previousKnown),
    explanation: Object.entries(points)
      .filter(([, value]) => round(value, 1) > 0)
      .sort(([, a], [, b]) => b - a)
      .map(([code, value]) => `${code}: ${round(value, 1)}`),
  }
}

/** LOW < 3.5 ≤ MEDIUM < 5 ≤ HIGH < 7 ≤ CRITICAL. */
export function riskLevel(riskScore: number): RiskLevel {
  if (riskScore < 3.5) return 'LOW'
  if (riskScore < 5) return 'MEDIUM'
  return riskScore < 7 ? 'HIGH' : 'CRITICAL'
}

function confidence(missingChecks: number, previousKnown: boolean): number {
  const gathered = CONFIDENCE_PER_CHECK * (4 - missingChecks) + (previousKnown ? CONFIDENCE_IN_SIZE : 0)
  return round(missingChecks >= 2 ? Math.min(gathered, MAX_CONFIDENCE_WITH_GAPS) : gathered, 2)
}
