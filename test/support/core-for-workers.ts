import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildAssets } from '../../scripts/build.ts'
import { bundleWorker, type WorkerBundle } from '../../stack/bundle-workers.ts'
import { startCluster } from '../../stack/cluster.ts'
import { migrate } from '../../stack/migrations.ts'
import { provision } from '../../stack/provision.ts'
import { generateNetworkSecrets, type NetworkSecrets, type Tenants } from '../../stack/secrets.ts'

/** What the edge's tests inside workerd are given: everything that a real core needs. */
export interface CoreForWorkers {
  readonly bundle: WorkerBundle
  readonly publicBaseUrl: string
  readonly appDatabaseUrl: string
  readonly secrets: NetworkSecrets
  readonly tenants: Tenants
}

/** One database with keys and organisations, and the core's bundle. */
export async function startCoreForWorkers(): Promise<{ core: CoreForWorkers; stop(): Promise<void> }> {
  const publicBaseUrl = 'https://network.example'
  const directory = mkdtempSync(path.join(tmpdir(), 'coderisk-workers-'))
  const secrets = await generateNetworkSecrets()
  const cluster = await startCluster({ directory, password: secrets.owner_password, durable: false })
  const appDatabaseUrl = await migrate(cluster.url())
  const { tenants } = await provision({ appDatabaseUrl, secrets, publicBaseUrl })
  await buildAssets()
  const bundle = await bundleWorker('workers/core/index.ts')
  return {
    core: { bundle, publicBaseUrl, appDatabaseUrl, secrets, tenants },
    async stop() {
      await cluster.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
