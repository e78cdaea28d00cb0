import type { Location, Log, PhysicalLocation, Result, Run } from 'sarif'
import type { Severity } from '../../../schema/wire/vocabulary.ts'
import { isObject, parseJsonReport } from '../coverage/json.ts'
import { EvidenceError } from '../evidence-error.ts'
import { locationResolver } from './locations.ts'
import { ruleFinder, type SarifLevel } from './rules.ts'
import { checkShape } from './shape.ts'

/** Results of one report, and the places that they name. */
export const MAX_SARIF_RESULTS = 25_000
/** Runs of one report, one for each tool or language. */
export const MAX_SARIF_RUNS = 1_000
/** Characters of a message that the owner is shown. */
export const MAX_MESSAGE = 500
/** Characters of an identifier: of a rule, a tool, a fingerprint. */
export const MAX_IDENTIFIER = 200
/** Fingerprints of one result. */
const MAX_FINGERPRINTS = 16

/** A result that says that something is wrong, at one place. */
export interface SarifFinding {
  readonly ruleId: string
  /** Relative to `base`, or to where the tool ran; absolute with its `/` if the report says it so. Never with `..`. */
  readonly path: string
  /** The absolute folder that `path` is relative to, where the report names one. */
  readonly base: string | null
  /** From 1. A result that names no line is about the whole file: 1 to `Number.MAX_SAFE_INTEGER`. */
  readonly startLine: number
  readonly endLine: number
  readonly level: SarifLevel
  /** 0–10, as GitHub defines it for rules. */
  readonly securitySeverity: number | null
  readonly severity: Severity
  /** `name=value`, sorted. */
  readonly fingerprints: readonly string[]
  /** `CWE-79` */
  readonly cwe: readonly string[]
  /** For the owner alone; 500 characters at most. */
  readonly message: string
  /** Somebody has said that it should not count, and nobody that it should. */
  readonly suppressed: boolean
  readonly baselineState: Result.baselineState | null
  /** Which run of the report, from 0. */
  readonly run: number
}

export interface SarifReport {
  /** Names of the tools, with commas between them. */
  readonly tool: string
  /** Some run says that it was executed successfully and lists its results, be there none; no run says that it was not. */
  readonly ranSuccessfully: boolean
  readonly findings: readonly SarifFinding[]
  /** Findings that name no file, and so are on no line of any change. */
  readonly unlocated: number
}

/**
 * Reads a SARIF 2.1.0 log (OASIS Standard, 27 March 2020). Members that are not known are passed over. Of results only those
 * of kind `fail` are findings (§3.27.9), one for each of their locations.
 *
 * @throws {EvidenceError} for what is no such log, with the line if it is not even JSON
 */
export function readSarif(content: string): SarifReport {
  const log = parseLog(content)
  const runs = log.runs ?? []
  const findings: SarifFinding[] = []
  let unlocated = 0
  runs.forEach((run, index) => {
    for (const found of readRun(run, index)) {
      if (found === null) unlocated++
      else findings.push(found)
      if (findings.length + unlocated > MAX_SARIF_RESULTS) {
        throw new EvidenceError(`has more than ${MAX_SARIF_RESULTS} results`, null)
      }
    }
  })
  const tools = new Set(runs.map((run) => cut(run.tool.driver.name, MAX_IDENTIFIER)))
  const tool = cut([...tools].join(', '), MAX_IDENTIFIER)
  return { tool, ranSuccessfully: ranSuccessfully(runs), findings, unlocated }
}

function parseLog(content: string): Log {
  const value = parseJsonReport(content.charCodeAt(0) === 0xfeff ? content.slice(1) : content)
  if (!isObject(value)) throw new EvidenceError('is no SARIF log', null)
  if (value.version !== '2.1.0') throw new EvidenceError('is no SARIF log of version 2.1.0', null)
  if (!Object.hasOwn(value, 'runs')) throw new EvidenceError('is no valid SARIF: it has no runs', null)
  if (Array.isArray(value.runs) && value.runs.length > MAX_SARIF_RUNS) {
    throw new EvidenceError(`has more than ${MAX_SARIF_RUNS} runs`, null)
  }
  const log = checkShape(value)
  if (log.runs?.some((run) => (run.externalPropertyFileReferences?.results ?? []).length > 0)) {
    throw new EvidenceError('keeps its results in other files', null)
  }
  return log
}

/** A run without `results` did not look for any (§3.14.23). */
function ranSuccessfully(runs: readonly Run[]): boolean {
  const said = (run: Run, success: boolean) =>
    (run.invocations ?? []).some((invocation) => invocation.executionSuccessful === success)
  if (runs.some((run) => said(run, false))) return false
  return runs.some((run) => Array.isArray(run.results) && said(run, true))
}

/** A finding for each place; null for one without any. */
function* readRun(run: Run, index: number): Generator<SarifFinding | null> {
  const findRule = ruleFinder(run)
  const resolve = locationResolver(run)
  for (const result of run.results ?? []) {
    if ((result.kind ?? 'fail') !== 'fail') continue
    const rule = findRule(result)
    const common = {
      ruleId: cut(rule.id, MAX_IDENTIFIER),
      level: rule.level,
      securitySeverity: rule.securitySeverity,
      severity: severityOf(rule.securitySeverity, rule.level),
      cwe: rule.cwe,
      fingerprints: readFingerprints(result),
      message: cut(result.message?.text ?? result.message?.markdown ?? rule.title, MAX_MESSAGE),
      suppressed: isSuppressed(result),
      baselineState: result.baselineState ?? null,
      run: index,
    }
    const places = (result.locations ?? []).flatMap((location) => readPlace(resolve, location))
    if (places.length === 0) yield null
    for (const place of places) yield { ...common, ...place }
  }
}

function readPlace(resolve: ReturnType<typeof locationResolver>, { physicalLocation }: Location) {
  if (physicalLocation?.artifactLocation === undefined) return []
  const resolved = resolve(physicalLocation.artifactLocation)
  return resolved === null ? [] : [{ ...resolved, ...readLines(physicalLocation) }]
}

/** A region in characters or bytes alone cannot be turned into lines here: it is taken as the whole file. */
function readLines({ region }: PhysicalLocation): { startLine: number; endLine: number } {
  const startLine = region?.startLine
  if (!isLine(startLine)) return { startLine: 1, endLine: Number.MAX_SAFE_INTEGER }
  const endLine = isLine(region?.endLine) ? region.endLine : startLine
  return { startLine, endLine: Math.max(startLine, endLine) }
}

function isLine(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}

/** GitHub's scale for `security-severity`; without one, what the level is worth. */
function severityOf(score: number | null, level: SarifLevel): Severity {
  if (score === null) return level === 'error' ? 'high' : level === 'warning' ? 'medium' : 'low'
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low'
}

/** Semgrep without an account writes the same words for every result, which identify none. */
const NO_FINGERPRINT = 'requires login'

function readFingerprints({ fingerprints, partialFingerprints }: Result): string[] {
  return Object.entries({ ...fingerprints, ...partialFingerprints })
    .filter(([, value]) => typeof value === 'string' && value !== '' && value !== NO_FINGERPRINT)
    .slice(0, MAX_FINGERPRINTS)
    .map(([name, value]) => cut(`${name}=${value}`, MAX_IDENTIFIER))
    .sort()
}

/** §3.27.23: one that is under review or rejected leaves the result unsuppressed. */
function isSuppressed({ suppressions }: Result): boolean {
  if (suppressions === undefined || suppressions.length === 0) return false
  return suppressions.every(({ status }) => status === undefined || status === 'accepted')
}

function cut(text: string, length: number): string {
  // Not between the halves of a character.
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}
