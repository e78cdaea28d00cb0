import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Objects } from './log-support.ts'

export interface LogServer {
  /** The log's prefix. */
  readonly url: string
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** Answers instead of the log; false where it leaves the answer to it. */
export type Intervention = (path: string, response: ServerResponse, request: IncomingMessage) => boolean

/** Serves a log's objects over HTTP on loopback, below `/log`. */
export async function serveLog(objects: Objects, intervene: Intervention = () => false): Promise<LogServer> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/log\//, '')
    requests.push(path)
    if (intervene(path, response, request)) return
    const bytes = objects.get(path)
    response.writeHead(bytes === undefined ? 404 : 200)
    response.end(bytes ?? 'not found')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
