import { EvidenceError } from '../evidence-error.ts'
import { isObject, parseJsonReport } from './json.ts'
import { Collector, type CoverageBudget, type CoverageReport } from './report.ts'

/**
 * Reads Istanbul's JSON (`coverage-final.json`, `.nyc_output/*.json`): by path `{ statementMap, s }`, in older versions inside
 * of `data`. A line is as executed as the most executed statement that begins on it, as Istanbul itself counts lines.
 *
 * @throws {EvidenceError} for other JSON; a summary and raw V8 coverage are named, as they lie beside the right file
 */
export function readIstanbul(content: string, budget: CoverageBudget): CoverageReport {
  const report = parseJsonReport(content)
  if (!isObject(report)) throw new EvidenceError('is JSON, but no coverage of Istanbul', null)
  if (Array.isArray(report.result)) {
    throw new EvidenceError('is raw coverage of V8: send what `c8 report` makes of it', null)
  }
  const collector = new Collector(budget)
  for (const [key, value] of Object.entries(report)) {
    if (isSummary(value)) {
      throw new EvidenceError('is a summary, which says nothing of lines: send coverage-final.json', null)
    }
    const file = isObject(value) && isObject(value.data) ? value.data : value
    if (!isObject(file)) throw new EvidenceError('is JSON, but no coverage of Istanbul', null)
    readFile(collector, typeof file.path === 'string' ? file.path : key, file)
  }
  return { format: 'istanbul', files: collector.files }
}

function isSummary(value: unknown): boolean {
  return isObject(value) && isObject(value.lines) && 'pct' in value.lines
}

function readFile(collector: Collector, path: string, file: Readonly<Record<string, unknown>>): void {
  const { statementMap, s: executions } = file
  if (!isObject(statementMap) || !isObject(executions)) {
    throw new EvidenceError('has a file without its statements (statementMap, s)', null)
  }
  const hits = collector.file(path, null)
  const statements = Object.entries(statementMap)
  if (statements.length !== Object.keys(executions).length) {
    throw new EvidenceError('has a file whose statements and executions do not agree', null)
  }
  for (const [id, location] of statements) {
    const line = isObject(location) && isObject(location.start) ? location.start.line : undefined
    const count = Object.hasOwn(executions, id) ? executions[id] : undefined
    if (!isCount(line) || !isCount(count)) throw new EvidenceError('has a malformed statement', null)
    collector.hit(hits, line, count, null)
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
