import path from 'node:path'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import type { WorkerBundle } from './bundle-workers.ts'
import type { CoreVariables } from './core-variables.ts'
import { type NetworkSecrets, networkRootPublicKey } from './secrets.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
export const EDGE = 'coderisk-edge'
export const CORE = 'coderisk-core'

/** What is local to this machine; everything else is in the two `wrangler.toml`. */
export interface LocalConfiguration {
  readonly publicBaseUrl: string
  readonly appDatabaseUrl: string
  readonly secrets: NetworkSecrets
  /** Variables that differ from `wrangler.toml`, of either Worker. */
  readonly variables?: Readonly<Record<string, string>>
  /** Variables and secrets of the core Worker alone. */
  readonly coreVariables?: CoreVariables | undefined
  /** Requests per window, by binding, where it is not what `wrangler.toml` says. */
  readonly rateLimits?: Readonly<Record<string, number>>
}

/** The edge Worker for Miniflare. */
export function configureEdge(local: LocalConfiguration, bundle: WorkerBundle) {
  const { workerOptions } = readWorkerOptions(path.join(ROOT, 'wrangler.toml'))
  return {
    ...workerOptions,
    name: EDGE,
    modules: modulesOf('edge.mjs', bundle),
    bindings: { ...textBindings(workerOptions.bindings), ...edgeVariables(local) },
    ratelimits: withLimits(workerOptions.ratelimits, local.rateLimits),
  }
}

export function edgeVariables(local: LocalConfiguration): Record<string, string> {
  return {
    PUBLIC_BASE_URL: local.publicBaseUrl,
    NETWORK_ROOT_PUBLIC_KEY: networkRootPublicKey(local.secrets),
    ...local.variables,
  }
}

/** The core Worker for Miniflare, and when its scheduled handler is due. */
export function configureCore(local: LocalConfiguration, bundle: WorkerBundle) {
  const { workerOptions } = readWorkerOptions(path.join(ROOT, 'workers', 'core', 'wrangler.toml'))
  const worker = {
    ...workerOptions,
    name: CORE,
    modules: modulesOf('core.mjs', bundle),
    hyperdrives: { HYPERDRIVE: local.appDatabaseUrl },
    bindings: {
      ...textBindings(workerOptions.bindings),
      PUBLIC_BASE_URL: local.publicBaseUrl,
      KEY_ENCRYPTION_SECRET: local.secrets.key_encryption_secret,
      NETWORK_ROOT_PRIVATE_KEY: JSON.stringify(local.secrets.network_root_key),
      NETWORK_ROOT_PUBLIC_KEY: networkRootPublicKey(local.secrets),
      ...local.coreVariables,
      ...local.variables,
    },
  }
  const { cronTriggers } = workerOptions as { cronTriggers?: string[] }
  return { worker, crons: cronTriggers ?? [] }
}

/** The script first: it is the one that runs. */
function modulesOf(name: string, { script, wasm }: WorkerBundle) {
  return [
    { type: 'ESModule' as const, path: name, contents: script },
    ...Object.entries(wasm).map(([path, contents]) => ({ type: 'CompiledWasm' as const, path, contents })),
  ]
}

function textBindings(bindings: unknown): Record<string, string> {
  return { ...(bindings as Record<string, string> | undefined) }
}

type RateLimits = Record<string, { namespace_id: string; simple: { limit: number; period: 10 | 60 } }>

function withLimits(configured: unknown, limits: Readonly<Record<string, number>> = {}): RateLimits {
  const entries = Object.entries({ ...(configured as RateLimits | undefined) }).map(([name, binding]) => {
    const limit = limits[name] ?? binding.simple.limit
    return [name, { ...binding, simple: { ...binding.simple, limit } }] as const
  })
  return Object.fromEntries(entries)
}
