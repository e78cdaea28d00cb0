import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIN_OUTCOMES } from '../../../../core/analysis/risk/calibrate.ts'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { readOrganisation } from '../../../../core/organisations/settings.ts'
import { recordOutcome } from '../../../../core/outcomes/record.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { outcomeSchema } from '../../../../schema/wire/settings.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor
let tester: Actor
let stranger: Actor
beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation('Owner')
  tester = await core.withKey(owner, ['certificates:write'], false)
  stranger = await core.organisation('Stranger')
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

async function tell(actor: Actor, id: string, caused_incident: boolean, now = new Date()) {
  const answer = await recordOutcome(core.ctx(now), actor, id, { caused_incident }, UNCLAIMED)
  expect(answer.status).toBe(200)
  return outcomeSchema.parse(JSON.parse(answer.body))
}

const idOf = async (actor: Actor, more: Record<string, unknown> = {}) =>
  (await core.issue(actor, more)).certificate_id

describe('an outcome', () => {
  test('is noted with what the shipped model said, and counted', async () => {
    const issued = await core.issue(owner)
    const now = new Date('2026-11-21T10:00:00.000Z')
    expect(await tell(owner, issued.certificate_id, true, now)).toEqual({
      certificate_id: issued.certificate_id,
      caused_incident: true,
      recorded_at: now.toISOString(),
      outcomes: 1,
    })
    const [row] = await core.db
      .owner`SELECT probability, caused_incident FROM change_outcomes WHERE certificate_id = ${issued.certificate_id}`
    expect(row!.caused_incident).toBe(true)
    expect(row!.probability).toBeCloseTo(issued.change_risk!.probability, 3)
  })

  test('told again replaces what was told, and counts once', async () => {
    const id = await idOf(owner)
    const { outcomes } = await tell(owner, id, true)
    expect(await tell(owner, id, false)).toMatchObject({ caused_incident: false, outcomes })
  })

  test('is noted once for one Idempotency-Key', async () => {
    const id = await idOf(owner)
    const claim = { route: `POST /v1/trust/certs/${id}/outcome`, key: 'k', rawBody: utf8('{}') }
    const run = (caused_incident: boolean) =>
      once(core.ctx(), owner, claim, (c) => recordOutcome(core.ctx(), owner, id, { caused_incident }, c))
    const first = await run(true)
    expect(await run(false)).toEqual({ ...first, replayed: true })
  })

  test("of another organisation's certificate, or of none, is not found", async () => {
    const id = await idOf(owner)
    expect(await refusalCode(tell(stranger, id, true))).toBe('certificate_not_found')
    expect(await refusalCode(tell(owner, 'CERT-2026-0000000000000000', true))).toBe('certificate_not_found')
  })

  test('of a live certificate cannot be told by a test key, nor the other way about', async () => {
    expect(await refusalCode(tell(tester, await idOf(owner), true))).toBe('certificate_not_found')
    expect(await refusalCode(tell(owner, await idOf(tester), true))).toBe('certificate_not_found')
  })

  test('that a test key tells counts for nothing', async () => {
    const before = await core.db.owner`SELECT count(*)::int AS n FROM change_outcomes`
    const id = await idOf(tester)
    expect(await tell(tester, id, true)).toMatchObject({ certificate_id: id, caused_incident: true })
    expect(await core.db.owner`SELECT count(*)::int AS n FROM change_outcomes`).toEqual(before)
  })

  test('of a certificate from before there were probabilities is not found', async () => {
    const id = await idOf(owner)
    await core.db.owner`UPDATE certificates SET report = report - 'model_probability' WHERE id = ${id}`
    expect(await refusalCode(tell(owner, id, true))).toBe('certificate_not_found')
  })
})

describe('200 outcomes', () => {
  test('fit the probabilities of their organisation, and move neither its score nor anybody else', {
    timeout: 120_000,
  }, async () => {
    const learner = await core.organisation('Learner')
    const change = { files: [{ path: 'src/a.ts', content: 'const a = 1\n'.repeat(30) }] }
    const before = await core.issue(learner, change)
    expect(before.change_risk!.recalibrated).toBe(false)
    await noteOutcomes(learner, MIN_OUTCOMES - 1)
    expect((await core.issue(learner, change)).change_risk).toEqual(before.change_risk)
    expect((await readOrganisation(core.ctx(), learner)).calibration).toBeNull()

    const { outcomes } = await tell(learner, before.certificate_id, false)
    expect(outcomes).toBe(MIN_OUTCOMES)
    const { calibration } = await readOrganisation(core.ctx(), learner)
    expect(calibration).toMatchObject({ outcomes: MIN_OUTCOMES })

    const after = await core.issue(learner, change)
    expect(after.change_risk).toMatchObject({
      recalibrated: true,
      percentile: before.change_risk!.percentile,
      model: before.change_risk!.model,
    })
    // One in ten of them caused an incident; the model knows of many more.
    expect(after.change_risk!.probability).not.toBe(before.change_risk!.probability)
    expect(after.risk_score).toBe(before.risk_score)
    expect(after.explanation).toEqual(before.explanation)

    expect((await core.issue(stranger, change)).change_risk).toEqual(before.change_risk)
  })
})

/** Issues so many changes of several sizes and tells their outcomes: one in ten caused an incident. */
async function noteOutcomes(actor: Actor, howMany: number): Promise<void> {
  for (let i = 0; i < howMany; i++) {
    const files = [{ path: 'a.ts', content: 'const a = 1\n'.repeat(1 + (i % 7) * 10) }]
    await tell(actor, await idOf(actor, { files }), i % 10 === 9)
  }
}
