import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Claim, once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { acceptTrustRoot } from '../../../../core/keys/accept-trust-root.ts'
import { draftTrustRoot } from '../../../../core/keys/draft-trust-root.ts'
import { rotateSigningKeys } from '../../../../core/keys/rotate.ts'
import { ensureLog } from '../../../../core/log/create.ts'
import type { Refusal } from '../../../../core/refusal.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import type { TrustRoot } from '../../../../core/verify/trust-root.ts'
import { trustRootDraftSchema } from '../../../../schema/wire/trust.ts'
import { createSealedVault } from '../../../../workers/core/adapters/sealed-vault.ts'
import { random, refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { day, liveKeys, logged, offline, open, START, signOffline, storedTrustRoots } from './keys-support.ts'

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  await ensureLog(core.ctx(START))
  await rotateSigningKeys(offline(core, START))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

/** As on the first day: one key, which waits, and no trust root. */
beforeEach(async () => {
  await core.db.owner`TRUNCATE trust_roots, log_entries, outbox`
  await core.db.owner`UPDATE signing_keys SET state = 'pending', activated_at = NULL WHERE livemode`
})

const now = day(1)
const draft = async () => draftTrustRoot(offline(core, now))
const drafted = async () => JSON.parse((await draft()).payload) as TrustRoot
const accept = (jws: unknown, claim: Claim = UNCLAIMED, at = now) =>
  acceptTrustRoot(offline(core, at), jws as never, claim)
const publish = async () => accept(await signOffline(core, (await draft()).payload))
const versions = async () => (await storedTrustRoots(core)).map(({ version }) => version)
const reasonOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  const error = await work.then(
    () => null,
    (thrown: Refusal) => thrown,
  )
  expect(error?.code).toBe('trust_root_rejected')
  return error?.detail
}

describe('where the network root key is offline', () => {
  test('the first key waits, nothing is signed, and the draft is what is to be signed', async () => {
    expect(await liveKeys(core)).toMatchObject([{ state: 'pending' }])
    const owner = await core.organisation()
    expect(await refusalCode(core.issue(owner))).toBe('signing_unavailable')
    const made = trustRootDraftSchema.parse(await draft())
    expect(made).toMatchObject({ version: 1, due: true, current: null })
    expect(JSON.parse(made.payload)).toMatchObject({ version: 1, issued_at: now.toISOString() })
    expect(await versions()).toEqual([])
  })

  test('signed elsewhere it is published as it was signed, and the key that waited signs', async () => {
    const [waiting] = await liveKeys(core)
    const { payload } = await draft()
    const jws = await signOffline(core, payload)
    // It could not be signed without a key, and would be tried again only much later.
    await core.db.owner`INSERT INTO outbox VALUES ('status_list', '0', 0, now(), now() + interval '300 s', 9)`
    const { status, body } = await accept(jws)
    expect(status).toBe(201)
    expect(JSON.parse(body)).toEqual({
      version: 1,
      expires_at: day(31).toISOString(),
      activated_key: waiting!.kid,
    })
    const [stored] = await core.db.owner`SELECT jws FROM trust_roots`
    expect(stored!.jws).toEqual(jws)
    expect(Buffer.from(jws.payload, 'base64url').toString()).toBe(payload)
    expect(await open(core, stored!.jws)).toEqual(JSON.parse(payload))
    expect(
      await core.db.owner`SELECT kind, entity_id, leased_until, attempts FROM outbox ORDER BY kind`,
    ).toMatchObject([
      { kind: 'status_list', entity_id: '0', leased_until: null, attempts: 0 },
      { kind: 'trust_root', entity_id: 'current', leased_until: null },
    ])
    expect((await logged(core)).slice(-2).map(({ type }) => type)).toEqual([
      'trust_root.published',
      'key.activated',
    ])
    const issued = await core.issue(await core.organisation(), {}, now)
    expect(issued.signature.public_key_id).toBe(waiting!.kid)
  })

  test('the next draft follows it, shows it, and is due when it says something else', async () => {
    await publish()
    // The key that was pending when it was signed is active by now.
    const next = await draft()
    expect(next).toMatchObject({ version: 2, due: true, current: { version: 1, signed: expect.any(Object) } })
    const { body } = await accept(await signOffline(core, next.payload))
    expect(JSON.parse(body)).toMatchObject({ version: 2, activated_key: null })
    expect(await draft()).toMatchObject({ version: 3, due: false })
    expect((await draftTrustRoot(offline(core, day(17)))).due).toBe(true)
  })

  test('rotation goes by what is published: a pending key is activated only when it is listed', async () => {
    await publish()
    await rotateSigningKeys(offline(core, day(62)))
    expect((await liveKeys(core)).map(({ state }) => state)).toEqual(['active', 'pending'])
    await rotateSigningKeys(offline(core, day(92)))
    expect((await liveKeys(core)).map(({ state }) => state)).toEqual(['active', 'pending'])
    const late = await draftTrustRoot(offline(core, day(92)))
    const { body } = await accept(await signOffline(core, late.payload), UNCLAIMED, day(92))
    expect(JSON.parse(body).activated_key).toBeNull()
    await rotateSigningKeys(offline(core, day(92)))
    expect((await liveKeys(core)).map(({ state }) => state)).toEqual(['retired', 'active'])
    const [second] = await core.db
      .owner`DELETE FROM signing_keys WHERE livemode AND state = 'active' RETURNING kid`
    expect(second).toBeDefined()
  })
})

describe('what is refused', () => {
  test('another key than the pinned one, whatever it says of itself', async () => {
    const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
    const forger = createSealedVault({
      secret: core.secrets.key_encryption_secret,
      networkRootKey: JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey)),
      random: random.bytes,
    })
    const jws = await forger.signTrustRoot(utf8((await draft()).payload))
    expect(await reasonOf(accept(jws))).toBe('The network root key did not sign it.')
    // A key in the header vouches for nothing.
    const jwk = await crypto.subtle.exportKey('jwk', publicKey)
    const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', jwk })).toString('base64url')
    const input = utf8(`${header}.${jws!.payload}`)
    const signature = Buffer.from(await crypto.subtle.sign('Ed25519', privateKey, input)).toString(
      'base64url',
    )
    const vouching = { protected: header, payload: jws!.payload, signature }
    expect(await reasonOf(accept(vouching))).toBe('The network root key did not sign it.')
    expect(await versions()).toEqual([])
  })

  test('a signature over something else', async () => {
    const jws = await signOffline(core, (await draft()).payload)
    const other = Buffer.from(JSON.stringify({ ...(await drafted()), version: 9 })).toString('base64url')
    expect(await reasonOf(accept({ ...jws, payload: other }))).toBe('The network root key did not sign it.')
  })

  test('everything, where the core does not know the pinned key', async () => {
    const ctx = offline(core, now)
    const { networkRootKey, ...settings } = ctx.settings
    const jws = await signOffline(core, (await draft()).payload)
    const detail = await reasonOf(acceptTrustRoot({ ...ctx, settings }, jws, UNCLAIMED))
    expect(detail).toContain('NETWORK_ROOT_PUBLIC_KEY')
    expect(networkRootKey).toBeDefined()
  })

  test('the same version again, and an older one', async () => {
    await accept(await signOffline(core, { ...(await drafted()), version: 5 }))
    const next = await drafted()
    for (const version of [5, 4, 1]) {
      const detail = await reasonOf(accept(await signOffline(core, { ...next, version })))
      expect(detail).toBe(`Its version is ${version}, and version 5 is published: it only grows.`)
    }
    expect(await reasonOf(accept(await signOffline(core, { ...next, version: 0 })))).toContain('below 1')
    expect(await versions()).toEqual([5])
  })

  test('one that has expired by now', async () => {
    const jws = await signOffline(core, (await draft()).payload)
    expect(await reasonOf(accept(jws, UNCLAIMED, day(31)))).toBe('It has expired.')
  })

  test.each<[string, (root: TrustRoot) => unknown]>([
    ['no JSON', () => '{'],
    ['a list', () => []],
    ['another type', (root) => ({ ...root, type: 'other' })],
    ['no version', ({ version: _, ...root }) => root],
    ['a version that is not whole', (root) => ({ ...root, version: 1.5 })],
    ['a key without a state', (root) => ({ ...root, keys: [{ ...root.keys[0], state: 'trusted' }] })],
    ['a log that is none', (root) => ({ ...root, log: {} })],
    ['a member twice', (root) => JSON.stringify(root).replace('{', '{"version":1,')],
  ])('what is not a trust root: %s', async (_name, change) => {
    const jws = await signOffline(core, change(await drafted()) as object)
    expect(await reasonOf(accept(jws))).toBe('It is not a trust root.')
  })

  test('a version that the database cannot hold', async () => {
    const jws = await signOffline(core, { ...(await drafted()), version: 2 ** 31 })
    expect(await reasonOf(accept(jws))).toContain('at most 2147483647')
  })

  const KEY = /^It does not say what the network knows by now: (.*)\. Sign a new draft\.$/
  test.each<[string, (root: TrustRoot) => unknown, RegExp]>([
    ['drops a key', (root) => ({ ...root, keys: [] }), /^key-\d{6}-[0-9a-f]{8} is missing$/],
    [
      'adds a key',
      (root) => ({ ...root, keys: [...root.keys, { ...root.keys[0]!, kid: 'key-202611-00000000' }] }),
      /^key-202611-00000000 is not known here$/,
    ],
    [
      'changes the public half of a key',
      (root) => ({ ...root, keys: [{ ...root.keys[0]!, jwk: { ...root.keys[0]!.jwk, n: 'AQAB' } }] }),
      /^key-\d{6}-[0-9a-f]{8} has another jwk$/,
    ],
    [
      'changes the state and the time of a key',
      (root) => ({
        ...root,
        keys: [{ ...root.keys[0]!, state: 'compromised', valid_to: day(2).toISOString() }],
      }),
      / has another state, valid_to$/,
    ],
    ['has a key twice', (root) => ({ ...root, keys: [...root.keys, ...root.keys] }), /a key twice/],
    ['drops the log', ({ log: _, ...root }) => root, /^`log` is another$/],
    [
      'names other status lists',
      (root) => ({ ...root, status_lists: ['https://elsewhere.example/'] }),
      /^`status_lists` is another$/,
    ],
    ['says more', (root) => ({ ...root, more: '\ud800' }), /^`more` is another$/],
  ])('one that %s', async (_name, change, words) => {
    const jws = await signOffline(core, change(await drafted()) as object)
    expect(KEY.exec((await reasonOf(accept(jws))) ?? '')?.[1]).toMatch(words)
    expect(await versions()).toEqual([])
  })

  test('a draft that the network has moved on from', async () => {
    const jws = await signOffline(core, (await draft()).payload)
    await core.db.owner`UPDATE signing_keys SET state = 'retired', retired_at = ${now} WHERE livemode`
    expect(await reasonOf(accept(jws))).toMatch(/ has another state, valid_to\. Sign a new draft\.$/)
  })

  test('a refused one leaves nothing behind', async () => {
    const before = (await logged(core)).length
    await reasonOf(accept(await signOffline(core, { ...(await drafted()), keys: [] })))
    expect((await logged(core)).length).toBe(before)
    expect(await liveKeys(core)).toMatchObject([{ state: 'pending' }])
  })
})

test('a later version than the next is taken: it can be what brings verifiers on that have seen more', async () => {
  const jws = await signOffline(core, { ...(await drafted()), version: 12 })
  expect(JSON.parse((await accept(jws)).body).version).toBe(12)
  expect((await draft()).version).toBe(13)
})

test('with an Idempotency-Key the same request again gets the same answer, once published', async () => {
  const actor = await core.operator()
  const jws = await signOffline(core, (await draft()).payload)
  const request = { route: 'POST /v1/trust-root', key: 'k', rawBody: utf8(JSON.stringify(jws)) }
  const send = () => once(offline(core, now), actor, request, (claim) => accept(jws, claim))
  const first = await send()
  expect(await send()).toEqual({ ...first, replayed: true })
  expect(await versions()).toEqual([1])
})

test('of two at once one is published', async () => {
  const jws = await signOffline(core, (await draft()).payload)
  const outcomes = await Promise.allSettled([accept(jws), accept(jws), accept(jws)])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(await versions()).toEqual([1])
})
