import type { BackOffice } from './back-office.ts'
import type { CoreHost } from './host.ts'
import type { LogSequencer } from './log-sequencer.ts'
import type { StatusShard } from './status-shard.ts'

/** Bindings, variables and secrets of the core Worker; `wrangler.toml` beside this file lists them. */
export interface CoreEnv {
  readonly TRUST_KV: KVNamespace
  /** Tiles, checkpoints, status lists, signed forms; untrusted and rebuildable, as KV is. */
  readonly TRUST_R2: R2Bucket
  readonly HYPERDRIVE: Hyperdrive
  readonly CORE_HOST: DurableObjectNamespace<CoreHost>
  readonly STATUS_SHARD: DurableObjectNamespace<StatusShard>
  readonly LOG_SEQUENCER: DurableObjectNamespace<LogSequencer>
  readonly BACK_OFFICE: DurableObjectNamespace<BackOffice>
  readonly PUBLIC_BASE_URL: string
  readonly CORE_HOSTS: string
  /** JSON: `[{ "issuer": "https://…", "jwks_uri": "https://…" }]`, whose CI identity tokens are believed. */
  readonly CI_ISSUERS?: string
  /** The name of the log, when it is made: the URL prefix that it is served under, without its scheme. */
  readonly LOG_ORIGIN?: string
  /** c2sp.org/tlog-policy: who cosigns checkpoints. None if absent. */
  readonly LOG_WITNESS_POLICY?: string
  /** `open` (as if absent) or `closed`: whether a checkpoint without its quorum is published. */
  readonly LOG_WITNESS_FAILURE?: string
  /** JSON-RPC of an Ethereum-compatible chain that a checkpoint a day is written to; nothing is anchored without it. */
  readonly ANCHOR_RPC_URL?: string
  /** Blocks on top of an anchor before it counts; 12 if absent. */
  readonly ANCHOR_CONFIRMATIONS?: string
  /** Secret, optional: the key of the account that pays for anchors, `0x` and 64 hex digits. */
  readonly ANCHOR_PRIVATE_KEY?: string
  /** `pilot` (as if absent) or `technical`: `schema/wire/money.ts`. */
  readonly PRICING_MODE?: string
  /** Posted once, when the books are opened: whole cents; $250,000 if absent. */
  readonly INITIAL_CAPITAL_CENTS?: string
  /** What the pilot may add to premiums in all: whole cents; $50,000 if absent. */
  readonly SUBSIDY_BUDGET_CENTS?: string
  /** Of each certificate of a team: whole cents; 5 if absent. */
  readonly CERTIFICATE_FEE_CENTS?: string
  /** Who holds the licence for what is sold here; until it is named, every page says that nobody does. */
  readonly CARRIER_NAME?: string
  /** `true` allows webhooks to loopback addresses and plain http there: development. */
  readonly WEBHOOKS_ALLOW_LOOPBACK?: string
  /** DNS over HTTPS (RFC 8484, JSON), asked before each webhook that is sent; Cloudflare's if absent. */
  readonly DOH_URL?: string
  /** Of the providers' APIs, where they are not their own. */
  readonly GITHUB_API_URL?: string
  readonly SENTRY_API_URL?: string
  readonly PAGERDUTY_API_URL?: string
  /** Of Stripe's API, where it is not its own. */
  readonly STRIPE_API_URL?: string
  /** The meters' event names, which Stripe's prices count. */
  readonly STRIPE_PREMIUM_METER?: string
  readonly STRIPE_CERTIFICATE_METER?: string
  /** Secret, optional: without it money moves on the embedded rail. */
  readonly STRIPE_SECRET_KEY?: string
  /** Secret, with the key: what Stripe signs its webhooks with. */
  readonly STRIPE_WEBHOOK_SECRET?: string
  /** The public half of the network root key, which verifiers pin: JWK (Ed25519) as JSON; the same as the edge's. */
  readonly NETWORK_ROOT_PUBLIC_KEY?: string
  /** Where new signing keys are made: `sealed` (as if absent), in PostgreSQL, or `aws-kms`. */
  readonly KEY_VAULT?: string
  /** Of AWS KMS: where new keys are made. */
  readonly AWS_REGION?: string
  /** An endpoint of AWS KMS that is not AWS's own for the region. */
  readonly AWS_KMS_ENDPOINT?: string
  /** Secret, for AWS KMS alone: the access key of a user who may create keys there, tag them, and sign. */
  readonly AWS_ACCESS_KEY_ID?: string
  /** Secret, for AWS KMS alone: of the same access key. */
  readonly AWS_SECRET_ACCESS_KEY?: string
  /** Secret: 32 random bytes, base64. */
  readonly KEY_ENCRYPTION_SECRET: string
  /** Secret, optional: the network root key (Ed25519, JWK as JSON); absent where it is kept offline. */
  readonly NETWORK_ROOT_PRIVATE_KEY?: string
}
