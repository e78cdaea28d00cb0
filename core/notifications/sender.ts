import type { WebhookAttemptError } from '../../schema/wire/webhooks.ts'

/** What one attempt came to. `status` is of the answer, null when there was none; `error` is a code, null when it was taken. */
export interface Sent {
  readonly status: number | null
  readonly error: SendError | null
  readonly durationMs: number
}

export type SendError = Exclude<WebhookAttemptError, 'internal_error'>

/** Sends webhooks to addresses that customers chose: HTTPS only, no redirects, never to a private address. Never throws. */
export interface WebhookSender {
  /** @returns why nothing is ever sent to `url`, as the end of a sentence that begins with it; null when it may be */
  refuseUrl(url: string): string | null
  send(request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }): Promise<Sent>
}
