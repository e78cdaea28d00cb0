import { EvidenceError } from '../evidence-error.ts'
import { forEachLine, readCount } from './lines.ts'
import { Collector, type CoverageBudget, type CoverageReport } from './report.ts'

/**
 * What stands in a record besides `SF` and `DA`: test, version, functions, branches, conditions and summaries (geninfo(1) of
 * LCOV 2, "Tracefile format"; `BA` is Bazel's). The list is closed, so that a damaged `DA` is seen, and not passed over.
 */
const IGNORED = new Set(
  'TN VER FN FNL FNA FNDA FNF FNH BRDA BRF BRH BA MCDC MCF MCH MRF MRH LF LH'.split(' '),
)

/**
 * Reads an LCOV tracefile (geninfo(1)): `SF:path`, `DA:line,executions[,checksum]` …, `end_of_record`.
 *
 * @throws {EvidenceError} with the line, for what is no such record, and for a record that does not end
 */
export function readLcov(content: string, budget: CoverageBudget): CoverageReport {
  const collector = new Collector(budget)
  let hits: Map<number, number> | null = null
  let last = 1
  forEachLine(content, (line, at) => {
    last = at
    if (line.startsWith('DA:')) readLine(collector, hits, line, at)
    else if (line.startsWith('SF:')) {
      if (hits !== null) throw new EvidenceError('begins a record before the last one has ended', at)
      hits = collector.file(line.slice(3).trim(), at)
    } else if (line.trim() === 'end_of_record') {
      if (hits === null) throw new EvidenceError('ends a record that has not begun', at)
      hits = null
    } else checkIgnored(line, at)
  })
  if (hits !== null) throw new EvidenceError('ends inside of a record', last)
  return { format: 'lcov', files: collector.files }
}

function readLine(collector: Collector, hits: Map<number, number> | null, text: string, at: number): void {
  if (hits === null) throw new EvidenceError('has a line of code (DA) outside of a record', at)
  const comma = text.indexOf(',', 3)
  const second = comma === -1 ? -1 : text.indexOf(',', comma + 1)
  const line = comma === -1 ? null : readCount(text.slice(3, comma))
  const count =
    comma === -1 ? null : readCount(text.slice(comma + 1, second === -1 ? text.length : second).trim())
  if (line === null || count === null) throw new EvidenceError('has a malformed line of code (DA)', at)
  collector.hit(hits, line, count, at)
}

function checkIgnored(line: string, at: number): void {
  const colon = line.indexOf(':')
  if (colon > 0 && IGNORED.has(line.slice(0, colon))) return
  if (line.startsWith('#') || line.trim() === '') return
  throw new EvidenceError('has something that is no record of LCOV', at)
}
