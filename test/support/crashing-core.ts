/**
 * The core's HTTP API in a process of its own, which ends itself with SIGKILL at one chosen step of one request. A
 * step is each side of every call that leaves the process (a statement, bytes to or from PostgreSQL, a put), and of
 * every use of keys and randomness. Run by `crash.test.ts`; takes its order over IPC and answers on a stream of its own.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Outside } from '../../core/back-office/outside.ts'
import type { Context, Database } from '../../core/context.ts'
import { readInsuranceSettings } from '../../core/insurance/settings.ts'
import type { KeyVault, Signer } from '../../core/keys/vault.ts'
import { readLogSettings } from '../../core/log/settings.ts'
import type { ObjectStore, PublicStore } from '../../core/publication/store.ts'
import { NO_INSPECTION } from '../../stack/provision.ts'
import { openDatabase } from '../../workers/core/adapters/postgres.ts'
import { createSealedVault } from '../../workers/core/adapters/sealed-vault.ts'
import { createApp } from '../../workers/core/app.ts'
import { LogWaiter } from '../../workers/core/log-waiter.ts'
import { Metrics } from '../../workers/core/metrics.ts'
import { Publisher } from '../../workers/core/publisher.ts'
import { ANSWER_STREAM, type CrashOrder } from './crash-order.ts'

process.once('message', (order: CrashOrder) => void run(order))
process.send?.('ready')

async function run(order: CrashOrder): Promise<void> {
  const step = countSteps(order.lastStep)
  watchSockets(step)
  const context = contextOf(order, step)
  const metrics = new Metrics()
  const stores = { values: storeOf(order.storeUrl, step), objects: objectsOf(order.objectsUrl, step) }
  const publisher = new Publisher(context, stores, metrics)
  // The log is sequenced elsewhere.
  const logWaiter = new LogWaiter(context)
  const sequencing = { wake: async () => {}, run: async () => {} }
  const backOffice = { wake: async () => {}, run: async () => {} }
  const app = createApp({
    context,
    publisher,
    metrics,
    sequencing,
    backOffice,
    outside: NOTHING_OUTSIDE,
    stripeWebhooks: null,
    logWaiter,
    collectCounters: async () => ({}),
  })
  const deferred: Promise<unknown>[] = []
  const execution = {
    waitUntil: (work: Promise<unknown>) => void deferred.push(work),
    passThroughOnException() {},
    props: {},
  }
  const { path, ...init } = order.request
  const response = await app.fetch(
    new Request(`http://core${path}`, { method: 'POST', ...init }),
    {},
    execution,
  )
  step()
  // From here on the client has its answer.
  writeSync(ANSWER_STREAM, `${JSON.stringify({ status: response.status, body: await response.text() })}\n`)
  step()
  await Promise.all(deferred)
  step()
  process.exit(0)
}

/** Queued work is done elsewhere. */
const NOTHING_OUTSIDE = {} as Outside

function countSteps(lastStep: number): () => void {
  let steps = 0
  return () => {
    steps++
    if (steps === lastStep) process.kill(process.pid, 'SIGKILL')
  }
}

/** Bytes that have left may have been acted upon; bytes that arrived have not been read yet. */
function watchSockets(step: () => void): void {
  const { write, push } = Socket.prototype
  Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
    step()
    const written = write.apply(this, args)
    step()
    return written
  } as typeof write
  Socket.prototype.push = function (this: Socket, ...args: Parameters<typeof push>) {
    step()
    return push.apply(this, args)
  }
}

function contextOf(order: CrashOrder, step: () => void): () => Context {
  const bytes = (count: number) => {
    step()
    return crypto.getRandomValues(new Uint8Array(count))
  }
  const vault = createSealedVault({
    secret: order.secrets.key_encryption_secret,
    networkRootKey: JSON.stringify(order.secrets.network_root_key),
    random: bytes,
  })
  const shared = {
    random: { bytes },
    database: stepping(openDatabase(order.appDatabaseUrl, { connections: 2 }), step),
    keys: steppingVault(vault, step),
    settings: {
      publicBaseUrl: order.publicBaseUrl,
      log: readLogSettings({}, order.publicBaseUrl),
      insurance: readInsuranceSettings({}),
    },
    // What it certifies has nothing in it that any rule would need a parser for.
    inspection: NO_INSPECTION,
  }
  return () => ({ ...shared, now: new Date() })
}

function stepping(database: Database, step: () => void): Database {
  const around = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work
    step()
    return result
  }
  return {
    direct: (query) => {
      step()
      return around(database.direct(query)) as never
    },
    asOrganisation: (id, work) => around(database.asOrganisation(id, (tx) => around(work(tx)))),
    asSystem: (work) => around(database.asSystem((tx) => around(work(tx)))),
  }
}

function steppingVault(vault: KeyVault, step: () => void): KeyVault {
  return {
    ...vault,
    async signer(kid, sealed): Promise<Signer> {
      const signer = await vault.signer(kid, sealed)
      step()
      return {
        kid,
        async sign(message) {
          const signature = await signer.sign(message)
          step()
          return signature
        },
      }
    },
  }
}

function storeOf(url: string, step: () => void): PublicStore {
  return {
    async put(key, value) {
      step()
      const answer = await fetch(new URL(encodeURIComponent(key), url), { method: 'PUT', body: value })
      if (!answer.ok) throw new Error(`the store answered ${answer.status}`)
      step()
    },
  }
}

function objectsOf(url: string, step: () => void): ObjectStore {
  const ask = async (key: string, init: RequestInit) => {
    step()
    const answer = await fetch(new URL(encodeURIComponent(key), url), init)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (![200, 404, 412].includes(answer.status)) throw new Error(`the store answered ${answer.status}`)
    step()
    return { status: answer.status, etag: answer.headers.get('etag')!, bytes }
  }
  return {
    async get(key) {
      const { status, etag, bytes } = await ask(key, { method: 'GET' })
      return status === 404 ? null : { bytes, etag }
    },
    async put(key, body, { contentType, ifMatch }) {
      const headers = {
        'content-type': contentType,
        ...(ifMatch === undefined
          ? {}
          : ifMatch === null
            ? { 'if-none-match': '*' }
            : { 'if-match': ifMatch }),
      }
      return (await ask(key, { method: 'PUT', body, headers })).status === 200
    },
  }
}
