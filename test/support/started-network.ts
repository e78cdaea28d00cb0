import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..', '..')

/** `npm start`, without npm. */
export interface StartedNetwork {
  readonly process: ChildProcess
  /** The processes below it, with their command lines: taken when it became ready. */
  readonly tree: ReadonlyMap<number, string>
  readonly output: () => string
  readonly complaints: () => string
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>
}

/** Runs it until it says that it is ready, or has ended. */
export async function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<StartedNetwork> {
  const child = spawn('node', ['scripts/bootstrap.mjs', 'stack/start.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, DATABASE_URL: '', INIT_CWD: ROOT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let complaints = ''
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const ready = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.includes('Ready.')) resolve()
    })
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  await Promise.race([ready, ended])
  return {
    process: child,
    tree: descendants(child.pid!),
    output: () => output,
    complaints: () => complaints,
    ended,
  }
}

/** Those of the tree that still run, by command line. */
export function leftOver(tree: ReadonlyMap<number, string>): string[] {
  const running = listProcesses()
  return [...tree].flatMap(([pid, command]) => (running.get(pid)?.command === command ? [command] : []))
}

function descendants(root: number): Map<number, string> {
  const running = listProcesses()
  const tree = new Map<number, string>()
  const visit = (parent: number) => {
    for (const [pid, { parent: itsParent, command }] of running) {
      if (itsParent !== parent || tree.has(pid)) continue
      tree.set(pid, command)
      visit(pid)
    }
  }
  visit(root)
  return tree
}

/** From /proc; a zombie has no command line and is left out. */
function listProcesses(): Map<number, { parent: number; command: string }> {
  const found = new Map<number, { parent: number; command: string }>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      if (command !== '') found.set(Number(name), { parent, command })
    } catch {
      // It ended while we looked.
    }
  }
  return found
}
