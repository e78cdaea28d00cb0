import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Database, Transaction } from '../../../core/context.ts'
import { Refusal } from '../../../core/refusal.ts'

const CONNECT_TIMEOUT_S = 2
const CALL_TIMEOUT_MS = 2_000
/** When one connection breaks, the others of its pool may finish what they are at. */
const DRAIN_S = 2

export interface PostgresDatabase extends Database {
  close(): Promise<void>
}

/**
 * The database over postgres.js. Connections are opened when first used and kept; a call that does not finish
 * in {@link CALL_TIMEOUT_MS} is refused with `database_unavailable`, and its connections are given up, since one
 * that hangs (a frozen server) never says so.
 *
 * @param url a `postgres://` URL of role `coderisk_app`
 */
export function openDatabase(url: string, options: { connections?: number } = {}): PostgresDatabase {
  const pool = new ReplaceablePool(url, options.connections ?? 4)
  return {
    asOrganisation: (organisationId, work) =>
      pool.call((client) => transact(client, SET_ORGANISATION, [organisationId], work)),
    asSystem: (work) => pool.call((client) => transact(client, SET_SYSTEM_ROLE, [], work)),
    direct: ({ text, parameters }) =>
      pool.call((client) => client.unsafe(text, parameters as never[], { prepare: true })) as never,
    close: () => pool.close(),
  }
}

const SET_ORGANISATION = `SELECT set_config('app.organisation_id', $1, true)`
const SET_SYSTEM_ROLE = `SET LOCAL ROLE coderisk_system`

/**
 * One transaction. The statement that says whose it is and the first statements of the work are sent in one go:
 * PostgreSQL runs them in the order in which they were sent, and when one fails so do all behind it.
 */
async function transact<T>(
  client: postgres.Sql,
  bind: string,
  parameters: string[],
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const result = await client.begin(async (connection) => {
    const bound = connection.unsafe(bind, parameters, { prepare: parameters.length > 0 }).execute()
    const speaking = speak(connection, client.options)
    try {
      const [, done] = await Promise.all([bound, work(speaking.database).catch(keepApart)])
      return { done }
    } finally {
      speaking.end()
    }
  })
  return (result as { done: T }).done
}

/** What came out of the work itself: a bare error that it threw is a bug in it and not a broken socket. */
const thrownByWork = new WeakSet<object>()

function keepApart(error: unknown): never {
  if (error instanceof Error) thrownByWork.add(error)
  throw error
}

/**
 * Drizzle over one client or connection, with prepared statements: left to itself it has every statement parsed
 * and described anew, which is a round trip more for each.
 *
 * After `end` it takes no more. Where several things are done at once and one fails, another may come with a statement when
 * the transaction is undone already: it would be run, and kept, on its own.
 */
function speak(connection: postgres.ISql, options: postgres.Sql['options']) {
  let ended = false
  const unsafe: postgres.Sql['unsafe'] = (query, parameters, more) => {
    if (ended) throw new Error('the transaction is over')
    return connection.unsafe(query, parameters, { ...more, prepare: true })
  }
  // Of its client Drizzle calls nothing else, as long as it is not asked for transactions.
  const database: PostgresJsDatabase = drizzle({ options, unsafe } as unknown as postgres.Sql)
  return {
    database,
    end: () => {
      ended = true
    },
  }
}

/** One pool of connections at a time; after a timeout the old one is dropped and a new one opened. */
class ReplaceablePool {
  readonly #url: string
  readonly #connections: number
  #current: postgres.Sql | undefined

  constructor(url: string, connections: number) {
    this.#url = url
    this.#connections = connections
  }

  async call<T>(work: (client: postgres.Sql) => Promise<T>): Promise<T> {
    this.#current ??= this.#open()
    const client = this.#current
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CallTimeout()), CALL_TIMEOUT_MS)
    })
    try {
      return await Promise.race([work(client), late])
    } catch (error) {
      const fault = diagnose(error)
      if (fault === null) throw error
      if (fault !== 'busy' && this.#current === client) this.#drop(fault === 'hung' ? 0 : DRAIN_S)
      throw new Refusal('database_unavailable', { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    const client = this.#current
    this.#current = undefined
    await client?.end({ timeout: 1 })
  }

  #open(): postgres.Sql {
    const client = postgres(this.#url, {
      max: this.#connections,
      fetch_types: false,
      connect_timeout: CONNECT_TIMEOUT_S,
      max_lifetime: null,
      backoff: false,
      onnotice: () => {},
    })
    // Drizzle writes times and JSON itself, and sets the client to leave them alone: from its first query on.
    speak(client, client.options)
    return client
  }

  /** @param seconds how long calls that are under way may take to finish */
  #drop(seconds: number): void {
    const client = this.#current
    this.#current = undefined
    client?.end({ timeout: seconds }).catch(() => {})
  }
}

class CallTimeout extends Error {}

/** What postgres.js (upper-case names) and PostgreSQL (SQLSTATE) say when the database is not there or too slow. */
const UNAVAILABLE = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '25P03', // idle_in_transaction_session_timeout
])

/** What PostgreSQL says when it is there and others were in the way. */
const BUSY = new Set([
  '57014', // query_canceled: statement_timeout
  '55P03', // lock_not_available: lock_timeout
  '40001', // serialization_failure
  '40P01', // deadlock_detected
])

/** Why the database could not do it, where that is not the caller's fault; null for every other error. */
function diagnose(error: unknown): 'hung' | 'gone' | 'busy' | null {
  let cause = error
  for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
    if (cause instanceof CallTimeout) return 'hung'
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string') {
      if (BUSY.has(code)) return 'busy'
      return UNAVAILABLE.has(code) || code.startsWith('08') ? 'gone' : null
    }
    // The sockets of workerd give bare errors and no code, in words that change. Drizzle wraps those that reach the work.
    if (cause.cause === undefined) {
      return Object.getPrototypeOf(cause) === Error.prototype && !thrownByWork.has(cause) ? 'gone' : null
    }
    cause = cause.cause
  }
  return null
}
