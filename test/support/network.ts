import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { buildAssets } from '../../scripts/build.ts'
import { type Cluster, startCluster } from '../../stack/cluster.ts'
import { migrate } from '../../stack/migrations.ts'
import { freePort, LOOPBACK } from '../../stack/ports.ts'
import { type Provisioning, provision } from '../../stack/provision.ts'
import { generateNetworkSecrets, type NetworkSecrets, type Tenants } from '../../stack/secrets.ts'
import { startWatchdog } from '../../stack/watchdog.ts'
import { bundleWorkers, type RunningWorkers, startWorkers, type WorkerScripts } from '../../stack/workers.ts'

export interface NetworkOptions {
  /** Variables of the Workers that differ from `wrangler.toml`. */
  readonly variables?: Readonly<Record<string, string>>
  /** Requests per window, by binding, where it is not what `wrangler.toml` says. */
  readonly rateLimits?: Readonly<Record<string, number>>
}

/** A whole network of a test's own: PostgreSQL, both Workers in workerd, keys and two organisations. */
export interface Network {
  readonly baseUrl: string
  readonly directory: string
  readonly tenants: Tenants
  readonly secrets: NetworkSecrets
  /** How core commands of this process reach the same database with the same keys. */
  readonly provisioning: Provisioning
  readonly ownerUrl: string
  /** SQL as the owner of the database, who sees every row. */
  readonly sql: postgres.Sql
  workers(): RunningWorkers
  cluster(): Cluster
  /** Starts PostgreSQL again on its port and data, after it was stopped or killed. */
  restartDatabase(): Promise<void>
  /** Starts the Workers again on their port and state. */
  restartWorkers(variables?: Readonly<Record<string, string>>): Promise<void>
  /** What the Workers have printed so far, by lines. */
  workerLog(): string[]
  postgresLog(): string
  stop(): Promise<void>
}

export async function startNetwork(options: NetworkOptions = {}): Promise<Network> {
  const directory = mkdtempSync(path.join(tmpdir(), 'coderisk-flow-'))
  const undo = new AsyncDisposableStack()
  undo.defer(() => rmSync(directory, { recursive: true, force: true }))
  try {
    return await start(directory, options, undo)
  } catch (error) {
    await undo.disposeAsync()
    throw error
  }
}

async function start(
  directory: string,
  options: NetworkOptions,
  undo: AsyncDisposableStack,
): Promise<Network> {
  const secrets = await generateNetworkSecrets()
  const scripts = prepareScripts()
  const watchdog = startWatchdog()
  undo.defer(() => watchdog.dismiss())
  const inDirectory = { directory, password: secrets.owner_password, watchdog }
  let cluster = await startCluster(inDirectory)
  undo.defer(() => cluster.stop())
  const appDatabaseUrl = await migrate(cluster.url())
  const port = await freePort()
  const publicBaseUrl = `http://${LOOPBACK}:${port}`
  const provisioning = { appDatabaseUrl, secrets, publicBaseUrl }
  const { tenants } = await provision(provisioning)
  const startAgain = async (variables = options.variables) =>
    startWorkers({
      port,
      appDatabaseUrl,
      secrets,
      persistDirectory: path.join(directory, 'workers'),
      logFile: path.join(directory, 'workers.log'),
      scripts: await scripts,
      ...(variables === undefined ? {} : { variables }),
      ...(options.rateLimits === undefined ? {} : { rateLimits: options.rateLimits }),
    })
  let workers = await startAgain()
  undo.defer(() => workers.stop())
  const ownerUrl = cluster.url()
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => {} })
  undo.defer(() => sql.end({ timeout: 1 }))
  return {
    baseUrl: publicBaseUrl,
    directory,
    tenants,
    secrets,
    provisioning,
    ownerUrl,
    sql,
    workers: () => workers,
    cluster: () => cluster,
    async restartDatabase() {
      await cluster.stop()
      cluster = await startCluster({ ...inDirectory, preferredPort: cluster.port })
    },
    async restartWorkers(variables) {
      await workers.stop().catch(() => {})
      workers = await startAgain(variables)
    },
    workerLog: () => readLines(path.join(directory, 'workers.log')),
    postgresLog: () => readFileSync(path.join(directory, 'postgres.log'), 'utf8'),
    stop: () => undo.disposeAsync(),
  }
}

/** Pages' assets and the two bundles; the same for every network of this process. */
let prepared: Promise<WorkerScripts> | undefined
function prepareScripts(): Promise<WorkerScripts> {
  prepared ??= Promise.all([bundleWorkers(), buildAssets()]).then(([scripts]) => scripts)
  return prepared
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n')
  } catch {
    return []
  }
}
