import { setTimeout as sleep } from 'node:timers/promises'
import type { ProblemDocument } from '../schema/wire/problems.ts'
import type { Connection } from './configuration.ts'
import { CommandFailure, serverFailure } from './failure.ts'
import { clean } from './output.ts'
import { cliVersion } from './version.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Below the base URL, with a slash first. */
  readonly path: string
  /** JSON text. */
  readonly body?: string
  /** Sent unchanged with every retry, so that the request has the effect of one. */
  readonly idempotencyKey?: string
  readonly authorised?: boolean
}

/** An error answer of the API, with the code that a command may branch on. */
export class ApiFailure extends CommandFailure {
  readonly code: string | null

  constructor(message: string, details: readonly string[], code: string | null) {
    super(3, message, { details })
    this.code = code
  }
}

const REQUEST_TIMEOUT_MS = 30_000
/** A large body gets more time, as slow a line as this. */
const MIN_UPLOAD_BYTES_PER_SECOND = 64 * 1024
const MAX_ATTEMPTS = 4
const FIRST_BACKOFF_MS = 250
/** A server that wants more patience than this is reported instead of waited for. */
const MAX_RETRY_AFTER_MS = 20_000
const MAX_ANSWER_BYTES = 8 * 1024 * 1024

/**
 * Sends a request as {@link fetchText} does.
 *
 * @returns the JSON of a 2xx answer
 * @throws {CommandFailure} exit code 3, with the problem details of the answer
 */
export async function callApi(
  connection: Connection,
  request: ApiRequest,
  report: (line: string) => void,
): Promise<unknown> {
  const text = await fetchText(connection, request, report)
  try {
    return JSON.parse(text)
  } catch {
    throw serverFailure(`${connection.baseUrl} did not answer with JSON: is it a CodeRisk network?`)
  }
}

/**
 * Sends one request, and again (at most {@link MAX_ATTEMPTS} times in all) after a network error, 429, 502, 503,
 * 504, or 409 while the same request is still in progress. Every request made here may be repeated: reads, and
 * writes with an Idempotency-Key.
 *
 * @returns the text of a 2xx answer, as it came
 * @throws {CommandFailure} exit code 3, with the problem details of the answer
 */
export async function fetchText(
  connection: Connection,
  request: ApiRequest,
  report: (line: string) => void,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(connection, request)
    if (outcome.kind === 'answer') return outcome.text
    const waitMs = outcome.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random())
    if (!outcome.retry || attempt === MAX_ATTEMPTS || waitMs > MAX_RETRY_AFTER_MS) throw outcome.failure
    report(clean(`${outcome.failure.message}; asking again in ${(waitMs / 1000).toFixed(1)} s`))
    await sleep(waitMs)
  }
}

type Outcome =
  | { kind: 'answer'; text: string }
  | { kind: 'failure'; failure: CommandFailure; retry: boolean; retryAfterMs: number | null }

async function attemptOnce(connection: Connection, request: ApiRequest): Promise<Outcome> {
  let response: Response
  let text: string
  try {
    response = await fetch(`${connection.baseUrl}${request.path}`, {
      method: request.method,
      headers: headersOf(connection, request),
      ...(request.body === undefined ? {} : { body: request.body }),
      // A redirect would carry the code to a host that nobody named.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs(request)),
    })
    text = await readText(response)
  } catch (error) {
    if (error instanceof CommandFailure) return fail(error, false)
    return fail(networkFailure(connection, request, error), true)
  }
  return response.ok ? { kind: 'answer', text } : failedAnswer(connection, response, text)
}

function headersOf(connection: Connection, request: ApiRequest): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json, application/problem+json',
    'user-agent': `coderisk-cli/${cliVersion()}`,
  }
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey
  if (request.authorised === true && connection.apiKey !== null) {
    headers.authorization = `Bearer ${connection.apiKey}`
  }
  return headers
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let total = 0
  const reader = response.body?.getReader()
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) return Buffer.concat(chunks).toString('utf8')
    total += next.value.length
    if (total > MAX_ANSWER_BYTES) throw serverFailure(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(next.value)
  }
}

function timeoutMs({ body = '' }: ApiRequest): number {
  const uploadSeconds = Math.ceil(Buffer.byteLength(body) / MIN_UPLOAD_BYTES_PER_SECOND)
  return REQUEST_TIMEOUT_MS + uploadSeconds * 1000
}

function networkFailure(connection: Connection, request: ApiRequest, error: unknown): CommandFailure {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  const why =
    name === 'TimeoutError'
      ? `no answer in ${timeoutMs(request) / 1000} s`
      : (cause?.code ?? cause?.message ?? message)
  return serverFailure(`${connection.baseUrl} cannot be reached (${why})`, `This URL is ${connection.origin}`)
}

function failedAnswer(connection: Connection, response: Response, text: string): Outcome {
  if (response.status >= 300 && response.status < 400) {
    const target = response.headers.get('location') ?? 'elsewhere'
    return fail(
      serverFailure(`${connection.baseUrl} redirects to ${target}: give that URL with --url`),
      false,
    )
  }
  const problem = readProblem(text)
  const inProgress = response.status === 409 && problem?.code === 'request_in_progress'
  const retry = inProgress || [429, 502, 503, 504].includes(response.status)
  return fail(problemFailure(response, problem), retry, retryAfterMs(response.headers.get('retry-after')))
}

function fail(failure: CommandFailure, retry: boolean, retryAfter: number | null = null): Outcome {
  return { kind: 'failure', failure, retry, retryAfterMs: retryAfter }
}

/** RFC 9457: the title and detail in words, each fault of the input with its place, then what support asks for. */
function problemFailure(response: Response, problem: Partial<ProblemDocument> | null): ApiFailure {
  const status = `the network answered ${response.status} ${response.statusText}`.trim()
  if (problem === null) return new ApiFailure(status, [], null)
  const { title, detail, code, request_id } = problem
  const errors = Array.isArray(problem.errors) ? problem.errors : []
  const details = [
    ...(detail === undefined ? [] : [detail]),
    ...errors.map(({ path, message }) => `${path}: ${message}`),
    `code ${code ?? 'unknown'} · HTTP ${response.status} · request ${request_id ?? 'unknown'}`,
  ]
  return new ApiFailure(title ?? status, details, code ?? null)
}

function readProblem(text: string): Partial<ProblemDocument> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. */
export function retryAfterMs(header: string | null): number | null {
  if (header === null) return null
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
