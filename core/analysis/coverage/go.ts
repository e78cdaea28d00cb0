import { EvidenceError } from '../evidence-error.ts'
import { forEachLine, readCount } from './lines.ts'
import { Collector, type CoverageBudget, type CoverageReport } from './report.ts'

/** Lines of one block. A block of statements that is longer was not written by anybody. */
export const MAX_BLOCK_LINES = 10_000

const MODE = /^mode: (?:set|count|atomic)$/
/** start line.column,end line.column statements executions */
const BLOCK = /^(\d+)\.(\d+),(\d+)\.(\d+) (\d+) (\d+)$/

/**
 * Reads a Go coverage profile (`go test -coverprofile`; golang.org/x/tools/cover): `mode: …`, then one block of
 * statements a line, `path:12.30,15.2 3 1`. Each line that a block touches is as executed as the block; where several
 * touch one, as the most executed of them, so that `if x {` is when its body is not. Profiles may be concatenated.
 *
 * @throws {EvidenceError} with the line, for what is no block
 */
export function readGoProfile(content: string, budget: CoverageBudget): CoverageReport {
  const collector = new Collector(budget)
  forEachLine(content, (line, at) => {
    if (line.startsWith('mode:')) {
      if (!MODE.test(line)) throw new EvidenceError('has an unknown mode', at)
    } else if (at === 1) throw new EvidenceError('does not begin with its mode', at)
    else if (line.trim() !== '') readBlock(collector, line, at)
  })
  return { format: 'go', files: collector.files }
}

function readBlock(collector: Collector, line: string, at: number): void {
  // The path may hold colons itself: `C:\src\a.go`.
  const colon = line.lastIndexOf(':')
  const [start, , end, , statements, count] = (BLOCK.exec(line.slice(colon + 1)) ?? [])
    .slice(1)
    .map(readCount)
  if (colon < 1 || start == null || end == null || count == null || start < 1 || end < start) {
    throw new EvidenceError('has a malformed block', at)
  }
  if (end - start >= MAX_BLOCK_LINES) {
    throw new EvidenceError(`has a block of more than ${MAX_BLOCK_LINES} lines`, at)
  }
  const hits = collector.file(line.slice(0, colon), at)
  if (statements === 0) return
  for (let number = start; number <= end; number++) collector.hit(hits, number, count, at)
}
