import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import postgres from 'postgres'
import { StackError } from './stack-error.ts'

export const BACKUP_FORMAT = 1
export const MANIFEST = 'manifest.json'
const PRIVATE = 0o600

/** `manifest.json` of a backup: what is in it, and how to tell that it is whole. */
export interface BackupManifest {
  readonly format: typeof BACKUP_FORMAT
  /** RFC 3339; everything in it is as of one moment at about this time. */
  readonly created_at: string
  readonly postgresql: string
  /** Hashes of the migrations that had been applied, in order. */
  readonly migrations: readonly string[]
  readonly tables: readonly BackedUpTable[]
  readonly sequences: readonly {
    readonly name: string
    readonly last_value: string
    readonly is_called: boolean
  }[]
}

export interface BackedUpTable {
  readonly name: string
  readonly columns: readonly string[]
  /** In the backup's folder: PostgreSQL's text form of COPY, compressed with gzip. */
  readonly file: string
  /** Of the file, hex. */
  readonly sha256: string
}

/**
 * Writes every table and sequence of the network's database to a new folder, as of one moment. It holds sealed signing
 * keys and the hashes of API keys: keep it as safe as the database. The secrets that open the keys are not in it.
 *
 * @param ownerUrl of a role that row-level security does not bind
 * @param folder must not exist
 */
export async function backUp(ownerUrl: string, folder: string, now = new Date()): Promise<BackupManifest> {
  if (existsSync(folder)) throw new StackError(`${folder} is there already: name a new folder with --out.`)
  const unfinished = `${folder}.${process.pid}.new`
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} })
  try {
    mkdirSync(unfinished, { recursive: true, mode: 0o700 })
    await requireFullSight(sql)
    const manifest = await sql.begin('isolation level repeatable read read only', async (tx) => {
      const names = await tableNames(tx)
      const tables: BackedUpTable[] = []
      for (const name of names) tables.push(await copyTable(tx, name, unfinished))
      return { ...(await describe(tx, now)), tables, sequences: await readSequences(tx) }
    })
    writeFileSync(path.join(unfinished, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: PRIVATE,
    })
    renameSync(unfinished, folder)
    return manifest
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
    await sql.end({ timeout: 1 })
  }
}

/** A role that sees only some rows would write a backup that looks whole. */
export async function requireFullSight(sql: postgres.Sql): Promise<void> {
  const [role] = await sql<{ sees_all: boolean }[]>`
    SELECT rolsuper OR rolbypassrls AS sees_all FROM pg_roles WHERE rolname = current_user`
  if (role?.sees_all) return
  throw new StackError(
    'Row-level security binds this role, so that it cannot back up or restore every row: use a superuser, or a role with BYPASSRLS that owns the tables.',
  )
}

/** Tables, those first that others refer to. */
export async function tableNames(sql: postgres.ISql): Promise<string[]> {
  const rows = await sql<{ name: string; refers_to: string[] }[]>`
    SELECT c.relname AS name, coalesce((
      SELECT jsonb_agg(DISTINCT target.relname) FROM pg_constraint k JOIN pg_class target ON target.oid = k.confrelid
      WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid), '[]'::jsonb) AS refers_to
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`
  const ordered: string[] = []
  let waiting = [...rows]
  while (waiting.length > 0) {
    const ready = waiting.filter(({ refers_to }) => refers_to.every((name) => ordered.includes(name)))
    if (ready.length === 0) throw new StackError('The tables refer to each other in a circle.')
    ordered.push(...ready.map(({ name }) => name))
    waiting = waiting.filter((row) => !ready.includes(row))
  }
  return ordered
}

async function copyTable(tx: postgres.TransactionSql, name: string, folder: string): Promise<BackedUpTable> {
  const columns = await tx<{ name: string }[]>`
    SELECT attname AS name FROM pg_attribute
    WHERE attrelid = ${name}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`
  const names = columns.map((column) => column.name)
  const file = `${name}.copy.gz`
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const rows = await tx`COPY ${tx(name)} (${tx(names)}) TO STDOUT`.readable()
  const target = createWriteStream(path.join(folder, file), { mode: PRIVATE })
  await pipeline(rows, createGzip(), hashing, target)
  return { name, columns: names, file, sha256: hash.digest('hex') }
}

async function describe(tx: postgres.TransactionSql, now: Date) {
  const [server] = await tx<{ server_version: string }[]>`SHOW server_version`
  return {
    format: BACKUP_FORMAT,
    created_at: now.toISOString(),
    postgresql: server!.server_version,
    migrations: await appliedMigrations(tx),
  } as const
}

export async function appliedMigrations(sql: postgres.ISql): Promise<string[]> {
  const rows = await sql<{ hash: string }[]>`SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id`
  return rows.map(({ hash }) => hash)
}

async function readSequences(tx: postgres.TransactionSql): Promise<BackupManifest['sequences']> {
  const names = await tx<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`
  return Promise.all(
    names.map(async ({ name }) => {
      const [row] = await tx<{ last_value: string; is_called: boolean }[]>`
        SELECT last_value, is_called FROM ${tx(name)}`
      return { name, last_value: String(row!.last_value), is_called: row!.is_called }
    }),
  )
}
