import { setTimeout as sleep } from 'node:timers/promises'
import { retryAfterMs } from '../api.ts'
import { cliVersion } from '../version.ts'
import { ReadFailure, type ReadObject } from './objects.ts'

const REQUEST_TIMEOUT_MS = 60_000
const MAX_ATTEMPTS = 5
const FIRST_BACKOFF_MS = 250
/** A server that wants more patience than this is reported instead of waited for. */
const MAX_WAIT_MS = 60_000
const RETRIED_STATUSES = [408, 429, 500, 502, 503, 504]

/**
 * Reads the objects of a log over HTTP (c2sp.org/tlog-tiles). Tries again, {@link MAX_ATTEMPTS} times in all, after a network
 * error and where the server asks for patience.
 *
 * @param url the log's prefix, without a slash at its end
 * @param report gets a line for each attempt that failed
 */
export function httpReader(url: string, report: (line: string) => void = () => {}): ReadObject {
  return async (path, maxBytes) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(`${url}/${path}`, maxBytes)
      if (outcome.kind === 'answer') return outcome.bytes
      const waitMs = outcome.waitMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random())
      const failure = `${url}/${path}: ${outcome.failure}`
      if (!outcome.retry || attempt === MAX_ATTEMPTS || waitMs > MAX_WAIT_MS) throw new ReadFailure(failure)
      report(`${failure}; asking again in ${(waitMs / 1000).toFixed(1)} s`)
      await sleep(waitMs)
    }
  }
}

type Outcome =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array | null }
  | {
      readonly kind: 'failure'
      readonly failure: string
      readonly retry: boolean
      readonly waitMs: number | null
    }

async function attemptOnce(url: string, maxBytes: number): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': `coderisk-cli/${cliVersion()}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    })
    if (response.ok) return { kind: 'answer', bytes: await readAtMost(response, maxBytes + 1) }
    await response.body?.cancel()
    return refused(response)
  } catch (error) {
    return { kind: 'failure', failure: describe(error), retry: true, waitMs: null }
  }
}

function refused(response: Response): Outcome {
  const { status } = response
  if (status === 404 || status === 410) return { kind: 'answer', bytes: null }
  if (status >= 300 && status < 400) {
    const failure = `redirects to ${response.headers.get('location') ?? 'elsewhere'}: give that URL`
    return { kind: 'failure', failure, retry: false, waitMs: null }
  }
  return {
    kind: 'failure',
    failure: `HTTP ${status}`,
    retry: RETRIED_STATUSES.includes(status),
    waitMs: retryAfterMs(response.headers.get('retry-after')),
  }
}

/** The first `limit` bytes of what may be longer, as decompressed. */
async function readAtMost(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  const reader = response.body?.getReader()
  while (reader !== undefined && total < limit) {
    const { value, done } = await reader.read()
    if (done) break
    chunks.push(value)
    total += value.length
  }
  if (total >= limit) await reader?.cancel()
  return new Uint8Array(Buffer.concat(chunks).subarray(0, limit))
}

function describe(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') return `no answer in ${REQUEST_TIMEOUT_MS / 1000} s`
  return `cannot be read (${cause?.code ?? cause?.message ?? message})`
}
