import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import postgres from 'postgres'
import { buildAssets } from '../../scripts/build.ts'
import { bundleWorker, type WorkerBundle } from '../../stack/bundle-workers.ts'
import type { Cluster } from '../../stack/cluster.ts'
import { migrate } from '../../stack/migrations.ts'
import { provision } from '../../stack/provision.ts'
import { type NetworkSecrets, networkRootPublicKey, type Tenants } from '../../stack/secrets.ts'
import { describeConfig, MODULES } from './config.ts'
import { copyLocalR2 } from './local-r2.ts'
import { startWorkerd, type Workerd } from './workerd.ts'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
/** Part of what is signed; nothing ever asks it. */
export const PUBLIC_BASE_URL = 'https://bench.example'

export interface Network extends Workerd {
  readonly tenants: Tenants
  readonly secrets: NetworkSecrets
  readonly appDatabaseUrl: string
  /** As the owner of the tables. */
  readonly sql: postgres.Sql
  readonly kv: KvControl
  /** Puts an object into R2. */
  putObject(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

export interface KvCounts {
  readonly size: number
  readonly certificateReads: number
  readonly otherReads: number
}

export interface KvControl {
  counts(): Promise<KvCounts>
  add(values: Readonly<Record<string, string>>): Promise<void>
  clear(): Promise<void>
}

export type Scripts = Readonly<Record<keyof typeof MODULES, WorkerBundle>>

/** All Workers as production runs them: bundled, and nothing more. */
export async function bundleAll(): Promise<Scripts> {
  const entries = Object.entries(MODULES).map(async ([name, entry]) => [name, await bundleWorker(entry)])
  return Object.fromEntries(await Promise.all(entries)) as Scripts
}

export interface NetworkOptions {
  /** Of its database, and of its folder below `directory`. */
  readonly name: string
  readonly directory: string
  readonly cluster: Cluster
  readonly secrets: NetworkSecrets
  readonly scripts: Scripts
}

/** Database, keys, organisation and one workerd with everything in it. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const { name, cluster, secrets } = options
  const directory = path.join(options.directory, name)
  for (const part of ['state', 'objects']) {
    mkdirSync(path.join(directory, part), { recursive: true, mode: 0o700 })
  }
  await createDatabase(cluster, name)
  const ownerUrl = cluster.url(name)
  const appDatabaseUrl = await migrate(ownerUrl)
  const { tenants } = await provision({ appDatabaseUrl, secrets, publicBaseUrl: PUBLIC_BASE_URL })
  await buildAssets()
  const config = writeConfig(directory, options, appDatabaseUrl)
  const workerd = await startWorkerd(config, path.join(directory, 'workerd.log'))
  const sql = postgres(ownerUrl, { max: 2, onnotice: () => {} })
  const stop = async () => {
    await workerd.stop()
    await sql.end({ timeout: 1 })
  }
  return {
    ...workerd,
    tenants,
    secrets,
    appDatabaseUrl,
    sql,
    kv: controlKv(workerd.urls['kv-control']),
    putObject: (key, bytes) => putObject(workerd.urls['r2-control'], key, bytes),
    stop,
  }
}

async function createDatabase(cluster: Cluster, name: string): Promise<void> {
  const sql = postgres(cluster.url('postgres'), { max: 1, onnotice: () => {} })
  try {
    await sql`CREATE DATABASE ${sql(name)}`
  } finally {
    await sql.end()
  }
}

/** Secrets are in it, so nobody else may read it. */
function writeConfig(directory: string, options: NetworkOptions, appDatabaseUrl: string): string {
  chmodSync(directory, 0o700)
  for (const [name, { script, wasm }] of Object.entries(options.scripts)) {
    writeFileSync(path.join(directory, name), script)
    for (const [file, bytes] of Object.entries(wasm)) writeFileSync(path.join(directory, file), bytes)
  }
  copyLocalR2(directory)
  const config = path.join(directory, 'config.capnp')
  const { secrets } = options
  const text = describeConfig({
    wasm: Object.keys(options.scripts['core.js'].wasm),
    assetsDirectory: path.join(ROOT, 'dist', 'assets'),
    stateDirectory: path.join(directory, 'state'),
    objectsDirectory: path.join(directory, 'objects'),
    appDatabaseUrl,
    edgeVariables: { PUBLIC_BASE_URL, NETWORK_ROOT_PUBLIC_KEY: networkRootPublicKey(secrets) },
    coreVariables: {
      PUBLIC_BASE_URL,
      KEY_ENCRYPTION_SECRET: secrets.key_encryption_secret,
      NETWORK_ROOT_PRIVATE_KEY: JSON.stringify(secrets.network_root_key),
      NETWORK_ROOT_PUBLIC_KEY: networkRootPublicKey(secrets),
    },
  })
  writeFileSync(config, text, { mode: 0o600 })
  return config
}

function controlKv(url: string): KvControl {
  const call = async (init?: RequestInit) => (await (await fetch(url, init)).json()) as KvCounts
  return {
    counts: () => call(),
    add: async (values) => void (await call({ method: 'POST', body: JSON.stringify(values) })),
    clear: async () => void (await call({ method: 'DELETE' })),
  }
}

async function putObject(url: string, key: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${url}/${encodeURIComponent(key)}`, { method: 'PUT', body })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`R2 answered ${response.status}`)
}
