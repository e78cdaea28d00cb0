import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Outside } from '../../../../core/back-office/outside.ts'
import { runBackOffice } from '../../../../core/back-office/run.ts'
import { LANES } from '../../../../core/back-office/tasks.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

/** Fails whatever so much as looks for somebody outside. */
const NOBODY = new Proxy({} as Outside, {
  get: (_, name) => {
    throw new Error(`${String(name)} was asked`)
  },
})

it('files claims without waiting for anybody outside', async () => {
  const run = await runBackOffice(() => core.ctx(), NOBODY, LANES.claims)
  expect(run.failures).toEqual([])
})

it('has each task in one lane', () => {
  const names = Object.values(LANES).flatMap((tasks) => tasks.map(({ name }) => name))
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted())
  expect(names).toHaveLength(8)
})
