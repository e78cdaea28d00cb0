import type { Language } from '../source/language.ts'
import type { Tokens } from '../source/tokens.ts'
import { codeLines, executesSomething, hasNothingToCount } from './code-lines.ts'
import { PathEnds } from './path-ends.ts'
import { matchPaths } from './paths.ts'
import { type CoverageReport, type FileCoverage, mergeFiles, mergeReports } from './report.ts'
import { type SourceKind, sourceKind } from './source-files.ts'

/** Ranges of uncovered lines that the owner is shown of one file. */
export const MAX_UNCOVERED_RANGES = 20

export interface ChangedSource {
  readonly path: string
  /** As it is after the change. */
  readonly content: string
  /** Line numbers, from 1, that the change added or altered. */
  readonly addedLines: ReadonlySet<number>
  readonly language: Language | null
  /** Of `content`, where they are known already; null where it is too much to be split into tokens. */
  readonly tokens?: Tokens | null
}

export interface CoverageInput {
  readonly reports: readonly CoverageReport[]
  readonly changed: readonly ChangedSource[]
  /** Of the change. Reports that say another one do not count. */
  readonly commitSha: string | undefined
  /** 0–1: the least patch coverage that passes. */
  readonly threshold: number
  /** What the reports are worth: supplied and hashed, or bound to a CI identity. */
  readonly level: 'E1' | 'E2'
}

/** For the owner alone. */
export interface FileDetail {
  readonly path: string
  /** `counted`, or why the file is not: what it is, or what is wrong with what the report says of it. */
  readonly status: 'counted' | 'not_in_report' | 'does_not_fit' | 'test' | 'declaration'
  readonly covered: number
  readonly executable: number
  /** First and last line of each run of changed lines that were not executed: {@link MAX_UNCOVERED_RANGES} at most. */
  readonly uncovered: readonly (readonly [first: number, last: number])[]
}

export interface CoverageCheck {
  readonly result: 'passed' | 'failed' | 'not_evaluated'
  readonly passed: boolean
  /** E3 when nothing but the change itself was needed to tell. */
  readonly evidence: 'E1' | 'E2' | 'E3' | null
  readonly reasons: readonly string[]
  /** Patch coverage, 0–1, four decimals, never rounded up; null when there is none. */
  readonly value: number | null
  readonly threshold: number
  /** Of all executable lines that the reports know, likewise. */
  readonly project_value: number | null
  readonly covered_lines: number | null
  readonly executable_lines: number | null
  readonly files: readonly FileDetail[]
}

/**
 * Patch coverage: covered changed executable lines ÷ changed executable lines. Executable is what a report says is, and holds
 * code (see `codeLines`). Test files never count: they execute themselves, and would hide what they do not test.
 *
 * Every changed source file must be in a report, or the check is not evaluated: a report that leaves one out must not pass for
 * the others. Files that no report needs to know: tests, declarations, documents and data (`sourceKind`), and those of
 * which nothing but blank lines, comments and brackets was added.
 */
export function checkCoverage(input: CoverageInput): CoverageCheck {
  const files = examine(input)
  const count = (status: FileDetail['status']) => files.filter((file) => file.status === status).length
  const skipped = [
    ...withCount('test_files_not_counted', count('test')),
    ...withCount('declarations_not_counted', count('declaration')),
  ]
  const notEvaluated = (reason: string): CoverageCheck => ({
    ...NOT_EVALUATED,
    reasons: [reason, ...skipped],
    threshold: input.threshold,
    files,
  })

  const unknown = count('not_in_report')
  const known = count('counted') + count('does_not_fit')
  if (unknown > 0 && input.reports.length === 0) return notEvaluated('no_coverage_report')
  if (unknown + known > 0 && isOfAnotherCommit(input)) return notEvaluated('report_of_another_commit')
  if (unknown > 0) return notEvaluated(`report_without_changed_files: ${unknown}`)
  if (count('does_not_fit') > 0) return notEvaluated('report_does_not_fit_contents')
  if (isOfEarlierContents(input, files)) return notEvaluated('report_does_not_fit_contents')
  return {
    ...judge(files, input.threshold, skipped),
    evidence: known > 0 ? input.level : 'E3',
    project_value: isOfAnotherCommit(input) ? null : projectCoverage(input.reports),
    files,
  }
}

/** The reports know the files and not one of the new lines, though these surely execute: they ran what was before. */
function isOfEarlierContents({ changed }: CoverageInput, files: readonly FileDetail[]): boolean {
  const counted = new Map(files.map((file) => [file.path, file]))
  if (files.some(({ executable }) => executable > 0)) return false
  return changed.some((file) => {
    if (counted.get(file.path)?.status !== 'counted') return false
    return executesSomething(file, codeLines(file, file.addedLines))
  })
}

const NOT_EVALUATED = {
  result: 'not_evaluated',
  passed: false,
  evidence: null,
  value: null,
  project_value: null,
  covered_lines: null,
  executable_lines: null,
} as const

/** Without the files that nothing was added to and that no report needs to know. */
function examine({ reports, changed }: CoverageInput): FileDetail[] {
  const paths = changed.map((file) => file.path)
  const ends = new PathEnds(paths)
  const matches = reports.map((report) => ({ report, paths: matchPaths(report, paths, ends) }))
  return changed.flatMap((file) => {
    if (file.addedLines.size === 0) return []
    const kind = sourceKind(file.path, file.language)
    if (kind === 'test' || kind === 'declaration') return [describe(file, kind)]
    const found = matches.flatMap((match) => {
      const path = match.paths.get(file.path)
      return path === undefined ? [] : [match.report.files.get(path)!]
    })
    const detail = examineFile(file, kind, found)
    return detail === null ? [] : [detail]
  })
}

function examineFile(
  file: ChangedSource,
  kind: SourceKind,
  found: readonly FileCoverage[],
): FileDetail | null {
  // What needs no report is not judged by one either: it would be better left out.
  if (kind === 'without_code') return null
  // Which of its lines are code cannot be told: no report tells of them then.
  if (file.tokens === null) return describe(file, 'not_in_report')
  const code = codeLines(file, file.addedLines)
  if (code.size === 0 || hasNothingToCount(file)) return null
  if (found.length === 0) return describe(file, 'not_in_report')
  const { hits } = mergeFiles(found)
  // A comment that asks the tool to pass a file over is the author's, and the author is who is checked.
  if (hits.size === 0 && executesSomething(file, code)) {
    return describe(file, 'not_in_report')
  }
  const lineCount = countLines(file.content)
  for (const line of hits.keys()) if (line > lineCount) return describe(file, 'does_not_fit')
  const executable = [...code].filter((line) => hits.has(line)).sort((a, b) => a - b)
  const missed = executable.filter((line) => hits.get(line) === 0)
  return {
    path: file.path,
    status: 'counted',
    covered: executable.length - missed.length,
    executable: executable.length,
    uncovered: ranges(missed),
  }
}

function describe({ path }: ChangedSource, status: FileDetail['status']): FileDetail {
  return { path, status, covered: 0, executable: 0, uncovered: [] }
}

/** With the empty one after a last newline, which some tools count. */
function countLines(content: string): number {
  let lines = 1
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) lines++
  return lines
}

function ranges(lines: readonly number[]): (readonly [number, number])[] {
  const found: [number, number][] = []
  for (const line of lines) {
    const last = found.at(-1)
    if (last !== undefined && last[1] === line - 1) last[1] = line
    else if (found.length < MAX_UNCOVERED_RANGES) found.push([line, line])
    else break
  }
  return found
}

/** One such report is enough: nobody can say which of them tells of this change. */
function isOfAnotherCommit({ reports, commitSha }: CoverageInput): boolean {
  if (commitSha === undefined) return false
  const own = commitSha.toLowerCase()
  return reports.some((report) => report.commitSha !== undefined && report.commitSha.toLowerCase() !== own)
}

function judge(files: readonly FileDetail[], threshold: number, skipped: readonly string[]) {
  const covered = files.reduce((sum, file) => sum + file.covered, 0)
  const executable = files.reduce((sum, file) => sum + file.executable, 0)
  const figures = { threshold, covered_lines: covered, executable_lines: executable }
  if (executable === 0) {
    const reasons = ['no_changed_executable_lines', ...skipped]
    return { result: 'passed', passed: true, reasons, value: null, ...figures } as const
  }
  const value = fraction(covered, executable)
  const passed = value >= threshold
  const reasons = [...(passed ? [] : [`coverage_below_threshold: ${value}`]), ...skipped]
  return { result: passed ? 'passed' : 'failed', passed, reasons, value, ...figures } as const
}

function projectCoverage(reports: readonly CoverageReport[]): number | null {
  let covered = 0
  let executable = 0
  for (const { hits } of mergeReports(reports).values()) {
    executable += hits.size
    for (const count of hits.values()) if (count > 0) covered++
  }
  return executable === 0 ? null : fraction(covered, executable)
}

/** Four decimals, down: 0.69999 must not look like 0.7. Both are whole, so that 57 of 100 is 0.57 and not 0.5699. */
function fraction(part: number, whole: number): number {
  return Math.floor((part * 10_000) / whole) / 10_000
}

function withCount(reason: string, count: number): string[] {
  return count === 0 ? [] : [`${reason}: ${count}`]
}
