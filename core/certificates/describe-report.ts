import type { CertificateReport } from '../../schema/wire/report.ts'
import { arcEntry } from '../analysis/catalogue/catalogue.ts'
import type { Examination } from '../analysis/examine.ts'
import type { Analysis } from '../analysis/judge.ts'
import { MATCH_THRESHOLD } from '../analysis/similarity/check.ts'
import { type KeptFingerprints, keepFingerprints } from '../arc/fingerprints.ts'
import type { VisibleIncident } from '../arc/visible.ts'
import type { CiIdentity } from '../evidence/ci-identity.ts'
import { summarise } from './summarise.ts'

/** Findings beyond these are counted in the certificate and not listed. */
const MAX_FINDINGS_LISTED = 1_000
const MAX_FILES_LISTED = 500
const MAX_INCIDENTS_LISTED = 20

/** What is kept for the owner of a certificate. */
export interface StoredReport extends Omit<CertificateReport, 'certificate_id'> {
  /** Of the shipped model: what a later outcome is compared with. */
  readonly model_probability: number
  /** Of a live change to a commit, which an incident may be put down to. Nobody is shown them. */
  readonly fingerprints?: KeptFingerprints
}

interface Described {
  readonly analysis: Analysis
  readonly examination: Examination
  readonly identity: CiIdentity | null
  readonly incidents: readonly VisibleIncident[]
  readonly pathSalt: string | undefined
  /** `files_changed` of the certificate. */
  readonly pathNames: readonly string[]
  readonly livemode: boolean
}

/** Puts together what only the owner may know: paths, lines, neighbours, and whose reports were believed how far. */
export function describeReport(described: Described): StoredReport {
  const { analysis, identity } = described
  const { details } = analysis
  return {
    summary: summarise(analysis),
    findings: details.findings.slice(0, MAX_FINDINGS_LISTED).map((finding, index) => ({
      path: finding.path,
      line: finding.line,
      rule: storable(finding.rule),
      // Our own come first, in the order in which they were found.
      title: described.examination.scan.findings[index]?.title ?? storable(finding.message),
      severity: finding.severity,
      cwe: [...finding.cwe],
      source: finding.source,
    })),
    coverage: details.coverage.files
      .filter(({ status }) => status === 'counted')
      .slice(0, MAX_FILES_LISTED)
      .map(({ path, covered, executable, uncovered }) => ({
        path,
        covered_lines: covered,
        executable_lines: executable,
        uncovered: uncovered.map(([first, last]) => ({ first, last })),
      })),
    coupling: { headline: details.coupling.headline, signals: [...details.coupling.signals] },
    incidents: describeMatches(described),
    evidence: describeEvidence(described),
    ci: identity && {
      issuer: identity.issuer,
      repository: storable(identity.repository),
      commit_sha: storable(identity.commitSha),
      run: identity.run && storable(identity.run),
    },
    path_salt: described.pathSalt ?? null,
    file_digests: nameDigests(described),
    model_probability: details.modelProbability,
    ...describeFingerprints(described),
  }
}

/** Only what is live and names its commit can be insured. */
function describeFingerprints({ examination, livemode }: Described): Pick<StoredReport, 'fingerprints'> {
  if (!livemode || examination.commitSha === undefined) return {}
  const { version, files } = keepFingerprints(examination.grams, examination.comparedPaths)
  return { fingerprints: { version, files: files.map((file) => ({ ...file, path: storable(file.path) })) } }
}

/** By the names that the certificate has for the files: keyed hashes, if their paths are private. */
function nameDigests({ analysis, examination, pathNames }: Described): StoredReport['file_digests'] {
  const names = new Map(analysis.filesChanged.map((path, index) => [path, pathNames[index]!]))
  return examination.fileDigests.flatMap(({ path, sha256 }) => {
    const name = names.get(path)
    return name === undefined ? [] : [{ name, sha256 }]
  })
}

function describeMatches({ analysis, examination, incidents }: Described): StoredReport['incidents'] {
  const titles = new Map(incidents.map(({ id, title }) => [id, title]))
  return analysis.details.matches.slice(0, MAX_INCIDENTS_LISTED).map((match) => ({
    id: match.id,
    title: arcEntry(match.id)?.title ?? titles.get(match.id) ?? match.id,
    similarity: match.similarity,
    matched: match.similarity >= MATCH_THRESHOLD,
    private: match.private,
    path: examination.comparedPaths[match.file] ?? '',
    line: match.line,
  }))
}

function describeEvidence({ examination, identity }: Described): StoredReport['evidence'] {
  const { coverage, sarif, history, imports } = examination.evidence
  const level = identity === null ? ('E1' as const) : ('E2' as const)
  return [
    ...coverage.map(({ name, report }) => ({ kind: 'coverage', name, format: report.format, level })),
    ...sarif.map(({ name, report }) => ({ kind: 'sarif', name, format: storable(report.tool), level })),
    ...(history === undefined
      ? []
      : [{ kind: 'history', name: `${history.length} commits`, format: 'git', level }]),
    ...(imports === undefined
      ? []
      : [{ kind: 'imports', name: `${imports.length} files`, format: 'paths', level }]),
  ]
}

/** Text of a report or a token, which nobody has validated: PostgreSQL's jsonb takes neither NUL nor half a character. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}
