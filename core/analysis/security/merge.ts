import { SEVERITIES, type Severity } from '../../../schema/wire/vocabulary.ts'
import type { FileChange } from '../change.ts'
import { PathEnds } from '../coverage/path-ends.ts'
import type { SarifFinding, SarifReport } from '../sarif/read.ts'

/** Segments of a path in a report that is relative to a folder of the repository. */
const MAX_TAIL_SEGMENTS = 32

/** What our own rules found, on a changed line. */
export interface OwnFinding {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly rule: string
  readonly cwe: readonly string[]
  readonly severity: Severity
}

export interface MergedFinding extends OwnFinding {
  readonly source: 'coderisk' | 'sarif'
  /** For the owner alone: what the tool says; '' for our own rules, whose title is the rule's. */
  readonly message: string
}

export interface MergedFindings {
  /** Our own first, then those of the reports in their order. */
  readonly findings: readonly MergedFinding[]
  /** Some report says that its tool ran successfully: that it names nothing on these lines means something. */
  readonly sarifClean: boolean
  /** Reports that do not say so. One that is empty as well is no pass: `sarif_without_successful_run`. */
  readonly sarifWithoutSuccessfulRun: number
  /** Findings of the reports that name no file: they may be on any line. */
  readonly unlocated: number
}

export interface MergeInput {
  readonly own: readonly OwnFinding[]
  readonly reports: readonly SarifReport[]
  readonly changed: readonly Pick<FileChange, 'path' | 'addedLines'>[]
}

/**
 * Joins our own findings and those of SARIF reports that touch a changed line. One that another tool has found too counts
 * once: with the same rule on the same line, or with the same fingerprints from the same rule in the same file of another
 * run, or where a rule of ours has found the same weakness (CWE) on that line. The graver severity of the two stays.
 *
 * A suppressed finding counts like any other: who suppresses it is the author, and the author is who is checked. What is
 * `absent` compared with a baseline is not in the code any more, and does not.
 */
export function mergeFindings({ own, reports, changed }: MergeInput): MergedFindings {
  const findings: MergedFinding[] = own.map((finding) => ({ ...finding, source: 'coderisk', message: '' }))
  const ownOn = groupByPlace(findings)
  const locate = locator(changed)
  const seen = new Seen()
  reports.forEach((report, index) => {
    for (const finding of report.findings) {
      const place = finding.baselineState === 'absent' ? null : locate(finding)
      if (place === null) continue
      const run = `${index} ${finding.run}`
      const twin =
        seen.find(finding, place, run) ??
        ownOn.get(key(place))?.find((at) => sharesCwe(finding.cwe, findings[at]!.cwe))
      const at = twin ?? findings.push(toMerged(finding, place)) - 1
      findings[at] = { ...findings[at]!, severity: graver(findings[at]!.severity, finding.severity) }
      seen.add(finding, place, run, at)
    }
  })
  const successful = reports.filter((report) => report.ranSuccessfully).length
  return {
    findings,
    sarifClean: successful > 0,
    sarifWithoutSuccessfulRun: reports.length - successful,
    unlocated: reports.reduce((sum, report) => sum + report.unlocated, 0),
  }
}

interface Place {
  readonly path: string
  readonly line: number
}

const key = ({ path, line }: Place) => `${line} ${path}`

function groupByPlace(findings: readonly MergedFinding[]): ReadonlyMap<string, number[]> {
  const groups = new Map<string, number[]>()
  findings.forEach((finding, index) => {
    append(groups, key(finding), index)
  })
  return groups
}

function append<Value>(groups: Map<string, Value[]>, name: string, value: Value): void {
  const group = groups.get(name)
  if (group === undefined) groups.set(name, [value])
  else group.push(value)
}

/**
 * The changed file and the first changed line that a finding is on. Unlike coverage, where an uncertain match would let a
 * check pass, here a missing one would: all files that a relative path may mean are looked at, and an absolute path means
 * the longest that it ends with.
 */
function locator(changed: MergeInput['changed']): (finding: SarifFinding) => Place | null {
  const lines = new Map(changed.map((file) => [file.path, [...file.addedLines].sort((a, b) => a - b)]))
  const ends = new PathEnds(lines.keys())
  const byTail = groupByTail(lines.keys())
  const candidates = ({ path, base }: SarifFinding): readonly string[] => {
    const [longest] = ends.of(base === null ? path : `${base}/${path}`)
    // What the report says relative to its base belongs to the path: `src/main.py` is not the `main.py` above it.
    const wholly = longest !== undefined && (longest.length >= path.length || path.startsWith('/'))
    if (wholly) return [longest]
    // Relative to a folder of the repository; or to one above it, where more than a bare name says so.
    return byTail.get(path) ?? (longest?.includes('/') ? [longest] : [])
  }
  return (finding) => {
    for (const path of candidates(finding)) {
      const line = firstWithin(lines.get(path)!, finding.startLine, finding.endLine)
      if (line !== undefined) return { path, line }
    }
    return null
  }
}

/** By what follows each of their folders, if that is more than a bare name, which means a file of the top folder. */
function groupByTail(paths: Iterable<string>): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const segments = path.split('/')
    for (let from = Math.max(1, segments.length - MAX_TAIL_SEGMENTS); from < segments.length - 1; from++) {
      append(groups, segments.slice(from).join('/'), path)
    }
  }
  return groups
}

function firstWithin(lines: readonly number[], first: number, last: number): number | undefined {
  let [low, high] = [0, lines.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (lines[middle]! < first) low = middle + 1
    else high = middle
  }
  const line = lines[low]
  return line !== undefined && line <= last ? line : undefined
}

/** Where in the list of findings a result already is, by what makes it the same. */
class Seen {
  private readonly places = new Map<string, number>()
  private readonly prints = new Map<string, { readonly run: string; readonly at: number }>()

  /**
   * All fingerprints together, and of another run only: one of them alone may be no more than a column, and what one run
   * lists twice it means twice.
   */
  find(finding: SarifFinding, place: Place, run: string): number | undefined {
    const known = this.places.get(byPlace(finding, place))
    if (known !== undefined || finding.fingerprints.length === 0) return known
    const print = this.prints.get(byFingerprints(finding, place))
    return print === undefined || print.run === run ? undefined : print.at
  }

  add(finding: SarifFinding, place: Place, run: string, at: number): void {
    this.places.set(byPlace(finding, place), at)
    if (!this.prints.has(byFingerprints(finding, place))) {
      this.prints.set(byFingerprints(finding, place), { run, at })
    }
  }
}

function byPlace({ ruleId }: SarifFinding, place: Place): string {
  return `${key(place)} ${ruleId}`
}

function byFingerprints({ ruleId, fingerprints }: SarifFinding, { path }: Place): string {
  return JSON.stringify([ruleId, path, fingerprints])
}

function toMerged(finding: SarifFinding, place: Place): MergedFinding {
  const { ruleId, cwe, severity, message } = finding
  return { ...place, rule: ruleId, cwe, severity, source: 'sarif', message }
}

function graver(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b
}

function sharesCwe(one: readonly string[], other: readonly string[]): boolean {
  const upper = other.map((cwe) => cwe.toUpperCase())
  return one.some((cwe) => upper.includes(cwe.toUpperCase()))
}
