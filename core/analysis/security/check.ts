import type { Checks } from '../../../schema/wire/certificate.ts'
import { SEVERITIES } from '../../../schema/wire/vocabulary.ts'
import type { MergedFindings } from './merge.ts'
import type { SecurityScan } from './scan.ts'

/**
 * `security_scan` of a certificate. A finding fails it. Without one it passes only if every changed line was looked at:
 * by our rules, or for a language that they are not written for, by a tool whose SARIF report says that it ran.
 *
 * @param level what a report is worth
 */
export function checkSecurity(
  scan: SecurityScan,
  merged: MergedFindings,
  level: 'E1' | 'E2',
): Checks['security_scan'] {
  const { findings, sarifClean, sarifWithoutSuccessfulRun } = merged
  const unsuccessful = withCount('sarif_without_successful_run', sarifWithoutSuccessfulRun)
  if (!scan.hasLines) return notEvaluated(['no_added_lines'])
  if (findings.length > 0) {
    const ours = findings.some(({ source }) => source === 'coderisk')
    return {
      passed: false,
      result: 'failed',
      evidence: ours ? 'E3' : level,
      reasons: [
        ...withCount('secrets_found', scan.secrets),
        ...SEVERITIES.toReversed().flatMap((severity) =>
          withCount(
            `${severity}_findings`,
            findings.filter((finding) => finding.severity === severity).length,
          ),
        ),
        ...(scan.unscanned > 0 ? ['budget'] : []),
        ...unsuccessful,
      ],
      issues_found: findings.length,
    }
  }
  if (scan.unscanned > 0) return notEvaluated(['budget'])
  // For what we do not read, every report must have run to its end, and have said where what it found is.
  const isCovered = sarifClean && sarifWithoutSuccessfulRun === 0 && merged.unlocated === 0
  if (scan.withoutRules > 0 && !isCovered) {
    return notEvaluated([`rules_not_for_language: ${scan.withoutRules}`, ...unsuccessful])
  }
  // It was sent as evidence and is none: that our own rules found nothing does not make it one.
  if (sarifWithoutSuccessfulRun > 0 && !sarifClean) return notEvaluated(unsuccessful)
  return {
    passed: true,
    result: 'passed',
    evidence: scan.withoutRules > 0 ? level : 'E3',
    reasons: unsuccessful,
    issues_found: 0,
  }
}

function notEvaluated(reasons: string[]): Checks['security_scan'] {
  return { passed: false, result: 'not_evaluated', evidence: null, reasons, issues_found: null }
}

function withCount(code: string, count: number): string[] {
  return count === 0 ? [] : [`${code}: ${count}`]
}
