import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { generateApiKey } from '../../../../core/organisations/api-key.ts'
import { authenticate, requireScope } from '../../../../core/organisations/authenticate.ts'
import { addOrganisation } from '../../../../core/organisations/create.ts'
import { createApiKey } from '../../../../core/organisations/create-api-key.ts'
import { listApiKeys } from '../../../../core/organisations/list-api-keys.ts'
import { revokeApiKey } from '../../../../core/organisations/revoke-api-key.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import { createdApiKeySchema, createdOrganisationSchema } from '../../../../schema/wire/organisations.ts'
import type { Scope } from '../../../../schema/wire/vocabulary.ts'
import { random, refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor & { readonly apiKey: string }
let stranger: Actor

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation('Owner')
  stranger = await core.organisation('Stranger')
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

async function make(actor: Actor, scopes: Scope[], livemode = true) {
  const { body } = await createApiKey(core.ctx(), actor, { name: 'ci', scopes, livemode }, UNCLAIMED)
  return createdApiKeySchema.parse(JSON.parse(body))
}

describe('authenticate', () => {
  test('knows the holder of a key', () => {
    expect(owner).toMatchObject({
      livemode: true,
      scopes: ['certificates:write', 'certificates:read', 'insurance:write', 'insurance:read', 'keys:manage'],
      organisationId: expect.stringMatching(/^org_[0-9a-z]{16}$/),
      userId: expect.stringMatching(/^usr_/),
      keyId: expect.stringMatching(/^key_/),
    })
  })

  test.each<[string, string | undefined | ((key: string) => string), string]>([
    ['no header', undefined, 'authentication_required'],
    ['an empty header', '', 'authentication_required'],
    ['a scheme alone', 'Bearer ', 'authentication_required'],
    ['another scheme', (key) => `Basic ${key}`, 'authentication_required'],
    ['the key without a scheme', (key) => key, 'authentication_required'],
    ['two keys', (key) => `Bearer ${key} ${key}`, 'authentication_required'],
    ['a line break behind the key', (key) => `Bearer ${key}\n`, 'authentication_required'],
    ['an endless key', `Bearer ${'a'.repeat(129)}`, 'authentication_required'],
    ['a key of another form', 'Bearer hello', 'api_key_invalid'],
    [
      'a mistyped key',
      (key) => `Bearer ${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`,
      'api_key_invalid',
    ],
    ['a well-formed key that nobody has', `Bearer ${generateApiKey(random, true)}`, 'api_key_invalid'],
  ])('%s: refused', async (_, header, code) => {
    const value = typeof header === 'function' ? header(owner.apiKey) : header
    expect(await refusalCode(authenticate(core.ctx(), value))).toBe(code)
  })

  test('takes the scheme in any case', async () => {
    expect((await authenticate(core.ctx(), `bEARER ${owner.apiKey}`)).keyId).toBe(owner.keyId)
  })

  test('finds a key by its hash alone: no row holds the key or its secret part', async () => {
    const rows = await core.db.owner`SELECT row_to_json(k)::text AS row FROM api_keys k`
    expect(rows.length).toBeGreaterThanOrEqual(2)
    for (const { row } of rows) expect(row).not.toContain(owner.apiKey.slice(12))
  })

  test('a scope that this version does not know counts for nothing', async () => {
    const { key, id } = await make(owner, ['certificates:read'])
    await core.db.owner`UPDATE api_keys SET scopes = '{certificates:read,root}' WHERE id = ${id}`
    expect((await authenticate(core.ctx(), `Bearer ${key}`)).scopes).toEqual(['certificates:read'])
  })
})

test.each<[Scope[], Scope[], boolean]>([
  [['certificates:read'], ['certificates:read'], true],
  [['certificates:read'], ['certificates:write'], false],
  [['certificates:write'], ['certificates:write', 'operator'], true],
  [['operator'], ['certificates:write', 'operator'], true],
  [['keys:manage'], ['certificates:write', 'operator'], false],
  [['operator'], ['keys:manage'], false],
  [[], ['certificates:read'], false],
])('a key with %j where one of %j is needed: %s', async (scopes, needed, allowed) => {
  const attempt = async () => requireScope({ ...owner, scopes }, ...needed)
  expect(await refusalCode(attempt())).toBe(allowed ? null : 'scope_missing')
})

describe('a new key', () => {
  test('works at once, with the scopes that were asked for', async () => {
    const { key, ...made } = await make(owner, ['certificates:read', 'certificates:read'])
    expect(made).toMatchObject({ scopes: ['certificates:read'], livemode: true, revoked_at: null })
    expect(key!.startsWith(made.hint)).toBe(true)
    const actor = await authenticate(core.ctx(), `Bearer ${key}`)
    expect(actor).toMatchObject({
      keyId: made.id,
      organisationId: owner.organisationId,
      scopes: ['certificates:read'],
    })
  })

  test.each<[string, Partial<Actor>, Scope[], boolean]>([
    ['a scope that the caller lacks', {}, ['operator'], true],
    ['one that it has and one that it lacks', {}, ['certificates:read', 'operator'], true],
    ['any scope of one that has none', { scopes: [] }, ['certificates:read'], true],
    ['a live key of a test key', { livemode: false }, ['certificates:read'], true],
  ])('cannot be made with %s', async (_, less, scopes, livemode) => {
    const attempt = createApiKey(
      core.ctx(),
      { ...owner, ...less },
      { name: 'x', scopes, livemode },
      UNCLAIMED,
    )
    expect(await refusalCode(attempt)).toBe('scope_missing')
  })

  test('cannot be an operator in test mode', async () => {
    const operator = await core.operator()
    const request = { name: 'x', scopes: ['operator' as const], livemode: false }
    expect(await refusalCode(createApiKey(core.ctx(), operator, request, UNCLAIMED))).toBe('scope_missing')
  })

  test('a test key can make a test key', async () => {
    const made = await make({ ...owner, livemode: false }, ['certificates:read'], false)
    expect(made.key).toMatch(/^cr_test_/)
  })

  test('shows its secret once: the replay says so, and the secret is nowhere in the database', async () => {
    const claim = { route: 'POST /v1/keys', key: 'make-one', rawBody: utf8('{}') }
    const request = { name: 'once', scopes: ['certificates:read' as const], livemode: true }
    const run = () => once(core.ctx(), owner, claim, (c) => createApiKey(core.ctx(), owner, request, c))
    const first = JSON.parse((await run()).body)
    const again = await run()
    expect(again.replayed).toBe(true)
    expect(JSON.parse(again.body)).toEqual({ ...first, key: null, secret_already_shown: true })
    const stored = await core.db
      .owner`SELECT convert_from(response_body, 'UTF8') AS body FROM idempotency_records`
    expect(stored.length).toBeGreaterThan(0)
    for (const { body } of stored) expect(body).not.toContain(first.key.slice(12))
  })
})

describe('listing and revoking', () => {
  test('a list has the keys of the organisation, oldest first, and no other', async () => {
    const keys = await listApiKeys(core.ctx(), owner)
    const times = keys.map((key) => key.created_at)
    expect(keys.map((key) => key.id)).toContain(owner.keyId)
    expect(keys.map((key) => key.id)).not.toContain(stranger.keyId)
    expect(times).toEqual([...times].sort())
  })

  test('a revoked key is refused at once; revoking it again changes nothing', async () => {
    const { key, id } = await make(owner, ['certificates:read'])
    const at = new Date('2026-11-21T10:00:00.000Z')
    const first = JSON.parse((await revokeApiKey(core.ctx(at), owner, id, UNCLAIMED)).body)
    expect(first).toMatchObject({ id, revoked_at: at.toISOString() })
    expect(await refusalCode(authenticate(core.ctx(), `Bearer ${key}`))).toBe('api_key_revoked')
    const again = await revokeApiKey(core.ctx(new Date('2026-11-22T10:00:00.000Z')), owner, id, UNCLAIMED)
    expect(JSON.parse(again.body)).toEqual(first)
  })

  test("another organisation's key is not found, and goes on to work", async () => {
    expect(await refusalCode(revokeApiKey(core.ctx(), stranger, owner.keyId, UNCLAIMED))).toBe(
      'api_key_not_found',
    )
    expect((await authenticate(core.ctx(), `Bearer ${owner.apiKey}`)).keyId).toBe(owner.keyId)
  })

  test('a key that is none is not found', async () => {
    expect(await refusalCode(revokeApiKey(core.ctx(), owner, "x' OR 1=1 --", UNCLAIMED))).toBe(
      'api_key_not_found',
    )
  })

  test('a test key cannot revoke a live one', async () => {
    const { id, key } = await make(owner, ['certificates:read'])
    const tester = await core.withKey(owner, ['keys:manage'], false)
    expect(await refusalCode(revokeApiKey(core.ctx(), tester, id, UNCLAIMED))).toBe('api_key_not_found')
    expect((await authenticate(core.ctx(), `Bearer ${key}`)).keyId).toBe(id)
  })
})

describe('addOrganisation', () => {
  test('makes an organisation whose key works; the replay keeps the secret', async () => {
    const operator = await core.operator()
    expect(operator.scopes).toEqual(['keys:manage', 'operator'])
    const claim = { route: 'POST /v1/organisations', key: 'new-customer', rawBody: utf8('{}') }
    const run = () =>
      once(core.ctx(), operator, claim, (c) => addOrganisation(core.ctx(), { name: 'New' }, c))
    const first = await run()
    const made = createdOrganisationSchema.parse(JSON.parse(first.body))
    expect(await authenticate(core.ctx(), `Bearer ${made.api_key}`)).toMatchObject({
      organisationId: made.id,
      userId: made.user_id,
    })
    const again = await run()
    expect(again).toMatchObject({ replayed: true, status: 201 })
    expect(JSON.parse(again.body)).toEqual({ ...made, api_key: null, secret_already_shown: true })
  })
})
