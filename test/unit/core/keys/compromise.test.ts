import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { acceptTrustRoot } from '../../../../core/keys/accept-trust-root.ts'
import { compromiseSigningKey } from '../../../../core/keys/compromise.ts'
import { fillCompromisedIndexes } from '../../../../core/keys/compromised-index.ts'
import { draftTrustRoot } from '../../../../core/keys/draft-trust-root.ts'
import { rotateSigningKeys } from '../../../../core/keys/rotate.ts'
import { ensureLog } from '../../../../core/log/create.ts'
import { readInclusionProofs } from '../../../../core/log/read.ts'
import { sequence } from '../../../../core/log/sequence.ts'
import { canonicalBytes, signedMembers } from '../../../../core/verify/canonical.ts'
import { fromHex, toBase64, toHex } from '../../../../core/verify/encoding.ts'
import {
  decide,
  examineJson,
  examineLogProof,
  issuedLogEntry,
  jsonWebKeySet,
} from '../../../../core/verify/index.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { type CompromisedKey, compromisedKeySchema } from '../../../../schema/wire/keys.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { day, liveKeys, logged, newestTrustRoot, offline, START, signOffline } from './keys-support.ts'

let core: TestCore
let owner: Actor
const store = new MemoryObjectStore()
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  await ensureLog(core.ctx(START))
  await rotateSigningKeys(core.ctx(START))
  owner = await core.organisation()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const compromise = async (kid: string, request = {}, ctx = core.ctx(day(1))): Promise<CompromisedKey> => {
  const { status, body } = await compromiseSigningKey(ctx, kid, request, UNCLAIMED)
  expect(status).toBe(200)
  return compromisedKeySchema.parse(JSON.parse(body))
}
const activeKid = async () => (await liveKeys(core)).find(({ state }) => state === 'active')?.kid ?? null
const entryOf = async (kid: string) => (await newestTrustRoot(core)).keys.find((key) => key.kid === kid)

/** A certificate that somebody made who has the key, in the log like any other. */
async function forge(genuine: Certificate, kid: string): Promise<Certificate> {
  const [row] = await core.db.owner`SELECT sealed_private_key FROM signing_keys WHERE kid = ${kid}`
  const members = { ...signedMembers(genuine), certificate_id: 'CERT-2026-f0rg3df0rg3df0rg' }
  const signer = await core.keys.signer(kid, row!.sealed_private_key)
  const signed = canonicalBytes(members)
  const value = toBase64(await signer.sign(signed))
  const { bytes, leafHash } = await issuedLogEntry(members as never, signed)
  await core.db
    .owner`INSERT INTO log_entries (entry, leaf_hash, created_at) VALUES (${bytes}, ${leafHash}, now())`
  const log = { state: 'pending', leaf_hash: toHex(leafHash) }
  const signature = { algorithm: 'RS256', public_key_id: kid, value }
  return { ...members, signature, status: 'valid', log } as unknown as Certificate
}

async function proofOf(certificate: Certificate) {
  const leaf = certificate.log!.leaf_hash
  const proof = (await readInclusionProofs(core.ctx(), [leaf])).get(leaf)!
  return {
    index: proof.index,
    hashes: proof.hashes.map((hash) => fromHex(hash)!),
    checkpoint: proof.checkpoint,
  }
}

/** As a verifier decides that holds the newest trust root; whether it was revoked is not the question here. */
async function judge(certificate: Certificate, withProof: boolean) {
  const root = await newestTrustRoot(core)
  const examined = await examineJson(certificate, root)
  const log = await examineLogProof(examined, withProof ? await proofOf(certificate) : null, root)
  const at = day(2).getTime()
  const status = { revoked: false, asOf: at, source: 'core' } as const
  const { verdict, reasons } = decide(examined, { status, log }, at, { maximumStalenessMs: 1_000 })
  return [verdict, ...reasons]
}

// One life of a network, told in order: each test goes on where the one before it ended.
describe('the active key is compromised', () => {
  let kid: string
  let honest: Certificate
  let forged: Certificate

  test('a new key signs from the same moment on, and the trust root tells of both', async () => {
    kid = (await activeKid())!
    honest = await core.issue(owner, {}, START)
    await sequence(core.ctx(START), store)
    expect(await judge(honest, false)).toEqual(['valid'])
    const answer = await compromise(kid)
    const next = await activeKid()
    expect(answer).toEqual({
      kid,
      state: 'compromised',
      compromised_at: day(1).toISOString(),
      log_index: null,
      active_key: next,
      trust_root_version: 2,
    })
    expect(next).not.toBe(kid)
    const root = await newestTrustRoot(core)
    expect(root.keys.map((key) => [key.kid, key.state]).toSorted()).toEqual(
      [
        [kid, 'compromised'],
        [next, 'active'],
      ].toSorted(),
    )
    expect(jsonWebKeySet(root).keys.map((key) => key.kid)).toEqual([next])
    const issued = await core.issue(owner, {}, day(1))
    expect(issued.signature.public_key_id).toBe(next)
    expect(await judge(issued, false)).toEqual(['valid'])
  })

  test('the log has it, and the new key', async () => {
    const types = (await logged(core)).map(({ type }) => type)
    expect(types.slice(types.indexOf('key.compromised'))).toEqual([
      'key.compromised',
      'key.created',
      'key.activated',
      'trust_root.published',
      'certificate.issued',
    ])
  })

  test('until the log has given the event its place, nothing of that key verifies', async () => {
    expect(await entryOf(kid)).not.toHaveProperty('compromised_log_index')
    expect(await judge(honest, true)).toEqual(['invalid', 'key_compromised'])
    expect(await fillCompromisedIndexes(core.ctx(day(1)))).toBe(0)
  })

  test('then that place is the index, and a new trust root says so', async () => {
    forged = await forge(honest, kid)
    await sequence(core.ctx(day(1)), store)
    expect(await fillCompromisedIndexes(core.ctx(day(1)))).toBe(1)
    expect(await fillCompromisedIndexes(core.ctx(day(1)))).toBe(0)
    const types = (await logged(core)).map(({ type }) => type)
    expect(await entryOf(kid)).toMatchObject({
      state: 'compromised',
      compromised_log_index: types.indexOf('key.compromised'),
    })
    expect((await newestTrustRoot(core)).version).toBe(3)
  })

  test('with a proof from below it a certificate keeps its worth; without one it has none', async () => {
    expect(await judge(honest, true)).toEqual(['valid'])
    expect(await judge(honest, false)).toEqual(['invalid', 'key_compromised'])
  })

  test('what the thief made is refused, though it is in the log', async () => {
    expect((await proofOf(forged)).index).toBeGreaterThan((await entryOf(kid))!.compromised_log_index!)
    expect(await judge(forged, true)).toEqual(['invalid', 'key_compromised'])
  })

  test('it is final', async () => {
    expect(await refusalCode(compromise(kid))).toBe('signing_key_already_compromised')
    expect(await refusalCode(compromise('key-202611-00000000'))).toBe('signing_key_not_found')
  })
})

describe('what the key signed besides certificates', () => {
  test('tokens of every status list are due again', async () => {
    await core.db.owner`SELECT setval('certificate_status_index', 3 * 131072)`
    await core.db.owner`TRUNCATE outbox`
    await compromise((await activeKid())!, {}, core.ctx(day(3)))
    const marks = await core.db.owner`SELECT kind, entity_id AS id FROM outbox ORDER BY kind, id`
    expect(marks.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'status_list 0',
      'status_list 1',
      'status_list 2',
      'status_list 3',
      'trust_root current',
    ])
  })
})

describe('an index that the operator names', () => {
  test('counts at once, and is in the log', async () => {
    const kid = (await activeKid())!
    const answer = await compromise(kid, { log_index: 1 }, core.ctx(day(4)))
    expect(answer.log_index).toBe(1)
    expect(await entryOf(kid)).toMatchObject({ compromised_log_index: 1 })
    expect((await logged(core)).findLast(({ type }) => type === 'key.compromised')).toMatchObject({
      log_index: '1',
    })
    await sequence(core.ctx(day(4)), store)
    await fillCompromisedIndexes(core.ctx(day(4)))
    expect(await entryOf(kid)).toMatchObject({ compromised_log_index: 1 })
  })
})

describe('where a key is not the active one', () => {
  test('a retired key falls alone', async () => {
    const [retired] = await core.db.owner`
      INSERT INTO signing_keys SELECT 'key-202601-0a0b0c0d', livemode, 'retired', public_jwk, sealed_private_key,
        created_at, activated_at, ${day(4)}::timestamptz FROM signing_keys WHERE livemode AND state = 'active' RETURNING kid`
    const before = await activeKid()
    const answer = await compromise(retired!.kid, {}, core.ctx(day(5)))
    expect(answer.active_key).toBe(before)
    expect(await entryOf(retired!.kid)).toMatchObject({ state: 'compromised' })
  })

  test('a pending key falls alone, and the next rotation makes another', async () => {
    await rotateSigningKeys(core.ctx(day(66)))
    const pending = (await liveKeys(core)).find(({ state }) => state === 'pending')!
    const before = await activeKid()
    expect((await compromise(pending.kid, {}, core.ctx(day(66)))).active_key).toBe(before)
    await rotateSigningKeys(core.ctx(day(66)))
    const states = (await liveKeys(core)).map(({ state }) => state)
    expect(states.filter((state) => state === 'pending')).toHaveLength(1)
  })

  test('a pending key that is listed takes over from the active one at once', async () => {
    const pending = (await liveKeys(core)).find(({ state }) => state === 'pending')!
    const answer = await compromise((await activeKid())!, {}, offline(core, day(67)))
    expect(answer).toMatchObject({ active_key: pending.kid, trust_root_version: null })
  })

  test('a test key has no part in the trust root', async () => {
    const [test] = await core.db.owner`SELECT kid FROM signing_keys WHERE NOT livemode AND state = 'active'`
    const { version } = await newestTrustRoot(core)
    const answer = await compromise(test!.kid, {}, core.ctx(day(68)))
    const [next] = await core.db.owner`SELECT kid FROM signing_keys WHERE NOT livemode AND state = 'active'`
    expect(answer).toMatchObject({ active_key: next!.kid, trust_root_version: null })
    expect((await newestTrustRoot(core)).version).toBe(version)
  })
})

describe('where the network root key is offline', () => {
  test('the next key waits, and issuing with it, until a trust root is signed that lists it', async () => {
    await rotateSigningKeys(core.ctx(day(69)))
    const kid = (await activeKid())!
    await core.db.owner`DELETE FROM signing_keys WHERE state = 'pending'`
    const answer = await compromise(kid, {}, offline(core, day(69)))
    expect(answer).toMatchObject({ active_key: null, trust_root_version: null })
    expect(await refusalCode(core.issue(owner, {}, day(69)))).toBe('signing_unavailable')
    await rotateSigningKeys(offline(core, day(69)))
    expect(await activeKid()).toBeNull()
    const { payload } = await draftTrustRoot(offline(core, day(69)))
    const jws = await signOffline(core, payload)
    const { body } = await acceptTrustRoot(offline(core, day(69)), jws, UNCLAIMED)
    const { activated_key } = JSON.parse(body)
    expect(activated_key).toBe(await activeKid())
    expect((await core.issue(owner, {}, day(69))).signature.public_key_id).toBe(activated_key)
    expect(await entryOf(kid)).toMatchObject({ state: 'compromised' })
  })
})

describe('where no new key can be made', () => {
  test('the compromised one is marked all the same', async () => {
    await rotateSigningKeys(core.ctx(day(70)))
    await core.db.owner`DELETE FROM signing_keys WHERE state = 'pending'`
    const kid = (await activeKid())!
    const ctx = core.ctx(day(70))
    const generate = () => Promise.reject(new Error('the vault is away'))
    const answer = await compromise(kid, {}, { ...ctx, keys: { ...ctx.keys, generate } })
    expect(answer.active_key).toBeNull()
    expect(await entryOf(kid)).toMatchObject({ state: 'compromised' })
    await rotateSigningKeys(core.ctx(day(70)))
    expect(await activeKid()).not.toBeNull()
  })
})

test('of two at once one marks the key, and one new key comes of it', async () => {
  await core.db.owner`DELETE FROM signing_keys WHERE state = 'pending'`
  const kid = (await activeKid())!
  const before = (await liveKeys(core)).length
  const codes = await Promise.all([1, 2, 3].map(() => refusalCode(compromise(kid, {}, core.ctx(day(71))))))
  expect(codes.toSorted()).toEqual([
    null,
    'signing_key_already_compromised',
    'signing_key_already_compromised',
  ])
  expect(await liveKeys(core)).toHaveLength(before + 1)
})
