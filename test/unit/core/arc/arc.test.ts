import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listOffered, listRecorded, readCatalogue } from '../../../../core/arc/list.ts'
import { unpack } from '../../../../core/arc/packed.ts'
import { offerArcEntry, reviewArcEntry } from '../../../../core/arc/publish.ts'
import { recordArcEntry } from '../../../../core/arc/record.ts'
import { searchCatalogue } from '../../../../core/arc/search.ts'
import { visibleIncidents } from '../../../../core/arc/visible.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { Refusal } from '../../../../core/refusal.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { arcEntrySchema, arcSearchSchema, type RecordedArc } from '../../../../schema/wire/arc.ts'
import { RECORDED_ARC_ID_PATTERN } from '../../../../schema/wire/vocabulary.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { incident, ROOT_CAUSE, readRecorded } from './arc-support.ts'

/** Code of which hardly any five tokens come twice: pseudo-random (Knuth's generator), and the same each time. */
function neverTwiceTheSame(): string {
  const words = 'a 1 "s" + - * / % < > = == === ! ? : . , ; ( ) [ ] { } if for while return new'.split(' ')
  let state = 1
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return words[(state >>> 16) % words.length]!
  }
  return Array.from({ length: 12_000 }, (_, i) => next() + (i % 20 === 19 ? '\n' : ' ')).join('')
}

let core: TestCore
let owner: Actor
let stranger: Actor
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation('Owner')
  stranger = await core.organisation('Stranger')
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

async function record(actor: Actor, more: Record<string, unknown> = {}): Promise<RecordedArc> {
  const answer = await recordArcEntry(core.ctx(), actor, incident(more), UNCLAIMED)
  expect(answer.status).toBe(201)
  return readRecorded(answer.body)
}
const offer = async (actor: Actor, id: string) =>
  readRecorded((await offerArcEntry(core.ctx(), actor, id, UNCLAIMED)).body)
const review = async (id: string, decision: 'publish' | 'decline', now = new Date()) =>
  readRecorded((await reviewArcEntry(core.ctx(now), id, decision, UNCLAIMED)).body)
const search = async (actor: Actor, content = ROOT_CAUSE, path = 'src/other.ts') =>
  arcSearchSchema.parse(await searchCatalogue(core.ctx(), actor, { files: [{ path, content }] }))

describe('recording an incident', () => {
  test('keeps fingerprints of it, and nothing of its code', async () => {
    const entry = await record(owner)
    expect(entry).toMatchObject({
      id: expect.stringMatching(RECORDED_ARC_ID_PATTERN),
      title: 'Balances written without a lock',
      severity: 'high',
      state: 'private',
      public_id: null,
      incident_count: 1,
    })
    expect(entry.fingerprints).toBeGreaterThan(20)
    const [row] = await core.db
      .owner`SELECT e::text AS text, fingerprints FROM arc_entries e WHERE id = ${entry.id}`
    for (const word of ['unmistakable', 'ledger', 'settle.ts']) {
      expect(row!.text).not.toContain(word)
      expect(row!.text).not.toContain(Buffer.from(word).toString('hex'))
    }
    expect(unpack(row!.fingerprints)).toHaveLength(entry.fingerprints)
    expect(new Set(unpack(row!.fingerprints)).size).toBe(entry.fingerprints)
  })

  test('takes only what the change added', async () => {
    const whole = await record(owner)
    const lines = ROOT_CAUSE.split('\n')
    const previous_content = [...lines.slice(0, 3), ...lines.slice(6)].join('\n')
    const part = await record(owner, { files: [{ path: 'a.ts', content: ROOT_CAUSE, previous_content }] })
    expect(part.fingerprints).toBeLessThan(whole.fingerprints)
  })

  test.each<[string, object[]]>([
    ['too little code', [{ path: 'a.ts', content: 'x()\n' }]],
    ['code in no known language', [{ path: 'a.rb', content: ROOT_CAUSE }]],
    ['nothing that was added', [{ path: 'a.ts', content: ROOT_CAUSE, previous_content: ROOT_CAUSE }]],
    ['far too much code', [{ path: 'a.ts', content: neverTwiceTheSame() }]],
  ])('is refused with %s', async (_, files) => {
    expect(await refusalCode(record(owner, { files }))).toBe('invalid_input')
  })

  test('is done once for one Idempotency-Key', async () => {
    const claim = { route: 'POST /v1/arc/recorded', key: 'k', rawBody: utf8('{}') }
    const run = () => once(core.ctx(), owner, claim, (c) => recordArcEntry(core.ctx(), owner, incident(), c))
    const first = await run()
    const before = await listRecorded(core.ctx(), owner)
    expect(await run()).toEqual({ ...first, replayed: true })
    expect(await listRecorded(core.ctx(), owner)).toEqual(before)
  })

  test('takes a live key: live certificates are compared with it', async () => {
    const test = { ...owner, livemode: false }
    expect(await refusalCode(record(test))).toBe('scope_missing')
  })

  test('is done a thousand times at most', async () => {
    const busy = await core.organisation('Busy')
    const { id } = await record(busy)
    await core.db.owner`
      INSERT INTO arc_entries (id, organisation_id, state, title, severity, description, mitigation, fingerprints,
        fingerprint_version, created_at, updated_at)
      SELECT 'arc_busy' || n, organisation_id, state, title, severity, description, mitigation, fingerprints,
        fingerprint_version, created_at, updated_at
      FROM arc_entries, generate_series(1, 999) n WHERE id = ${id}`
    expect(await refusalCode(record(busy))).toBe('invalid_input')
    await core.db.owner`DELETE FROM arc_entries WHERE id LIKE 'arc_busy%'`
  })
})

describe('a recorded incident', () => {
  test('is found by its owner alone, and says so', async () => {
    const loner = await core.organisation('Loner')
    expect((await search(loner)).matches.filter((match) => match.private)).toEqual([])
    const { id } = await record(loner)
    const { matches, threshold } = await search(loner)
    expect(matches[0]).toEqual({ id, title: 'Balances written without a lock', similarity: 1, private: true })
    expect(threshold).toBeGreaterThan(0)
    expect((await search(stranger)).matches.map((match) => match.id)).not.toContain(id)
  })

  test('is listed to its owner alone', async () => {
    const { id } = await record(owner)
    expect((await listRecorded(core.ctx(), owner)).map((entry) => entry.id)).toContain(id)
    expect(await listRecorded(core.ctx(), stranger)).toEqual([])
    expect((await readCatalogue(core.ctx())).entries.map((entry) => entry.id)).not.toContain(id)
  })

  test('of an older version of fingerprints compares with nothing', async () => {
    const old = await core.organisation('Old')
    const { id } = await record(old)
    await core.db.owner`UPDATE arc_entries SET fingerprint_version = 0 WHERE id = ${id}`
    expect(await visibleIncidents(core.ctx(), old.organisationId)).toEqual([])
  })
})

describe('from private to published', () => {
  test('the owner offers it, an operator sees and publishes it, and everybody finds it', async () => {
    const { id } = await record(owner)
    expect((await listOffered(core.ctx())).map((entry) => entry.id)).not.toContain(id)
    expect(await offer(owner, id)).toMatchObject({ id, state: 'offered', public_id: null })
    // Offered is not published: nobody else sees it yet.
    expect((await search(stranger)).matches.map((match) => match.title)).not.toContain(incident().title)

    const offered = (await listOffered(core.ctx())).find((entry) => entry.id === id)
    expect(offered).toMatchObject({ title: incident().title, description: incident().description })
    expect(JSON.stringify(offered)).not.toContain(owner.organisationId)

    const published = await review(id, 'publish', new Date('2026-11-21T10:00:00.000Z'))
    expect(published).toMatchObject({
      state: 'published',
      public_id: expect.stringMatching(/^ARC-2026-5\d\d$/),
    })

    const { entries, complete } = await readCatalogue(core.ctx())
    expect(complete).toBe(true)
    const entry = entries.find((one) => one.id === published.public_id)!
    expect(arcEntrySchema.parse(entry)).toEqual(entry)
    expect(entry).toMatchObject({
      title: incident().title,
      incident_count: 1,
      fingerprints: published.fingerprints,
    })
    expect(JSON.stringify(entries)).not.toMatch(new RegExp(`${owner.organisationId}|${id}`))

    for (const actor of [owner, stranger]) {
      expect((await search(actor)).matches.find((match) => match.id === published.public_id)).toMatchObject({
        private: false,
        similarity: 1,
      })
    }
  })

  test('each published one has a number of its own', async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, async () => (await record(owner)).id))
    for (const id of ids) await offer(owner, id)
    const published = await Promise.all(ids.map((id) => review(id, 'publish')))
    expect(new Set(published.map((entry) => entry.public_id)).size).toBe(3)
  })

  test('offering again changes nothing', async () => {
    const { id } = await record(owner)
    await offer(owner, id)
    expect(await offer(owner, id)).toMatchObject({ id, state: 'offered' })
  })

  test('a declined one stays private, and is not offered any more', async () => {
    const { id } = await record(owner, { title: 'Nobody else wants this' })
    await offer(owner, id)
    expect(await review(id, 'decline')).toMatchObject({ state: 'declined', public_id: null })
    expect((await listOffered(core.ctx())).map((entry) => entry.id)).not.toContain(id)
    expect((await search(owner)).matches.map((match) => match.id)).toContain(id)
    expect((await search(stranger)).matches.map((match) => match.title)).not.toContain(
      'Nobody else wants this',
    )
  })

  const states: [string, (id: string) => Promise<unknown>][] = [
    ['published', (id) => offer(owner, id).then(() => review(id, 'publish'))],
    ['declined', (id) => offer(owner, id).then(() => review(id, 'decline'))],
  ]
  test.each(states)('what is %s is neither offered nor decided again', async (_, bring) => {
    const { id } = await record(owner)
    await bring(id)
    expect(await refusalCode(offer(owner, id))).toBe('arc_entry_not_offered')
    for (const decision of ['publish', 'decline'] as const) {
      expect(await refusalCode(review(id, decision))).toBe('arc_entry_not_offered')
    }
  })

  test('what nobody has offered is not decided', async () => {
    const { id } = await record(owner)
    expect(await refusalCode(review(id, 'publish'))).toBe('arc_entry_not_offered')
  })

  test("another organisation's entry, and one that is not there, is not found", async () => {
    const { id } = await record(owner)
    expect(await refusalCode(offer(stranger, id))).toBe('arc_entry_not_found')
    expect(await refusalCode(offer(owner, 'arc_0000000000000000'))).toBe('arc_entry_not_found')
    expect(await refusalCode(review('arc_0000000000000000', 'publish'))).toBe('arc_entry_not_found')
  })

  test('of two operators at once one decides', async () => {
    const { id } = await record(owner)
    await offer(owner, id)
    const outcomes = await Promise.all(
      (['publish', 'decline', 'publish'] as const).map((decision) => refusalCode(review(id, decision))),
    )
    expect(outcomes.sort()).toEqual(['arc_entry_not_offered', 'arc_entry_not_offered', null])
  })
})

describe('the catalogue', () => {
  test('has the entries that come with the software, while the database is away too', async () => {
    const away = {
      ...core.ctx(),
      database: { direct: () => Promise.reject(new Refusal('database_unavailable')) },
    } as unknown as Context
    const { entries, complete } = await readCatalogue(away)
    expect(complete).toBe(false)
    expect(entries.length).toBeGreaterThanOrEqual(40)
    expect((await readCatalogue(core.ctx())).entries.slice(0, entries.length)).toEqual(entries)
    for (const entry of entries) {
      expect(arcEntrySchema.parse(entry)).toEqual(entry)
      expect(entry.fingerprints, entry.id).toBeGreaterThan(0)
    }
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
  })

  test('does not hide a bug behind that', async () => {
    const broken = { ...core.ctx(), database: { direct: () => Promise.reject(new Error('a bug')) } }
    await expect(readCatalogue(broken as unknown as Context)).rejects.toThrow('a bug')
  })

  test('is searched by code in languages that are understood', async () => {
    expect((await search(owner, ROOT_CAUSE, 'a.rb')).matches).toEqual([])
    expect((await search(owner, '', 'a.ts')).matches).toEqual([])
  })
})
