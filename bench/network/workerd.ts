import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { SOCKETS, type SocketName } from './config.ts'

const READY_LIMIT_MS = 20_000
const STOP_LIMIT_MS = 5_000
const CLOCK_TICK_MS = 10

export interface Workerd {
  readonly pid: number
  /** `http://127.0.0.1:PORT` of each socket. */
  readonly urls: Readonly<Record<SocketName, string>>
  /** CPU time of the process so far; null where the system does not tell (only Linux does). */
  cpuMs(): number | null
  stop(): Promise<void>
}

/** Runs `workerd serve` on the configuration; what it prints goes to the log file. */
export async function startWorkerd(configFile: string, logFile: string): Promise<Workerd> {
  const binary = path.join(
    path.dirname(createRequire(import.meta.url).resolve('workerd')),
    '..',
    'bin',
    'workerd',
  )
  const log = openSync(logFile, 'a', 0o600)
  // workerd reports the ports of its sockets on this descriptor; R2's local store has an experimental flag.
  const child = spawn(binary, ['serve', configFile, '--control-fd=3', '--experimental'], {
    cwd: path.dirname(configFile),
    stdio: ['ignore', log, log, 'pipe'],
  })
  closeSync(log)
  try {
    const urls = await listen(child)
    return { pid: child.pid!, urls, cpuMs: () => cpuMs(child.pid!), stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n')
    throw new Error(`workerd did not start: ${(error as Error).message}\n${said}`)
  }
}

function listen(child: ChildProcess): Promise<Record<SocketName, string>> {
  return new Promise((resolve, reject) => {
    const urls: Partial<Record<string, string>> = {}
    const timer = setTimeout(() => reject(new Error('it was not ready in time')), READY_LIMIT_MS)
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      finish()
    }
    child.on('error', (error) => settle(() => reject(error)))
    child.on('exit', (code) => settle(() => reject(new Error(`it ended with ${code}`))))
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const { event, socket, port } = JSON.parse(line)
      if (event === 'listen') urls[socket] = `http://127.0.0.1:${port}`
      if (Object.keys(SOCKETS).some((name) => urls[name] === undefined)) return
      settle(() => resolve(urls as Record<SocketName, string>))
    })
  })
}

/** proc(5): fields 14 and 15 of `stat`, in clock ticks. */
function cpuMs(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
  } catch {
    return null
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  await ended
  clearTimeout(timer)
}
