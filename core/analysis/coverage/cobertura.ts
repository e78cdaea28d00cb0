import { EvidenceError } from '../evidence-error.ts'
import { readCount } from './lines.ts'
import {
  Collector,
  type CoverageBudget,
  type CoverageReport,
  cleanPath,
  type FileCoverage,
} from './report.ts'
import { readText, readXml } from './xml.ts'

/** The elements of coverage-04.dtd. The list is closed, so that a damaged `<line>` is seen, and not passed over. */
const ELEMENTS = new Set(
  'coverage sources source packages package classes class methods method lines line conditions condition'.split(
    ' ',
  ),
)

/**
 * Reads a Cobertura report (coverage-04.dtd; coverage.py, Istanbul, gocover-cobertura, Coverlet, …):
 * `<class filename>` with `<line number hits>` in its methods and of its own. File names are relative to `<source>`; where
 * there is one source alone, it is put before them, which says more of where the file is.
 *
 * @throws {EvidenceError} with the line, for XML that is not well-formed or not Cobertura's
 */
export function readCobertura(content: string, budget: CoverageBudget): CoverageReport {
  const collector = new Collector(budget)
  const sources = new Set<string>()
  let hits: Map<number, number> | null = null
  readXml(content, {
    withText: new Set(['source']),
    open(name, attributes, at) {
      if (name === 'project') throw new EvidenceError('is a Clover report, which is not read', at)
      if (!ELEMENTS.has(name)) throw new EvidenceError('has an element that is not of Cobertura', at)
      if (name === 'class') {
        const path = attributes.get('filename')
        if (path === undefined) throw new EvidenceError('has a class without its filename', at)
        hits = collector.file(readText(path, at), at)
      } else if (name === 'line') {
        const line = readCount(attributes.get('number') ?? '')
        const count = readCount(attributes.get('hits') ?? '')
        if (hits === null || line === null || count === null) {
          throw new EvidenceError('has a malformed line of code', at)
        }
        collector.hit(hits, line, count, at)
      }
    },
    close(name, text) {
      if (name === 'class') hits = null
      else if (name === 'source') sources.add(readText(text, null).trim())
    },
  })
  return { format: 'cobertura', ...putBelow(sources, collector.files) }
}

/** cobertura-maven writes `--source` as if it were one of them. */
function putBelow(
  sources: ReadonlySet<string>,
  files: ReadonlyMap<string, FileCoverage>,
): Pick<CoverageReport, 'files' | 'packageRelative'> {
  const [source, ...others] = [...sources].filter((text) => text !== '' && !text.startsWith('--'))
  if (source === undefined) return { files }
  if (others.length > 0) return { files, packageRelative: true }
  const below = new Map<string, FileCoverage>()
  for (const [path, coverage] of files) {
    const joined = isAbsolute(path) ? path : cleanPath(`${source}/${path}`)
    // Two names of one file would hide each other: then they stay as they are.
    if (below.has(joined)) return { files }
    below.set(joined, coverage)
  }
  return { files: below }
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path)
}
