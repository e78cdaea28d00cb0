import { expect, test } from 'vitest'
import { requireLive } from '../../../../core/insurance/require-live.ts'

const actor = {
  keyId: 'key_1',
  organisationId: 'org_1',
  userId: 'usr_1',
  scopes: ['insurance:write'] as const,
}

test('a live key passes', () => {
  expect(() => requireLive({ ...actor, livemode: true })).not.toThrow()
})

test('a test key is refused', () => {
  expect(() => requireLive({ ...actor, livemode: false })).toThrow(
    expect.objectContaining({ code: 'live_key_required' }),
  )
})
