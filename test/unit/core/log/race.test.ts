import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { sequence } from '../../../../core/log/sequence.ts'
import type { ObjectStore } from '../../../../core/publication/store.ts'
import { Refusal } from '../../../../core/refusal.ts'
import { LOG_CHECKPOINT_OBJECT } from '../../../../schema/kv.ts'
import { openDatabase } from '../../../../workers/core/adapters/postgres.ts'
import { faultyDatabase, faultyStore, type Inject, InjectedFault } from '../../../support/faults.ts'
import { inspectMemoryLog } from '../../../support/log-invariants.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { append, over, startLog } from './support.ts'

/** Long enough for thousands of collisions; `LOG_RACE_SECONDS=60` for more. */
const RACE_MS = Number(process.env.LOG_RACE_SECONDS || 3) * 1_000
const SETTLE_MS = 60_000

let core: TestCore
let store: MemoryObjectStore

beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core.db.stop())
beforeEach(async () => {
  await startLog(core)
  store = new MemoryObjectStore()
})

/** Sequences until `until`, as a process of its own would: what fails is tried again. @returns how often it published */
async function race(inject: Inject, until: number): Promise<number> {
  const database = openDatabase(core.db.appUrl, { connections: 2 })
  const faulty = faultyStore(store, inject)
  const ctx: Context = over(core, faultyDatabase(database, inject))
  let published = 0
  try {
    while (Date.now() < until) {
      try {
        if ((await sequence(ctx, faulty, { maxRounds: 3 })).published) published++
      } catch (error) {
        // Busy, since the other has the lock; anything else is a bug.
        const foreseen =
          error instanceof InjectedFault ||
          (error instanceof Refusal && error.code === 'database_unavailable')
        if (!foreseen) throw error
      }
      await pause(Math.random() * 5)
    }
    return published
  } finally {
    await database.close()
  }
}

async function appendUntil(until: number): Promise<number> {
  let entries = 0
  while (Date.now() < until) {
    const count = 1 + Math.floor(Math.random() * 120)
    await append(core, count)
    entries += count
    await pause(Math.random() * 10)
  }
  return entries
}

const never: Inject = () => 'works'
const often: Inject = () =>
  Math.random() < 0.97 ? 'works' : Math.random() < 0.5 ? 'persisted' : 'not persisted'

test.each([
  ['two sequencers at once', [never, never]],
  ['two sequencers at once that fail often', [often, often]],
])(
  '%s keep one log',
  async (_, injects) => {
    const until = Date.now() + RACE_MS
    const [entries, ...published] = await Promise.all([
      appendUntil(until),
      ...injects.map((inject) => race(inject, until)),
    ])
    expect(Math.min(...published)).toBeGreaterThan(0)
    const last = await sequence(core.ctx(), store, { maxRounds: 1_000 })
    expect(last).toMatchObject({ publishedSize: entries, more: false })
    expect(await inspectMemoryLog(store, core.db.owner)).toEqual({
      faults: [],
      publishedSize: entries,
      stagedSize: entries,
      entries,
    })
  },
  RACE_MS + SETTLE_MS,
)

test('a newer checkpoint that comes while one is being put is not taken back', async () => {
  await append(core, 300)
  let others = 0
  const slow: ObjectStore = {
    get: (key) => store.get(key),
    async put(key, bytes, options) {
      if (key === LOG_CHECKPOINT_OBJECT && others++ === 0) {
        await append(core, 50)
        expect(await sequence(core.ctx(), store)).toMatchObject({ publishedSize: 350 })
      }
      return store.put(key, bytes, options)
    },
  }
  expect(await sequence(core.ctx(), slow)).toMatchObject({ publishedSize: 350, more: false })
  expect(others).toBeGreaterThan(0)
  expect((await inspectMemoryLog(store, core.db.owner)).faults).toEqual([])
})
