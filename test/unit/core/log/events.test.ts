import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readCatalogue } from '../../../../core/arc/list.ts'
import { offerArcEntry, reviewArcEntry } from '../../../../core/arc/publish.ts'
import { recordArcEntry } from '../../../../core/arc/record.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { addOrganisation } from '../../../../core/organisations/create.ts'
import { createApiKey } from '../../../../core/organisations/create-api-key.ts'
import { revokeApiKey } from '../../../../core/organisations/revoke-api-key.ts'
import { canonicalText } from '../../../../core/verify/canonical.ts'
import { incident, readRecorded } from '../arc/arc-support.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const NAME = 'Ada Lovelace’s laptop'

let core: TestCore
let owner: Actor

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation('Ada Lovelace Ltd')
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => core.db.owner`TRUNCATE log_entries`)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const digestOf = (facts: unknown) => sha256(canonicalText(facts))
const entries = async (): Promise<Record<string, string>[]> =>
  (await core.db.owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries ORDER BY id`).map((row) =>
    JSON.parse(row.text),
  )
const isTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

async function makeKey(more: { scopes?: string[]; livemode?: boolean } = {}) {
  const request = { name: NAME, scopes: ['certificates:read', 'certificates:write'], livemode: true, ...more }
  const { body } = await createApiKey(core.ctx(), owner, request as never, UNCLAIMED)
  return JSON.parse(body)
}

describe('an organisation', () => {
  test('is in the log with its first key, and without its name', async () => {
    const { body } = await addOrganisation(core.ctx(), { name: 'Grace Hopper Ltd' }, UNCLAIMED)
    const { id, created_at } = JSON.parse(body)
    const [organisation, key, ...more] = await entries()
    expect(organisation).toEqual({
      type: 'organisation.created',
      subject: sha256(id),
      time: created_at,
      digest: digestOf({ id, created_at }),
    })
    expect(key).toMatchObject({
      type: 'api_key.created',
      scopes: 'certificates:write certificates:read insurance:write insurance:read keys:manage',
      mode: 'live',
    })
    expect(more).toEqual([])
    expect(JSON.stringify([organisation, key])).not.toMatch(/Grace|org_|usr_|key_/)
  })

  test('that was refused is not in the log', async () => {
    const claim = { ...UNCLAIMED, settle: () => Promise.reject(new Error('taken')) }
    await expect(addOrganisation(core.ctx(), { name: 'Nobody' }, claim)).rejects.toThrow('taken')
    expect(await entries()).toEqual([])
  })
})

describe('an API key', () => {
  test.each([true, false])(
    'of livemode %s is in the log with its scopes, and without its name',
    async (livemode) => {
      const key = await makeKey({ livemode })
      const [entry, ...more] = await entries()
      expect(entry).toEqual({
        type: 'api_key.created',
        subject: sha256(key.id),
        time: isTime,
        digest: digestOf({
          id: key.id,
          organisation_id: owner.organisationId,
          scopes: key.scopes,
          livemode,
          created_at: key.created_at,
        }),
        scopes: 'certificates:read certificates:write',
        mode: livemode ? 'live' : 'test',
      })
      expect(more).toEqual([])
      for (const secret of ['Ada', key.key, key.hint]) expect(JSON.stringify(entry)).not.toContain(secret)
    },
  )

  test('that was revoked is in the log once, however often that is asked for', async () => {
    const { id } = await makeKey()
    const revoke = () => revokeApiKey(core.ctx(), owner, id, UNCLAIMED)
    const answers = await Promise.all(Array.from({ length: 5 }, revoke))
    const { revoked_at } = JSON.parse(answers[0]!.body)
    expect((await entries()).slice(1)).toEqual([
      {
        type: 'api_key.revoked',
        subject: sha256(id),
        time: revoked_at,
        digest: digestOf({ id, organisation_id: owner.organisationId, revoked_at }),
      },
    ])
  })

  test('that is not there leaves nothing in the log', async () => {
    expect(await refusalCode(revokeApiKey(core.ctx(), owner, 'key_0000000000000000', UNCLAIMED))).toBe(
      'api_key_not_found',
    )
    expect(await entries()).toEqual([])
  })
})

describe('an entry of the catalogue', () => {
  const offered = async () => {
    const { id } = readRecorded((await recordArcEntry(core.ctx(), owner, incident(), UNCLAIMED)).body)
    await offerArcEntry(core.ctx(), owner, id, UNCLAIMED)
    return id
  }

  test('that is published is in the log, with the hash of what anyone may read of it', async () => {
    const id = await offered()
    const { public_id } = JSON.parse((await reviewArcEntry(core.ctx(), id, 'publish', UNCLAIMED)).body)
    const served = (await readCatalogue(core.ctx())).entries.find((entry) => entry.id === public_id)
    expect(await entries()).toEqual([
      { type: 'arc.published', subject: sha256(public_id), time: isTime, digest: digestOf(served) },
    ])
  })

  test('that is declined is not', async () => {
    await reviewArcEntry(core.ctx(), await offered(), 'decline', UNCLAIMED)
    expect(await entries()).toEqual([])
  })
})
