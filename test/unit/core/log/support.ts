import type { Context } from '../../../../core/context.ts'
import { ensureLog } from '../../../../core/log/create.ts'
import { makeLogEntry } from '../../../../core/verify/log-entry.ts'
import type { TestCore } from '../support.ts'

/** An empty log in a database that other tests have used. */
export async function startLog(core: TestCore): Promise<void> {
  await core.db.owner`TRUNCATE log_entries, logs, log_tiles, outbox RESTART IDENTITY`
  await ensureLog(core.ctx())
}

let made = 0

/** Entries of events that never were: each is another. */
export async function append(core: TestCore, count: number): Promise<void> {
  const entries = await Promise.all(
    Array.from({ length: count }, () => {
      made++
      return makeLogEntry('certificate.issued', `CERT-${made}`, '2026-11-21T12:00:00.000Z', 'ab'.repeat(32))
    }),
  )
  const rows = entries.map(({ bytes, leafHash }) => ({
    entry: Buffer.from(bytes),
    leaf_hash: Buffer.from(leafHash),
    created_at: new Date(),
  }))
  if (rows.length > 0) await core.db.owner`INSERT INTO log_entries ${core.db.owner(rows)}`
}

/** The same context over another database. */
export function over(core: TestCore, database: Context['database']): Context {
  return { ...core.ctx(), database }
}

/** Keeps the log as the database has it now. @returns what brings it back, as restoring a backup would */
export async function backUp({ db: { owner } }: TestCore): Promise<() => Promise<void>> {
  await owner`DROP SCHEMA IF EXISTS backup CASCADE`
  await owner`CREATE SCHEMA backup`
  for (const table of TABLES) {
    await owner`CREATE TABLE backup.${owner(table)} AS SELECT * FROM ${owner(table)}`
  }
  return async () => {
    await owner`TRUNCATE log_entries, logs, log_tiles`
    for (const table of TABLES) {
      await owner`INSERT INTO ${owner(table)} OVERRIDING SYSTEM VALUE SELECT * FROM backup.${owner(table)}`
    }
  }
}

const TABLES = ['log_entries', 'logs', 'log_tiles']
