import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { TaskResult } from '../../../../core/back-office/run.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { announce } from '../../../../core/notifications/announce.ts'
import { createEndpoint } from '../../../../core/notifications/create-endpoint.ts'
import { deliveriesTask } from '../../../../core/notifications/deliver.ts'
import { listDeliveries } from '../../../../core/notifications/deliveries.ts'
import type { Sent, WebhookSender } from '../../../../core/notifications/sender.ts'
import { webhookDeliveries } from '../../../../schema/tables/index.ts'
import type { WebhookEventType } from '../../../../schema/wire/money.ts'
import {
  createWebhookEndpointRequestSchema,
  type WebhookDelivery,
  type WebhookEndpointSecret,
} from '../../../../schema/wire/webhooks.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

export const NOW = new Date('2026-11-21T12:00:00.000Z')
export const inSeconds = (seconds: number, from = NOW) => new Date(from.getTime() + seconds * 1_000)

type Request = Parameters<WebhookSender['send']>[0]

/** A sender that notes what it is given and answers as told. */
export function scripted(answer: (request: Request) => Partial<Sent> | Promise<Partial<Sent>> = () => ({})) {
  const sent: Request[] = []
  const sender: WebhookSender = {
    refuseUrl: () => null,
    async send(request) {
      sent.push(request)
      return { status: 204, error: null, durationMs: 0, ...(await answer(request)) }
    },
  }
  return { sender, sent }
}
export const refusing = () => ({ status: 500, error: 'refused' as const })

/** A core for the tests of a file; `owner` is an organisation of each test's own. Nothing is pending when a test begins. */
export function useWebhooks() {
  let core: TestCore
  let owner: Actor
  beforeAll(async () => {
    core = await startTestCore({ keys: false })
  }, START_LIMIT_MS)
  afterAll(() => core?.db.stop())
  beforeEach(async () => {
    await core.db.database.asSystem((tx) => tx.update(webhookDeliveries).set({ state: 'failed' }))
    owner = await core.organisation()
  })
  return {
    core: () => core,
    owner: () => owner,
    async endpoint(more: Record<string, unknown> = {}, actor = owner) {
      const request = createWebhookEndpointRequestSchema.parse({ url: 'https://hooks.example.com/', ...more })
      const { body } = await createEndpoint(core.ctx(NOW), actor, request, scripted().sender, UNCLAIMED)
      return JSON.parse(body) as WebhookEndpointSecret & { secret: string }
    },
    happen(actor = owner, type: WebhookEventType = 'claim.paid', data = { id: 'CLM-1' }) {
      const { organisationId } = actor
      return core.db.database.asOrganisation(organisationId, (tx) =>
        announce(core.ctx(NOW), tx, { organisationId, type, data }),
      )
    },
    /** Without jitter. */
    run(sender: WebhookSender, now = NOW, more: Partial<Context> = {}): Promise<TaskResult> {
      const random = { bytes: (count: number) => new Uint8Array(count) }
      const outside = { sender } as unknown as Parameters<typeof deliveriesTask.run>[1]
      return deliveriesTask.run({ ...core.ctx(now), random, ...more }, outside)
    },
    async log(id: string): Promise<WebhookDelivery[]> {
      return (await listDeliveries(core.ctx(NOW), owner, id, { limit: 100 })).data
    },
    /** Until some session waits for another's lock. */
    async lockWaited(): Promise<void> {
      for (;;) {
        const [row] = await core.db.database.asSystem((tx) =>
          tx.execute<{ waiting: boolean }>(
            sql`SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) AS waiting`,
          ),
        )
        if (row!.waiting) return
      }
    },
  }
}
