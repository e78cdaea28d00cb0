import { realpath } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { inputFailure } from '../failure.ts'
import { splitNul } from '../git/raw-diff.ts'
import { askGit, type Repository } from '../git/run.ts'
import { MAX_REPORT_NAME_CHARACTERS, MAX_REPORTS } from '../limits.ts'
import { clean } from '../output.ts'
import { byteSize } from '../reports/words.ts'
import { type Candidates, findCoverage, findSarif } from './discover.ts'
import { jsonBytes, type LeftOutEvidence, type SentEvidence, type SuppliedReport } from './evidence.ts'
import { coverageFormat, sarifFormat } from './formats.ts'
import { type Freshness, staleness } from './freshness.ts'
import type { ReportSource } from './options.ts'
import { readReportFile } from './report-file.ts'

export type ReportKind = 'coverage' | 'sarif'

/** Where reports are looked for, and how much of them fits. */
export interface ReportSearch {
  readonly kind: ReportKind
  readonly source: ReportSource
  readonly cwd: string
  /** Of the repository, or the working directory where there is none. */
  readonly root: string
  readonly repository: Repository | null
  readonly freshness: Freshness
  /** Of the reports as JSON. */
  readonly maxBytes: number
}

/** Reports to send, in the order in which they are named; what is left out, and why. */
export interface GatheredReports {
  readonly reports: readonly SuppliedReport[]
  readonly sent: readonly SentEvidence[]
  readonly leftOut: readonly LeftOutEvidence[]
  /** Of `reports` as JSON. */
  readonly bytes: number
}

const FORMATS = { coverage: coverageFormat, sarif: sarifFormat } as const
const AGAIN = { coverage: 'run the tests again', sarif: 'scan again' } as const
const FINDERS = { coverage: findCoverage, sarif: findSarif } as const

/**
 * Gathers the reports of one kind. What was named is sent as it is, or the command fails; what was found is sent
 * only when it can be of this change: it is no part of the repository, no older than the change, and of a known format.
 *
 * @throws {CommandFailure} (exit code 2) when a named report cannot be sent
 */
export async function gatherReports(search: ReportSearch): Promise<GatheredReports> {
  const gathering = new Gathering(search)
  if (search.source.kind === 'named') {
    for (const file of new Set(search.source.files)) await gathering.addNamed(file)
  } else if (search.source.kind === 'found') {
    const found = await FINDERS[search.kind](search.root)
    const tracked = await listTracked(search.repository, found.flat())
    for (const candidates of found) await gathering.addFound(candidates, tracked)
  }
  return gathering
}

/** A report that is committed is part of the code: it says nothing of a run of this change. */
async function listTracked(
  repository: Repository | null,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (repository === null || paths.length === 0) return new Set()
  const listed = await askGit(repository, ['ls-files', '-z', '--', ...paths])
  if (listed === null) return new Set(paths)
  return new Set(splitNul(Buffer.from(listed)).map((name) => name.toString('utf8')))
}

class Gathering implements GatheredReports {
  readonly reports: SuppliedReport[] = []
  readonly sent: SentEvidence[] = []
  readonly leftOut: LeftOutEvidence[] = []
  bytes = 0
  readonly #search: ReportSearch

  constructor(search: ReportSearch) {
    this.#search = search
  }

  async addNamed(file: string): Promise<void> {
    const { kind, cwd, root, freshness } = this.#search
    const path = resolve(cwd, file)
    const found = await readReportFile(path)
    if (!found.ok) throw inputFailure(`--${kind} ${file} ${found.fault}`)
    const name = this.#unusedName(await reportName(root, path))
    const isOfCommit = staleness(freshness, found.modifiedMs) === null
    if (this.#add(name, found.text, found.bytes, FORMATS[kind](found.text), isOfCommit)) return
    throw inputFailure(
      `--${kind} ${file} does not fit: as JSON the evidence may have ${byteSize(this.#search.maxBytes)} more here`,
      `Give fewer reports with --${kind}, or smaller ones: only the changed files matter`,
    )
  }

  /** Sends the first of them that can be. */
  async addFound(candidates: Candidates, tracked: ReadonlySet<string>): Promise<void> {
    let chosen: string | null = null
    for (const path of candidates) {
      const name = normaliseName(path)
      if (chosen !== null) this.#leave(name, `is left out: ${chosen} is of the same run`, null)
      else if (tracked.has(path)) this.#leave(name, 'is committed, so it is of no run of this change')
      else if (await this.#tryFound(path, name)) chosen = name
    }
  }

  async #tryFound(path: string, name: string): Promise<boolean> {
    const { kind, root, freshness } = this.#search
    if (this.reports.length >= MAX_REPORTS) {
      return this.#leave(name, `is one too many: at most ${MAX_REPORTS} are sent`)
    }
    const found = await readReportFile(join(root, path))
    if (!found.ok) return this.#leave(name, found.fault, null)
    const format = FORMATS[kind](found.text)
    if (format === null) return this.#leave(name, 'is in no format that the network reads', null)
    const stale = staleness(freshness, found.modifiedMs)
    if (stale !== null) return this.#leave(name, stale, `${AGAIN[kind]}, or name it with --${kind}`)
    return this.#add(name, found.text, found.bytes, format, true) || this.#leave(name, 'does not fit', null)
  }

  /** @returns false when it does not fit */
  #add(
    name: string,
    content: string,
    fileBytes: number,
    format: string | null,
    isOfCommit: boolean,
  ): boolean {
    const { kind, freshness, maxBytes } = this.#search
    const isNamed = kind === 'coverage' && isOfCommit && freshness.commitSha !== null
    const commit = isNamed ? { commit_sha: freshness.commitSha } : {}
    const report = { name, content, ...commit }
    const bytes = jsonBytes(report)
    if (this.bytes + bytes > maxBytes) return false
    this.bytes += bytes
    this.reports.push(report)
    this.sent.push({ kind, name, format: format ?? 'unknown format', bytes: fileBytes, ...commit })
    return true
  }

  #leave(name: string, problem: string, how: string | null = `name it with --${this.#search.kind}`): false {
    this.leftOut.push({ kind: this.#search.kind, name, problem, how })
    return false
  }

  #unusedName(name: string): string {
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? name : `${name.slice(-(MAX_REPORT_NAME_CHARACTERS - 6))} (${count})`
      if (!this.reports.some((report) => report.name === candidate)) return candidate
    }
  }
}

/** Below the root, or the file's name alone: where else it lies is nobody's business. */
async function reportName(root: string, file: string): Promise<string> {
  const path = relative(await realpath(root).catch(() => root), await realpath(file).catch(() => file))
  const isInside = !isAbsolute(path) && path.split(sep)[0] !== '..'
  return normaliseName(isInside ? path.split(sep).join('/') : basename(file))
}

function normaliseName(path: string): string {
  const name = clean(path.normalize('NFC')).replaceAll('\\', '_')
  return name.slice(-MAX_REPORT_NAME_CHARACTERS).replace(/^\/+/, '').toWellFormed()
}
