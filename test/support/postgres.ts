import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { startCluster } from '../../stack/cluster.ts'
import { migrate } from '../../stack/migrations.ts'
import { startWatchdog } from '../../stack/watchdog.ts'
import { openDatabase, type PostgresDatabase } from '../../workers/core/adapters/postgres.ts'

/** A migrated database that only one test file uses, in a PostgreSQL of its own. */
export interface TestDatabase {
  /** The core's own adapter, as role `coderisk_app`. */
  readonly database: PostgresDatabase
  /** SQL as the owner of everything, whom row-level security does not bind. */
  readonly owner: postgres.Sql
  readonly ownerUrl: string
  readonly appUrl: string
  /** SQL as role `coderisk_app`; ended with the rest. */
  connectAsApp(): postgres.Sql
  stop(): Promise<void>
}

const CONNECTIONS = 10

/** Starts PostgreSQL (half a second) and migrates. Call `stop` in `afterAll`. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(path.join(tmpdir(), 'coderisk-unit-'))
  const watchdog = startWatchdog()
  const undo = new AsyncDisposableStack()
  undo.defer(() => rmSync(directory, { recursive: true, force: true }))
  try {
    const cluster = await startCluster({ directory, password: 'test', watchdog, durable: false })
    undo.defer(async () => {
      await cluster.stop()
      watchdog.dismiss()
    })
    const appUrl = await migrate(cluster.url())
    const connect = (url: string, max: number) => {
      const sql = postgres(url, { max, onnotice: () => {} })
      undo.defer(() => sql.end({ timeout: 1 }))
      return sql
    }
    const database = openDatabase(appUrl, { connections: CONNECTIONS })
    undo.defer(() => database.close())
    return {
      database,
      owner: connect(cluster.url(), 2),
      ownerUrl: cluster.url(),
      appUrl,
      connectAsApp: () => connect(appUrl, 1),
      stop: () => undo.disposeAsync(),
    }
  } catch (error) {
    await undo.disposeAsync()
    throw error
  }
}
