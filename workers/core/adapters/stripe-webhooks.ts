import Stripe from 'stripe'
import { WebhookRejected } from '../../../core/incidents/accept-delivery.ts'
import { Refusal } from '../../../core/refusal.ts'

/** Who an event is, once its signature holds. */
export interface StripeEventId {
  readonly id: string
  readonly type: string
}

export interface StripeWebhooks {
  /** @throws {WebhookRejected} @throws {Refusal} `invalid_input` when it is signed and no event */
  verify(now: Date, rawBody: Uint8Array, header: string | undefined): Promise<StripeEventId>
}

/** Each way. The SDK takes any time in the future, and a tolerance of 0 for none at all: so the time is judged here. */
const TOLERANCE_S = 300
const NO_TOLERANCE_CHECK = 0

/** Verifies what Stripe sends, by its own SDK. @param secret `whsec_…` of the endpoint */
export function createStripeWebhooks(secret: string): StripeWebhooks {
  const crypto = Stripe.createSubtleCryptoProvider()
  return {
    async verify(now, rawBody, header = '') {
      const text = decode(rawBody)
      const event = await Stripe.webhooks
        .constructEventAsync(text, header, secret, NO_TOLERANCE_CHECK, crypto)
        .catch(() => {
          throw new WebhookRejected('signature')
        })
      assertTime(now, header)
      if (
        typeof event?.id !== 'string' ||
        typeof event.type !== 'string' ||
        event.id.length > MAX_ID_LENGTH
      ) {
        throw new Refusal('invalid_input', { detail: 'It is not an event of Stripe.' })
      }
      return { id: event.id, type: event.type.slice(0, MAX_ID_LENGTH) }
    },
  }
}

const MAX_ID_LENGTH = 255

/** What is no UTF-8 was signed by nobody. */
function decode(rawBody: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody)
  } catch {
    throw new WebhookRejected('signature')
  }
}

/** The time is signed; a header that names more than one leaves open which. */
function assertTime(now: Date, header: string): void {
  const times = header.split(',').filter((item) => item.split('=')[0] === 't')
  const match = times.length === 1 ? /^t=(\d{1,12})$/.exec(times[0]!) : null
  if (match === null) throw new WebhookRejected('signature')
  const age = Math.floor(now.getTime() / 1000) - Number(match[1])
  if (age > TOLERANCE_S) throw new WebhookRejected('stale')
  if (age < -TOLERANCE_S) throw new WebhookRejected('future')
}
