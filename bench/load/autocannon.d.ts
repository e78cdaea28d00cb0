/** The little of autocannon 9 that is used here; it comes without types. */
declare module 'autocannon' {
  export interface Request {
    method?: string
    path?: string
    headers?: Record<string, string>
    body?: string
    setupRequest?: (request: Request) => Request
  }

  interface Client {
    /** Only without pipelining. */
    setRequests(requests: Request[]): void
  }

  interface Options {
    url: string
    connections: number
    /** Seconds. */
    duration: number
    requests?: Request[]
    setupClient?: (client: Client) => void
  }

  interface Result {
    /** Seconds. */
    duration: number
    requests: { total: number }
    errors: number
    timeouts: number
    non2xx: number
  }

  export default function autocannon(options: Options): Promise<Result>
}
