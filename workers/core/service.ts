import type { Outside } from '../../core/back-office/outside.ts'
import type { Context, Random } from '../../core/context.ts'
import { readInsuranceSettings } from '../../core/insurance/settings.ts'
import { parseNetworkRootKey } from '../../core/keys/root-key.ts'
import { readLogSettings } from '../../core/log/settings.ts'
import { createCiIdentities, parseCiIssuers } from './adapters/ci-identities.ts'
import { createKvStore } from './adapters/kv-store.ts'
import { createOutside } from './adapters/outside.ts'
import { openStripeWebhooks } from './adapters/payment-rail.ts'
import { openDatabase } from './adapters/postgres.ts'
import { createR2Store } from './adapters/r2-store.ts'
import type { StripeWebhooks } from './adapters/stripe-webhooks.ts'
import { syntax } from './adapters/syntax.ts'
import { createVault } from './adapters/vault.ts'
import type { CoreEnv } from './env.ts'
import { allHosts } from './hosts.ts'
import { LogWaiter } from './log-waiter.ts'
import { Metrics } from './metrics.ts'
import { Publisher } from './publisher.ts'
import { createQueuedWork, type QueuedWork } from './queued-work.ts'
import { createSequencing, type Sequencing } from './sequencing.ts'

/** What one host keeps between requests: connections and opened keys, and no truth. */
export interface Service {
  /** A context with the time of this call. */
  context(): Context
  readonly publisher: Publisher
  readonly sequencing: Sequencing
  readonly backOffice: QueuedWork
  readonly outside: Outside
  /** Null where the network takes none. */
  readonly stripeWebhooks: StripeWebhooks | null
  readonly logWaiter: LogWaiter
  readonly metrics: Metrics
  /** The counters of all hosts, added up. */
  collectCounters(): Promise<Record<string, number>>
}

const CONNECTIONS_PER_HOST = 4

const random: Random = { bytes: (count) => crypto.getRandomValues(new Uint8Array(count)) }

export function createService(env: CoreEnv): Service {
  const context = createContext(env, CONNECTIONS_PER_HOST)
  const metrics = new Metrics()
  const collectCounters = () => addUpCounters(env)
  const outside = createOutside(env)
  const stores = { values: createKvStore(env.TRUST_KV), objects: createR2Store(env.TRUST_R2) }
  return {
    context,
    metrics,
    collectCounters,
    sequencing: createSequencing(env, context),
    backOffice: createQueuedWork(env, context, outside),
    outside,
    stripeWebhooks: openStripeWebhooks(env),
    logWaiter: new LogWaiter(context),
    publisher: new Publisher(context, stores, metrics),
  }
}

/** What core commands need, over connections of its own; each call has the time of that call. */
export function createContext(env: CoreEnv, connections: number): () => Context {
  const shared = {
    random,
    database: openDatabase(env.HYPERDRIVE.connectionString, { connections }),
    keys: createVault(env, random.bytes),
    settings: {
      publicBaseUrl: env.PUBLIC_BASE_URL,
      log: readLogSettings(env, env.PUBLIC_BASE_URL),
      insurance: readInsuranceSettings(env),
      networkRootKey: parseNetworkRootKey(env.NETWORK_ROOT_PUBLIC_KEY),
    },
    inspection: { syntax, identities: createCiIdentities(parseCiIssuers(env.CI_ISSUERS)) },
  }
  return () => ({ ...shared, now: new Date() })
}

async function addUpCounters(env: CoreEnv): Promise<Record<string, number>> {
  const snapshots = await Promise.all(allHosts(env).map((host) => host.counters()))
  const sums: Record<string, number> = {}
  for (const snapshot of snapshots) {
    for (const [series, value] of Object.entries(snapshot)) sums[series] = (sums[series] ?? 0) + value
  }
  return sums
}
