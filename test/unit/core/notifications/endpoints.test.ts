import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { createEndpoint } from '../../../../core/notifications/create-endpoint.ts'
import { deleteEndpoint } from '../../../../core/notifications/delete-endpoint.ts'
import { listDeliveries } from '../../../../core/notifications/deliveries.ts'
import { listEndpoints, readEndpoint } from '../../../../core/notifications/read-endpoints.ts'
import { resendDelivery } from '../../../../core/notifications/resend.ts'
import { rotateSecret } from '../../../../core/notifications/rotate-secret.ts'
import { testEndpoint } from '../../../../core/notifications/test-endpoint.ts'
import { updateEndpoint } from '../../../../core/notifications/update-endpoint.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { webhookEndpoints } from '../../../../schema/tables/index.ts'
import {
  createWebhookEndpointRequestSchema,
  deletedWebhookEndpointSchema,
  type UpdateWebhookEndpointRequest,
  type WebhookDelivery,
  type WebhookEndpointSecret,
  webhookDeliverySchema,
  webhookEndpointSchema,
  webhookEndpointSecretSchema,
} from '../../../../schema/wire/webhooks.ts'
import { createWebhookSender } from '../../../../workers/core/adapters/webhook-sender.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const NOW = new Date('2026-11-21T12:00:00.000Z')
const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000)
const sender = createWebhookSender({})
const URL_OF_HOOKS = 'https://hooks.example.com/coderisk'

let core: TestCore
let owner: Actor
let stranger: Actor
let tester: Actor
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation('Owner')
  stranger = await core.organisation('Stranger')
  tester = await core.withKey(owner, ['insurance:read', 'insurance:write'], false)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

async function create(actor: Actor, more: Record<string, unknown> = {}): Promise<WebhookEndpointSecret> {
  const request = createWebhookEndpointRequestSchema.parse({ url: URL_OF_HOOKS, ...more })
  const { status, body } = await createEndpoint(core.ctx(NOW), actor, request, sender, UNCLAIMED)
  expect(status).toBe(201)
  return webhookEndpointSecretSchema.parse(JSON.parse(body))
}

const update = async (actor: Actor, id: string, request: UpdateWebhookEndpointRequest, now = NOW) => {
  const { body } = await updateEndpoint(core.ctx(now), actor, id, request, sender, UNCLAIMED)
  return webhookEndpointSchema.parse(JSON.parse(body))
}

const tested = async (actor: Actor, id: string): Promise<WebhookDelivery> => {
  const { status, body } = await testEndpoint(core.ctx(NOW), actor, id, UNCLAIMED)
  expect(status).toBe(202)
  return webhookDeliverySchema.parse(JSON.parse(body))
}

const storedRow = async (id: string) => {
  const [row] = await core.db.database.asSystem((tx) =>
    tx.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id)),
  )
  return row
}

describe('a new endpoint', () => {
  test('is enabled for all events, and shows its secret', async () => {
    const { secret, ...endpoint } = await create(owner)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^whe_[0-9a-hjkmnp-tv-z]{16}$/),
      url: URL_OF_HOOKS,
      description: '',
      events: ['*'],
      state: 'enabled',
      previous_secret_expires_at: null,
      created_at: NOW.toISOString(),
      updated_at: NOW.toISOString(),
    })
    expect(await readEndpoint(core.ctx(NOW), owner, endpoint.id)).toEqual(endpoint)
  })

  test('keeps its secret sealed, bound to its id', async () => {
    const { id, secret } = await create(owner)
    const row = (await storedRow(id))!
    expect(Buffer.from(row.sealedSecret).includes(Buffer.from(secret!))).toBe(false)
    expect(await core.keys.openSecret(id, row.sealedSecret)).toBe(secret)
    await expect(core.keys.openSecret(`${id}:previous`, row.sealedSecret)).rejects.toThrow()
  })

  test('is made once per Idempotency-Key, and its secret is shown once', async () => {
    const request = createWebhookEndpointRequestSchema.parse({ url: URL_OF_HOOKS, events: ['claim.paid'] })
    const idempotent = { route: 'POST /v1/webhook-endpoints', key: 'once', rawBody: utf8('same') }
    const again = () =>
      once(core.ctx(NOW), owner, idempotent, (claim) =>
        createEndpoint(core.ctx(NOW), owner, request, sender, claim),
      )
    const first = await again()
    const replay = await again()
    const { secret, ...endpoint } = JSON.parse(first.body) as WebhookEndpointSecret
    expect(secret).toMatch(/^whsec_/)
    expect(replay).toMatchObject({ status: 201, replayed: true })
    expect(JSON.parse(replay.body)).toEqual({ ...endpoint, secret: null, secret_already_shown: true })
  })

  test('names each event once, and its URL in one way', async () => {
    const endpoint = await create(owner, {
      url: 'HTTPS://Hooks.Example.com:443/a/../b?c',
      events: ['claim.paid', 'claim.paid', 'claim.filed'],
    })
    expect(endpoint).toMatchObject({
      url: 'https://hooks.example.com/b?c',
      events: ['claim.paid', 'claim.filed'],
    })
  })

  test.each([
    'http://hooks.example.com/',
    'https://10.0.0.1/',
    'https://localhost/',
    'https://u:p@hooks.example.com/',
    'https://[::1]/',
    'gopher://x',
    'nonsense',
  ])('is refused at %s', async (url) => {
    expect(await refusalCode(create(owner, { url }))).toBe('webhook_url_rejected')
    const { id } = await create(owner)
    expect(await refusalCode(update(owner, id, { url }))).toBe('webhook_url_rejected')
    await deleteEndpoint(core.ctx(NOW), owner, id, UNCLAIMED)
  })

  test.each([
    { url: '' },
    { events: [] },
    { events: ['claim.exploded'] },
    { description: 'a'.repeat(201) },
    { secret: 'whsec_mine' },
    { state: 'disabled' },
  ])('is no %j', (more) => {
    expect(createWebhookEndpointRequestSchema.safeParse({ url: URL_OF_HOOKS, ...more }).success).toBe(false)
  })

  test('is one of twenty at most, also when all come at once', async () => {
    const crowded = await core.organisation('Crowded')
    const codes = await Promise.all(Array.from({ length: 24 }, () => refusalCode(create(crowded))))
    expect(codes.filter((code) => code === null)).toHaveLength(20)
    expect(codes.filter((code) => code === 'invalid_input')).toHaveLength(4)
    expect(await listEndpoints(core.ctx(NOW), crowded)).toHaveLength(20)
  })
})

describe('changes', () => {
  test('touch what they name and leave the rest', async () => {
    const { secret: _, ...before } = await create(owner, { description: 'old', events: ['claim.paid'] })
    const after = await update(owner, before.id, { url: 'https://other.example.com/' }, later(1))
    expect(after).toEqual({
      ...before,
      url: 'https://other.example.com/',
      updated_at: later(1).toISOString(),
    })
    expect(
      await update(owner, before.id, { description: '', events: ['*'], state: 'disabled' }, later(1)),
    ).toEqual({ ...after, description: '', events: ['*'], state: 'disabled' })
  })

  test('that disable give up what is on its way', async () => {
    const { id } = await create(owner)
    const delivery = await tested(owner, id)
    expect(delivery).toMatchObject({
      endpoint_id: id,
      event: { type: 'webhook.test', created_at: NOW.toISOString() },
      state: 'pending',
      attempts: [],
      next_attempt_at: NOW.toISOString(),
    })
    await update(owner, id, { state: 'disabled' })
    const { data } = await listDeliveries(core.ctx(NOW), owner, id, { limit: 10 })
    expect(data).toEqual([{ ...delivery, state: 'failed', next_attempt_at: null }])
    expect(await refusalCode(testEndpoint(core.ctx(NOW), owner, id, UNCLAIMED))).toBe(
      'webhook_endpoint_disabled',
    )
    expect(await refusalCode(resendDelivery(core.ctx(NOW), owner, delivery.id, UNCLAIMED))).toBe(
      'webhook_endpoint_disabled',
    )
    await update(owner, id, { state: 'enabled' })
    const resent = await resendDelivery(core.ctx(later(1)), owner, delivery.id, UNCLAIMED)
    expect(resent.status).toBe(202)
    expect(webhookDeliverySchema.parse(JSON.parse(resent.body))).toEqual({
      ...delivery,
      next_attempt_at: later(1).toISOString(),
    })
  })

  test('that delete take the log along, and happen once', async () => {
    const { id } = await create(owner)
    const delivery = await tested(owner, id)
    const { body } = await deleteEndpoint(core.ctx(NOW), owner, id, UNCLAIMED)
    expect(deletedWebhookEndpointSchema.parse(JSON.parse(body))).toEqual({ id, deleted: true })
    expect(await refusalCode(deleteEndpoint(core.ctx(NOW), owner, id, UNCLAIMED))).toBe(
      'webhook_endpoint_not_found',
    )
    expect(await refusalCode(readEndpoint(core.ctx(NOW), owner, id))).toBe('webhook_endpoint_not_found')
    expect(await refusalCode(resendDelivery(core.ctx(NOW), owner, delivery.id, UNCLAIMED))).toBe(
      'webhook_delivery_not_found',
    )
  })
})

describe('rotation', () => {
  test('gives a new secret at once and keeps the one before for a day', async () => {
    const { id, secret: first } = await create(owner)
    const { body } = await rotateSecret(core.ctx(NOW), owner, id, UNCLAIMED)
    const rotated = webhookEndpointSecretSchema.parse(JSON.parse(body))
    expect(rotated.secret).toMatch(/^whsec_/)
    expect(rotated.secret).not.toBe(first)
    expect(rotated.previous_secret_expires_at).toBe(later(24).toISOString())
    const row = (await storedRow(id))!
    expect(await core.keys.openSecret(id, row.sealedSecret)).toBe(rotated.secret)
    expect(await core.keys.openSecret(`${id}:previous`, row.sealedPreviousSecret!)).toBe(first)
    expect(await readEndpoint(core.ctx(later(25)), owner, id)).toMatchObject({
      previous_secret_expires_at: null,
    })
  })

  test('twice forgets the first; at the same time, neither loses the other', async () => {
    const { id } = await create(owner)
    const answers = await Promise.all([1, 2].map(() => rotateSecret(core.ctx(NOW), owner, id, UNCLAIMED)))
    const shown = answers.map(({ body }) => (JSON.parse(body) as WebhookEndpointSecret).secret)
    const row = (await storedRow(id))!
    const kept = [
      await core.keys.openSecret(id, row.sealedSecret),
      await core.keys.openSecret(`${id}:previous`, row.sealedPreviousSecret!),
    ]
    expect(kept.sort()).toEqual(shown.sort())
  })

  test('replayed, shows no secret and rotates nothing', async () => {
    const { id } = await create(owner)
    const idempotent = { route: `POST /v1/webhook-endpoints/${id}/secret`, key: 'once', rawBody: utf8('') }
    const again = () =>
      once(core.ctx(NOW), owner, idempotent, (claim) => rotateSecret(core.ctx(NOW), owner, id, claim))
    const first = JSON.parse((await again()).body) as WebhookEndpointSecret
    const replay = JSON.parse((await again()).body) as WebhookEndpointSecret
    expect(replay).toEqual({ ...first, secret: null, secret_already_shown: true })
    expect(await core.keys.openSecret(id, (await storedRow(id))!.sealedSecret)).toBe(first.secret)
  })
})

describe('the delivery log', () => {
  test.each([1, 2, 5, 6, 100])('in pages of %d has every delivery once, newest first', async (limit) => {
    const { id } = await create(owner)
    const other = await create(owner)
    const made: string[] = []
    for (let i = 0; i < 5; i++) {
      made.unshift((await tested(owner, id)).id)
      await tested(owner, other.id)
    }
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await listDeliveries(core.ctx(NOW), owner, id, { limit, cursor })
      expect(page.data.length).toBeLessThanOrEqual(limit)
      seen.push(...page.data.map((one) => one.id))
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    expect(seen).toEqual(made)
    for (const one of [id, other.id]) await deleteEndpoint(core.ctx(NOW), owner, one, UNCLAIMED)
  })

  test('refuses a cursor that is none', async () => {
    const { id } = await create(owner)
    expect(await refusalCode(listDeliveries(core.ctx(NOW), owner, id, { limit: 1, cursor: 'x' }))).toBe(
      'invalid_cursor',
    )
  })
})

/** Everything that there is to do with an endpoint and a delivery. */
const everything = (actor: Actor, id: string, deliveryId: string) => ({
  read: () => readEndpoint(core.ctx(NOW), actor, id),
  deliveries: () => listDeliveries(core.ctx(NOW), actor, id, { limit: 1 }),
  update: () => update(actor, id, { state: 'disabled' }),
  delete: () => deleteEndpoint(core.ctx(NOW), actor, id, UNCLAIMED),
  rotate: () => rotateSecret(core.ctx(NOW), actor, id, UNCLAIMED),
  test: () => testEndpoint(core.ctx(NOW), actor, id, UNCLAIMED),
  resend: () => resendDelivery(core.ctx(NOW), actor, deliveryId, UNCLAIMED),
})

test("nobody reaches another organisation's endpoints", async () => {
  const { id } = await create(owner)
  const delivery = await tested(owner, id)
  const before = await storedRow(id)
  for (const [name, work] of Object.entries(everything(stranger, id, delivery.id))) {
    const wanted = name === 'resend' ? 'webhook_delivery_not_found' : 'webhook_endpoint_not_found'
    expect(await refusalCode(work()), name).toBe(wanted)
  }
  expect(await storedRow(id)).toEqual(before)
  expect(await listEndpoints(core.ctx(NOW), stranger)).toEqual([])
})

test('a test key sees nothing and changes nothing', async () => {
  const { id } = await create(owner)
  const delivery = await tested(owner, id)
  const { read, deliveries, ...changes } = everything(tester, id, delivery.id)
  for (const work of [read, deliveries]) expect(await refusalCode(work())).toBe('webhook_endpoint_not_found')
  for (const [name, work] of Object.entries(changes)) {
    expect(await refusalCode(work()), name).toBe('live_key_required')
  }
  expect(await refusalCode(create(tester))).toBe('live_key_required')
  expect(await listEndpoints(core.ctx(NOW), tester)).toEqual([])
})
