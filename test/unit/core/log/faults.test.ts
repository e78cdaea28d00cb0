import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sequence } from '../../../../core/log/sequence.ts'
import {
  failNth,
  failOnce,
  faultyDatabase,
  faultyStore,
  type Inject,
  InjectedFault,
  STEPS,
} from '../../../support/faults.ts'
import { inspectMemoryLog } from '../../../support/log-invariants.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { append, over, startLog } from './support.ts'

const HOW = ['not persisted', 'persisted'] as const
/** `LOG_AWAY_SECONDS=60` for more. */
const AWAY_MS = Number(process.env.LOG_AWAY_SECONDS || 1) * 1_000
/** Across the boundary of the first full tile. */
const BEFORE = 254
const AFTER = 257

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

/** A run over a store and a database that may fail. */
function run(inject: Inject = () => 'works') {
  return sequence(over(core, faultyDatabase(core.db.database, inject)), faultyStore(store, inject))
}

async function expectWhole(entries: number): Promise<void> {
  expect(await inspectMemoryLog(store, core.db.owner)).toEqual({
    faults: [],
    publishedSize: entries,
    stagedSize: entries,
    entries,
  })
}

const matrix = STEPS.flatMap((step) => HOW.flatMap((how) => [0, 5].map((more) => ({ step, how, more }))))

describe.each(matrix)('$step fails, $how, and $more entries come after it', ({ step, how, more }) => {
  test('the next run makes it good', async () => {
    await append(core, BEFORE)
    expect(await run()).toMatchObject({ publishedSize: BEFORE })
    const { fault, inject } = failOnce(step, how)
    await append(core, AFTER - BEFORE)
    await expect(run(inject)).rejects.toThrow(InjectedFault)
    expect(fault.fired).toBe(true)
    await append(core, more)
    expect(await run()).toMatchObject({ publishedSize: AFTER + more, more: false })
    await expectWhole(AFTER + more)
  })
})

test.each(HOW)('whichever call fails, %s, the next run makes it good', async (how) => {
  let size = 0
  for (let nth = 1; ; nth++) {
    const { fault, inject } = failNth(nth, how)
    await append(core, 20)
    size += 20
    const failed = await run(inject).then(
      () => false,
      () => true,
    )
    expect(failed).toBe(fault.fired)
    expect(await run()).toMatchObject({ publishedSize: size })
    await expectWhole(size)
    if (!fault.fired) break
  }
  // Every call of a run: the store's three and more, and the transactions.
  expect(size / 20).toBeGreaterThan(10)
})

test('a store that is away for long leaves what is appended waiting, and gets all of it once it is back', async () => {
  await append(core, 300)
  await run()
  const away = faultyStore(store, () => 'not persisted')
  for (let attempt = 0; attempt < 3; attempt++) {
    await append(core, 1_100)
    await expect(sequence(core.ctx(), away)).rejects.toThrow(InjectedFault)
  }
  const [log] = await core.db.owner`SELECT staged_size FROM logs`
  expect(log).toEqual({ staged_size: '300' })
  expect(await run()).toMatchObject({ publishedSize: 3_600, more: false })
  await expectWhole(3_600)
})

test(
  'a store that is away by the clock, while entries come and runs fail, costs nothing but time',
  async () => {
    await append(core, 300)
    await run()
    const end = performance.now() + AWAY_MS
    // A put may have arrived all the same.
    const hows = ['not persisted', 'persisted'] as const
    let runs = 0
    while (performance.now() < end) {
      await append(core, 40)
      const how = hows[runs++ % 2]!
      const away = faultyStore(store, () => how)
      await expect(sequence(core.ctx(), away)).rejects.toThrow(InjectedFault)
      await sleep(50)
    }
    // A run ends after its rounds.
    for (let more = true; more; ) more = (await run()).more
    await expectWhole(300 + 40 * runs)
  },
  AWAY_MS + 60_000,
)

test.each(['tile', 'checkpoint'] as const)(
  'as long as no %s can be put, nothing is signed behind what is',
  async (step) => {
    await append(core, 1_500)
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(run((reached) => (reached === step ? 'not persisted' : 'works'))).rejects.toThrow(
        InjectedFault,
      )
      await append(core, 1_500)
    }
    const [log] = await core.db.owner`SELECT size, staged_size, published_size FROM logs`
    expect(log).toEqual({ size: '1000', staged_size: '2000', published_size: '0' })
    await run()
    await expectWhole(6_000)
  },
)

test('a run ends after its rounds, and says that there is more', async () => {
  await append(core, 2_500)
  const ctx = core.ctx()
  expect(await sequence(ctx, store, { maxRounds: 1 })).toMatchObject({ publishedSize: 1_000, more: true })
  expect(await sequence(ctx, store, { maxRounds: 1 })).toMatchObject({ publishedSize: 2_000, more: true })
  expect(await sequence(ctx, store, { maxRounds: 1 })).toMatchObject({ publishedSize: 2_500, more: false })
  await expectWhole(2_500)
})
