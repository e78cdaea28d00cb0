import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import {
  readCoverageThreshold,
  readOrganisation,
  updateOrganisation,
} from '../../../../core/organisations/settings.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { organisationSchema, type UpdateOrganisationRequest } from '../../../../schema/wire/settings.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor
let stranger: Actor
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation('Owner')
  stranger = await core.organisation('Stranger')
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const update = async (actor: Actor, request: UpdateOrganisationRequest) => {
  const { status, body } = await updateOrganisation(core.ctx(), actor, request, UNCLAIMED)
  expect(status).toBe(200)
  return organisationSchema.parse(JSON.parse(body))
}

test.each([
  [null, 0.7],
  [undefined, 0.7],
  [0, 0],
  [10_000, 1],
  [8_125, 0.8125],
])('a threshold kept as %j is %d', (stored, threshold) => {
  expect(readCoverageThreshold(stored)).toBe(threshold)
})

describe('settings', () => {
  test('are the defaults until somebody changes them', async () => {
    expect(organisationSchema.parse(await readOrganisation(core.ctx(), stranger))).toEqual({
      id: stranger.organisationId,
      name: 'Stranger',
      coverage_threshold: 0.7,
      repositories: [],
      calibration: null,
    })
  })

  test('change by what is named, and keep the rest', async () => {
    expect(await update(owner, { coverage_threshold: 0.8125 })).toMatchObject({
      coverage_threshold: 0.8125,
      repositories: [],
    })
    expect(await update(owner, { repositories: ['Example/Shop', 'a/b'] })).toMatchObject({
      coverage_threshold: 0.8125,
      repositories: ['a/b', 'example/shop'],
    })
    expect(await update(owner, {})).toMatchObject({
      coverage_threshold: 0.8125,
      repositories: ['a/b', 'example/shop'],
    })
    expect(await readOrganisation(core.ctx(), owner)).toMatchObject({ coverage_threshold: 0.8125 })
  })

  test.each([0, 1, 0.0001])('may be a threshold of %d', async (coverage_threshold) => {
    expect(await update(owner, { coverage_threshold })).toMatchObject({ coverage_threshold })
  })

  test('take a list of repositories for the whole list, each once, in any case', async () => {
    const repositories = ['X/Y', 'x/y', 'X/y']
    expect((await update(owner, { repositories })).repositories).toEqual(['x/y'])
    expect((await update(owner, { repositories: [] })).repositories).toEqual([])
  })

  test("are each organisation's own, also for the same repository", async () => {
    await update(owner, { repositories: ['both/have'], coverage_threshold: 0.5 })
    await update(stranger, { repositories: ['both/have', 'only/theirs'] })
    expect((await readOrganisation(core.ctx(), owner)).repositories).toEqual(['both/have'])
    expect(await readOrganisation(core.ctx(), stranger)).toMatchObject({
      coverage_threshold: 0.7,
      repositories: ['both/have', 'only/theirs'],
    })
  })

  test('change once for one Idempotency-Key', async () => {
    const claim = { route: 'PATCH /v1/organisation', key: 'k', rawBody: utf8('{}') }
    const run = (coverage_threshold: number) =>
      once(core.ctx(), owner, claim, (c) => updateOrganisation(core.ctx(), owner, { coverage_threshold }, c))
    const first = await run(0.25)
    const again = await run(0.75)
    expect(again).toEqual({ ...first, replayed: true })
    expect(await readOrganisation(core.ctx(), owner)).toMatchObject({ coverage_threshold: 0.25 })
  })
})
