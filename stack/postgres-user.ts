import { type SpawnOptions, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { mayExecute, type SystemUser } from './postgres-binaries.ts'
import { StackError } from './stack-error.ts'

/** A command as it must be spawned to run as the cluster's owner. */
export interface Command {
  readonly file: string
  readonly args: string[]
  readonly options: SpawnOptions
}

/** capabilities(7): the first suffices; containers that drop it usually leave the second. */
const READ_ANYWHERE = ['dac_read_search', 'dac_override']

/**
 * Who owns the cluster and runs its server: nobody special, unless we are root. Then the owner of the cluster that
 * exists, or else the machine's `postgres`, or else `nobody`.
 */
export function clusterOwner(clusterDirectory: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(clusterDirectory)) {
    const { uid, gid } = statSync(clusterDirectory)
    if (uid !== 0) return { uid, gid }
  }
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find(([candidate]) => candidate === name)
    if (account !== undefined) return { uid: Number(account[2]), gid: Number(account[3]) }
  }
  throw new StackError(
    'PostgreSQL does not run as root and this machine has no user `postgres` or `nobody`: run as another user, or set DATABASE_URL.',
  )
}

/**
 * `file` with `args`, run as that user and able to reach `directory`: below a private folder that takes the
 * capability to read anywhere, which setpriv hands over.
 */
export function asOwner(
  user: SystemUser | undefined,
  directory: string,
  file: string,
  args: string[],
): Command {
  if (user === undefined) return { file, args, options: { cwd: '/' } }
  if (mayExecute(user, directory)) return { file, args, options: { ...user, cwd: '/' } }
  for (const capability of READ_ANYWHERE) {
    const setpriv = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups']
    setpriv.push('--inh-caps', `+${capability}`, '--ambient-caps', `+${capability}`)
    const reaches = spawnSync('setpriv', [...setpriv, 'ls', directory], { cwd: '/', stdio: 'ignore' })
    if (reaches.status === 0) {
      return { file: 'setpriv', args: [...setpriv, file, ...args], options: { cwd: '/' } }
    }
  }
  throw new StackError(
    `PostgreSQL does not run as root, and no other user can reach ${directory}: choose a folder that others may enter with --data DIR, or set DATABASE_URL.`,
  )
}
