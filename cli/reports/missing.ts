import type { Certificate, Checks } from '../../schema/wire/certificate.ts'
import type { Terminal } from '../output.ts'
import { checkTitle } from './words.ts'

export type Check = Partial<Checks[keyof Checks]> & { result?: string; reasons?: string[] }

/** A check that could not be made, and what would let it be. */
export interface MissingEvidence {
  readonly check: string
  readonly reasons: readonly string[]
  readonly how: string
}

const WHOLE_HISTORY = 'git fetch --unshallow; in GitHub Actions, actions/checkout with fetch-depth: 0'
const IN_PARTS = 'certify it in parts, by naming files or folders: coderisk certify PATHS…'

/** By reason, where one says more than the check does. */
const HOW_BY_REASON: Readonly<Record<string, string>> = {
  report_of_another_commit: 'run the tests at this very commit, then certify again',
  report_without_changed_files:
    'have the tests cover the changed files, or send their report too: --coverage FILE',
  report_does_not_fit_contents: 'run the tests again on the code as it is, then certify again',
  too_little_history: `more commits of these files, which come with time; in a shallow clone, ${WHOLE_HISTORY}`,
  rules_not_for_language: 'a SARIF report of a scanner that knows the language: --sarif FILE',
  sarif_without_successful_run: 'a SARIF report of a scan that ended well: --sarif FILE',
  no_added_lines: 'nothing: only added lines can be looked at',
  no_code_to_compare: 'nothing: the change adds no code in a language that is compared',
  budget: IN_PARTS,
}

const HOW_BY_CHECK: Readonly<Record<string, string>> = {
  test_coverage:
    'a coverage report of this commit (LCOV, Cobertura, JaCoCo, Istanbul, Go): run the tests, or --coverage FILE',
  security_scan: 'a SARIF report (Semgrep, CodeQL, any): --sarif FILE',
  coupling_analysis: `the history of files that change together: certify in a git repository. In a shallow one: ${WHOLE_HISTORY}`,
  incident_similarity: 'nothing: the network compares by itself',
}

/** Every check that was not evaluated: the certificate says so, and this says what would change it. */
export function missingEvidence(certificate: Certificate): MissingEvidence[] {
  return checksOf(certificate)
    .filter(([, check]) => check.result === 'not_evaluated')
    .map(([name, check]) => ({ check: name, reasons: check.reasons ?? [], how: howToAdd(name, check) }))
}

export function printMissing(terminal: Terminal, missing: readonly MissingEvidence[]): void {
  if (missing.length === 0) return
  terminal.print()
  terminal.print(terminal.paint.bold('Missing evidence'))
  for (const { check, how } of missing) terminal.print(`  ${checkTitle(check).padEnd(22)} ${how}`)
}

export function checksOf(certificate: Certificate): [string, Check][] {
  return Object.entries(certificate.checks_passed as Record<string, Check>).filter(
    ([, check]) => typeof check === 'object' && check !== null,
  )
}

function howToAdd(name: string, { reasons = [] }: Check): string {
  for (const reason of reasons) {
    const [code = ''] = String(reason).split(': ')
    if (Object.hasOwn(HOW_BY_REASON, code)) return HOW_BY_REASON[code]!
  }
  return Object.hasOwn(HOW_BY_CHECK, name) ? HOW_BY_CHECK[name]! : 'a later version of this command sends it'
}
