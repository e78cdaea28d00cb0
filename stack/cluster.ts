import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { createCluster } from './create-cluster.ts'
import { freePort, LOOPBACK } from './ports.ts'
import { findPostgresBinaries, type PostgresBinaries, type SystemUser } from './postgres-binaries.ts'
import { asOwner, clusterOwner } from './postgres-user.ts'
import { commandLine, identify, waitForEnd } from './processes.ts'
import { StackError } from './stack-error.ts'
import { processWatchdog, type Watchdog } from './watchdog.ts'

export const OWNER_ROLE = 'coderisk_owner'
export const DATABASE_NAME = 'coderisk'
const READY_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 10_000
const POLL_MS = 10

export interface ClusterOptions {
  /** Holds `postgresql/` (the cluster) and `postgres.log`. */
  readonly directory: string
  /** Of the role that owns everything. */
  readonly password: string
  /** Told of the server; the one of this process if not given. */
  readonly watchdog?: Watchdog
  readonly preferredPort?: number | undefined
  /** Whether commits survive a power cut; false only where the data are thrown away afterwards. */
  readonly durable?: boolean
}

export interface Cluster {
  readonly port: number
  readonly version: string
  readonly pid: number
  /** A `postgres://` URL of the owner. */
  url(database?: string): string
  stop(): Promise<void>
}

/** Starts the embedded PostgreSQL on a cluster in the directory, which is created if it is not there yet. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = path.join(options.directory, 'postgresql')
  const user = clusterOwner(directory)
  const binaries = await findPostgresBinaries(user)
  mkdirSync(options.directory, { recursive: true })
  removeUnfinished(options.directory)
  if (existsSync(directory)) await stopOrphan(directory)
  else await createCluster({ directory, user, binaries, role: OWNER_ROLE, password: options.password })
  const port = await freePort(options.preferredPort)
  const server = await startServer({ ...options, directory, user, binaries, port })
  const url = (database = DATABASE_NAME) =>
    `postgres://${OWNER_ROLE}:${options.password}@${LOOPBACK}:${port}/${database}`
  await createDatabase(url('postgres'))
  return { port, version: binaries.version, pid: server.pid!, url, stop: () => stopServer(server) }
}

/** What an interrupted creation left behind: it never got its real name. */
function removeUnfinished(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (name.startsWith('postgresql.new')) rmSync(path.join(parent, name), { recursive: true, force: true })
  }
}

/** A server that outlived an earlier run on this very cluster is stopped; a stale pid file is PostgreSQL's to judge. */
async function stopOrphan(directory: string): Promise<void> {
  const pid = Number(readPidFile(directory)?.[0])
  const identity = Number.isInteger(pid) && pid > 0 ? identify(pid) : undefined
  if (identity === undefined || !commandLine(pid)?.includes(directory)) return
  // Fast, then immediate shutdown. (PostgreSQL 18, 18.5)
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal)
    if (await waitForEnd(identity, STOP_LIMIT_MS)) return
  }
  throw new StackError(
    `A PostgreSQL of an earlier run (process ${pid}) does not stop: end it, then start again.`,
  )
}

interface ServerOptions extends ClusterOptions {
  readonly user: SystemUser | undefined
  readonly binaries: PostgresBinaries
  readonly port: number
}

async function startServer(options: ServerOptions): Promise<ChildProcess> {
  const logFile = path.join(options.directory, '..', 'postgres.log')
  const log = openSync(logFile, 'a', 0o600)
  const command = asOwner(options.user, options.directory, options.binaries.postgres, [
    ...['-D', options.directory, '-p', String(options.port), '-k', ''],
    ...['-c', `listen_addresses=${LOOPBACK}`, '-c', 'timezone=UTC', '-c', 'log_timezone=UTC'],
    ...(options.durable === false
      ? ['-F', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
      : []),
  ])
  // A session of its own: Ctrl-C must reach the Workers before it reaches the database.
  const server = spawn(command.file, command.args, {
    ...command.options,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const watchdog = options.watchdog ?? processWatchdog()
  const { pid } = server
  if (pid !== undefined) {
    watchdog.watch(pid)
    server.on('exit', () => watchdog.forget(pid))
  }
  let failure: string | undefined
  server.on('error', (error) => {
    failure = error.message
  })
  server.on('exit', () => {
    failure ??= lastLine(logFile)
  })
  for (let waited = 0; waited < READY_LIMIT_MS; waited += POLL_MS) {
    if (failure !== undefined) break
    const lines = readPidFile(options.directory)
    // As pg_ctl does it: the file is this server's, and its eighth line says ready.
    if (Number(lines?.[0]) === server.pid && lines?.[7]?.trim() === 'ready') return server
    await sleep(POLL_MS)
  }
  await stopServer(server)
  throw new StackError(`PostgreSQL did not start: ${failure ?? 'it was not ready in time'} (see ${logFile}).`)
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    server.kill(signal)
    const limit = sleep(STOP_LIMIT_MS, 'late', { ref: false })
    if ((await Promise.race([ended, limit])) !== 'late') return
  }
}

function readPidFile(directory: string): string[] | undefined {
  try {
    return readFileSync(path.join(directory, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
}

function lastLine(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? 'no reason was given'
}

async function createDatabase(maintenanceUrl: string): Promise<void> {
  const sql = postgres(maintenanceUrl, { max: 1, onnotice: () => {} })
  try {
    const found = await sql`SELECT FROM pg_database WHERE datname = ${DATABASE_NAME}`
    if (found.length === 0) await sql.unsafe(`CREATE DATABASE ${DATABASE_NAME}`)
  } finally {
    await sql.end()
  }
}
