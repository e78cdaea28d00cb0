import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 20

/** A process, told from a later one that was given the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in the operating system's own words. */
  readonly started: string
}

export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startTicks(pid) : ps(['-o', 'lstart=', '-p', String(pid)])
  return started === undefined || started === '' ? undefined : { pid, started }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}

/** The command line, its arguments parted by spaces. */
export function commandLine(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(['-o', 'command=', '-p', String(pid)])
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return undefined
  }
}

/** Direct children of this process whose program has that name. */
export function childrenNamed(name: string): number[] {
  if (process.platform !== 'linux') {
    const lines = ps(['-A', '-o', 'pid=,ppid=,comm='])?.split('\n') ?? []
    return lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent, command]) => Number(parent) === process.pid && command?.endsWith(name))
      .map(([pid]) => Number(pid))
  }
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .filter((pid) => {
      const stat = procStat(pid)
      return stat !== undefined && stat.name === name && Number(stat.fields[1]) === process.pid
    })
}

/** Waits until the process is gone. @returns whether it went in time */
export async function waitForEnd(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += POLL_MS) {
    if (!isAlive(identity)) return true
    await sleep(POLL_MS)
  }
  return !isAlive(identity)
}

/** proc(5): field 22 is the start time in clock ticks; the name, in brackets, may hold spaces and brackets. */
function startTicks(pid: number): string | undefined {
  const stat = procStat(pid)
  return stat === undefined || stat.fields[0] === 'Z' ? undefined : stat.fields[19]
}

function procStat(pid: number): { name: string; fields: string[] } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = text.lastIndexOf(')')
    return { name: text.slice(text.indexOf('(') + 1, end), fields: text.slice(end + 2).split(' ') }
  } catch {
    return undefined
  }
}

function ps(args: string[]): string | undefined {
  const result = spawnSync('ps', args, { encoding: 'utf8' })
  return result.status === 0 ? result.stdout.trim() : undefined
}
