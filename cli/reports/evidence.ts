import type { CollectedEvidence, EvidenceKind, LeftOutEvidence, SentEvidence } from '../evidence/evidence.ts'
import { clean, mark, type Terminal } from '../output.ts'
import type { MissingEvidence } from './missing.ts'
import { byteSize, plural } from './words.ts'

const KIND_TITLES: Readonly<Record<EvidenceKind, string>> = {
  coverage: 'Coverage',
  sarif: 'SARIF',
  history: 'History',
  ci_identity: 'CI identity',
}

/** The check that says what would be needed, if there is none of a kind. */
const CHECK_OF_KIND: Readonly<Record<EvidenceKind, string | null>> = {
  coverage: 'test_coverage',
  sarif: 'security_scan',
  history: 'coupling_analysis',
  ci_identity: null,
}

const MAX_LISTED = 20

/** `evidence` in the JSON form of `coderisk certify`. */
export function evidenceDocument({ sent, leftOut, sha256, ciToken }: CollectedEvidence) {
  return { sent, missing: leftOut, sha256, ci: ciToken !== null }
}

/**
 * What was sent, then what was not.
 *
 * @param missing checks without evidence, of which more is said elsewhere
 */
export function printEvidence(
  terminal: Terminal,
  { sent, leftOut }: CollectedEvidence,
  missing: readonly MissingEvidence[] = [],
): void {
  terminal.print()
  terminal.print(terminal.paint.bold('Evidence'))
  for (const item of sent) printLine(terminal, 'passed', item.kind, describeSent(item))
  // That a CI identity is missing was warned of, or concerns nobody.
  const listed = leftOut.filter(({ kind }) => kind !== 'ci_identity')
  for (const item of listed.slice(0, MAX_LISTED)) {
    printLine(terminal, 'undecided', item.kind, describeLeftOut(item, missing))
  }
  const more = listed.length - MAX_LISTED
  if (more > 0) terminal.print(`  … and ${plural(more, 'more file')} left out`)
}

function printLine(
  terminal: Terminal,
  outcome: 'passed' | 'undecided',
  kind: EvidenceKind,
  said: string,
): void {
  terminal.print(`  ${mark(terminal.paint, outcome)} ${KIND_TITLES[kind].padEnd(20)} ${clean(said)}`)
}

function describeSent({ name, format, bytes, commit_sha }: SentEvidence): string {
  const commit = commit_sha === undefined ? '' : `, of commit ${commit_sha.slice(0, 12)}`
  return `${name} (${format}, ${byteSize(bytes)}${commit})`
}

function describeLeftOut(item: LeftOutEvidence, missing: readonly MissingEvidence[]): string {
  const { kind, name, problem, how } = item
  const isSaidElsewhere = name === null && missing.some(({ check }) => check === CHECK_OF_KIND[kind])
  const words = name === null ? problem : `${name} ${problem}`
  return how === null || isSaidElsewhere ? words : `${words}: ${how}`
}
