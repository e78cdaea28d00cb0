import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { coreVariables } from './core-variables.ts'
import { defaultDataDirectory, resolveDataDirectory } from './data-directory.ts'
import { certifyRepository, type Demonstration } from './demonstration.ts'
import { type Stack, startStack } from './stack.ts'
import { firstLine, StackError } from './stack-error.ts'

const DEFAULT_PORT = 8787
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
const USAGE = `npm start -- [--port ${DEFAULT_PORT}] [--data DIR] [--no-demo]

Starts the whole network on this machine: PostgreSQL, keys, and both Workers; Ctrl-C stops it.

  --port N     where it is served on 127.0.0.1 (${DEFAULT_PORT})
  --data DIR   where its data are kept (.coderisk)
  --no-demo    do not certify this repository's last commit
  --help       this text

DATABASE_URL, if set, names the PostgreSQL (15 or later) to use instead of the embedded one. KEY_VAULT, AWS_…, LOG_… and
ANCHOR_… are the core Worker's variables of that name.`

const interruption = new AbortController()
process.exitCode = await main()
// Whatever a library may have left open must not keep a stopped network alive.
process.exit()

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options
  const interrupted = listenForSignals()
  let stack: Stack | undefined
  try {
    stack = await startStack({
      ...options,
      coreVariables: coreVariables(process.env),
      onProgress: reporter(),
      signal: interruption.signal,
    })
    const demonstration = options.demo ? await certifyRepository(stack, interruption.signal) : undefined
    announce(stack, demonstration)
    await interrupted
    console.log('\nStopping.')
    return 0
  } catch (error) {
    if (interruption.signal.aborted) return await interrupted
    report(error, options.dataDirectory)
    return 1
  } finally {
    await stack?.stop()
  }
}

interface Options {
  readonly port: number
  readonly dataDirectory: string
  readonly demo: boolean
  readonly databaseUrl: string | undefined
}

function readOptions(): Options | number {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        data: { type: 'string' },
        'no-demo': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      console.log(USAGE)
      return 0
    }
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN
    if (!(port <= 65_535)) throw new StackError(`--port takes a number up to 65535, not ${values.port}`)
    return {
      port,
      dataDirectory: values.data === undefined ? defaultDataDirectory() : resolveDataDirectory(values.data),
      demo: !values['no-demo'],
      databaseUrl: process.env.DATABASE_URL || undefined,
    }
  } catch (error) {
    console.error(`npm start: ${firstLine(error)} (npm start -- --help lists the options)`)
    return 1
  }
}

/** @returns the exit code, once a signal has asked to stop */
function listenForSignals(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        interruption.abort()
        resolve(code)
      })
    }
  })
}

/** Prints each step with the seconds that it took. */
function reporter(): (step: string) => void {
  let since = performance.now()
  let started = false
  return (step) => {
    if (!started) console.log('CodeRisk Trust Network\n')
    started = true
    const now = performance.now()
    console.log(`  ✓ ${step.padEnd(64)} ${((now - since) / 1000).toFixed(1).padStart(5)} s`)
    since = now
  }
}

function announce(stack: Stack, demonstration: Demonstration | undefined): void {
  const lines: [string, string][] = []
  if (demonstration !== undefined) {
    const { certificateId: id, subject, note } = demonstration
    console.log(`  ✓ Certified ${subject}`)
    if (note !== undefined) console.log(`    ${note}`)
    lines.push(
      ['Certificate', `${stack.baseUrl}/certs/${id}`],
      ['Badge', `${stack.baseUrl}/badges/${id}.svg`],
      ['Verify it', `curl -s ${stack.baseUrl}/v1/trust/certs/${id}/verify`],
    )
  }
  lines.push(['API reference', `${stack.baseUrl}/docs`], ['Keys, URLs', stack.stackFile])
  console.log(`\n${lines.map(([name, value]) => `  ${name.padEnd(15)}${value}`).join('\n')}\n`)
  console.log('Ready. Ctrl-C stops it; the data stay.')
}

/** One line for the person; the rest, where it was not foreseen, in a file. */
function report(error: unknown, dataDirectory: string): void {
  if (error instanceof StackError) {
    console.error(`npm start: ${error.message}`)
    return
  }
  const log = path.join(dataDirectory, 'start.log')
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  try {
    appendFileSync(log, `${new Date().toISOString()} ${details}\n`, { mode: 0o600 })
  } catch {
    console.error(details)
  }
  console.error(`npm start: ${firstLine(error)} (more in ${log})`)
}
