import { isPublicAddress } from '../../../core/notifications/addresses.ts'
import type { SendError, Sent, WebhookSender } from '../../../core/notifications/sender.ts'
import { readTarget, type Target, type TargetRules } from '../../../core/notifications/target.ts'
import type { CoreEnv } from '../env.ts'
import { resolve } from './doh.ts'

const DEFAULT_DOH_URL = 'https://cloudflare-dns.com/dns-query'
const TIMEOUT_MS = 10_000

export interface SenderOptions extends TargetRules {
  /** DNS over HTTPS, JSON. */
  readonly doh: string
  readonly fetcher: typeof fetch
}

export function createWebhookSender(
  env: Pick<CoreEnv, 'WEBHOOKS_ALLOW_LOOPBACK' | 'DOH_URL'>,
): WebhookSender {
  return createSender({
    allowLoopback: env.WEBHOOKS_ALLOW_LOOPBACK === 'true',
    doh: env.DOH_URL || DEFAULT_DOH_URL,
    fetcher: (input, init) => fetch(input, init),
  })
}

/**
 * Sends to public addresses only. Each time the name is resolved anew, and every address that it has must be public; `fetch`
 * then resolves it once more, which cannot be helped here: see the threat model.
 */
export function createSender(options: SenderOptions): WebhookSender {
  return {
    refuseUrl(url) {
      const target = readTarget(url, options)
      return typeof target === 'string' ? target : null
    },
    async send({ url, headers, body }) {
      const started = Date.now()
      const target = readTarget(url, options)
      const refused = typeof target === 'string' ? 'address_refused' : await refuseName(options, target)
      const outcome =
        refused === null
          ? await post(options.fetcher, (target as Target).url, headers, body)
          : { status: null, error: refused }
      return { ...outcome, durationMs: Math.max(0, Date.now() - started) }
    },
  }
}

async function refuseName(options: SenderOptions, { name }: Target): Promise<SendError | null> {
  if (name === null) return null
  const resolution = await resolve(options.fetcher, options.doh, name)
  if (typeof resolution === 'string') return resolution
  return resolution.every(isPublicAddress) ? null : 'address_refused'
}

async function post(
  fetcher: typeof fetch,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Omit<Sent, 'durationMs'>> {
  try {
    const response = await fetcher(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    // The status says it all: nothing of the body is read, however long it is.
    void response.body?.cancel().catch(() => {})
    return { status: response.status, error: judge(response) }
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError'
    return { status: null, error: late ? 'timeout' : 'connection_failed' }
  }
}

function judge(response: Response): SendError | null {
  if (response.ok) return null
  return response.status >= 300 && response.status < 400 ? 'redirected' : 'refused'
}
