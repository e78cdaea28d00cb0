import { expect, it } from 'vitest'
import { openRail, openStripeWebhooks } from '../../../../../workers/core/adapters/payment-rail.ts'

it.each([
  [{}, 'ledger'],
  [{ STRIPE_SECRET_KEY: '' }, 'ledger'],
  [{ STRIPE_SECRET_KEY: 'sk_test_of_this_test' }, 'stripe'],
])('with %o money moves on the rail %s', (env, name) => {
  expect(openRail(env).name).toBe(name)
})

it('takes webhooks where it has their secret', () => {
  expect(openStripeWebhooks({})).toBeNull()
  expect(openStripeWebhooks({ STRIPE_WEBHOOK_SECRET: ' ' })).toBeNull()
  expect(openStripeWebhooks({ STRIPE_WEBHOOK_SECRET: 'whsec_of_this_test' })).not.toBeNull()
})
