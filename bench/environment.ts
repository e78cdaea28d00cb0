import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Cluster, startCluster } from '../stack/cluster.ts'
import { generateNetworkSecrets, type NetworkSecrets } from '../stack/secrets.ts'
import { startWatchdog, type Watchdog } from '../stack/watchdog.ts'
import { type LoadGenerator, startLoadGenerator } from './load/load.ts'
import { bundleAll, type Network, type Scripts, startNetwork } from './network/network.ts'

/** What the measures share. Everything is started when it is first asked for. */
export interface Environment {
  /** Of the usual effort: 1, or less when it is only to be seen that everything runs. */
  readonly share: number
  /** That share of a number of things, at least one. */
  count(usual: number): number
  /** In a process of its own. */
  readonly generator: LoadGenerator
  scripts(): Promise<Scripts>
  /** A running network with a database of that name. */
  network(name: string): Promise<Network>
  stop(): Promise<void>
}

const QUICK_SHARE = 1 / 20

/** A folder, a PostgreSQL and workerds of its own; `stop` leaves none of them. */
export function openEnvironment(quick: boolean): Environment {
  const undo = new AsyncDisposableStack()
  const directory = mkdtempSync(path.join(os.tmpdir(), 'coderisk-bench-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  undo.defer(remove)
  // Whatever ends this process, the folder goes; the processes in it are the watchdog's to end.
  process.once('exit', remove)
  const watchdog = startWatchdog()
  undo.defer(() => watchdog.dismiss())
  const generator = startLoadGenerator()
  undo.defer(() => generator.stop())
  const share = quick ? QUICK_SHARE : 1
  const scripts = once(bundleAll)
  const cluster = once(() => openCluster(directory, watchdog, undo))
  const networks = new Map<string, Promise<Network>>()
  const start = async (name: string): Promise<Network> => {
    const parts = { ...(await cluster()), scripts: await scripts() }
    const network = await startNetwork({ name, directory, ...parts })
    watchdog.watch(network.pid)
    undo.defer(() => network.stop())
    return network
  }
  return {
    share,
    count: (usual) => Math.ceil(usual * share),
    generator,
    scripts,
    network(name) {
      const known = networks.get(name) ?? start(name)
      networks.set(name, known)
      return known
    },
    stop: () => undo.disposeAsync(),
  }
}

async function openCluster(
  directory: string,
  watchdog: Watchdog,
  undo: AsyncDisposableStack,
): Promise<{ cluster: Cluster; secrets: NetworkSecrets }> {
  const secrets = await generateNetworkSecrets()
  const cluster = await startCluster({ directory, password: secrets.owner_password, watchdog })
  undo.defer(() => cluster.stop())
  return { cluster, secrets }
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
