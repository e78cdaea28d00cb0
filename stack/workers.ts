import { appendFileSync } from 'node:fs'
import { convertV4MiniflareOptions, Miniflare, MiniflareCoreError, type MiniflareOptions } from 'miniflare'
import { bundleWorker, type WorkerBundle } from './bundle-workers.ts'
import type { CoreVariables } from './core-variables.ts'
import { isDue } from './cron.ts'
import { LOOPBACK } from './ports.ts'
import { childrenNamed } from './processes.ts'
import type { NetworkSecrets } from './secrets.ts'
import { StackError } from './stack-error.ts'
import { processWatchdog, type Watchdog } from './watchdog.ts'
import { CORE, configureCore, configureEdge } from './worker-configuration.ts'

const MINUTE_MS = 60_000

export interface WorkerScripts {
  readonly edge: WorkerBundle
  readonly core: WorkerBundle
}

export interface WorkersOptions {
  readonly port: number
  readonly appDatabaseUrl: string
  readonly secrets: NetworkSecrets
  /** Where KV and Durable Objects keep their state; in memory if not given. */
  readonly persistDirectory?: string
  /** Takes what the Workers print; nothing else does. */
  readonly logFile: string
  /** Bundled here if not given. */
  readonly scripts?: WorkerScripts
  /** Told of workerd; the one of this process if not given. */
  readonly watchdog?: Watchdog
  /** Variables that differ from `wrangler.toml`, of either Worker. */
  readonly variables?: Readonly<Record<string, string>>
  /** Variables and secrets of the core Worker alone. */
  readonly coreVariables?: CoreVariables | undefined
  /** Requests per window, by binding, where it is not what `wrangler.toml` says. */
  readonly rateLimits?: Readonly<Record<string, number>>
}

export interface RunningWorkers {
  readonly url: string
  readonly miniflare: Miniflare
  /** Runs the core's scheduled handler as if `cron` were due. @throws when the handler fails */
  runCron(cron: string): Promise<void>
  /** From now on runs each cron of `wrangler.toml` when it is due. */
  startCrons(): void
  stop(): Promise<void>
}

export async function bundleWorkers(): Promise<WorkerScripts> {
  const [edge, core] = await Promise.all([
    bundleWorker('workers/edge/index.ts'),
    bundleWorker('workers/core/index.ts'),
  ])
  return { edge, core }
}

/** Runs both Workers in workerd as `wrangler.toml` configures them, but for what is local to this machine. */
export async function startWorkers(options: WorkersOptions): Promise<RunningWorkers> {
  const scripts = options.scripts ?? (await bundleWorkers())
  const configuration = { ...options, publicBaseUrl: baseUrl(options) }
  const core = configureCore(configuration, scripts.core)
  const others = childrenNamed('workerd')
  const miniflare = withoutItsSignalHandlers(
    convertV4MiniflareOptions({
      host: LOOPBACK,
      port: options.port,
      cf: false,
      handleStructuredLogs: ({ level, message }) => writeLog(options.logFile, level, message),
      ...(options.persistDirectory === undefined
        ? {}
        : { resourcePersistencePath: options.persistDirectory }),
      workers: [configureEdge(configuration, scripts.edge), core.worker],
    }),
  )
  try {
    await miniflare.ready
  } catch (error) {
    await miniflare.dispose().catch(() => {})
    throw explain(error, options.port)
  }
  return control(
    miniflare,
    baseUrl(options),
    core.crons,
    guard(others, options.watchdog ?? processWatchdog()),
  )
}

/**
 * Miniflare ends the whole process on a signal, and would leave the database running; stopping is for the caller to
 * do in order. Its hook on the process's exit stays.
 */
function withoutItsSignalHandlers(options: MiniflareOptions): Miniflare {
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'message']
  const before = events.map((event) => new Set(process.listeners(event as NodeJS.Signals)))
  const miniflare = new Miniflare(options)
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as NodeJS.Signals)) {
      if (!before[index]!.has(listener)) process.removeListener(event, listener)
    }
  }
  return miniflare
}

/** Lets no workerd that was started since outlive this process. @returns what to call once it has ended */
function guard(others: readonly number[], watchdog: Watchdog): () => void {
  const started = childrenNamed('workerd').filter((pid) => !others.includes(pid))
  for (const pid of started) watchdog.watch(pid)
  return () => {
    for (const pid of started) watchdog.forget(pid)
  }
}

function control(
  miniflare: Miniflare,
  url: string,
  crons: readonly string[],
  onEnd: () => void,
): RunningWorkers {
  let timer: NodeJS.Timeout | undefined
  const runCron = async (cron: string) => {
    const worker = await miniflare.getWorker(CORE)
    const result = await worker.scheduled({ cron, scheduledTime: new Date() })
    if (result.outcome !== 'ok') throw new Error(`the cron "${cron}" ended with ${result.outcome}`)
  }
  const tick = () => {
    const now = new Date()
    // A failure is in the Workers' log, and the next minute brings the next attempt.
    for (const cron of crons) if (isDue(cron, now)) runCron(cron).catch(() => {})
    timer = setTimeout(tick, MINUTE_MS - (now.getTime() % MINUTE_MS))
  }
  return {
    url,
    miniflare,
    runCron,
    startCrons() {
      timer ??= setTimeout(tick, MINUTE_MS - (Date.now() % MINUTE_MS))
    },
    async stop() {
      clearTimeout(timer)
      await miniflare.dispose()
      onEnd()
    },
  }
}

function baseUrl(options: WorkersOptions): string {
  return `http://${LOOPBACK}:${options.port}`
}

/** The Workers write JSON lines; what the runtime itself says becomes one. */
function writeLog(file: string, level: string, message: string): void {
  const time = new Date().toISOString()
  const line = message.startsWith('{') ? message : JSON.stringify({ time, level, message })
  appendFileSync(file, `${line}\n`, { mode: 0o600 })
}

function explain(error: unknown, port: number): unknown {
  if (error instanceof MiniflareCoreError && error.code === 'ERR_ADDRESS_IN_USE') {
    return new StackError(`Port ${port} is in use: stop what listens there, or choose another with --port.`)
  }
  return error
}
