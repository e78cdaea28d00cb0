import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { publishTrustRoot } from '../../../../core/keys/trust-root.ts'
import { BATCH_SIZE, drainOutbox, sweep } from '../../../../core/publication/drain.ts'
import { markForPublication, TRUST_ROOT_ENTITY } from '../../../../core/publication/mark.ts'
import type { ObjectStore, PublicStore } from '../../../../core/publication/store.ts'
import { openTrustRoot } from '../../../../core/verify/trust-root.ts'
import { certificateKey, readRecord, TRUST_ROOT_KEY } from '../../../../schema/kv.ts'
import { Metrics } from '../../../../workers/core/metrics.ts'
import { Publisher } from '../../../../workers/core/publisher.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor
let tester: Actor

beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation()
  tester = await core.withKey(owner, ['certificates:write'], false)
  // The first certificate of a status list has the list published, too.
  await core.issue(owner)
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => core.db.owner`DELETE FROM outbox`)

/** A store that remembers every put; `during` runs inside each. */
function makeStore(during: (key: string) => Promise<unknown> = async () => {}) {
  const puts: [key: string, value: string][] = []
  return {
    puts,
    async put(key: string, value: string) {
      await during(key)
      puts.push([key, value])
    },
  }
}

const stores = (values: PublicStore) => ({ values, objects: new MemoryObjectStore() })
const failing = makeStore(() => Promise.reject(new Error('KV is down')))
const drain = (store: PublicStore, objects: ObjectStore = new MemoryObjectStore()) =>
  drainOutbox(core.ctx(), { values: store, objects })
const marks = async () =>
  (await core.db.owner`SELECT entity_id FROM outbox ORDER BY 1`).map((row) => row.entity_id)
const endLeases = () => core.db.owner`UPDATE outbox SET leased_until = now() - interval '1 second'`
const mark = (id: string) =>
  core.db.database.asSystem((tx) => markForPublication(tx, 'certificate', id, new Date()))

describe('draining', () => {
  test('puts each certificate as the edge needs it, and clears its mark', async () => {
    const issued = await core.issue(owner)
    const store = makeStore()
    expect(await drain(store)).toEqual({ taken: 1, failed: 0, moreDue: false })
    expect(await marks()).toEqual([])
    const [[key, value]] = store.puts as [[string, string]]
    const record = readRecord(value)!
    expect(key).toBe(certificateKey(issued.certificate_id))
    expect(record).toEqual({
      v: 1,
      generation: expect.any(Number),
      signed: expect.any(String),
      signature: issued.signature,
    })
    expect(JSON.parse(record.signed)).toMatchObject({ certificate_id: issued.certificate_id })
  })

  test('puts its place in the log once a published checkpoint covers that', async () => {
    const issued = await core.issue(owner)
    const place = async () => {
      await mark(issued.certificate_id)
      const store = makeStore()
      await drain(store)
      return readRecord(store.puts[0]![1])!.logIndex
    }
    await core.db
      .owner`UPDATE log_entries SET leaf_index = 41 WHERE leaf_hash = decode(${issued.log!.leaf_hash}, 'hex')`
    await core.db.owner`UPDATE logs SET staged_size = 42, size = 42, published_size = 41`
    expect(await place()).toBeUndefined()
    await core.db.owner`UPDATE logs SET published_size = 42`
    expect(await place()).toBe(41)
  })

  test('puts the newest trust root, which the pinned key vouches for', async () => {
    await publishTrustRoot(core.ctx())
    const version = await publishTrustRoot(core.ctx())
    const store = makeStore()
    await drain(store)
    expect(store.puts.map(([key]) => key)).toEqual([TRUST_ROOT_KEY])
    const opened = await openTrustRoot(JSON.parse(store.puts[0]![1]), core.pinned, { now: new Date() })
    expect(opened.ok && opened.trustRoot.version).toBe(version)
  })

  test('of a test certificate puts nothing, and clears its mark', async () => {
    await core.issue(tester)
    const store = makeStore()
    await drain(store)
    expect([store.puts, await marks()]).toEqual([[], []])
  })

  test('of a certificate that is not there puts nothing, and clears its mark', async () => {
    await mark('CERT-2026-0000000000000000')
    const store = makeStore()
    await drain(store)
    expect([store.puts, await marks()]).toEqual([[], []])
  })

  test('takes no more than a batch, the oldest marks first', async () => {
    const ids = Array.from({ length: BATCH_SIZE + 5 }, (_, i) => `CERT-2026-${String(i).padStart(16, '0')}`)
    for (const [i, id] of ids.entries()) {
      await core.db
        .owner`INSERT INTO outbox (kind, entity_id, generation, marked_at) VALUES ('certificate', ${id}, ${1_000_000 - i}, ${new Date(1e12 + i)})`
    }
    expect(await drain(makeStore())).toEqual({ taken: BATCH_SIZE, failed: 0, moreDue: true })
    expect(await marks()).toEqual(ids.slice(BATCH_SIZE))
    expect(await drain(makeStore())).toEqual({ taken: 5, failed: 0, moreDue: false })
    expect((await drain(makeStore())).taken).toBe(0)
  })

  test('generations grow with every publication', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const store = makeStore()
    for (let i = 0; i < 3; i++) {
      await mark(id)
      await drain(store)
    }
    const generations = store.puts.map(([, value]) => readRecord(value)!.generation)
    expect(generations).toEqual([...new Set(generations)].sort((a, b) => a - b))
    expect(generations).toHaveLength(3)
  })
})

describe('when a put fails', () => {
  test('its mark stays, is not due at once, and is published later', async () => {
    const { certificate_id: id } = await core.issue(owner)
    expect(await drain(failing)).toEqual({ taken: 1, failed: 1, moreDue: false })
    expect(await marks()).toEqual([id])
    expect((await drain(makeStore())).taken).toBe(0)
    await endLeases()
    const store = makeStore()
    expect(await drain(store)).toEqual({ taken: 1, failed: 0, moreDue: false })
    expect(store.puts).toHaveLength(1)
    expect(await marks()).toEqual([])
  })

  test('the others of its batch are published', async () => {
    const [bad, good] = [await core.issue(owner), await core.issue(owner)]
    const store = makeStore(async (key) => {
      if (key === certificateKey(bad.certificate_id)) throw new Error('refused')
    })
    expect(await drain(store)).toEqual({ taken: 2, failed: 1, moreDue: false })
    expect(store.puts.map(([key]) => key)).toEqual([certificateKey(good.certificate_id)])
    expect(await marks()).toEqual([bad.certificate_id])
  })

  test('again and again, each wait is longer, up to a limit', async () => {
    await core.issue(owner)
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      await endLeases()
      await drain(failing)
      const [row] = await core.db
        .owner`SELECT extract(epoch FROM leased_until - now())::float AS wait FROM outbox`
      waits.push(Math.round(row!.wait / 10) * 10)
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(waits.at(-1)).toBe(300)
  })

  test.each([1_023, 1_100, 2_147_483_000])('%d times, the others are still published', async (attempts) => {
    const { certificate_id: id } = await core.issue(owner)
    await core.db.owner`UPDATE outbox SET attempts = ${attempts} WHERE entity_id = ${id}`
    await core.issue(owner)
    expect((await drain(makeStore())).taken).toBe(2)
    expect(await marks()).toEqual([])
  })
})

describe('two drainers at once', () => {
  test('publish every mark and lose none', async () => {
    const issued = await Promise.all(Array.from({ length: 20 }, () => core.issue(owner)))
    const several = [makeStore(), makeStore(), makeStore()]
    const outcomes = await Promise.all(several.map((store) => drain(store)))
    expect(outcomes.reduce((sum, { taken }) => sum + taken, 0)).toBe(issued.length)
    while ((await drain(several[0]!)).taken > 0);
    const published = new Set(several.flatMap((store) => store.puts.map(([key]) => key)))
    expect([...published].sort()).toEqual(issued.map((one) => certificateKey(one.certificate_id)).sort())
    expect(await marks()).toEqual([])
  })

  test('do not publish the same: what one has taken the other leaves alone', async () => {
    await core.issue(owner)
    const inner = makeStore()
    const outer = makeStore(() => drain(inner))
    await drain(outer)
    expect([outer.puts.length, inner.puts.length]).toEqual([1, 0])
  })

  test('what a drainer that died had taken is taken up when its lease is over', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const died = drain(makeStore(() => new Promise(() => {})))
    await expect
      .poll(async () => (await core.db.owner`SELECT 1 FROM outbox WHERE leased_until > now()`).length)
      .toBe(1)
    expect((await drain(makeStore())).taken).toBe(0)
    await endLeases()
    const store = makeStore()
    await drain(store)
    expect(store.puts.map(([key]) => key)).toEqual([certificateKey(id)])
    expect(await Promise.race([died, 'still away'])).toBe('still away')
  })
})

describe('a mark made while its entity is published', () => {
  test('is not cleared, and is due at once', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const store = makeStore(() => mark(id))
    expect(await drain(store)).toEqual({ taken: 1, failed: 0, moreDue: true })
    expect(await marks()).toEqual([id])
    const later = makeStore()
    await drain(later)
    expect(later.puts).toHaveLength(1)
    expect(await marks()).toEqual([])
  })

  test('is not cleared by a drainer that was away while it was cleared and made again', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const slow = makeStore(async () => {
      await endLeases()
      await drain(makeStore())
      expect(await marks()).toEqual([])
      await mark(id)
    })
    await drain(slow)
    expect(await marks()).toEqual([id])
  })

  test('by a revocation is published as well', async () => {
    const { certificate_id: id } = await core.issue(owner)
    const store = makeStore(() =>
      revokeCertificate(core.ctx(), owner, id, { reason: 'superseded' }, UNCLAIMED),
    )
    await drain(store)
    expect(await marks()).toEqual(['0', id])
  })
})

describe('the sweep', () => {
  test('marks again what changed since, and the trust root', async () => {
    const old = await core.issue(owner, {}, new Date('2026-11-20T00:00:00.000Z'))
    const recent = await core.issue(owner, {}, new Date('2026-11-21T00:00:00.001Z'))
    await core.db.owner`UPDATE certificates SET updated_at = issued_at`
    await core.db.owner`DELETE FROM outbox`
    await core.db
      .owner`UPDATE certificates SET updated_at = '2026-11-01' WHERE id NOT IN (${old.certificate_id}, ${recent.certificate_id})`
    await sweep(core.ctx(), new Date('2026-11-21T00:00:00.000Z'))
    expect(await marks()).toEqual([recent.certificate_id, TRUST_ROOT_ENTITY])
    await sweep(core.ctx(), new Date('2026-11-21T00:00:00.000Z'))
    expect(await marks()).toEqual([recent.certificate_id, TRUST_ROOT_ENTITY])
  })

  test('mends a trust root that a late put of a dying drainer set back', async () => {
    const kv = new Map<string, string>()
    const store = { put: async (key: string, value: string) => void kv.set(key, value) }
    const since = new Date(Date.now() - 1_000)
    await publishTrustRoot(core.ctx())
    await drain(store)
    const older = kv.get(TRUST_ROOT_KEY)!
    await publishTrustRoot(core.ctx())
    await drain(store)
    const newer = kv.get(TRUST_ROOT_KEY)!
    expect(newer).not.toBe(older)
    kv.set(TRUST_ROOT_KEY, older)
    await sweep(core.ctx(), since)
    while ((await drain(store)).taken > 0);
    expect(kv.get(TRUST_ROOT_KEY)).toBe(newer)
  })
})

describe('the publisher of a host', () => {
  test('drains all there is, batch after batch, however often it is called', async () => {
    const issued = await Promise.all(Array.from({ length: BATCH_SIZE + 10 }, () => core.issue(owner)))
    const store = makeStore()
    const metrics = new Metrics()
    const publisher = new Publisher(() => core.ctx(), stores(store), metrics)
    await Promise.all(Array.from({ length: 5 }, () => publisher.publish()))
    expect(new Set(store.puts.map(([key]) => key)).size).toBe(issued.length)
    expect(await marks()).toEqual([])
    expect(metrics.snapshot()).toEqual({ coderisk_published_total: issued.length })
  })

  test('does not fail when KV does, and counts it', async () => {
    await core.issue(owner)
    const metrics = new Metrics()
    await new Publisher(() => core.ctx(), stores(failing), metrics).publish()
    expect(metrics.snapshot()).toMatchObject({ coderisk_publication_failures_total: 1 })
    expect(await marks()).toHaveLength(1)
  })

  test('publishes what is marked while it is at work', async () => {
    await core.issue(owner)
    let late: string | undefined
    const store = makeStore(async () => {
      if (late !== undefined) return
      late = (await core.issue(owner)).certificate_id
      void publisher.publish()
    })
    const publisher = new Publisher(() => core.ctx(), stores(store), new Metrics())
    await publisher.publish()
    expect(store.puts.map(([key]) => key)).toContain(certificateKey(late!))
  })
})
