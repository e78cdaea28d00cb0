import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { deleteEndpoint } from '../../../../core/notifications/delete-endpoint.ts'
import { readEndpoint } from '../../../../core/notifications/read-endpoints.ts'
import { resendDelivery } from '../../../../core/notifications/resend.ts'
import { updateEndpoint } from '../../../../core/notifications/update-endpoint.ts'
import { webhookEndpoints } from '../../../../schema/tables/index.ts'
import { inSeconds, NOW, refusing, scripted, useWebhooks } from './support.ts'

const { core, owner, endpoint, happen, run, log } = useWebhooks()

describe('an endpoint', () => {
  test('that is gone (410) is disabled, and what else is on its way to it given up', async () => {
    const { id } = await endpoint()
    const other = await endpoint({ url: 'https://other.example.com/' })
    await happen()
    await happen()
    const { sender, sent } = scripted(({ url }) =>
      url === other.url ? {} : { status: 410, error: 'refused' },
    )
    await run(sender)
    expect(await readEndpoint(core().ctx(NOW), owner(), id)).toMatchObject({ state: 'disabled' })
    expect((await log(id)).map(({ state }) => state)).toEqual(['failed', 'failed'])
    expect((await log(other.id)).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
    const before = sent.length
    await happen()
    expect(await run(sender, inSeconds(10))).toEqual({ done: 1, nextAt: null })
    expect(sent.slice(before).map(({ url }) => url)).toEqual([other.url])
  })

  test('that was disabled behind the back of what announced gets nothing', async () => {
    const { id } = await endpoint()
    await happen()
    await core().db.database.asSystem((tx) =>
      tx.update(webhookEndpoints).set({ state: 'disabled' }).where(eq(webhookEndpoints.id, id)),
    )
    const { sender, sent } = scripted()
    expect(await run(sender)).toEqual({ done: 0, nextAt: null })
    expect(sent).toEqual([])
    expect(await log(id)).toMatchObject([{ state: 'failed', attempts: [] }])
  })

  test('that is disabled while it is being told stays so, and the attempt is noted', async () => {
    const { id, url } = await endpoint()
    const taking = await endpoint({ url: 'https://taking.example.com/' })
    await happen()
    const { sender } = scripted(async (request) => {
      const target = request.url === url ? id : taking.id
      await updateEndpoint(
        core().ctx(NOW),
        owner(),
        target,
        { state: 'disabled' },
        scripted().sender,
        UNCLAIMED,
      )
      return request.url === url ? refusing() : {}
    })
    expect(await run(sender)).toEqual({ done: 2, nextAt: null })
    expect(await log(id)).toMatchObject([{ state: 'failed', attempts: [{ status: 500 }] }])
    expect(await log(taking.id)).toMatchObject([{ state: 'delivered', attempts: [{ status: 204 }] }])
  })

  test('that is deleted while it is being told leaves nothing', async () => {
    const { id } = await endpoint()
    await happen()
    const { sender, sent } = scripted(async () => {
      await deleteEndpoint(core().ctx(NOW), owner(), id, UNCLAIMED)
      return {}
    })
    expect(await run(sender)).toEqual({ done: 1, nextAt: null })
    expect(sent).toHaveLength(1)
  })

  test('that moves gets what is on its way at its new URL', async () => {
    const { id } = await endpoint()
    await happen()
    const request = { url: 'https://moved.example.com/' }
    await updateEndpoint(core().ctx(NOW), owner(), id, request, scripted().sender, UNCLAIMED)
    const { sender, sent } = scripted()
    await run(sender)
    expect(sent.map(({ url }) => url)).toEqual([request.url])
  })
})

describe('a crash', () => {
  test('after sending and before recording sends it again, with the same id, once the lease is over', async () => {
    const { id } = await endpoint()
    await happen()
    const { sender, sent } = scripted()
    const { database } = core().db
    let calls = 0
    const dying = {
      ...database,
      asSystem: ((work) =>
        ++calls === 1
          ? database.asSystem(work)
          : Promise.reject(new Error('died'))) as typeof database.asSystem,
    }
    await expect(run(sender, NOW, { database: dying })).rejects.toThrow('died')
    expect(await log(id)).toMatchObject([{ state: 'pending', attempts: [] }])
    expect(await run(sender, inSeconds(59))).toEqual({ done: 0, nextAt: inSeconds(60) })
    expect(await run(sender, inSeconds(60))).toEqual({ done: 1, nextAt: null })
    expect(new Set(sent.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(sent).toHaveLength(2)
    expect(await log(id)).toMatchObject([{ state: 'delivered', attempts: [{ number: 1 }] }])
  })

  test('of the clock, so that two runs send it, counts the one that arrived', async () => {
    const { id } = await endpoint()
    await happen()
    for (let now: Date | null = NOW; now !== null; ) now = (await run(scripted(refusing).sender, now)).nextAt
    const again = inSeconds(86_400 * 5)
    await resendDelivery(core().ctx(again), owner(), (await log(id))[0]!.id, UNCLAIMED)
    const { sender } = scripted(async () => {
      expect(await run(scripted().sender, inSeconds(60, again))).toMatchObject({ done: 1 })
      return refusing()
    })
    await run(sender, again)
    const [delivery] = await log(id)
    expect(delivery).toMatchObject({ state: 'delivered', next_attempt_at: null })
    expect(delivery!.attempts.slice(-2).map(({ number, error }) => [number, error])).toEqual([
      [11, null],
      [12, 'refused'],
    ])
  })

  test('of the sender is noted as our fault, told to the operator, and holds up no other', async () => {
    const broken = await endpoint({ url: 'https://broken.example.com/' })
    const { id } = await endpoint()
    await core().db.database.asSystem((tx) =>
      tx
        .update(webhookEndpoints)
        .set({ sealedSecret: new Uint8Array(40) })
        .where(eq(webhookEndpoints.id, broken.id)),
    )
    await happen()
    const { sender, sent } = scripted()
    await expect(run(sender)).rejects.toThrow('webhooks could not be sent')
    expect(sent).toHaveLength(1)
    expect(await log(id)).toMatchObject([{ state: 'delivered' }])
    expect(await log(broken.id)).toMatchObject([
      {
        state: 'pending',
        attempts: [{ status: null, error: 'internal_error' }],
        next_attempt_at: inSeconds(5).toISOString(),
      },
    ])
  })
})

describe('many deliveries', () => {
  test('are each sent once, by however many runs at the same time', async () => {
    await endpoint()
    for (let i = 0; i < 20; i++) await happen()
    const { sender, sent } = scripted()
    while ((await Promise.all([run(sender), run(sender)])).some(({ done }) => done > 0));
    const ids = sent.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(20)
    expect(new Set(ids).size).toBe(20)
  })

  test('are sent six at a time', async () => {
    const actors = await Promise.all([1, 2, 3].map(() => core().organisation()))
    for (const actor of actors) {
      await endpoint({}, actor)
      for (let i = 0; i < 4; i++) await happen(actor)
    }
    const six = Promise.withResolvers<void>()
    let open = 0
    let most = 0
    const { sender } = scripted(async () => {
      most = Math.max(most, ++open)
      // A seventh would come in the meantime.
      if (open === 6) setTimeout(six.resolve, 20)
      await six.promise
      open--
      return {}
    })
    expect(await run(sender)).toEqual({ done: 12, nextAt: null })
    expect(most).toBe(6)
  })

  test('of one organisation leave room for the others', async () => {
    await endpoint({ url: 'https://busy.example.com/' })
    for (let i = 0; i < 30; i++) await happen()
    const quiet = await Promise.all([1, 2, 3].map(() => core().organisation()))
    for (const actor of quiet) {
      await endpoint({ url: 'https://quiet.example.com/' }, actor)
      await happen(actor)
    }
    const { sender, sent } = scripted()
    expect((await run(sender)).done).toBe(7)
    expect(sent.filter(({ url }) => url === 'https://quiet.example.com/')).toHaveLength(3)
  })
})
