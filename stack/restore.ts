import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { drizzle } from 'drizzle-orm/postgres-js'
import type { JWK } from 'jose'
import postgres from 'postgres'
import type { Transaction } from '../core/context.ts'
import { type Recovered, recover } from '../core/recovery/recover.ts'
import { type PublishedSource, RecoveryFailed } from '../core/recovery/source.ts'
import {
  appliedMigrations,
  BACKUP_FORMAT,
  type BackupManifest,
  MANIFEST,
  requireFullSight,
  tableNames,
} from './backup.ts'
import { StackError } from './stack-error.ts'

export interface RestoreOptions {
  /** Of a role that row-level security does not bind; the database has been migrated. */
  readonly ownerUrl: string
  readonly folder: string
  /** What the network had published, which may be newer than the backup. */
  readonly source: PublishedSource
  /** The public network root key. */
  readonly pinned: JWK
  readonly now?: Date
}

/**
 * Puts a backup in the place of everything that is in the database, and brings it up to what was published since. One
 * transaction: if anything fails, the database is as it was.
 *
 * @throws {StackError} with one line that says what to do
 */
export async function restore(options: RestoreOptions): Promise<Recovered> {
  const manifest = await readManifest(options.folder)
  const sql = postgres(options.ownerUrl, { max: 1, onnotice: () => {}, fetch_types: false })
  // As the core has it: Drizzle sets the client to leave times and JSON to it.
  drizzle(sql)
  try {
    await requireFullSight(sql)
    await requireSameSchema(sql, manifest)
    const done = await sql.begin(async (tx) => {
      await load(tx, manifest, options.folder)
      const now = options.now ?? new Date()
      return { recovered: await recover(speak(tx, sql.options), options.source, options.pinned, now) }
    })
    return (done as { recovered: Recovered }).recovered
  } catch (error) {
    if (error instanceof RecoveryFailed)
      throw new StackError(`${error.message} Nothing was changed.`, { cause: error })
    throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Every file is read once before anything is changed. */
async function readManifest(folder: string): Promise<BackupManifest> {
  const file = path.join(folder, MANIFEST)
  if (!existsSync(file)) throw new StackError(`${folder} is no backup: it has no ${MANIFEST}.`)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as BackupManifest
  if (manifest.format !== BACKUP_FORMAT) throw new StackError(`${folder} is a backup of another format.`)
  for (const table of manifest.tables) {
    const hash = createHash('sha256')
    try {
      await pipeline(createReadStream(path.join(folder, table.file)), hash)
    } catch (error) {
      throw new StackError(`${table.file} of the backup cannot be read.`, { cause: error })
    }
    if (hash.digest('hex') !== table.sha256) throw new StackError(`${table.file} of the backup is damaged.`)
  }
  return manifest
}

async function requireSameSchema(sql: postgres.Sql, manifest: BackupManifest): Promise<void> {
  const applied = await appliedMigrations(sql)
  if (applied.join() === manifest.migrations.join()) return
  throw new StackError(
    `The backup has ${manifest.migrations.length} migrations and the database ${applied.length} others: restore it with the version of this software that made it, then migrate.`,
  )
}

async function load(tx: postgres.TransactionSql, manifest: BackupManifest, folder: string): Promise<void> {
  const present = await tableNames(tx)
  // Those of the books refuse to be emptied, too.
  for (const name of present) await tx`ALTER TABLE ${tx(name)} DISABLE TRIGGER USER`
  // One statement for all: they refer to each other.
  await tx.unsafe(`TRUNCATE ${present.map((name) => `"${name}"`).join(', ')}`)
  const byName = new Map(manifest.tables.map((table) => [table.name, table]))
  for (const name of present) {
    const table = byName.get(name)
    if (table === undefined) throw new StackError(`The backup lacks the table ${name}.`)
    const rows = await tx`COPY ${tx(name)} (${tx([...table.columns])}) FROM STDIN`.writable()
    await pipeline(createReadStream(path.join(folder, table.file)), createGunzip(), rows)
    await tx`ALTER TABLE ${tx(name)} ENABLE TRIGGER USER`
  }
  for (const { name, last_value, is_called } of manifest.sequences) {
    // Unlike setval it is undone with the transaction.
    const next = BigInt(last_value) + (is_called ? 1n : 0n)
    await tx.unsafe(`ALTER SEQUENCE "${name}" RESTART WITH ${next}`)
  }
}

/** Drizzle over one transaction: it calls nothing else of its client. */
function speak(tx: postgres.TransactionSql, options: postgres.Sql['options']): Transaction {
  const unsafe: postgres.Sql['unsafe'] = (query, parameters, more) => tx.unsafe(query, parameters, more)
  return drizzle({ options, unsafe } as unknown as postgres.Sql)
}
