import v8 from 'node:v8'
import { examine } from '../../core/analysis/examine.ts'
import { judge } from '../../core/analysis/judge.ts'
import { issueRequestSchema } from '../../schema/wire/issue.ts'
import { syntaxOfThisProcess } from '../../stack/syntax.ts'
import { sourceChange } from './source.ts'

/**
 * Analyses a change again and again in a process whose heap is too small for more than that; if it were not enough, the
 * process would end. Prints JSON: what was in use before, with the change held, what the heap may have at most, and the
 * parser's memory, in bytes.
 */
const TIMES = 6
const TERMS = { coverageThreshold: 0.7, level: 'E1', calibration: null, incidents: [] } as const

const parser = watchParserMemory()
const syntax = await syntaxOfThisProcess()
const request = issueRequestSchema.parse(sourceChange(Number(process.argv[2])))
globalThis.gc!()
const before = process.memoryUsage().heapUsed
for (let i = 0; i < TIMES; i++) judge(await examine(request, syntax), TERMS)
console.log(JSON.stringify({ before, limit: v8.getHeapStatistics().heap_size_limit, parser: parser() }))

/** The memory is the one that the first instance is given. */
function watchParserMemory(): () => number {
  const { Instance } = WebAssembly
  let memory: WebAssembly.Memory | undefined
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, [module, imports]) {
      memory ??= imports?.env?.memory as WebAssembly.Memory | undefined
      return new target(module, imports)
    },
  })
  return () => memory!.buffer.byteLength
}
