import type { EdgeEnv } from './env.ts'

/** One request and what every handler of it needs. */
export interface EdgeRequest {
  readonly request: Request
  readonly env: EdgeEnv
  readonly id: string
  /** Milliseconds since the epoch, at its arrival. */
  readonly now: number
  /** The client's address, for rate limits. */
  readonly client: string
  waitUntil(work: Promise<unknown>): void
}

export function newEdgeRequest(request: Request, env: EdgeEnv, ctx: ExecutionContext): EdgeRequest {
  let id: string | undefined
  return {
    request,
    env,
    /** Made when somebody asks: an answer from memory has no use for one. */
    get id() {
      id ??= crypto.randomUUID()
      return id
    },
    now: Date.now(),
    client: request.headers.get('cf-connecting-ip') ?? 'unknown',
    waitUntil: (work) => ctx.waitUntil(work),
  }
}
