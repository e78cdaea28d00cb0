import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What came in. */
export interface ReceivedWebhook {
  readonly id: string
  readonly type: string
  /** As it was sent. */
  readonly body: string
  readonly event: {
    readonly type: string
    readonly timestamp: string
    readonly data: Record<string, unknown>
  }
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Whether the signature holds under one of the receiver's secrets and the time is within five minutes of `now`. */
  readonly verified: boolean
}

/** How it answers: with this status and these headers, or never. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'break'

export interface WebhookReceiver {
  /** `http://127.0.0.1:PORT/hooks` */
  readonly url: string
  readonly received: readonly ReceivedWebhook[]
  /** From now on. */
  behave(behaviour: Behaviour): void
  /** Signatures are verified with any of these; the whole list. */
  trust(...secrets: readonly string[]): void
  /** Waits for the first, past or to come, that is `wanted`. @throws when none comes in time */
  next(wanted: (webhook: ReceivedWebhook) => boolean, limitMs?: number): Promise<ReceivedWebhook>
  stop(): Promise<void>
}

const TOLERANCE_S = 300
const NEXT_LIMIT_MS = 30_000

/**
 * A receiver of webhooks on this machine. It verifies as a customer would, with nothing of the network's own code.
 *
 * @param now the receiver's clock, milliseconds
 */
export async function startWebhookReceiver(now: () => number = Date.now): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = []
  const waiting = new Set<() => void>()
  let behaviour: Behaviour = { status: 204 }
  let secrets: readonly string[] = []
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      received.push(read(request, body, secrets, now))
      for (const look of waiting) look()
      answer(response, behaviour)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    behave(next) {
      behaviour = next
    },
    trust(...all) {
      secrets = all
    },
    next: (wanted, limitMs = NEXT_LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`no such webhook in ${limitMs} ms; there were ${received.map((one) => one.type)}`))
        }, limitMs)
        const look = () => {
          const found = received.find(wanted)
          if (found === undefined) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function read(
  request: IncomingMessage,
  body: string,
  secrets: readonly string[],
  now: () => number,
): ReceivedWebhook {
  const headers = request.headers as Record<string, string | undefined>
  const event = parse(body)
  return {
    id: headers['webhook-id'] ?? '',
    type: event.type,
    body,
    event,
    headers,
    verified: secrets.some((secret) => verifies(secret, headers, body, now)),
  }
}

function parse(body: string): ReceivedWebhook['event'] {
  try {
    return JSON.parse(body) as ReceivedWebhook['event']
  } catch {
    return { type: 'unreadable', timestamp: '', data: {} }
  }
}

/** https://www.standardwebhooks.com, symmetric signatures. */
function verifies(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  now: () => number,
): boolean {
  const timestamp = headers['webhook-timestamp'] ?? ''
  if (!/^\d+$/.test(timestamp) || Math.abs(now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return false
  const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${headers['webhook-id']}.${timestamp}.${body}`)
    .digest()
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

function answer(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'hang') return
  if (behaviour === 'break') {
    response.destroy()
    return
  }
  response.writeHead(behaviour.status, behaviour.headers).end()
}
