import { spawn } from 'node:child_process'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
const BIN = path.join(ROOT, 'node_modules', '.bin')
/** Most steps use one core; more at once would only make each slower. */
const AT_ONCE = 2

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

const STEPS: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the page scripts', command: ['tsc', '--noEmit', '-p', 'workers/edge/pages/browser'] },
  { name: 'lint and format', command: ['biome', 'ci', '--colors=off', '--diagnostic-level=warn', '.'] },
  { name: 'import rules and file sizes', command: ['node', 'scripts/structure.ts'] },
  { name: 'OpenAPI documents', command: ['node', 'scripts/openapi.ts', '--check'] },
  { name: 'migrations match the tables', command: ['node', 'scripts/migrations-drift.ts'] },
  { name: 'licences of dependencies', command: ['node', 'scripts/licences.ts'] },
  { name: 'production build', command: ['node', 'scripts/production-build.ts'] },
]

const failed: Step[] = []
const waiting = [...STEPS]
await Promise.all(Array.from({ length: AT_ONCE }, work))
if (failed.length > 0) console.error(`\nFailed: ${failed.map((step) => step.name).join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const since = performance.now()
    const { code, output } = await runStep(step)
    const seconds = ((performance.now() - since) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(32)} ${seconds.padStart(5)} s`)
    if (code === 0) continue
    failed.push(step)
    console.log(`\n${output.trimEnd()}\n`)
  }
}

function runStep(step: Step): Promise<{ code: number; output: string }> {
  const [program, ...args] = step.command
  const child = spawn(path.join(BIN, program!), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
