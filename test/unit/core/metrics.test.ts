import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readGauges } from '../../../core/metrics.ts'
import { publishStatusList } from '../../../core/status/publish.ts'
import { MemoryObjectStore } from '../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from './support.ts'

let core: TestCore
beforeAll(async () => {
  core = await startTestCore()
  await core.db.owner`DELETE FROM logs`
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const gauges = () => readGauges(core.ctx())

test('before there is a log and a published list, they say so', async () => {
  const { network, statusLists } = await gauges()
  expect(statusLists).toEqual([])
  expect(network).toMatchObject({
    logSize: 0,
    logPublishedSize: 0,
    logHalted: 0,
    logCheckpointAgeSeconds: 0,
  })
})

describe('the log', () => {
  beforeAll(
    () => core.db.owner`
    INSERT INTO logs (id, origin, verifier_key, sealed_private_key, size, root_hash, staged_size, published_size,
      published_at, created_at)
    VALUES ('network', 'network.example/log', 'vkey', '', 7, '', 8, 5, now() - interval '90 seconds', now())`,
  )

  test('its sizes, and the age of what is published', async () => {
    const { network } = await gauges()
    expect(network).toMatchObject({ logSize: 7, logPublishedSize: 5, logHalted: 0 })
    expect(Math.floor(network.logCheckpointAgeSeconds / 60)).toBe(1)
  })

  test('what waits for a place', async () => {
    const [row] = await core.db.owner`SELECT count(*)::int AS entries FROM log_entries`
    expect((await gauges()).network.logPending).toBe(row!.entries)
    await core.db
      .owner`UPDATE log_entries SET leaf_index = id - 1 WHERE id = (SELECT min(id) FROM log_entries)`
    expect((await gauges()).network.logPending).toBe(row!.entries - 1)
  })

  test('that it has stopped', async () => {
    await core.db.owner`UPDATE logs SET halted = 'forked'`
    expect((await gauges()).network.logHalted).toBe(1)
  })
})

test('each status list, with the size and age of its token', async () => {
  const objects = new MemoryObjectStore()
  for (const list of [0, 1]) await publishStatusList(core.ctx(), objects, list)
  await core.db.owner`UPDATE status_list_tokens SET issued_at = issued_at - interval '1 hour' WHERE list = 1`
  const { statusLists } = await gauges()
  expect(statusLists.map(({ list }) => list)).toEqual([1, 0])
  expect(statusLists.map(({ ageSeconds }) => Math.floor(ageSeconds / 3_600))).toEqual([1, 0])
  expect(statusLists.map(({ bytes }) => bytes)).toEqual(
    [1, 0].map((list) => objects.bytes(`status-lists/${list}`)!.length),
  )
})
