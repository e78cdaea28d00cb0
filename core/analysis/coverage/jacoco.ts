import { EvidenceError } from '../evidence-error.ts'
import { readCount } from './lines.ts'
import { Collector, type CoverageBudget, type CoverageReport } from './report.ts'
import { readText, readXml } from './xml.ts'

/** The elements of report.dtd. The list is closed, so that a damaged `<line>` is seen, and not passed over. */
const ELEMENTS = new Set('report sessioninfo group package class method sourcefile line counter'.split(' '))

/**
 * Reads a JaCoCo report (report.dtd 1.1): `<package name>`, `<sourcefile name>`, `<line nr mi ci>`. A line is executed when any
 * of its instructions is (`ci`), so its count is one of instructions, not of executions.
 *
 * A source file with instructions but no lines was compiled without line numbers: nothing is known of it. One that several
 * modules (`<group>`) have could be any of them: it is left out, too.
 *
 * @throws {EvidenceError} with the line, for XML that is not well-formed or not JaCoCo's
 */
export function readJacoco(content: string, budget: CoverageBudget): CoverageReport {
  const collector = new Collector(budget)
  const groups: string[] = []
  const groupOf = new Map<Map<number, number>, string>()
  const unusable = new Set<Map<number, number>>()
  let packageName: string | null = null
  let hits: Map<number, number> | null = null
  readXml(content, {
    withText: new Set(),
    open(name, attributes, at) {
      if (!ELEMENTS.has(name)) fail('an element that is not of JaCoCo', at)
      if (name === 'group') groups.push(attributes.get('name') ?? '')
      else if (name === 'package')
        packageName = attributes.get('name') ?? fail('a package without its name', at)
      else if (name === 'sourcefile') {
        const file = attributes.get('name')
        if (packageName === null || file === undefined) fail('a source file without its name or package', at)
        hits = collector.file(readText(packageName === '' ? file : `${packageName}/${file}`, at), at)
        const group = groups.join('/')
        if ((groupOf.get(hits) ?? group) !== group) unusable.add(hits)
        groupOf.set(hits, group)
      } else if (name === 'line') {
        const line = readCount(attributes.get('nr') ?? '')
        const [missed, covered] = ['mi', 'ci'].map((key) => readCount(attributes.get(key) ?? ''))
        if (hits === null || line === null || missed == null || covered == null) {
          fail('a malformed line of code', at)
        }
        if (missed + covered > 0) collector.hit(hits, line, covered, at)
      } else if (name === 'counter' && hits?.size === 0 && attributes.get('type') === 'INSTRUCTION') {
        unusable.add(hits)
      }
    },
    close(name) {
      if (name === 'sourcefile') hits = null
      else if (name === 'package') packageName = null
      else if (name === 'group') groups.pop()
    },
  })
  const usable = [...collector.files].filter(([, file]) => !unusable.has(file.hits))
  return { format: 'jacoco', files: new Map(usable), packageRelative: true }
}

function fail(what: string, at: number): never {
  throw new EvidenceError(`has ${what}`, at)
}
