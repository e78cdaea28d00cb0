import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateWebhookSecret, signWebhook } from '../../../../core/notifications/signature.ts'

test("the Standard Webhooks libraries' own vector", async () => {
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
  }
  expect(await signWebhook(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], message)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('several secrets give several signatures, in their order, with a space between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), { minLength: 1, maxLength: 3 }),
      fc.string({ unit: 'grapheme' }),
      fc.nat(),
      async (keys, body, timestamp) => {
        const secrets = keys.map((key) => `whsec_${Buffer.from(key).toString('base64')}`)
        const expected = keys.map(
          (key) => `v1,${createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64')}`,
        )
        expect(await signWebhook(secrets, { id: 'msg_1', timestamp, body })).toBe(expected.join(' '))
      },
    ),
  )
})

test.each(['', 'whsec_', 'whsec_!!', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
  '%j is no secret',
  async (secret) => {
    await expect(signWebhook([secret], { id: 'a', timestamp: 1, body: '' })).rejects.toThrow(TypeError)
  },
)

test('a new secret is 32 bytes of the randomness it is given', () => {
  const random = { bytes: (count: number) => new Uint8Array(count).fill(7) }
  expect(generateWebhookSecret(random)).toBe(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)
})
