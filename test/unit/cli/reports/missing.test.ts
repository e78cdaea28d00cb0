import { expect, it } from 'vitest'
import { missingEvidence } from '../../../../cli/reports/missing.ts'
import { sampleCertificate } from '../support.ts'

const { checks_passed } = sampleCertificate()

function how(name: string, reasons: string[]): string | undefined {
  const check = { passed: false, result: 'not_evaluated', evidence: null, reasons }
  const certificate = sampleCertificate({ checks_passed: { ...checks_passed, [name]: check } })
  return missingEvidence(certificate).find(({ check }) => check === name)?.how
}

it.each([
  ['test_coverage', ['no_coverage_report'], '--coverage FILE'],
  ['test_coverage', ['report_of_another_commit'], 'at this very commit'],
  ['test_coverage', ['report_without_changed_files: 2'], 'cover the changed files'],
  ['test_coverage', ['report_does_not_fit_contents'], 'run the tests again'],
  ['coupling_analysis', ['too_little_history'], 'fetch-depth: 0'],
  ['coupling_analysis', ['no_history_or_import_graph'], 'fetch-depth: 0'],
  ['security_scan', ['rules_not_for_language: 1'], '--sarif FILE'],
  ['security_scan', ['some_reason', 'budget'], 'in parts'],
  ['incident_similarity', ['no_code_to_compare'], 'nothing'],
  ['a_later_check', ['a_later_reason'], 'a later version'],
])('%s, %j: %s', (name, reasons, words) => {
  expect(how(name, reasons)).toContain(words)
})

it('nothing is missing of a check that was made', () => {
  expect(missingEvidence(sampleCertificate()).map(({ check }) => check)).not.toContain('security_scan')
})
