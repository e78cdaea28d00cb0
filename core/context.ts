import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type { JWK } from 'jose'
import type { Scope } from '../schema/wire/vocabulary.ts'
import type { Syntax } from './analysis/source/syntax.ts'
import type { CiIdentities } from './evidence/ci-identity.ts'
import type { InsuranceSettings } from './insurance/settings.ts'
import type { KeyVault } from './keys/vault.ts'
import type { Statement } from './statement.ts'

/** What a command may use. `now` is fixed once per request; randomness and keys come only from here. */
export interface Context {
  readonly now: Date
  readonly random: Random
  readonly database: Database
  readonly keys: KeyVault
  readonly settings: Settings
  readonly inspection: Inspection
}

/** What the analysis of a change needs from outside. */
export interface Inspection {
  readonly syntax: Syntax
  readonly identities: CiIdentities
}

/** `bytes(n)` gives n bytes fit for secrets. */
export interface Random {
  bytes(count: number): Uint8Array<ArrayBuffer>
}

export interface Settings {
  /** Where the public finds the network, without a trailing slash: `https://coderisk.com`. */
  readonly publicBaseUrl: string
  readonly log: LogSettings
  readonly insurance: InsuranceSettings
  /** The public network root key, which verifiers pin (Ed25519, JWK); without it no trust root can be brought in. */
  readonly networkRootKey?: JWK | undefined
}

/** The transparency log and its witnesses. */
export interface LogSettings {
  /** First line of every checkpoint. Used when the log is made, and never again. */
  readonly origin: string
  /** Who cosigns checkpoints, and how many of them it takes: c2sp.org/tlog-policy. */
  readonly witnessPolicy: string
  /**
   * What becomes of a checkpoint without its quorum: `open` publishes it all the same and verifiers are told, `closed`
   * holds it back, and everything behind it.
   */
  readonly witnessFailure: 'open' | 'closed'
}

export type Transaction = Pick<
  PostgresJsDatabase,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | 'with' | '$with'
>

/**
 * The one database. Each call of `asOrganisation` and `asSystem` is one transaction.
 *
 * @throws {Refusal} `database_unavailable` when it does not answer within its time limit
 */
export interface Database {
  /** Sees and writes only rows of `organisationId` (row-level security). */
  asOrganisation<T>(organisationId: string, work: (tx: Transaction) => Promise<T>): Promise<T>
  /** Work of the network itself, across organisations: publication, rotation, public look-ups. */
  asSystem<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /** One statement of its own: one that names its tenant, or a database function that guards itself. */
  direct<Row>(statement: Statement): Promise<Row[]>
}

/** Who is calling, once the API key is known. */
export interface Actor {
  readonly keyId: string
  readonly organisationId: string
  readonly userId: string
  readonly scopes: readonly Scope[]
  readonly livemode: boolean
}
