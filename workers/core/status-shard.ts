import { DurableObject } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { compile } from '../../core/statement.ts'
import { STATUS_LIST_SIZE } from '../../core/verify/status-list.ts'
import { openDatabase, type PostgresDatabase } from './adapters/postgres.ts'
import type { CoreEnv } from './env.ts'
import { logLine } from './log.ts'

/** The bits of one status list as they were in the database at `asOf`. */
export interface StatusShardReading {
  readonly version: number
  /** Milliseconds since the epoch; just before the database was asked. */
  readonly asOf: number
  /** Null when the reader has this version already. */
  readonly bits: Uint8Array | null
}

interface Known {
  readonly version: number
  readonly asOf: number
  readonly bits: Uint8Array
}

/** A reader waits no longer than this for the database; then it gets the last known bits, with their age. */
const REFRESH_WAIT_MS = 400
/** What is kept for a restart without a database may be this much older than what is known. */
const PERSIST_EVERY_MS = 10_000

/**
 * Live revocation bits of one status list, read from PostgreSQL for every reading and kept only for when it is
 * away. One object per list, named by the list's number.
 */
export class StatusShard extends DurableObject<CoreEnv> {
  readonly #database: PostgresDatabase
  #known: Known | undefined
  /** Whether what is known was read from the database since this object started. */
  #live = false
  #persistedAsOf = 0
  #refreshing: Promise<void> | undefined

  constructor(state: DurableObjectState, env: CoreEnv) {
    super(state, env)
    this.#database = openDatabase(env.HYPERDRIVE.connectionString, { connections: 1 })
    void state.blockConcurrencyWhile(async () => {
      this.#known = await state.storage.get<Known>('known')
    })
  }

  /**
   * @param list the number of the list, which is also this object's name
   * @param have the version that the reader holds, or -1
   * @returns null when nothing was ever known
   */
  async read(list: number, have: number): Promise<StatusShardReading | null> {
    this.#refreshing ??= this.#refresh(list).finally(() => {
      this.#refreshing = undefined
    })
    await Promise.race([this.#refreshing, new Promise((resolve) => setTimeout(resolve, REFRESH_WAIT_MS))])
    if (this.#known === undefined) return null
    const { version, asOf, bits } = this.#known
    return { version, asOf, bits: version === have ? null : bits }
  }

  async #refresh(list: number): Promise<void> {
    const asOf = Date.now()
    // What a restart brought back may be of another database: it is replaced, whatever its version.
    const knownVersion = this.#live ? (this.#known?.version ?? -1) : -1
    try {
      const [row] = await this.#database.direct<{ version: string; bits: Uint8Array | null }>(
        READ_LIST({ knownVersion, list }),
      )
      const bits =
        row === undefined ? EMPTY_BITS : row.bits === null ? this.#known!.bits : new Uint8Array(row.bits)
      this.#keep({ version: Number(row?.version ?? 0), asOf, bits })
    } catch (error) {
      logLine('warn', 'status shard serves what it knew', { list, error })
    }
  }

  #keep(known: Known): void {
    const changed = !this.#live || known.version !== this.#known?.version
    this.#live = true
    this.#known = known
    if (!changed && known.asOf - this.#persistedAsOf < PERSIST_EVERY_MS) return
    this.#persistedAsOf = known.asOf
    void this.ctx.storage.put('known', known)
  }
}

const READ_LIST = compile<{ knownVersion: number; list: number }>(sql`
  SELECT version, CASE WHEN version <> ${sql.placeholder('knownVersion')}::bigint THEN bits END AS bits
  FROM status_lists WHERE id = ${sql.placeholder('list')}`)

/** A list without a row has never had a revocation. */
const EMPTY_BITS = new Uint8Array(STATUS_LIST_SIZE / 8)
