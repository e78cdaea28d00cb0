import { createHmac } from 'node:crypto'
import path from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { firstLine, StackError } from './stack-error.ts'

const FOLDER = path.resolve(import.meta.dirname, '..', 'schema', 'migrations')
const APP_ROLE = 'coderisk_app'
const OLDEST_SERVER = 150_000
const CONNECT_LIMIT_S = 5
/** Any number, as long as every migrating process takes the same: `coderisk` in ASCII would not fit a bigint. */
const ADVISORY_LOCK = 7_263_001

/**
 * Brings the database's schema up to date and lets the core in.
 *
 * @param ownerUrl `postgres://` URL of a role that may create tables and roles
 * @returns the URL that the core connects with: role `coderisk_app`, its password derived from the owner's, so
 *   that everyone who may migrate this database agrees on it
 * @throws {StackError} when the server does not answer, is too old, or refuses
 */
export async function migrate(ownerUrl: string): Promise<string> {
  const appUrl = applicationUrl(ownerUrl)
  const sql = connect(ownerUrl)
  try {
    await checkServer(sql, ownerUrl)
    await sql`SELECT pg_advisory_lock(${ADVISORY_LOCK})`
    await applyMigrations(drizzle(sql), { migrationsFolder: FOLDER })
    await setPassword(sql, appUrl.password)
    await sql`SELECT pg_advisory_unlock(${ADVISORY_LOCK})`
    return appUrl.href
  } catch (error) {
    if (error instanceof StackError) throw error
    throw new StackError(`The database could not be migrated: ${firstLine(innermost(error))}`, {
      cause: error,
    })
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {})
  }
}

export function applicationUrl(ownerUrl: string): URL {
  let url: URL
  try {
    url = new URL(ownerUrl)
    if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError('not a postgres URL')
  } catch (error) {
    throw new StackError(
      'DATABASE_URL is not a URL of the form postgres://user:password@host:port/database.',
      {
        cause: error,
      },
    )
  }
  const ownerPassword = decodeURIComponent(url.password)
  url.username = APP_ROLE
  url.password = createHmac('sha256', ownerPassword).update(APP_ROLE).digest('hex')
  return url
}

/** @throws {StackError} when the server does not answer in time, or is too old */
export async function requireDatabase(ownerUrl: string): Promise<void> {
  applicationUrl(ownerUrl)
  const sql = connect(ownerUrl)
  try {
    await checkServer(sql, ownerUrl)
  } finally {
    await sql.end({ timeout: 0 }).catch(() => {})
  }
}

function connect(ownerUrl: string): postgres.Sql {
  return postgres(ownerUrl, { max: 1, connect_timeout: CONNECT_LIMIT_S, onnotice: () => {} })
}

async function checkServer(sql: postgres.Sql, ownerUrl: string): Promise<void> {
  const { host } = new URL(ownerUrl)
  let version: number
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), CONNECT_LIMIT_S * 1000)
  })
  try {
    const [row] = await Promise.race([
      sql`SELECT current_setting('server_version_num')::int AS version`,
      late,
    ])
    version = row!.version
  } catch (error) {
    throw new StackError(
      `PostgreSQL at ${host} does not answer (${firstLine(error)}): start it, or correct DATABASE_URL, or unset it to use the embedded one.`,
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
  }
  if (version < OLDEST_SERVER) {
    throw new StackError(
      `PostgreSQL at ${host} is version ${Math.floor(version / 10_000)}: version ${OLDEST_SERVER / 10_000} or later is needed.`,
    )
  }
}

async function setPassword(sql: postgres.Sql, password: string): Promise<void> {
  await sql.unsafe(`ALTER ROLE ${APP_ROLE} PASSWORD '${password}'`)
}

/** Drizzle wraps what PostgreSQL said in the text of the query. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error
}
