import { describe, expect, test } from 'vitest'
import { checkSecurity } from '../../../../../core/analysis/security/check.ts'
import type { MergedFinding, MergedFindings } from '../../../../../core/analysis/security/merge.ts'
import type { SecurityScan } from '../../../../../core/analysis/security/scan.ts'
import { type Checks, checksSchema } from '../../../../../schema/wire/certificate.ts'
import type { Severity } from '../../../../../schema/wire/vocabulary.ts'

const CLEAN: SecurityScan = { findings: [], unscanned: 0, withoutRules: 0, hasLines: true, secrets: 0 }
const NO_REPORT: MergedFindings = {
  findings: [],
  sarifClean: false,
  sarifWithoutSuccessfulRun: 0,
  unlocated: 0,
}
const RAN: MergedFindings = { ...NO_REPORT, sarifClean: true }
const DID_NOT_RUN: MergedFindings = { ...NO_REPORT, sarifWithoutSuccessfulRun: 2 }

const finding = (severity: Severity, source: MergedFinding['source'] = 'coderisk'): MergedFinding => ({
  path: 'src/hidden.ts',
  line: 1,
  rule: 'hidden-rule',
  cwe: [],
  severity,
  source,
  message: 'hidden message',
})

type Result = Checks['security_scan']
const passed = (evidence: 'E1' | 'E2' | 'E3', reasons: string[] = []): Result => ({
  passed: true,
  result: 'passed',
  evidence,
  reasons,
  issues_found: 0,
})
const notEvaluated = (...reasons: string[]): Result => ({
  passed: false,
  result: 'not_evaluated',
  evidence: null,
  reasons,
  issues_found: null,
})
const failed = (evidence: 'E1' | 'E2' | 'E3', issues_found: number, ...reasons: string[]): Result => ({
  passed: false,
  result: 'failed',
  evidence,
  reasons,
  issues_found,
})

const cases: [string, Partial<SecurityScan>, MergedFindings, Result][] = [
  ['all was looked at and nothing found', {}, NO_REPORT, passed('E3')],
  ['and a tool found nothing either', {}, RAN, passed('E3')],
  ['there was nothing to look at', { hasLines: false }, NO_REPORT, notEvaluated('no_added_lines')],
  ['nothing to look at, and a tool that ran', { hasLines: false }, RAN, notEvaluated('no_added_lines')],
  ['some was too much', { unscanned: 1 }, NO_REPORT, notEvaluated('budget')],
  ['some was too much, and a tool ran', { unscanned: 1 }, RAN, notEvaluated('budget')],
  ['another language', { withoutRules: 3 }, NO_REPORT, notEvaluated('rules_not_for_language: 3')],
  ['another language, and a tool ran', { withoutRules: 3 }, RAN, passed('E1')],
  [
    'another language, and no tool says that it ran',
    { withoutRules: 1 },
    DID_NOT_RUN,
    notEvaluated('rules_not_for_language: 1', 'sarif_without_successful_run: 2'),
  ],
  ['reports of no successful run', {}, DID_NOT_RUN, notEvaluated('sarif_without_successful_run: 2')],
  [
    'one that ran and one that did not',
    {},
    { ...RAN, sarifWithoutSuccessfulRun: 1 },
    passed('E3', ['sarif_without_successful_run: 1']),
  ],
  [
    'findings of ours',
    { secrets: 1 },
    { ...NO_REPORT, findings: [finding('low'), finding('critical'), finding('high'), finding('low')] },
    failed('E3', 4, 'secrets_found: 1', 'critical_findings: 1', 'high_findings: 1', 'low_findings: 2'),
  ],
  [
    "findings of a tool's alone",
    {},
    { ...RAN, findings: [finding('medium', 'sarif')] },
    failed('E1', 1, 'medium_findings: 1'),
  ],
  [
    'findings of both',
    {},
    { ...RAN, findings: [finding('medium'), finding('medium', 'sarif')] },
    failed('E3', 2, 'medium_findings: 2'),
  ],
  [
    'a finding of a tool that did not say that it ran',
    {},
    { ...DID_NOT_RUN, findings: [finding('medium', 'sarif')] },
    failed('E1', 1, 'medium_findings: 1', 'sarif_without_successful_run: 2'),
  ],
  [
    'a finding, and more that was too much',
    { unscanned: 1 },
    { ...NO_REPORT, findings: [finding('high')] },
    failed('E3', 1, 'high_findings: 1', 'budget'),
  ],
]

describe('security_scan', () => {
  test.each(cases)('%s', (_, scan, merged, expected) => {
    expect(checkSecurity({ ...CLEAN, ...scan }, merged, 'E1')).toEqual(expected)
  })

  test.each(cases)('%s, bound to a CI run: E2 where it was E1', (_, scan, merged, expected) => {
    const evidence = expected.evidence === 'E1' ? 'E2' : expected.evidence
    expect(checkSecurity({ ...CLEAN, ...scan }, merged, 'E2')).toEqual({ ...expected, evidence })
  })

  test.each(cases)('%s: has the shape of a certificate, and names nothing', (_, scan, merged) => {
    const check = checkSecurity({ ...CLEAN, ...scan }, merged, 'E1')
    expect(checksSchema.shape.security_scan.parse(check)).toEqual(check)
    expect(JSON.stringify(check)).not.toContain('hidden')
    for (const reason of check.reasons) expect(reason).toMatch(/^[a-z_]+(?:: \d+)?$/)
  })
})
