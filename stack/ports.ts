import { createServer } from 'node:net'
import { StackError } from './stack-error.ts'

export const LOOPBACK = '127.0.0.1'

/** A port of the loopback interface that is free at this moment; `preferred` if that one is. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await tryToListen(preferred)) !== undefined) return preferred
  const port = await tryToListen(0)
  if (port === undefined) throw new StackError(`No port of ${LOOPBACK} is free.`)
  return port
}

/** @throws {StackError} when something already listens there */
export async function requireFreePort(port: number): Promise<void> {
  if ((await tryToListen(port)) !== undefined) return
  throw new StackError(
    `Port ${port} is in use: stop what listens there, or choose another with \`npm start -- --port ${port + 1}\`.`,
  )
}

function tryToListen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}
