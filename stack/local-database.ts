import path from 'node:path'
import { openDataDirectory, readJson, type StackFile } from './data-directory.ts'
import { openDatabaseServer } from './database-server.ts'
import { migrate } from './migrations.ts'
import { databaseKey, loadSecrets, type Secrets } from './secrets.ts'
import { persistDirectoryName, STACK_FILE } from './stack.ts'

/** The database of a network that does not run. */
export interface StoppedNetwork {
  readonly ownerUrl: string
  readonly secrets: Secrets
  /** Where its Workers keep what they have published. */
  readonly persistDirectory: string
}

/**
 * Lends the owner's URL of the network's database: that of `databaseUrl`, that of the local stack if it runs, or that of
 * the embedded server, which is started for as long as the work takes.
 */
export async function withDatabase<T>(
  options: { data: string; databaseUrl: string | undefined },
  work: (ownerUrl: string) => Promise<T>,
): Promise<T> {
  if (options.databaseUrl !== undefined) return work(options.databaseUrl)
  const running = readJson<StackFile>(path.join(options.data, STACK_FILE))
  if (running !== undefined) return work(running.database_url)
  return withStoppedNetwork(options, ({ ownerUrl }) => work(ownerUrl))
}

/**
 * The same for work that must have the database to itself, migrated.
 *
 * @throws {StackError} while the local stack runs
 */
export async function withStoppedNetwork<T>(
  options: { data: string; databaseUrl: string | undefined },
  work: (network: StoppedNetwork) => Promise<T>,
): Promise<T> {
  await using undo = new AsyncDisposableStack()
  const data = openDataDirectory(options.data)
  undo.defer(() => data.release())
  const secrets = await loadSecrets(data)
  const { databaseUrl } = options
  const server = await openDatabaseServer({ data, password: secrets.owner_password, databaseUrl })
  undo.defer(() => server.stop())
  await migrate(server.ownerUrl)
  const persistDirectory = data.file(persistDirectoryName(databaseKey(databaseUrl)))
  // Awaited here: what is lent must be there until the work is done.
  return await work({ ownerUrl: server.ownerUrl, secrets, persistDirectory })
}
