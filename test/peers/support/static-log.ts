import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LOOPBACK } from '../../../stack/ports.ts'
import type { MemoryObjectStore } from '../../support/object-store.ts'

export interface StaticLog {
  /** Where the log's prefix is, without a trailing slash. */
  readonly url: string
  /** Paths that were asked for and not there. */
  readonly missed: string[]
  /** Serves other bytes than are stored, for as long as `whilst` runs. */
  tamper<T>(key: string, change: (bytes: Buffer) => Buffer, whilst: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** Serves what a log put into `store`, each object under its key and nothing else. */
export async function serveStore(store: MemoryObjectStore): Promise<StaticLog> {
  const changed = new Map<string, Buffer>()
  const missed: string[] = []
  const server = createServer((request, response) => {
    const key = (request.url ?? '/').slice(1)
    const bytes = changed.get(key) ?? store.objects.get(key)?.bytes
    if (bytes === undefined) missed.push(key)
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/log`,
    missed,
    async tamper(key, change, whilst) {
      const object = store.objects.get(key)
      if (object === undefined) throw new Error(`there is no ${key} to change`)
      changed.set(key, change(Buffer.from(object.bytes)))
      try {
        return await whilst()
      } finally {
        changed.delete(key)
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
