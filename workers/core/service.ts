import type { Context, Random } from '../../core/context.ts'
import { createCiIdentities, parseCiIssuers } from './adapters/ci-identities.ts'
import { createKvStore } from './adapters/kv-store.ts'
import { openDatabase } from './adapters/postgres.ts'
import { createSealedVault } from './adapters/sealed-vault.ts'
import { syntax } from './adapters/syntax.ts'
import type { CoreEnv } from './env.ts'
import { allHosts } from './hosts.ts'
import { Metrics } from './metrics.ts'
import { Publisher } from './publisher.ts'

/** What one host keeps between requests: connections and opened keys, and no truth. */
export interface Service {
  /** A context with the time of this call. */
  context(): Context
  readonly publisher: Publisher
  readonly metrics: Metrics
  /** The counters of all hosts, added up. */
  collectCounters(): Promise<Record<string, number>>
}

const CONNECTIONS_PER_HOST = 4

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) }

export function createService(env: CoreEnv): Service {
  const shared = {
    random,
    database: openDatabase(env.HYPERDRIVE.connectionString, { connections: CONNECTIONS_PER_HOST }),
    keys: createSealedVault({
      secret: env.KEY_ENCRYPTION_SECRET,
      networkRootKey: env.NETWORK_ROOT_PRIVATE_KEY,
      random: random.bytes,
    }),
    settings: { publicBaseUrl: env.PUBLIC_BASE_URL },
    inspection: { syntax, identities: createCiIdentities(parseCiIssuers(env.CI_ISSUERS)) },
  }
  const context = () => ({ ...shared, now: new Date() })
  const metrics = new Metrics()
  const collectCounters = () => addUpCounters(env)
  return {
    context,
    metrics,
    collectCounters,
    publisher: new Publisher(context, createKvStore(env.TRUST_KV), metrics),
  }
}

async function addUpCounters(env: CoreEnv): Promise<Record<string, number>> {
  const snapshots = await Promise.all(allHosts(env).map((host) => host.counters()))
  const sums: Record<string, number> = {}
  for (const snapshot of snapshots) {
    for (const [series, value] of Object.entries(snapshot)) sums[series] = (sums[series] ?? 0) + value
  }
  return sums
}
