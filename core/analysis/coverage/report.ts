import { EvidenceError } from '../evidence-error.ts'

export const COVERAGE_FORMATS = ['lcov', 'cobertura', 'jacoco', 'istanbul', 'go'] as const
export type CoverageFormat = (typeof COVERAGE_FORMATS)[number]

export interface FileCoverage {
  /** Executions of each executable line, by its number from 1. A line that is not here has nothing to execute. */
  readonly hits: ReadonlyMap<number, number>
}

export interface CoverageReport {
  readonly format: CoverageFormat
  /** By path, as the report says it but for backslashes, `.` and `..`; a Cobertura path has its source before it. */
  readonly files: ReadonlyMap<string, FileCoverage>
  /** Paths begin at one of several source roots, and nothing says at which: `com/x/A.java`. */
  readonly packageRelative?: true
  /** Where the report was found, relative to the repository: `packages/a/coverage/lcov.info`. The caller adds it. */
  readonly name?: string
  /** The commit that the tests ran on. No format says it: the caller adds what the request says. */
  readonly commitSha?: string
}

/** Files that all reports of a request may name together. */
export const MAX_REPORT_FILES = 20_000
/** Executable lines that all reports of a request may have together, each report for itself. */
export const MAX_REPORT_LINES = 600_000
/** Statements about lines in all reports of a request; overlapping blocks of Go make many of few characters. */
export const MAX_REPORT_STEPS = 5_000_000
/** No file is longer; a report that says otherwise is broken. */
export const MAX_LINE_NUMBER = 10_000_000
/** Characters of a path in a report. */
export const MAX_REPORT_PATH = 4_096

/** What the reports of one request may still hold. Reading a report takes from it. */
export interface CoverageBudget {
  files: number
  lines: number
  steps: number
}

export function coverageBudget(): CoverageBudget {
  return { files: MAX_REPORT_FILES, lines: MAX_REPORT_LINES, steps: MAX_REPORT_STEPS }
}

/** The files of several reports. A line was executed as often as the report that saw most of it says. */
export function mergeReports(
  reports: readonly Pick<CoverageReport, 'files'>[],
): ReadonlyMap<string, FileCoverage> {
  if (reports.length === 1) return reports[0]!.files
  const merged = new Map<string, FileCoverage>()
  for (const { files } of reports) {
    for (const [path, coverage] of files) {
      const known = merged.get(path)
      merged.set(path, known === undefined ? coverage : mergeFiles([known, coverage]))
    }
  }
  return merged
}

export function mergeFiles(coverages: readonly FileCoverage[]): FileCoverage {
  if (coverages.length === 1) return coverages[0]!
  const hits = new Map<number, number>()
  for (const coverage of coverages) {
    for (const [line, count] of coverage.hits) hits.set(line, Math.max(hits.get(line) ?? 0, count))
  }
  return { hits }
}

/** Gathers what a reader finds, within the budget. */
export class Collector {
  readonly files = new Map<string, { readonly hits: Map<number, number> }>()
  private readonly budget: CoverageBudget

  constructor(budget: CoverageBudget) {
    this.budget = budget
  }

  /** The hits of the file of that path, which may have been named before. `at` is a line of the report, for errors. */
  file(rawPath: string, at: number | null): Map<number, number> {
    if (rawPath.length > MAX_REPORT_PATH) {
      throw new EvidenceError(`names a path of more than ${MAX_REPORT_PATH} characters`, at)
    }
    const path = cleanPath(rawPath)
    if (path === '') throw new EvidenceError('names a file without a path', at)
    const known = this.files.get(path)
    if (known !== undefined) return known.hits
    if (--this.budget.files < 0) throw new EvidenceError(`names more than ${MAX_REPORT_FILES} files`, at)
    const hits = new Map<number, number>()
    this.files.set(path, { hits })
    return hits
  }

  /** Line 0, which some tools write for what has no line, is none. */
  hit(hits: Map<number, number>, line: number, count: number, at: number | null): void {
    if (line === 0) return
    if (--this.budget.steps < 0) {
      throw new EvidenceError(`says more than ${MAX_REPORT_STEPS} times whether a line was executed`, at)
    }
    if (line > MAX_LINE_NUMBER) throw new EvidenceError(`speaks of a line beyond ${MAX_LINE_NUMBER}`, at)
    const before = hits.get(line)
    if (before === undefined) {
      if (--this.budget.lines < 0) {
        throw new EvidenceError(`has more than ${MAX_REPORT_LINES} executable lines`, at)
      }
      hits.set(line, count)
    } else if (count > before) hits.set(line, count)
  }
}

/**
 * A path in NFC with `/` between its segments and without `.` and `..`, as the paths of a change are; one that leaves where it
 * starts keeps its first `..`, and so is none of them.
 */
export function cleanPath(raw: string): string {
  const path = (raw.includes('\\') ? raw.replaceAll('\\', '/') : raw).normalize('NFC')
  if (!/(?:^|\/)(?:\.{0,2})(?:\/|$)/.test(path)) return path
  const absolute = path.startsWith('/')
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.length > 0 && segments.at(-1) !== '..') segments.pop()
    else if (!absolute) segments.push(segment)
  }
  return (absolute ? '/' : '') + segments.join('/')
}
