import type { ChangeMetrics, Checks } from '../../schema/wire/certificate.ts'
import type { IssueRequest } from '../../schema/wire/issue.ts'
import { Refusal } from '../refusal.ts'
import { hashCode, hashFiles } from '../verify/code-hash.ts'
import { type FileChange, measureChange, readChange } from './change.ts'
import { type Score, score } from './score.ts'
import { findSecrets, type SecretFinding } from './secrets.ts'

export const COVERAGE_THRESHOLD = 0.7
export const COUPLING_THRESHOLD = 8

/** All that is said of a change. Nothing here holds any of its code. */
export interface Analysis extends Score {
  readonly codeHash: string
  readonly codeHashMethod: 'sha256' | 'sha256-manifest'
  readonly filesChanged: readonly string[]
  readonly change: ChangeMetrics
  readonly checks: Checks
  /** For the owner alone. */
  readonly findings: readonly SecretFinding[]
}

/**
 * Examines a change: what it is (hash, size, spread), what was found in it, what could not be evaluated, and the
 * score that follows. Pure: no clock, no I/O.
 *
 * @throws {Refusal} `invalid_input` when a patch does not lead to its content
 */
export async function analyse(request: IssueRequest): Promise<Analysis> {
  const read = readChange(request)
  if (!read.ok) throw new Refusal('invalid_input', { errors: read.errors })
  const filesChanged = request.files_changed ?? read.files.map((file) => file.path)
  const change = measureChange(read.files, filesChanged)
  const findings = await findSecrets(read.files)
  const checks = describeChecks(read.files, findings)
  const previousKnown = read.files.every((file) => file.previousKnown)
  return {
    codeHash: request.code === undefined ? await hashFiles(read.files) : await hashCode(request.code),
    codeHashMethod: request.code === undefined ? 'sha256-manifest' : 'sha256',
    filesChanged,
    change,
    checks,
    findings,
    ...score(change, checks, previousKnown),
  }
}

/** What has no evidence is `not_evaluated` with null figures: missing evidence never passes a check. */
function describeChecks(files: readonly FileChange[], findings: readonly SecretFinding[]): Checks {
  const missing = { passed: false, result: 'not_evaluated', evidence: null } as const
  return {
    test_coverage: {
      ...missing,
      reasons: ['no_coverage_report'],
      value: null,
      threshold: COVERAGE_THRESHOLD,
    },
    security_scan: describeSecurityScan(files, findings),
    coupling_analysis: {
      ...missing,
      reasons: ['no_history_or_import_graph'],
      coupling_score: null,
      threshold: COUPLING_THRESHOLD,
    },
    incident_similarity: {
      ...missing,
      reasons: ['no_incident_catalogue'],
      arc_matches: null,
      max_similarity: null,
    },
  }
}

/** A scan that had no line to look at has found nothing out. */
function describeSecurityScan(
  files: readonly FileChange[],
  findings: readonly SecretFinding[],
): Checks['security_scan'] {
  if (files.every((file) => file.addedLines.size === 0)) {
    const reasons = ['no_added_lines']
    return { passed: false, result: 'not_evaluated', evidence: null, reasons, issues_found: null }
  }
  const clean = findings.length === 0
  return {
    passed: clean,
    result: clean ? 'passed' : 'failed',
    evidence: 'E3',
    reasons: ['scope_secrets_only', ...(clean ? [] : [`secrets_found: ${findings.length}`])],
    issues_found: findings.length,
  }
}
