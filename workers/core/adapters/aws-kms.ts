import { AwsClient } from 'aws4fetch'
import { Refusal } from '../../../core/refusal.ts'

const DEFAULT_TIMEOUT_MS = 2_000
const MAX_ATTEMPTS = 4
/** Doubled after each attempt, and spread so that hosts do not come back together. */
const FIRST_BACKOFF_MS = 100

export interface KmsOptions {
  /** Such as `eu-central-1`: where new keys are made. */
  readonly region: string
  /** For an endpoint of one's own; by default AWS's of the region. */
  readonly endpoint?: string | undefined
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of one attempt; 2,000 if not given. */
  readonly timeoutMs?: number
}

/** One operation of AWS KMS, as the operator's access key may call it. */
export interface KmsCall {
  readonly operation: 'CreateKey' | 'GetPublicKey' | 'Sign' | 'TagResource'
  readonly region: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** Whether doing it twice has the effect of once. If not, it is repeated only when it certainly was not done. */
  readonly repeatable: boolean
  /** Whether the key was made just now: not every part of AWS KMS knows it at once (eventual consistency). */
  readonly newKey?: boolean
  /** Of one attempt, where it may take longer than most. */
  readonly timeoutMs?: number
}

/** Calls AWS KMS. @throws {Refusal} `signing_unavailable`, with what AWS called the error as its cause */
export type CallKms = (call: KmsCall) => Promise<Record<string, unknown>>

/** AWS JSON 1.1 over HTTPS, signed with Signature Version 4, with a time limit and bounded retries. */
export function openKms(options: KmsOptions): CallKms {
  const { accessKeyId, secretAccessKey } = options
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 'kms', retries: 0 })
  return async (call) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(client, options, call)
      if (outcome.ok) return outcome.answer
      const again = outcome.fault === 'throttled' || (outcome.fault === 'unclear' && call.repeatable)
      if (!again || attempt === MAX_ATTEMPTS) throw unavailable(call, outcome.error)
      await sleep(FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random()))
    }
  }
}

/** AWS's name for it, such as `AccessDeniedException`; never what it says, which may name accounts and keys. */
export class KmsError extends Error {
  readonly code: string

  constructor(operation: string, code: string, cause?: unknown) {
    super(`AWS KMS ${operation}: ${code}`, { cause })
    this.name = 'KmsError'
    this.code = code
  }
}

type Outcome =
  | { readonly ok: true; readonly answer: Record<string, unknown> }
  /** `throttled`: it was not done. `unclear`: it may have been. `refused`: asking again changes nothing. */
  | { readonly ok: false; readonly fault: 'throttled' | 'unclear' | 'refused'; readonly error: KmsError }

async function attemptOnce(client: AwsClient, options: KmsOptions, call: KmsCall): Promise<Outcome> {
  const { operation, region, parameters } = call
  let status: number
  let text: string
  try {
    const request = await client.sign(options.endpoint ?? `https://kms.${region}.amazonaws.com/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${operation}`,
      },
      body: JSON.stringify(parameters),
      aws: { region },
    })
    const signal = AbortSignal.timeout(Math.max(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, call.timeoutMs ?? 0))
    const response = await fetch(request, { signal, redirect: 'manual' })
    status = response.status
    text = await response.text()
  } catch (error) {
    const code = (error as Error).name === 'TimeoutError' ? 'timeout' : 'unreachable'
    return { ok: false, fault: 'unclear', error: new KmsError(operation, code, error) }
  }
  const answer = parse(text)
  if (status === 200 && answer !== null) return { ok: true, answer }
  const code = errorCode(answer) ?? `HTTP ${status}`
  const notYet = call.newKey === true && code === 'NotFoundException'
  const fault = notYet ? 'unclear' : faultOf(status, code)
  return { ok: false, fault, error: new KmsError(operation, code) }
}

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded)/

function faultOf(status: number, code: string): 'throttled' | 'unclear' | 'refused' {
  if (status === 429 || THROTTLED.test(code)) return 'throttled'
  return status >= 500 || status === 200 ? 'unclear' : 'refused'
}

/** `__type` is the name of the error, maybe behind a namespace and a `#`. */
function errorCode(answer: Record<string, unknown> | null): string | null {
  const type = answer?.__type
  const name = typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : ''
  return /^[A-Za-z]{1,64}$/.test(name) ? name : null
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function unavailable({ operation }: KmsCall, cause: KmsError): Refusal {
  return new Refusal('signing_unavailable', {
    detail: `The key management service did not do it (${operation}).`,
    cause,
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
