import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'

export interface Call {
  readonly method?: string
  /** Sent as `Authorization: Bearer …`. */
  readonly key?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Strings and bytes go out as they are; anything else as JSON with its content type. */
  readonly body?: unknown
  /** Without a content-length: chunk by chunk. */
  readonly chunked?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON. @throws {SyntaxError} when it is none */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came and assert on it
  readonly json: any
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One HTTP request with exactly this path: unlike `fetch`, nothing of it is normalised on the way. */
export function call(baseUrl: string, path: string, options: Call = {}): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl)
  const body = encode(options.body)
  const method = options.method ?? (body === undefined ? 'GET' : 'POST')
  const headers: Record<string, string> = {
    ...(isPlain(options.body) ? { 'content-type': 'application/json' } : {}),
    ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
    ...(body === undefined || options.chunked ? {} : { 'content-length': String(body.length) }),
    ...options.headers,
  }
  return new Promise((resolve, reject) => {
    const request = httpRequest({ agent, hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve(readAnswer(response.statusCode!, response.headers, Buffer.concat(chunks))),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

function readAnswer(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Answer {
  const text = bytes.toString('utf8')
  return {
    status,
    headers,
    bytes,
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}

function encode(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined
  if (typeof body === 'string') return Buffer.from(body)
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
}

function isPlain(body: unknown): boolean {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)
}
