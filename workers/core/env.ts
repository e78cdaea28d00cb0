import type { CoreHost } from './host.ts'
import type { StatusShard } from './status-shard.ts'

/** Bindings, variables and secrets of the core Worker; `wrangler.toml` beside this file lists them. */
export interface CoreEnv {
  readonly TRUST_KV: KVNamespace
  readonly HYPERDRIVE: Hyperdrive
  readonly CORE_HOST: DurableObjectNamespace<CoreHost>
  readonly STATUS_SHARD: DurableObjectNamespace<StatusShard>
  readonly PUBLIC_BASE_URL: string
  readonly CORE_HOSTS: string
  /** JSON: `[{ "issuer": "https://…", "jwks_uri": "https://…" }]`, whose CI identity tokens are believed. */
  readonly CI_ISSUERS?: string
  /** Secret: 32 random bytes, base64. */
  readonly KEY_ENCRYPTION_SECRET: string
  /** Secret, optional: the network root key (Ed25519, JWK as JSON); absent where it is kept offline. */
  readonly NETWORK_ROOT_PRIVATE_KEY?: string
}
