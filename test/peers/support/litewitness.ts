import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, LOOPBACK } from '../../../stack/ports.ts'
import { peer } from './peers.ts'
import { run } from './run.ts'
import { answers, start } from './start.ts'

export const litewitness = peer('litewitness')

export interface Litewitness {
  readonly url: string
  /** A key of type 0x04. */
  readonly vkey: string
  /** Has it know a log, from size 0. @param vkey whose name is the log's origin */
  addLog(vkey: string): Promise<void>
  /** What it has cosigned last of each log. */
  logs(): Promise<{ origin: string; size: number; root_hash: string }[]>
  stop(): Promise<void>
}

/** Starts torchwood's witness, with a key that only its own ssh-agent has. */
export async function startLitewitness(name: string): Promise<Litewitness> {
  const undo = new AsyncDisposableStack()
  // Short: the path of a socket has 107 bytes at most.
  const folder = mkdtempSync(path.join(tmpdir(), 'witness-'))
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  try {
    const { socket, fingerprint } = await startAgent(folder, undo)
    const db = path.join(folder, 'witness.db')
    const listen = `${LOOPBACK}:${await freePort()}`
    const args = ['-db', db, '-name', name, '-ssh-agent', socket, '-key', fingerprint, '-listen', listen]
    const url = `http://${listen}`
    const server = await start(program('litewitness'), args, { cwd: folder }, () => answers(url))
    undo.defer(() => server.stop())
    const vkey = /vkey="?([^\s"]+)/.exec(server.output())?.[1]
    if (vkey === undefined) throw new Error(`litewitness did not say its key: ${server.output()}`)
    const control = (...more: string[]) =>
      succeed(program('witnessctl'), [...more.slice(0, 1), '-db', db, ...more.slice(1)])
    return {
      url,
      vkey,
      async addLog(logKey) {
        const origin = logKey.slice(0, logKey.indexOf('+'))
        await control('add-log', '-origin', origin)
        await control('add-key', '-origin', origin, '-key', logKey)
      },
      async logs() {
        const lines = await control('list-logs')
        return lines
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      },
      stop: () => undo.disposeAsync(),
    }
  } catch (error) {
    await undo.disposeAsync()
    throw error
  }
}

async function startAgent(folder: string, undo: AsyncDisposableStack) {
  const key = path.join(folder, 'key')
  const socket = path.join(folder, 'agent')
  await succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'witness', '-f', key])
  const env = { ...process.env, SSH_AUTH_SOCK: socket }
  const listens = async () => (await run('ssh-add', ['-l'], { env })).code !== 2
  const agent = await start('ssh-agent', ['-D', '-a', socket], {}, listens)
  undo.defer(() => agent.stop())
  await succeed('ssh-add', ['-q', key], env)
  const [, fingerprint = ''] = (await succeed('ssh-keygen', ['-l', '-f', `${key}.pub`])).split(' ')
  return { socket, fingerprint }
}

function program(name: string): string {
  return path.join(litewitness.path, name)
}

/** @returns what it printed */
async function succeed(command: string, args: readonly string[], env = process.env): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { env })
  if (code !== 0) throw new Error(`${path.basename(command)} ${args[0]} ended with ${code}: ${stderr}`)
  return stdout
}
