import { type ChildProcess, fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { build } from 'esbuild'
import { CORE } from '../../stack/worker-configuration.ts'
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

/** A core of this network's that can be ended at any step, and its way into the network's KV. */
export async function startCrasher(network: Network): Promise<Crasher> {
  const script = await bundle(network.directory)
  const kv = await network.workers().miniflare.getKVNamespace('TRUST_KV', CORE)
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    // A caller that died half-way has put nothing, as with the real store.
    for await (const chunk of request.on('error', () => {})) chunks.push(chunk)
    await kv.put(decodeURIComponent(request.url!.slice(1)), Buffer.concat(chunks).toString())
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const order = {
    appDatabaseUrl: network.provisioning.appDatabaseUrl,
    publicBaseUrl: network.baseUrl,
    secrets: network.secrets,
    storeUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  }
  return {
    crash: (request, lastStep) => runToStep(script, { ...order, request, lastStep }),
    stop: () => void server.close(),
  }
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
