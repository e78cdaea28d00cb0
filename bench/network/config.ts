import path from 'node:path'
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from 'wrangler'
import { describeLocalR2 } from './local-r2.ts'

const ROOT = path.resolve(import.meta.dirname, '..', '..')

/** The files that the configuration embeds, beside it. */
export const MODULES = {
  'edge.js': 'workers/edge/index.ts',
  'core.js': 'workers/core/index.ts',
  'hello.js': 'bench/network/workers/hello.ts',
  'kv-read.js': 'bench/network/workers/kv-read.ts',
  'kv-store.js': 'bench/network/workers/kv-store.ts',
  'r2-control.js': 'bench/network/workers/r2-control.ts',
  'rate-limit.js': 'bench/network/workers/rate-limit.ts',
  'analysis.js': 'bench/network/workers/analysis.ts',
} as const

/** Each is a socket of its own. `edge-2` is another isolate of the same edge, as another location would be. */
export const SOCKETS = {
  edge: 'edge',
  'edge-2': 'edge-2',
  hello: 'hello',
  'kv-read': 'kv-read',
  analysis: 'analysis',
  'kv-control': '(name = "kv", entrypoint = "control")',
  'r2-control': 'r2-control',
} as const

export type SocketName = keyof typeof SOCKETS

export interface ConfigOptions {
  /** Files of WebAssembly that the core imports. */
  readonly wasm: readonly string[]
  readonly assetsDirectory: string
  /** Where Durable Objects keep their state. */
  readonly stateDirectory: string
  /** Where R2 keeps its objects. */
  readonly objectsDirectory: string
  /** `postgres://` URL of role `coderisk_app`. */
  readonly appDatabaseUrl: string
  readonly edgeVariables: Readonly<Record<string, string>>
  readonly coreVariables: Readonly<Record<string, string>>
}

/**
 * A Cap'n Proto configuration for `workerd serve`: both Workers with their bindings, dates and variables as the
 * two `wrangler.toml` have them, and the bare Workers that they are measured against, all in one process.
 */
export function describeConfig(options: ConfigOptions): string {
  const edge = describeEdge(options)
  const r2 = describeLocalR2(options.objectsDirectory)
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "edge-2", worker = .edge2),
    (name = "core", worker = .core),
    (name = "hello", worker = .hello),
    (name = "kv-read", worker = .kvRead),
    (name = "kv", worker = .kv),
    (name = "r2-control", worker = .r2Control),
${r2.services.map((service) => `    ${service}`).join(',\n')},
    (name = "analysis", worker = .analysis),
    (name = "assets", disk = (path = ${text(options.assetsDirectory)})),
    (name = "state", disk = (path = ${text(options.stateDirectory)}, writable = true)),
    (name = "database", external = (address = ${text(new URL(options.appDatabaseUrl).host)}, tcp = ())),
    (name = "internet", network = (allow = []))
  ],
  sockets = [
${Object.entries(SOCKETS).map(describeSocket).join(',\n')}
  ],
  extensions = [
    (modules = [(name = "bench:rate-limit", internal = true, esModule = embed "rate-limit.js")]),
    ${r2.extension}
  ]
);

const edge :Workerd.Worker = ${edge};
const edge2 :Workerd.Worker = ${edge};
const core :Workerd.Worker = ${describeCore(options)};
const hello :Workerd.Worker = ${describeBare('hello.js')};
const kvRead :Workerd.Worker = ${describeBare('kv-read.js', ['(name = "KV", kvNamespace = "kv")'])};
const analysis :Workerd.Worker = ${describeWorker('analysis.js', readOptions('workers/core/wrangler.toml'), [], '', options.wasm)};
const kv :Workerd.Worker = ${describeBare('kv-store.js')};
const r2Control :Workerd.Worker = ${describeBare('r2-control.js', ['(name = "R2", r2Bucket = "r2")'])};
${r2.constants.join('\n')}
`
}

function describeSocket([name, service]: [string, string]): string {
  const designator = service.startsWith('(') ? service : text(service)
  return `    (name = ${text(name)}, address = "127.0.0.1:0", http = (), service = ${designator})`
}

function describeEdge({ edgeVariables }: ConfigOptions): string {
  const workerOptions = readOptions('wrangler.toml')
  const rateLimit = (name: string) =>
    `(name = "${name}", wrapped = (moduleName = "bench:rate-limit", innerBindings = []))`
  return describeWorker('edge.js', workerOptions, [
    '(name = "TRUST_KV", kvNamespace = "kv")',
    '(name = "TRUST_R2", r2Bucket = "r2")',
    '(name = "ASSETS", service = "assets")',
    '(name = "CORE", service = "core")',
    '(name = "CORE_READS", service = (name = "core", entrypoint = "EdgeReads"))',
    rateLimit('RATE_LIMIT_KEY'),
    rateLimit('RATE_LIMIT_IP'),
    rateLimit('RATE_LIMIT_MISS'),
    ...describeVariables({ ...workerOptions.bindings, ...edgeVariables }),
  ])
}

function describeCore({ appDatabaseUrl, coreVariables, wasm }: ConfigOptions): string {
  const workerOptions = readOptions('workers/core/wrangler.toml')
  const { pathname, username, password } = new URL(appDatabaseUrl)
  const hyperdrive = [
    'designator = "database"',
    `database = ${text(pathname.slice(1))}`,
    `user = ${text(decodeURIComponent(username))}`,
    `password = ${text(decodeURIComponent(password))}`,
    'scheme = "postgresql"',
  ].join(', ')
  const bindings = [
    '(name = "TRUST_KV", kvNamespace = "kv")',
    '(name = "TRUST_R2", r2Bucket = "r2")',
    `(name = "HYPERDRIVE", hyperdrive = (${hyperdrive}))`,
    '(name = "CORE_HOST", durableObjectNamespace = "CoreHost")',
    '(name = "STATUS_SHARD", durableObjectNamespace = "StatusShard")',
    '(name = "LOG_SEQUENCER", durableObjectNamespace = "LogSequencer")',
    '(name = "BACK_OFFICE", durableObjectNamespace = "BackOffice")',
    ...describeVariables({ ...workerOptions.bindings, ...coreVariables }),
  ]
  const more = `,
  durableObjectNamespaces = [
    (className = "CoreHost", uniqueKey = "core-host", enableSql = true),
    (className = "StatusShard", uniqueKey = "status-shard", enableSql = true),
    (className = "LogSequencer", uniqueKey = "log-sequencer", enableSql = true),
    (className = "BackOffice", uniqueKey = "back-office", enableSql = true)
  ],
  durableObjectStorage = (localDisk = "state")`
  return describeWorker('core.js', workerOptions, bindings, more, wasm)
}

interface WorkerOptions {
  readonly compatibilityDate: string
  readonly compatibilityFlags?: readonly string[]
  readonly bindings?: Readonly<Record<string, string>>
}

function readOptions(file: string): WorkerOptions {
  return readWorkerOptions(path.join(ROOT, file)).workerOptions as unknown as WorkerOptions
}

/** A bare Worker runs under the edge's dates and flags. */
function describeBare(module: keyof typeof MODULES, bindings: string[] = []): string {
  return describeWorker(module, readOptions('wrangler.toml'), bindings)
}

function describeWorker(
  module: keyof typeof MODULES,
  options: WorkerOptions,
  bindings: string[] = [],
  more = '',
  wasm: readonly string[] = [],
): string {
  const modules = [
    `(name = "${module}", esModule = embed "${module}")`,
    ...wasm.map((file) => `(name = "${file}", wasm = embed "${file}")`),
  ]
  const flags = (options.compatibilityFlags ?? []).map(text).join(', ')
  return `(
  modules = [${modules.join(', ')}],
  compatibilityDate = ${text(options.compatibilityDate)},
  compatibilityFlags = [${flags}],
  bindings = [
${bindings.map((binding) => `    ${binding}`).join(',\n')}
  ]${more}
)`
}

function describeVariables(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`)
}

/** A Cap'n Proto text literal; its escapes are those of C. */
function text(value: string): string {
  return JSON.stringify(value)
}
