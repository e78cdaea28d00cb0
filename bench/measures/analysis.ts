import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type Environment, once } from '../environment.ts'
import { hostileSources } from '../load/hostile-source.ts'
import { sourceChange } from '../load/source.ts'
import { median, quantile } from '../statistics.ts'
import type { Finding, Measure } from './measure.ts'

const SMALL_LINES = 500
const LARGE_LINES = 20_000
const P50_MS = 15
const P95_MS = 40
const LARGE_MS = 1_000
const HOSTILE_MS = 250
/** Of old objects; V8 adds some for young ones. */
const HEAP_MB = 32
const MEMORY_BYTES = 64 * 1024 * 1024
const CORE_BUNDLE_BYTES = 10 * 1024 * 1024
const SAMPLES = 300
const LARGE_SAMPLES = 9
const HOSTILE_SAMPLES = 3
const ROUNDS = 9
/** At least this share of the lines per second of parsing the same source and nothing else. */
const PARTS: readonly [part: string, bar: number][] = [
  ['secrets', 1],
  ['rules', 0.3],
  ['coverage', 1],
  ['coupling', 1],
  ['similarity', 1],
]

/** The risk engine alone, in workerd, in a process of its own; times are taken outside of it, HTTP included. */
export function analysisMeasures(environment: Environment): Measure[] {
  const small = once(() => times(environment, SMALL_LINES, SAMPLES))
  const low = (name: string, unit: string, run: Measure['run']): Measure => ({
    name,
    unit,
    good: 'low',
    bar: 1,
    run,
  })
  return [
    low('analysis_500_lines_p50', 'ms', async () => ({ ours: median(await small()), limit: P50_MS })),
    low('analysis_500_lines_p95', 'ms', async () => ({ ours: quantile(await small(), 0.95), limit: P95_MS })),
    low('analysis_20000_lines', 'ms', () => large(environment)),
    low('analysis_hostile_max', 'ms', () => hostile(environment)),
    low('analysis_memory_bytes', 'bytes', memory),
    low('core_bundle_gzip_bytes', 'bytes', () => coreBundle(environment)),
    ...PARTS.map(
      ([part, bar]): Measure => ({
        name: `analysis_${part}`,
        unit: 'lines/s',
        good: 'high',
        bar,
        run: () => linesPerSecond(environment, part),
      }),
    ),
  ]
}

async function large(environment: Environment): Promise<Finding> {
  const taken = await times(environment, LARGE_LINES, environment.count(LARGE_SAMPLES))
  return { ours: median(taken), limit: LARGE_MS, note: `max ${Math.max(...taken).toFixed(0)} ms` }
}

/** Milliseconds of each analysis of a change of that many lines, after some that are not counted. */
async function times(environment: Environment, lines: number, samples: number): Promise<number[]> {
  const url = await keep(environment, `lines-${lines}`, sourceChange(lines))
  for (let i = 0; i < Math.ceil(samples / 5); i++) await timed(`${url}/whole`)
  const taken: number[] = []
  for (let i = 0; i < environment.count(samples); i++) taken.push(await timed(`${url}/whole`))
  return taken
}

async function hostile(environment: Environment): Promise<Finding> {
  let worst = { name: '', ms: 0 }
  for (const [name, file] of Object.entries(hostileSources())) {
    const body = { ai_tool: 'bench-v1', files: [{ ...file, previous_content: '' }] }
    const url = await keep(environment, `hostile-${name}`, body)
    const taken: number[] = []
    for (let i = 0; i < HOSTILE_SAMPLES; i++) taken.push(await timed(`${url}/whole`))
    const ms = median(taken)
    if (ms > worst.ms) worst = { name, ms }
  }
  return {
    ours: worst.ms,
    limit: HOSTILE_MS,
    note: `the slowest of ${Object.keys(hostileSources()).length}: ${worst.name}`,
  }
}

/** In a process of its own, with a heap that has no room for more: what is left of it beside the change, and the parser's. */
async function memory(): Promise<Finding> {
  const script = path.join(import.meta.dirname, '..', 'load', 'memory.ts')
  const flags = [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=2', '--expose-gc']
  // Waited for, and not blocked by: connections to workerd that have ended meanwhile would not be noticed.
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    script,
    String(LARGE_LINES),
  ]).catch(({ stderr }) => {
    throw new Error(`${HEAP_MB} MB of heap are not enough: ${stderr.slice(-300)}`)
  })
  const { before, limit, parser } = JSON.parse(stdout) as {
    before: number
    limit: number
    parser: number
  }
  const note = `${megabytes(limit - before)} of heap beside the change, ${megabytes(parser)} of the parser`
  return { ours: limit - before + parser, limit: MEMORY_BYTES, note }
}

async function coreBundle(environment: Environment): Promise<Finding> {
  const { script, wasm } = (await environment.scripts())['core.js']
  const modules = Object.values(wasm).map((bytes) => gzipSync(bytes).length)
  const ours = gzipSync(script).length + modules.reduce((sum, size) => sum + size, 0)
  return { ours, limit: CORE_BUNDLE_BYTES, note: `the script, and ${modules.length} modules of WebAssembly` }
}

/** In turns with the parser alone, so that a busy machine slows both. */
async function linesPerSecond(environment: Environment, part: string): Promise<Finding> {
  const url = await keep(environment, `lines-${LARGE_LINES}`, sourceChange(LARGE_LINES))
  const ours: number[] = []
  const limits: number[] = []
  for (let round = 0; round <= environment.count(ROUNDS); round++) {
    const [mine, parse] = [await timed(`${url}/${part}`), await timed(`${url}/parse`)]
    // The first round warms up.
    if (round === 0) continue
    ours.push((LARGE_LINES / mine) * 1000)
    limits.push((LARGE_LINES / parse) * 1000)
  }
  return { ours: median(ours), limit: median(limits), note: 'against tree-sitter parsing the same source' }
}

async function keep(environment: Environment, name: string, body: object): Promise<string> {
  const { urls } = await environment.network('analysis')
  const url = `${urls.analysis}/${name}`
  await put(url, body)
  return url
}

async function put(url: string, body: object): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`the analysis Worker answered ${response.status}`)
}

async function timed(url: string): Promise<number> {
  const started = performance.now()
  const response = await fetch(url, { method: 'POST' })
  await response.text()
  if (!response.ok) throw new Error(`the analysis Worker answered ${response.status}`)
  return performance.now() - started
}

const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`
