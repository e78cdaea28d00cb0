import { embeddedRail } from '../../../core/billing/embedded-rail.ts'
import type { PaymentRail } from '../../../core/billing/rail.ts'
import type { CoreEnv } from '../env.ts'
import { createStripeRail } from './stripe-rail.ts'
import { createStripeWebhooks, type StripeWebhooks } from './stripe-webhooks.ts'

/** Stripe where there is a key for it, else the embedded rail. */
export function openRail(env: RailVariables): PaymentRail {
  if (!env.STRIPE_SECRET_KEY) return embeddedRail
  return createStripeRail({
    secretKey: env.STRIPE_SECRET_KEY,
    apiUrl: env.STRIPE_API_URL,
    meters: {
      premium: env.STRIPE_PREMIUM_METER || 'coderisk_premium',
      certificates: env.STRIPE_CERTIFICATE_METER || 'coderisk_certificates',
    },
  })
}

/** What verifies Stripe's webhooks; null where the network takes none. */
export function openStripeWebhooks(env: RailVariables): StripeWebhooks | null {
  const secret = env.STRIPE_WEBHOOK_SECRET?.trim()
  return secret ? createStripeWebhooks(secret) : null
}

export type RailVariables = Pick<
  CoreEnv,
  | 'STRIPE_SECRET_KEY'
  | 'STRIPE_WEBHOOK_SECRET'
  | 'STRIPE_API_URL'
  | 'STRIPE_PREMIUM_METER'
  | 'STRIPE_CERTIFICATE_METER'
>
