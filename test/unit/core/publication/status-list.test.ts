import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { BATCH_SIZE, drainOutbox, sweep } from '../../../../core/publication/drain.ts'
import type { ObjectStore, PublicStore } from '../../../../core/publication/store.ts'
import { statusListObject } from '../../../../schema/kv.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { Metrics } from '../../../../workers/core/metrics.ts'
import { Publisher } from '../../../../workers/core/publisher.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { bitOf, countBits, revoke, textOf } from '../status/status-support.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const PATIENCE = { timeout: 30_000, interval: 5 }
const KEY = statusListObject(0)

let core: TestCore
let owner: Actor
let objects: MemoryObjectStore

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(async () => {
  objects = new MemoryObjectStore()
  await core.db.owner`DELETE FROM outbox`
})

const swallow: PublicStore = { put: async () => {} }
const drain = (more: { values?: PublicStore; objects?: ObjectStore } = {}) =>
  drainOutbox(core.ctx(), { values: swallow, objects, ...more })
const marks = async () =>
  (await core.db.owner`SELECT kind, entity_id FROM outbox ORDER BY kind, entity_id`).map(
    (row) => `${row.kind} ${row.entity_id}`,
  )
const isTold = (certificate: Certificate) => {
  const text = textOf(objects, KEY)
  return text !== null && bitOf(text, certificate) === 1
}

describe('a revocation', () => {
  test('is in the published list once the outbox is drained', async () => {
    const [kept, revoked] = [await core.issue(owner), await core.issue(owner)]
    await revoke(core, owner, revoked)
    expect((await drain()).failed).toBe(0)
    expect([isTold(kept), isTold(revoked)]).toEqual([false, true])
    expect(await marks()).toEqual([])
  })

  test('of a test certificate is in the list as well', async () => {
    const tester = await core.withKey(owner, ['certificates:write'], false)
    const certificate = await core.issue(tester)
    await revoke(core, tester, certificate)
    await drain()
    expect(isTold(certificate)).toBe(true)
  })

  test('does not wait for what was marked before it', async () => {
    for (let i = 0; i < 3 * BATCH_SIZE; i++) {
      await core.db
        .owner`INSERT INTO outbox (kind, entity_id, generation, marked_at) VALUES ('certificate', ${`CERT-2026-${i}`}, ${i}, ${new Date(1e12)})`
    }
    const certificate = await core.issue(owner)
    await revoke(core, owner, certificate)
    expect(await drain()).toMatchObject({ moreDue: true })
    expect(isTold(certificate)).toBe(true)
    expect((await marks()).length).toBeGreaterThan(BATCH_SIZE)
  })

  test('does not wait for a store that does not answer, and that one is given up', async () => {
    const certificate = await core.issue(owner)
    await revoke(core, owner, certificate)
    const drained = drain({ values: { put: () => new Promise(() => {}) } })
    await expect.poll(marks, PATIENCE).toEqual([`certificate ${certificate.certificate_id}`])
    expect(isTold(certificate)).toBe(true)
    expect(await drained).toEqual({ taken: 2, failed: 1, moreDue: false })
  })

  test('that is made while the list is published is published too, by the same host', async () => {
    const [first, second] = [await core.issue(owner), await core.issue(owner)]
    await revoke(core, owner, first)
    let late = false
    const slow: ObjectStore = {
      get: (key) => objects.get(key),
      put: async (...given) => {
        const written = await objects.put(...given)
        if (!late) {
          late = true
          await revoke(core, owner, second)
        }
        return written
      },
    }
    const publisher = new Publisher(() => core.ctx(), { values: swallow, objects: slow }, new Metrics())
    await publisher.publish()
    expect(isTold(second)).toBe(true)
    expect(await marks()).toEqual([])
  })

  test('is there soon after the publisher is told', async () => {
    const publisher = new Publisher(() => core.ctx(), { values: swallow, objects }, new Metrics())
    const waits: number[] = []
    for (let i = 0; i < 5; i++) {
      const certificate = await core.issue(owner)
      const begun = performance.now()
      await revoke(core, owner, certificate)
      const published = publisher.publish()
      await vi.waitUntil(() => isTold(certificate), PATIENCE)
      waits.push(Math.round(performance.now() - begun))
      await published
    }
    console.log(`from revocation to the published list: ${waits.join(', ')} ms`)
  })
})

describe('when the object store fails', () => {
  test('the mark stays, the others are published, and it is tried again later', async () => {
    const certificate = await core.issue(owner)
    await revoke(core, owner, certificate)
    const away: ObjectStore = {
      get: () => Promise.reject(new Error('R2 is away')),
      put: () => Promise.reject(new Error('R2 is away')),
    }
    expect(await drain({ objects: away })).toMatchObject({ taken: 2, failed: 1 })
    expect(await marks()).toEqual(['status_list 0'])
    expect((await drain()).taken).toBe(0)
    await core.db.owner`UPDATE outbox SET leased_until = now() - interval '1 second'`
    expect(await drain()).toMatchObject({ taken: 1, failed: 0 })
    expect(isTold(certificate)).toBe(true)
    expect(await marks()).toEqual([])
  })
})

describe('many at once', () => {
  test('revocations, drains and sweeps do not stand in each other’s way, and all is told in the end', async () => {
    const issued = await Promise.all(Array.from({ length: 48 }, () => core.issue(owner)))
    let revoking = true
    const background = Array.from({ length: 3 }, async (_, index) => {
      while (revoking) await (index === 0 ? sweep(core.ctx(), new Date(0)).then(() => drain()) : drain())
    })
    const refusals: (string | null)[] = []
    const queue = [...issued]
    const revokers = Array.from({ length: 6 }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const { certificate_id: id } = next
        const work = revokeCertificate(core.ctx(), owner, id, { reason: 'superseded' }, UNCLAIMED)
        refusals.push(await refusalCode(work))
      }
    })
    await Promise.all(revokers)
    revoking = false
    await Promise.all(background)
    expect(refusals.filter((code) => code !== null)).toEqual([])
    await core.db.owner`UPDATE outbox SET leased_until = NULL`
    while ((await drain()).taken > 0);
    expect(issued.filter((certificate) => !isTold(certificate))).toEqual([])
    const counts = objects.history.map(({ bytes }) => countBits(new TextDecoder().decode(bytes)))
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  })
})
