import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { announce } from '../../../../core/notifications/announce.ts'
import { expireWebhookEvents } from '../../../../core/notifications/expire.ts'
import { resendDelivery } from '../../../../core/notifications/resend.ts'
import { rotateSecret } from '../../../../core/notifications/rotate-secret.ts'
import { RETRY_DELAYS_S } from '../../../../core/notifications/schedule.ts'
import { signWebhook } from '../../../../core/notifications/signature.ts'
import { updateEndpoint } from '../../../../core/notifications/update-endpoint.ts'
import { webhookEndpoints, webhookEvents } from '../../../../schema/tables/index.ts'
import { createWebhookSender } from '../../../../workers/core/adapters/webhook-sender.ts'
import { startWebhookReceiver } from '../../../support/webhook-receiver.ts'
import { inSeconds, NOW, refusing, scripted, useWebhooks } from './support.ts'

const { core, owner, endpoint, happen, run, log, lockWaited } = useWebhooks()

describe('an event', () => {
  test('goes to the endpoints that asked for it, each with the same id and body', async () => {
    const all = await endpoint()
    const some = await endpoint({ url: 'https://some.example.com/', events: ['claim.paid'] })
    await endpoint({ url: 'https://other.example.com/', events: ['claim.filed'] })
    await endpoint({ url: 'https://stranger.example.com/' }, await core().organisation())
    const idle = await endpoint({ url: 'https://idle.example.com/' })
    await updateEndpoint(
      core().ctx(NOW),
      owner(),
      idle.id,
      { state: 'disabled' },
      scripted().sender,
      UNCLAIMED,
    )
    await happen()
    const { sender, sent } = scripted()
    expect(await run(sender)).toMatchObject({ done: 2 })
    expect(sent.map(({ url }) => url).sort()).toEqual([all.url, some.url])
    expect(new Set(sent.map(({ body }) => body))).toEqual(
      new Set([JSON.stringify({ type: 'claim.paid', timestamp: NOW.toISOString(), data: { id: 'CLM-1' } })]),
    )
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await log(idle.id)).toEqual([])
  })

  test('that did not happen is not told', async () => {
    await endpoint()
    const failing = core().db.database.asOrganisation(owner().organisationId, async (tx) => {
      const { organisationId } = owner()
      await announce(core().ctx(NOW), tx, { organisationId, type: 'claim.paid', data: {} })
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    const { sender, sent } = scripted()
    await run(sender)
    expect(sent).toEqual([])
  })

  test('waits for an endpoint that is being deleted, and then does without it', async () => {
    const { id } = await endpoint()
    const kept = await endpoint()
    let announced: Promise<void> | undefined
    await core().db.database.asOrganisation(owner().organisationId, async (tx) => {
      await tx.delete(webhookEndpoints).where(eq(webhookEndpoints.id, id))
      announced = happen()
      await lockWaited()
    })
    await announced
    expect(await log(kept.id)).toHaveLength(1)
  })
})

test('over HTTP, a receiver can verify what it gets', async () => {
  const receiver = await startWebhookReceiver(() => NOW.getTime())
  try {
    const sender = createWebhookSender({ WEBHOOKS_ALLOW_LOOPBACK: 'true' })
    const { id, secret } = await endpoint({ url: receiver.url })
    receiver.trust(secret)
    await happen(owner(), 'claim.paid', { id: 'CLM-ü' })
    expect(await run(sender)).toEqual({ done: 1, nextAt: null })
    const webhook = await receiver.next(({ type }) => type === 'claim.paid')
    expect(webhook).toMatchObject({
      verified: true,
      id: expect.stringMatching(/^msg_/),
      event: { type: 'claim.paid', timestamp: NOW.toISOString(), data: { id: 'CLM-ü' } },
      headers: {
        'content-type': 'application/json',
        'webhook-timestamp': String(NOW.getTime() / 1_000),
        'user-agent': 'CodeRisk-Webhooks/1.0 (+https://network.example)',
      },
    })
    const [delivery] = await log(id)
    expect(delivery).toMatchObject({
      event: { id: webhook.id },
      state: 'delivered',
      attempts: [{ number: 1, status: 204, error: null }],
      next_attempt_at: null,
    })
    receiver.trust('whsec_AAAA')
    await happen()
    await run(sender)
    expect(receiver.received.at(-1)!.verified).toBe(false)
  } finally {
    await receiver.stop()
  }
})

describe('what is not taken', () => {
  test('is tried ten times on schedule with the same bytes, and then given up', async () => {
    const { id } = await endpoint()
    await happen()
    const { sender, sent } = scripted(refusing)
    let now = NOW
    const waits: number[] = []
    for (;;) {
      const { done, nextAt } = await run(sender, now)
      expect(done).toBe(1)
      if (nextAt === null) break
      waits.push((nextAt.getTime() - now.getTime()) / 1_000)
      expect(await run(sender, inSeconds(-0.001, nextAt))).toMatchObject({ done: 0, nextAt })
      now = nextAt
    }
    expect(waits).toEqual(RETRY_DELAYS_S)
    expect(new Set(sent.map(({ headers, body }) => headers['webhook-id'] + body)).size).toBe(1)
    expect(new Set(sent.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10)
    const [delivery] = await log(id)
    expect(delivery).toMatchObject({ state: 'failed', next_attempt_at: null, delivered_at: null })
    expect(delivery!.attempts.map(({ number, status, error }) => [number, status, error])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, 500, 'refused']),
    )
    expect(await run(sender, inSeconds(86_400 * 10, now))).toEqual({ done: 0, nextAt: null })
  })

  test('is delivered by the attempt that succeeds, and told no more', async () => {
    const { id } = await endpoint()
    await happen()
    let attempts = 0
    const { sender, sent } = scripted(() => (++attempts < 3 ? { status: null, error: 'timeout' } : {}))
    const first = await run(sender)
    const second = await run(sender, first.nextAt!)
    expect(await run(sender, second.nextAt!)).toEqual({ done: 1, nextAt: null })
    expect(sent).toHaveLength(3)
    const [delivery] = await log(id)
    expect(delivery).toMatchObject({ state: 'delivered', delivered_at: second.nextAt!.toISOString() })
    expect(delivery!.attempts.map(({ error }) => error)).toEqual(['timeout', 'timeout', null])
  })

  test('waits from when the attempt ended', async () => {
    await endpoint()
    await happen()
    const { sender } = scripted(() => ({ status: null, error: 'timeout', durationMs: 10_000 }))
    expect((await run(sender)).nextAt).toEqual(inSeconds(15))
  })

  test('is tried once more when it is resent after its schedule ended', async () => {
    const { id } = await endpoint()
    await happen()
    const [delivery] = await log(id)
    const { sender, sent } = scripted(refusing)
    for (let now: Date | null = NOW; now !== null; ) now = (await run(sender, now)).nextAt
    await resendDelivery(core().ctx(inSeconds(86_400 * 5)), owner(), delivery!.id, UNCLAIMED)
    expect(await run(sender, inSeconds(86_400 * 5))).toEqual({ done: 1, nextAt: null })
    expect(sent).toHaveLength(11)
    expect((await log(id))[0]).toMatchObject({ state: 'failed' })
    await resendDelivery(core().ctx(inSeconds(86_400 * 6)), owner(), delivery!.id, UNCLAIMED)
    await run(scripted().sender, inSeconds(86_400 * 6))
    expect((await log(id))[0]).toMatchObject({ state: 'delivered' })
    expect((await log(id))[0]!.attempts).toHaveLength(12)
  })

  test('is shown with its last twenty attempts', async () => {
    const { id } = await endpoint()
    await happen()
    const [delivery] = await log(id)
    const { sender } = scripted(refusing)
    for (let i = 0; i < 23; i++) {
      await resendDelivery(core().ctx(NOW), owner(), delivery!.id, UNCLAIMED)
      await run(sender)
    }
    expect((await log(id))[0]!.attempts.map(({ number }) => number)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 4),
    )
  })
})

describe('a rotated secret', () => {
  test('signs together with the one before, for 24 hours', async () => {
    const { id, secret: old } = await endpoint()
    const { body } = await rotateSecret(core().ctx(NOW), owner(), id, UNCLAIMED)
    const { secret: current } = JSON.parse(body) as { secret: string }
    const { sender, sent } = scripted()
    const signedAt = async (now: Date) => {
      await happen()
      await run(sender, now)
      const { headers, body: bytes } = sent.at(-1)!
      const timestamp = now.getTime() / 1_000
      const message = { id: headers['webhook-id']!, timestamp, body: bytes }
      const [signature, withOld, both] = [
        headers['webhook-signature'],
        await signWebhook([old], message),
        await signWebhook([current, old], message),
      ]
      return { signature, withOld, both, withCurrent: await signWebhook([current], message) }
    }
    const within = await signedAt(inSeconds(86_399))
    expect(within.signature).toBe(within.both)
    const past = await signedAt(inSeconds(86_400))
    expect(past.signature).toBe(past.withCurrent)
    expect(past.signature).not.toContain(past.withOld)
  })
})

test('events and their deliveries are forgotten after 30 days', async () => {
  const { id } = await endpoint()
  await happen()
  const { sender } = scripted()
  await run(sender)
  await expireWebhookEvents(core().ctx(inSeconds(30 * 86_400)))
  expect(await log(id)).toHaveLength(1)
  await expireWebhookEvents(core().ctx(inSeconds(30 * 86_400 + 1)))
  expect(await log(id)).toEqual([])
  expect(await core().db.database.asSystem((tx) => tx.select().from(webhookEvents))).toEqual([])
})
