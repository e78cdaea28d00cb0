import type { EdgeEnv } from './env.ts'

/** One request and what every handler of it needs. */
export class EdgeRequest {
  readonly request: Request
  readonly env: EdgeEnv
  /** Milliseconds since the epoch, at its arrival. */
  readonly now = Date.now()
  /** The client's address, for rate limits. */
  readonly client: string
  readonly waitUntil: (work: Promise<unknown>) => void
  #id: string | undefined

  constructor(request: Request, env: EdgeEnv, ctx: ExecutionContext) {
    this.request = request
    this.env = env
    this.client = request.headers.get('cf-connecting-ip') ?? 'unknown'
    this.waitUntil = (work) => ctx.waitUntil(work)
  }

  /** Made when somebody asks: an answer from memory has no use for one. */
  get id(): string {
    this.#id ??= crypto.randomUUID()
    return this.#id
  }
}
