import { parseArgs } from 'node:util'
import { openEnvironment } from './environment.ts'
import { allMeasures } from './measures/index.ts'
import type { Measure } from './measures/measure.ts'
import { describe, jsonLine } from './report.ts'

const USAGE = `npm run bench -- [--quick] [NAME…]

Prints one JSON line per measure on stdout, and what it means on stderr. bench/README.md explains the names.

  --quick   a twentieth of the usual effort: shows that everything runs; its figures say nothing
  --list    the names
  NAME      only these, or those that begin like this (edge_, issue_, …)`

process.exitCode = await main()
process.exit()

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const environment = openEnvironment(values.quick)
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.once(signal, () => void environment.stop().then(() => process.exit(code)))
  }
  try {
    const measures = select(allMeasures(environment), positionals)
    if (values.list) console.log(measures.map(({ name }) => name).join('\n'))
    return values.list ? 0 : await runAll(measures)
  } finally {
    await environment.stop()
  }
}

function select(measures: Measure[], names: readonly string[]): Measure[] {
  for (const name of names) {
    if (!measures.some((measure) => measure.name.startsWith(name)))
      console.error(`There is no measure ${name}.`)
  }
  return names.length === 0
    ? measures
    : measures.filter((measure) => names.some((name) => measure.name.startsWith(name)))
}

/** @returns 1 if something could not be measured; a bar that is missed is a result like any other */
async function runAll(measures: readonly Measure[]): Promise<number> {
  const started = performance.now()
  let failures = 0
  for (const measure of measures) {
    try {
      const finding = await measure.run()
      console.log(jsonLine(measure, finding))
      console.error(describe(measure, finding))
    } catch (error) {
      failures++
      console.error(`FAILED   ${measure.name}: ${error instanceof Error ? error.stack : error}`)
    }
  }
  console.error(`${measures.length} measures in ${((performance.now() - started) / 1000).toFixed(0)} s`)
  return failures === 0 ? 0 : 1
}
