import { rmSync } from 'node:fs'
import type { CoreVariables } from './core-variables.ts'
import { type DataDirectory, openDataDirectory, type StackFile } from './data-directory.ts'
import { openDatabaseServer } from './database-server.ts'
import { migrate, requireDatabase } from './migrations.ts'
import { freePort, LOOPBACK, requireFreePort } from './ports.ts'
import { provision } from './provision.ts'
import { databaseKey, loadSecrets, rememberTenants, type Secrets, type Tenants } from './secrets.ts'
import type { RunningWorkers } from './workers.ts'

export const STACK_FILE = 'stack.json'

export interface StackOptions {
  /** Of the public entrance; 0 takes any that is free. */
  readonly port: number
  readonly dataDirectory: string
  /** A PostgreSQL to use instead of the embedded one: the URL of a role that may create tables and roles. */
  readonly databaseUrl?: string | undefined
  /** Variables of the core Worker that differ from `wrangler.toml`. */
  readonly coreVariables?: CoreVariables | undefined
  /** Told when a step is done, in words for the person who waits. */
  readonly onProgress?: (step: string) => void
  /** Stops a start that is under way: after the current step everything is undone. */
  readonly signal?: AbortSignal
}

export interface Stack {
  readonly baseUrl: string
  readonly apiKey: string
  readonly operatorKey: string
  readonly organisationId: string
  readonly ownerDatabaseUrl: string
  readonly appDatabaseUrl: string
  readonly stackFile: string
  readonly workers: RunningWorkers
  /** What `npm start` has certified here before: commit, or hash of a file → certificate id. */
  readonly certificates: Readonly<Record<string, string>>
  rememberCertificate(of: string, certificateId: string): void
  stop(): Promise<void>
}

/**
 * Starts the whole network on this machine: database, keys, organisations, both Workers.
 *
 * @throws {StackError} with one line that says what to do; everything that was started has been stopped again
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  // Undone in reverse order, whether a step fails or the network is stopped.
  const undo = new AsyncDisposableStack()
  try {
    return await start(options, undo)
  } catch (error) {
    await undo.disposeAsync()
    throw error
  }
}

async function start(options: StackOptions, undo: AsyncDisposableStack): Promise<Stack> {
  const progress = (step: string) => {
    options.onProgress?.(step)
    options.signal?.throwIfAborted()
  }
  if (options.port !== 0) await requireFreePort(options.port)
  const port = options.port === 0 ? await freePort() : options.port
  const baseUrl = `http://${LOOPBACK}:${port}`
  const { databaseUrl, coreVariables } = options
  if (databaseUrl !== undefined) await requireDatabase(databaseUrl)
  const data = openDataDirectory(options.dataDirectory)
  undo.defer(() => data.release())
  const secrets = await loadSecrets(data)
  const preparing = prepareWorkers()
  // Looked at below; should another step fail first, that one is the one to report.
  preparing.catch(() => {})
  const server = await openDatabaseServer({ data, password: secrets.owner_password, databaseUrl })
  undo.defer(() => server.stop())
  const appDatabaseUrl = await migrate(server.ownerUrl)
  progress(`${server.description}, schema up to date`)
  const database = databaseKey(databaseUrl)
  const { tenants, persistDirectory } = await prepareDatabase(data, secrets, {
    database,
    appDatabaseUrl,
    baseUrl,
    coreVariables,
  })
  progress('Signing keys, trust root and organisations')
  const { startWorkers, scripts } = await preparing
  options.signal?.throwIfAborted()
  const logFile = data.file('workers.log')
  const workers = await startWorkers({
    port,
    appDatabaseUrl,
    secrets,
    persistDirectory,
    logFile,
    scripts,
    coreVariables,
  })
  undo.defer(() => workers.stop())
  workers.startCrons()
  progress(`Edge and core Workers on ${baseUrl}`)
  undo.defer(() => data.remove(STACK_FILE))
  data.writeJson(STACK_FILE, describe(baseUrl, server.ownerUrl, tenants))
  return {
    baseUrl,
    apiKey: tenants.api_key,
    operatorKey: tenants.operator_key,
    organisationId: tenants.organisation_id,
    ownerDatabaseUrl: server.ownerUrl,
    appDatabaseUrl,
    stackFile: data.file(STACK_FILE),
    workers,
    certificates: tenants.certificates,
    rememberCertificate(of, id) {
      const certificates = { ...tenants.certificates, [of]: id }
      rememberTenants(data, secrets, database, { ...tenants, certificates })
    },
    stop: () => undo.disposeAsync(),
  }
}

/** The slow half of starting the Workers needs no database: it goes on while PostgreSQL starts. */
async function prepareWorkers() {
  const [{ buildAssets }, { bundleWorkers, startWorkers }] = await Promise.all([
    import('../scripts/build.ts'),
    import('./workers.ts'),
  ])
  const [scripts] = await Promise.all([bundleWorkers(), buildAssets()])
  return { startWorkers, scripts }
}

interface DatabasePlace {
  readonly database: string
  readonly appDatabaseUrl: string
  readonly baseUrl: string
  readonly coreVariables: CoreVariables | undefined
}

/** Keys and organisations, and a place for the Workers' state that goes with this database and no other. */
async function prepareDatabase(data: DataDirectory, secrets: Secrets, place: DatabasePlace) {
  const { database, baseUrl: publicBaseUrl, ...surroundings } = place
  const known = secrets.databases[database]
  const { tenants, isNew } = await provision({ ...surroundings, secrets, publicBaseUrl, tenants: known })
  const persistDirectory = data.file(persistDirectoryName(database))
  if (isNew) {
    rmSync(persistDirectory, { recursive: true, force: true })
    rememberTenants(data, secrets, database, tenants)
  }
  return { tenants, persistDirectory }
}

/** Of what the Workers of this database keep: KV, R2 and Durable Objects. */
export function persistDirectoryName(database: string): string {
  return `workers-${database.replaceAll(/[^\w.-]/g, '_')}`
}

function describe(baseUrl: string, ownerUrl: string, tenants: Tenants): StackFile {
  return {
    base_url: baseUrl,
    api_key: tenants.api_key,
    operator_key: tenants.operator_key,
    database_url: ownerUrl,
    organisation_id: tenants.organisation_id,
    pid: process.pid,
  }
}
