import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { processWatchdog } from '../../../stack/watchdog.ts'

export interface Started {
  /** Everything it has printed so far. */
  output(): string
  /** Ends this process, and waits until it is gone. */
  stop(): Promise<void>
}

const POLL_MS = 50
/** From its start to its being ready, on a machine that is busy. */
const START_TIMEOUT_MS = 60_000
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5_000

/**
 * Starts a program that serves until it is stopped, also when this process ends in another way.
 *
 * @param isReady asked again and again, with what the program has printed
 */
export async function start(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
  isReady: (output: string) => boolean | Promise<boolean>,
): Promise<Started> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) processWatchdog().watch(child.pid)
  let output = ''
  child.on('error', (error) => {
    output += error.message
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const started = { output: () => output, stop: () => stop(child) }
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
    if (child.exitCode !== null || child.pid === undefined) break
    if (await isReady(output)) return started
    await sleep(POLL_MS)
  }
  await stop(child)
  throw new Error(`${program} did not start: ${output}`)
}

/** @param url of anything that it serves, whatever the status */
export async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(1_000) })).arrayBuffer()
    return true
  } catch {
    return false
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS)
  await gone
  clearTimeout(timer)
  processWatchdog().forget(child.pid)
}
