import type { Collection } from '../git/collect.ts'
import { MAX_EVIDENCE_BYTES, MAX_HISTORY_PATHS } from '../limits.ts'
import { plural } from '../reports/words.ts'
import {
  type CollectedEvidence,
  type Evidence,
  evidenceHash,
  type LeftOutEvidence,
  type SentEvidence,
} from './evidence.ts'
import { readFreshness } from './freshness.ts'
import { type History, readHistory } from './history.ts'
import type { EvidenceOptions } from './options.ts'
import { type GatheredReports, gatherReports, type ReportKind } from './reports.ts'

/** For the names of the members and their brackets. */
const RESERVED_BYTES = 256

/**
 * Finds the evidence for a change: the reports that were named or lie in the usual places, and the history before
 * it. Named reports come first, the history takes what room they leave.
 *
 * @param progress gets what is being done, in words
 * @throws {CommandFailure} (exit code 2) when a named report cannot be sent
 */
export async function collectEvidence(
  { change, repository }: Collection,
  options: EvidenceOptions,
  cwd: string,
  progress: (step: string) => void,
): Promise<CollectedEvidence> {
  const root = repository?.root ?? cwd
  let room = MAX_EVIDENCE_BYTES - RESERVED_BYTES
  progress('looking for reports')
  const freshness = await readFreshness(repository, root, change)
  const gathered: Partial<Record<ReportKind, GatheredReports>> = {}
  for (const kind of namedFirst(options)) {
    const source = options[kind]
    const search = { kind, source, cwd, root, repository, freshness, maxBytes: room }
    const reports = await gatherReports(search)
    room -= reports.bytes
    gathered[kind] = reports
  }
  progress('reading history')
  const history =
    options.history && repository !== null && change.baseCommit !== null
      ? await readHistory(repository, change.baseCommit, room)
      : null
  if (history !== null) progress(`reading history … ${plural(history.commits.length, 'commit')}`)
  return describe(options, gathered.coverage!, gathered.sarif!, history)
}

/** What was asked for must not lack the room that something found has taken. */
function namedFirst(options: EvidenceOptions): ReportKind[] {
  const sarifFirst = options.sarif.kind === 'named' && options.coverage.kind !== 'named'
  return sarifFirst ? ['sarif', 'coverage'] : ['coverage', 'sarif']
}

function describe(
  options: EvidenceOptions,
  coverage: GatheredReports,
  sarif: GatheredReports,
  history: History | null,
): CollectedEvidence {
  const evidence: Evidence = {
    ...(coverage.reports.length === 0 ? {} : { coverage: [...coverage.reports] }),
    ...(sarif.reports.length === 0 ? {} : { sarif: [...sarif.reports] }),
    ...(history === null || history.commits.length === 0 ? {} : { history: [...history.commits] }),
  }
  const isEmpty = Object.keys(evidence).length === 0
  return {
    evidence: isEmpty ? null : evidence,
    sha256: isEmpty ? null : evidenceHash(evidence),
    ciToken: null,
    sent: [...coverage.sent, ...sarif.sent, ...sentHistory(history)],
    leftOut: [
      ...coverage.leftOut,
      ...noReport('coverage', options, coverage),
      ...sarif.leftOut,
      ...noReport('sarif', options, sarif),
      ...leftOutHistory(options, history),
    ],
  }
}

const NO_REPORT = {
  coverage: { problem: 'no report was found', how: 'run the tests with coverage, or --coverage FILE' },
  sarif: { problem: 'no report was found', how: 'run a scanner that writes SARIF, or --sarif FILE' },
} as const

function noReport(kind: ReportKind, options: EvidenceOptions, gathered: GatheredReports): LeftOutEvidence[] {
  if (options[kind].kind === 'none') return [{ kind, name: null, problem: `--no-${kind}`, how: null }]
  const isNone = gathered.reports.length === 0 && gathered.leftOut.length === 0
  return isNone ? [{ kind, name: null, ...NO_REPORT[kind] }] : []
}

function sentHistory(history: History | null): SentEvidence[] {
  if (history === null || history.commits.length === 0) return []
  const name = plural(history.commits.length, 'commit')
  return [{ kind: 'history', name, format: 'git log', bytes: history.bytes }]
}

const CUTS = {
  shallow: {
    problem: 'ends early: this is a shallow clone',
    how: 'git fetch --unshallow; in GitHub Actions, actions/checkout with fetch-depth: 0',
  },
  missing_objects: {
    problem: 'ends early: this partial clone lacks the folders of older commits',
    how: 'git fetch --refetch --filter=blob:none',
  },
  size: { problem: 'ends early: older commits do not fit', how: null },
} as const

function leftOutHistory(options: EvidenceOptions, history: History | null): LeftOutEvidence[] {
  const leave = (problem: string, how: string | null = null) => [
    { kind: 'history' as const, name: null, problem, how },
  ]
  if (!options.history) return leave('--no-history')
  if (history === null) return leave('there is no commit before the change')
  const mass =
    history.massChanges === 0
      ? []
      : leave(`${plural(history.massChanges, 'commit')} of more than ${MAX_HISTORY_PATHS} files left out`)
  const { cut } = history
  if (cut !== null) return [...mass, ...leave(CUTS[cut].problem, CUTS[cut].how)]
  return history.commits.length === 0 && mass.length === 0
    ? leave('no commit before it changed a file')
    : mass
}
