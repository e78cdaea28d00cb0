import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'

/** GET of each path in turn, as fast as the answers come. */
export interface Reads {
  readonly kind: 'reads'
  readonly url: string
  readonly paths: readonly string[]
  readonly connections: number
  readonly seconds: number
}

/** Certificates issued as fast as the answers come. */
export interface Issues {
  readonly kind: 'issues'
  readonly url: string
  readonly apiKey: string
  /** Of each change. */
  readonly lines: number
  readonly connections: number
  readonly seconds: number
}

/** Certificates issued at a fixed rate. */
export interface Arrivals {
  readonly kind: 'arrivals'
  readonly url: string
  readonly apiKey: string
  readonly lines: number
  readonly perSecond: number
  readonly seconds: number
}

/** A request with a body of its own and a new idempotency key each time. */
export interface Post {
  readonly apiKey: string
  readonly body: string
}

/** Requests to one path, in turn and round and round, as fast as the answers come. */
export interface Posts {
  readonly kind: 'posts'
  readonly url: string
  readonly path: string
  readonly posts: readonly Post[]
  readonly connections: number
  readonly seconds: number
}

/** The same at a fixed rate. */
export interface PostArrivals {
  readonly kind: 'post-arrivals'
  readonly url: string
  readonly path: string
  readonly posts: readonly Post[]
  readonly perSecond: number
  readonly seconds: number
}

export type Load = Reads | Issues | Arrivals | Posts | PostArrivals

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Errors, time-outs and answers other than 2xx. */
  readonly failures: number
  /** Of arrivals only. */
  readonly latenciesMs: readonly number[]
}

export interface LoadGenerator {
  /** One load at a time. @throws when it cannot be run, or an answer is not what it should be */
  run(load: Load): Promise<LoadResult>
  stop(): void
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(path.join(import.meta.dirname, 'generator.ts'), {
    // Nothing that this process was started with: it may be what lets a process end when nothing else is left to do.
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    async run(load) {
      const result = await send(child, load)
      if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests failed`)
      return result
    },
    stop() {
      if (child.connected) child.disconnect()
    },
  }
}

function send(child: ChildProcess, load: Load): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the load generator ended'))
    child.once('exit', ended)
    child.once('message', (answer: { result?: LoadResult; error?: string }) => {
      child.off('exit', ended)
      if (answer.result === undefined) reject(new Error(answer.error))
      else resolve(answer.result)
    })
    child.send(load, (error) => {
      if (error !== null) reject(error)
    })
  })
}
