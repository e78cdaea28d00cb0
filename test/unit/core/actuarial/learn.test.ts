import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { learnFromClaim, learnHourly, learningTask } from '../../../../core/actuarial/learn.ts'
import { entryId, rootCause } from '../../../../core/actuarial/record-incident.ts'
import { MATCH_THRESHOLD } from '../../../../core/analysis/similarity/check.ts'
import { unpack } from '../../../../core/arc/packed.ts'
import { searchCatalogue } from '../../../../core/arc/search.ts'
import type { Outside } from '../../../../core/back-office/outside.ts'
import { readReport } from '../../../../core/certificates/report.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { certificateReportSchema } from '../../../../schema/wire/report.ts'
import { RECORDED_ARC_ID_PATTERN } from '../../../../schema/wire/vocabulary.ts'
import { ROOT_CAUSE } from '../../../support/arc.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { lose, sell, usd } from './book-support.ts'

const HOUR_MS = 60 * 60_000
const NOW = new Date('2026-11-21T12:00:00.000Z')
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS)
const OTHER = Array.from(
  { length: 40 },
  (_, i) => `export const limit${i} = read('limit-${i}') ?? fallback[${i}] * ${i}\n`,
).join('')

let core: TestCore
let owner: Actor
let stranger: Actor
beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation('Owner')
  stranger = await core.organisation('Stranger')
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const CHANGE = {
  commit_sha: 'a'.repeat(40),
  files: [
    { path: 'src/settle.ts', content: ROOT_CAUSE, previous_content: '' },
    { path: 'src/limits.ts', content: OTHER, previous_content: '' },
  ],
}
const certify = async (actor: Actor = owner, more: Record<string, unknown> = CHANGE) =>
  (await core.issue(actor, more)).certificate_id
const storedReport = async (id: string) => {
  const [row] = await core.db.owner`SELECT report FROM certificates WHERE id = ${id}`
  return row!.report
}
const outcomeOf = async (id: string) => {
  const [row] = await core.db.owner`SELECT caused_incident FROM change_outcomes WHERE certificate_id = ${id}`
  return row?.caused_incident
}
const entryOf = async (incidentId: string) => {
  const [row] = await core.db.owner`SELECT * FROM arc_entries WHERE id = ${entryId(incidentId)}`
  return row
}
const incidentOf = async (claimId: string) => {
  const [row] = await core.db
    .owner`SELECT i.* FROM incidents i JOIN insurance_claims c ON c.incident_id = i.id WHERE c.id = ${claimId}`
  return row!
}
const learn = () => learningTask.run(core.ctx(NOW), {} as Outside)

describe('issuing', () => {
  test('keeps fingerprints of a live change to a commit, which nobody is shown, and none of its code', async () => {
    const id = await certify()
    const report = await storedReport(id)
    expect(report.fingerprints.files.map(({ path }: { path: string }) => path)).toEqual([
      'src/settle.ts',
      'src/limits.ts',
    ])
    expect(rootCause(report.fingerprints, []).length).toBeGreaterThan(20)
    expect(JSON.stringify(report.fingerprints)).not.toContain('unmistakable')
    const shown = await readReport(core.ctx(), owner, id)
    expect(shown).not.toHaveProperty('fingerprints')
    expect(shown).not.toHaveProperty('model_probability')
    expect(certificateReportSchema.strict().parse(shown)).toEqual(shown)
  })

  test('keeps none of what cannot be insured', async () => {
    const tester = await core.withKey(owner, ['certificates:write'], false)
    expect(await storedReport(await certify(tester))).not.toHaveProperty('fingerprints')
    expect(await storedReport(await certify(owner, { files: CHANGE.files }))).not.toHaveProperty(
      'fingerprints',
    )
  })

  test('keeps a limited number of them', async () => {
    const words = 'a 1 "s" + - * / % < > = == === ! ? : . , ; ( ) [ ] if for while return new'.split(' ')
    let state = 1
    const next = () => {
      state = (state * 1_664_525 + 1_013_904_223) >>> 0
      return words[(state >>> 16) % words.length]!
    }
    const content = Array.from({ length: 12_000 }, (_, i) => next() + (i % 20 === 19 ? '\n' : ' ')).join('')
    const id = await certify(owner, { ...CHANGE, files: [{ path: 'a.ts', content, previous_content: '' }] })
    const { fingerprints } = await storedReport(id)
    const hashes = rootCause(fingerprints, [])
    expect(hashes).toHaveLength(2_000)
    expect(new Set(hashes).size).toBe(2_000)
  })
})

describe('a claim that was paid', () => {
  test('teaches that its change caused an incident, and what such a change looks like', async () => {
    const certificate = await certify()
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    const claim = await lose(core, owner, policy, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    expect((await learn()).done).toBe(1)
    expect(await outcomeOf(certificate)).toBe(true)
    const incident = await incidentOf(claim)
    expect(incident.learned).toBe(true)
    const entry = (await entryOf(incident.id))!
    expect(entry).toMatchObject({
      organisation_id: owner.organisationId,
      state: 'private',
      public_id: null,
      severity: 'high',
    })
    expect(entry.id).toMatch(RECORDED_ARC_ID_PATTERN)
    expect(entry.title).toBe('A change took checkout down for 90 minutes')
    expect(entry.description).toContain(
      '92 % confidence: the incident names its release; stack traces lead into',
    )
    expect(JSON.stringify(entry)).not.toMatch(/Jane|example\.com|aaaaaaa|CERT-|unmistakable/)
    const search = (actor: Actor) =>
      searchCatalogue(core.ctx(), actor, { files: [{ path: 'src/other.ts', content: ROOT_CAUSE }] })
    const { matches } = await search(owner)
    const match = matches.find(({ id }) => id === entry.id)
    expect(match).toMatchObject({ private: true })
    expect(match!.similarity).toBeGreaterThan(MATCH_THRESHOLD)
    expect((await search(stranger)).matches.filter((match) => match.private)).toEqual([])
  })

  test('teaches once, however often and by however many it is looked at', async () => {
    const policy = await sell(core, owner, await certify(), { boundAt: ago(100) })
    const claim = await lose(core, owner, policy, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    await Promise.all([
      learn(),
      learn(),
      learnFromClaim(core.ctx(NOW), claim),
      learnFromClaim(core.ctx(NOW), claim),
    ])
    await learnFromClaim(core.ctx(NOW), claim)
    expect(await learn()).toEqual({ done: 0, nextAt: null })
    const entries = await core.db
      .owner`SELECT 1 FROM arc_entries WHERE id = ${entryId((await incidentOf(claim)).id)}`
    expect(entries).toHaveLength(1)
  })

  test('teaches once, when the network goes down half-way', async () => {
    const certificate = await certify()
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    const claim = await lose(core, owner, policy, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    let calls = 0
    const { asSystem } = core.db.database
    const failing: Context = {
      ...core.ctx(NOW),
      database: {
        ...core.db.database,
        asSystem: (work) => (++calls > 1 ? Promise.reject(new Error('gone')) : asSystem(work)),
      },
    }
    await expect(learnFromClaim(failing, claim)).rejects.toThrow('gone')
    expect((await incidentOf(claim)).learned).toBe(false)
    const { id } = await incidentOf(claim)
    const told = await entryOf(id)
    expect(told).toBeDefined()
    expect((await learn()).done).toBe(1)
    expect(await entryOf(id)).toEqual(told)
    expect((await incidentOf(claim)).learned).toBe(true)
  })

  test('keeps to the files that stack traces lead to', async () => {
    const certificate = await certify()
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    const claim = await lose(core, owner, policy, {
      cost: usd(900),
      at: ago(2),
      paidAt: ago(1),
      stackPaths: ['app:///src/settle.ts:12:3', 'node_modules/hono/index.js'],
    })
    await learn()
    const entry = (await entryOf((await incidentOf(claim)).id))!
    const { fingerprints } = await storedReport(certificate)
    const [settle] = fingerprints.files
    expect(unpack(entry.fingerprints)).toEqual(rootCause({ ...fingerprints, files: [settle] }, []))
  })

  test('that was taken back teaches the opposite; the entry stays', async () => {
    const certificate = await certify()
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    const claim = await lose(core, owner, policy, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    await learn()
    await core.db
      .owner`UPDATE insurance_claims SET paid_micros = 0, approved_micros = 0, reversed_at = ${NOW}, status = 'closed' WHERE id = ${claim}`
    expect((await learn()).done).toBe(1)
    expect(await outcomeOf(certificate)).toBe(false)
    const incident = await incidentOf(claim)
    expect(incident.learned).toBe(false)
    expect(await entryOf(incident.id)).toBeDefined()
    expect((await learn()).done).toBe(0)
  })

  test('counts while another claim on the change stands', async () => {
    const certificate = await certify()
    const policies = [
      await sell(core, owner, certificate, { boundAt: ago(100) }),
      await sell(core, owner, certificate, { boundAt: ago(99) }),
    ]
    const claim = await lose(core, owner, policies[0]!, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    await lose(core, owner, policies[1]!, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    await learn()
    await core.db.owner`UPDATE insurance_claims SET paid_micros = 0, reversed_at = ${NOW} WHERE id = ${claim}`
    await learn()
    expect(await outcomeOf(certificate)).toBe(true)
  })

  test('of a change of which nothing was kept teaches its outcome alone', async () => {
    const certificate = await certify(owner, { files: CHANGE.files })
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    const claim = await lose(core, owner, policy, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    await learn()
    expect(await outcomeOf(certificate)).toBe(true)
    expect(await entryOf((await incidentOf(claim)).id)).toBeUndefined()
  })

  test('from before changes had a probability is done with', async () => {
    const certificate = await certify()
    await core.db
      .owner`UPDATE certificates SET report = report - 'model_probability' - 'fingerprints' WHERE id = ${certificate}`
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    await lose(core, owner, policy, { cost: usd(900), at: ago(2), paidAt: ago(1) })
    expect((await learn()).done).toBe(1)
    expect((await learn()).done).toBe(0)
    expect(await outcomeOf(certificate)).toBeUndefined()
  })

  test('and missed is found by the hourly run', async () => {
    const certificate = await certify()
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    await lose(core, owner, policy, { cost: usd(900), at: ago(72), paidAt: ago(71) })
    expect((await learn()).done).toBe(0)
    expect(await learnHourly(core.ctx(NOW))).toBe(1)
    expect(await outcomeOf(certificate)).toBe(true)
  })

  test('or that is open or denied teaches nothing', async () => {
    const certificate = await certify()
    const policy = await sell(core, owner, certificate, { boundAt: ago(100) })
    await lose(core, owner, policy, { cost: usd(900), at: ago(2), approved: null })
    await lose(core, owner, policy, { cost: usd(900), at: ago(2) })
    expect((await learn()).done).toBe(0)
    expect(await outcomeOf(certificate)).toBeUndefined()
  })
})

describe('a policy that expired', () => {
  const expired = { boundAt: ago(31 * 24), status: 'expired', closedAt: ago(24) } as const

  test('without a claim teaches that its change caused none', async () => {
    const certificate = await certify()
    await sell(core, owner, certificate, expired)
    expect(await learnHourly(core.ctx(NOW))).toBe(1)
    expect(await outcomeOf(certificate)).toBe(false)
    expect(await learnHourly(core.ctx(NOW))).toBe(0)
  })

  test('teaches nothing that its owner has told otherwise, nor of what never ran or may yet fail', async () => {
    const [told, idle, again, claimed] = [await certify(), await certify(), await certify(), await certify()]
    await sell(core, owner, told, expired)
    await core.db
      .owner`INSERT INTO change_outcomes (certificate_id, organisation_id, probability, caused_incident, recorded_at)
      VALUES (${told}, ${owner.organisationId}, 0.5, true, ${NOW})`
    await sell(core, owner, idle, { ...expired, activatedAt: null })
    await sell(core, owner, again, expired)
    await sell(core, owner, again, { boundAt: ago(5) })
    const policy = await sell(core, owner, claimed, expired)
    await core.db.owner`UPDATE insurance_policies SET claimed = true WHERE id = ${policy}`
    expect(await learnHourly(core.ctx(NOW))).toBe(0)
    expect(await outcomeOf(told)).toBe(true)
  })
})
