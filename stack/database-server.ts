import { startCluster } from './cluster.ts'
import type { DataDirectory } from './data-directory.ts'

export interface DatabaseServer {
  readonly ownerUrl: string
  /** In words, for the person who starts it. */
  readonly description: string
  stop(): Promise<void>
}

export interface DatabaseServerOptions {
  readonly data: DataDirectory
  /** Of the embedded server's owner. */
  readonly password: string
  /** A PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl?: string | undefined
}

const STATE_FILE = 'postgresql.json'

/** The database of this network: the one of `databaseUrl`, or else the embedded one, which is started. */
export async function openDatabaseServer(options: DatabaseServerOptions): Promise<DatabaseServer> {
  if (options.databaseUrl !== undefined) {
    const { host } = new URL(options.databaseUrl)
    return { ownerUrl: options.databaseUrl, description: `PostgreSQL at ${host}`, stop: async () => {} }
  }
  const { data, password } = options
  // The same port as last time if it is free, so that connection strings that people have noted go on to work.
  const preferredPort = data.readJson<{ port: number }>(STATE_FILE)?.port
  const cluster = await startCluster({ directory: data.path, password, preferredPort })
  data.writeJson(STATE_FILE, { port: cluster.port })
  return {
    ownerUrl: cluster.url(),
    description: `PostgreSQL ${/^\d+\.\d+/.exec(cluster.version)?.[0]} on port ${cluster.port}`,
    stop: () => cluster.stop(),
  }
}
