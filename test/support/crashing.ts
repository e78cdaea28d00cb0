import { type ChildProcess, fork } from 'node:child_process'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { build } from 'esbuild'
import type { ObjectStore } from '../../core/publication/store.ts'
import { CORE } from '../../stack/worker-configuration.ts'
import { createR2Store } from '../../workers/core/adapters/r2-store.ts'
import { ANSWER_STREAM, type CrashOrder } from './crash-order.ts'
import type { Network } from './network.ts'

export interface Crash {
  readonly step: number
  /** Whether the process ended itself at that step; false once the request has no such step any more. */
  readonly killed: boolean
  /** What the client received before the end, if it did. */
  readonly answer: { readonly status: number; readonly body: string } | undefined
}

export interface Crasher {
  /** Runs one request in a core of its own that ends at `step`. */
  crash(request: CrashOrder['request'], step: number): Promise<Crash>
  stop(): void
}

/** A core of this network's that can be ended at any step, and its way into the network's KV and R2. */
export async function startCrasher(network: Network): Promise<Crasher> {
  const script = await bundle(network.directory)
  const { miniflare } = network.workers()
  const kv = await miniflare.getKVNamespace('TRUST_KV', CORE)
  const bucket = await miniflare.getR2Bucket('TRUST_R2', CORE)
  const values = await listen(async (request, response) => {
    await kv.put(keyOf(request), (await readAll(request)).toString())
    response.end()
  })
  const objects = await listen(serveObjects(createR2Store(bucket as unknown as R2Bucket)))
  const order = {
    appDatabaseUrl: network.provisioning.appDatabaseUrl,
    publicBaseUrl: network.baseUrl,
    secrets: network.secrets,
    storeUrl: values.url,
    objectsUrl: objects.url,
  }
  return {
    crash: (request, lastStep) => runToStep(script, { ...order, request, lastStep }),
    stop() {
      values.close()
      objects.close()
    },
  }
}

async function listen(handle: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() }
}

function serveObjects(objects: ObjectStore): RequestListener {
  return async (request, response) => {
    const key = keyOf(request)
    if (request.method === 'GET') {
      const object = await objects.get(key)
      if (object === null) return void response.writeHead(404).end()
      return void response.writeHead(200, { etag: object.etag }).end(object.bytes)
    }
    const {
      'content-type': contentType = '',
      'if-match': ifMatch,
      'if-none-match': ifNoneMatch,
    } = request.headers
    const condition = ifNoneMatch === '*' ? { ifMatch: null } : ifMatch === undefined ? {} : { ifMatch }
    const written = await objects.put(key, new Uint8Array(await readAll(request)), {
      contentType,
      ...condition,
    })
    response.writeHead(written ? 200 : 412).end()
  }
}

function keyOf(request: IncomingMessage): string {
  return decodeURIComponent(request.url!.slice(1))
}

/** A caller that died half-way has put nothing, as with the real store. */
async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request.on('error', () => {})) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** One file, since a hundred processes load it. */
async function bundle(directory: string): Promise<string> {
  const outfile = path.join(directory, 'crashing-core.mjs')
  await build({
    entryPoints: [path.resolve(import.meta.dirname, 'crashing-core.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2024',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  return outfile
}

function runToStep(script: string, order: CrashOrder): Promise<Crash> {
  // The fifth of its streams is its client's: what it prints is its log.
  const child: ChildProcess = fork(script, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
  let received = ''
  let errors = ''
  ;(child.stdio[ANSWER_STREAM] as Readable).on('data', (chunk) => {
    received += chunk
  })
  child.stderr!.on('data', (chunk) => {
    errors += chunk
  })
  child.once('message', () => child.send(order))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL')
        return reject(new Error(`step ${order.lastStep}: ${code} ${errors}`))
      const answer = received.endsWith('\n') ? JSON.parse(received) : undefined
      resolve({ step: order.lastStep, killed: signal === 'SIGKILL', answer })
    })
  })
}
