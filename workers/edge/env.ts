import type { EdgeReads } from '../core/index.ts'

/** Bindings and variables of the edge Worker; `wrangler.toml` lists them. It has no secret. */
export interface EdgeEnv {
  readonly TRUST_KV: KVNamespace
  /** Tiles, checkpoints, status lists, signed forms; untrusted and rebuildable, as KV is. */
  readonly TRUST_R2: R2Bucket
  readonly ASSETS: Fetcher
  /** The core's HTTP API. */
  readonly CORE: Fetcher
  /** What the edge itself asks the core. */
  readonly CORE_READS: Service<typeof EdgeReads>
  readonly RATE_LIMIT_KEY: RateLimit
  readonly RATE_LIMIT_IP: RateLimit
  readonly RATE_LIMIT_MISS: RateLimit
  readonly PUBLIC_BASE_URL: string
  /** The public half of the network root key: JWK (Ed25519) as JSON. */
  readonly NETWORK_ROOT_PUBLIC_KEY: string
  readonly STATUS_MAX_AGE_MS: string
  readonly STATUS_MAX_STALENESS_S: string
  /** Who holds the licence for the cover sold here: the same as the core's. Empty: nobody, and every page says so. */
  readonly CARRIER_NAME?: string
}
