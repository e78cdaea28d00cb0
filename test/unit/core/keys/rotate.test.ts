import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../../../core/context.ts'
import { rotateSigningKeys } from '../../../../core/keys/rotate.ts'
import { examineJson } from '../../../../core/verify/examine.ts'
import { jsonWebKeySet, openTrustRoot, type TrustRoot } from '../../../../core/verify/trust-root.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { createSealedVault } from '../../../../workers/core/adapters/sealed-vault.ts'
import { random, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-11-21T00:00:00.000Z')
const day = (days: number) => new Date(START + days * DAY_MS)

let core: TestCore
let owner: Actor

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  owner = await core.organisation()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const rotate = (days: number) => rotateSigningKeys(core.ctx(day(days)))

async function states(livemode = true) {
  const rows = await core.db
    .owner`SELECT kid, state FROM signing_keys WHERE livemode = ${livemode} ORDER BY created_at, kid`
  return rows.map((row) => row.state)
}

async function versions(): Promise<TrustRoot[]> {
  const rows = await core.db.owner`SELECT version, jws FROM trust_roots ORDER BY version`
  return Promise.all(
    rows.map(async ({ jws }) => {
      const opened = await openTrustRoot(jws, core.pinned, { now: new Date(START) })
      if (!opened.ok) throw new Error(opened.reason)
      return opened.trustRoot
    }),
  )
}

const newest = async () => (await versions()).at(-1)!
const outcome = async (certificate: Certificate) => {
  const { signature, keyValidity } = await examineJson(certificate, await newest())
  return [signature.reason ?? signature.result, keyValidity.reason ?? keyValidity.result]
}

const HOLDS = ['passed', 'passed']

// One life of keys, told in order: each test goes on where the one before it ended.
describe('from day to day', () => {
  let first: Certificate
  let last: Certificate
  let second: Certificate

  test('day 0: the first key of each mode is made, active, and told by the first trust root', async () => {
    expect(await rotate(0)).toEqual({ live: 'created_first', test: 'created_first' })
    expect([await states(true), await states(false)]).toEqual([['active'], ['active']])
    expect(await versions()).toMatchObject([{ version: 1, keys: [{ state: 'active', valid_to: null }] }])
    first = await core.issue(owner, {}, day(0))
    expect(await outcome(first)).toEqual(HOLDS)
  })

  test('day 0: again, there is nothing to do, and no new version', async () => {
    expect(await rotate(0)).toEqual({ live: 'nothing_due', test: 'nothing_due' })
    expect(await versions()).toHaveLength(1)
  })

  test('day 14.9 the trust root stands; on day 15 it is signed anew, with the same keys', async () => {
    await rotate(14.9)
    expect(await versions()).toHaveLength(1)
    await rotate(15)
    const [before, after] = await versions()
    expect(after).toMatchObject({ version: 2, keys: before!.keys, expires_at: day(45).toISOString() })
  })

  test('day 59.9: nothing is due for the keys', async () => {
    expect(await rotate(59.9)).toEqual({ live: 'nothing_due', test: 'nothing_due' })
    expect(await states()).toEqual(['active'])
  })

  test('day 60: the next key is made, pending, and the trust root tells of it', async () => {
    expect(await rotate(60)).toEqual({ live: 'created_pending', test: 'created_pending' })
    expect(await states()).toEqual(['active', 'pending'])
    expect((await newest()).keys.map((key) => key.state).sort()).toEqual(['active', 'pending'])
    expect(jsonWebKeySet(await newest()).keys).toHaveLength(2)
  })

  test('day 60: the old key still signs', async () => {
    const issued = await core.issue(owner, {}, day(60))
    expect(issued.signature.public_key_id).toBe(first.signature.public_key_id)
  })

  test('day 89.9: the pending key waits', async () => {
    expect(await rotate(89.9)).toEqual({ live: 'nothing_due', test: 'nothing_due' })
    last = await core.issue(owner, {}, new Date(day(90).getTime() - 1))
  })

  test('day 90: it is not activated while no trust root tells of it', async () => {
    const [held] = await core.db.owner`SELECT max(version) AS version FROM trust_roots`
    const hidden = await core.db.owner`DELETE FROM trust_roots WHERE version > 2 RETURNING *`
    expect(held!.version).toBeGreaterThan(2)
    const keys = { ...core.keys, signsTrustRoot: false, signTrustRoot: async () => null }
    const offline = { ...core.ctx(day(90)), keys }
    expect(await rotateSigningKeys(offline)).toEqual({ live: 'nothing_due', test: 'activated' })
    expect(await states(true)).toEqual(['active', 'pending'])
    for (const row of hidden) {
      await core.db
        .owner`INSERT INTO trust_roots ${core.db.owner({ ...row, jws: core.db.owner.json(row.jws) })}`
    }
  })

  test('day 90: told of, it becomes active, the old one is retired, and the trust root says both', async () => {
    expect((await rotate(90)).live).toBe('activated')
    expect([await states(true), await states(false)]).toEqual([
      ['retired', 'active'],
      ['retired', 'active'],
    ])
    const { keys } = await newest()
    const retired = keys.find((key) => key.kid === first.signature.public_key_id)!
    expect(retired.state).toBe('retired')
    expect(retired.valid_to).not.toBeNull()
    expect(keys.find((key) => key !== retired)).toMatchObject({ state: 'active', valid_to: null })
  })

  test('day 90: the new key signs, and what it signed holds', async () => {
    second = await core.issue(owner, {}, day(90))
    expect(second.signature.public_key_id).not.toBe(first.signature.public_key_id)
    expect(await outcome(second)).toEqual(HOLDS)
  })

  test('what the old key signed goes on to hold, to its last moment', async () => {
    expect(await outcome(first)).toEqual(HOLDS)
    expect(await outcome(last)).toEqual(HOLDS)
  })

  test('what was signed with the old key by a clock a little ahead of that of the rotation holds as well', async () => {
    const [old] = await core.db
      .owner`SELECT kid, sealed_private_key FROM signing_keys WHERE livemode AND state = 'retired'`
    const { canonicalBytes, signedMembers } = await import('../../../../core/verify/canonical.ts')
    const members = { ...signedMembers(first), issued_at: new Date(day(90).getTime() + 2_000).toISOString() }
    const signer = await core.keys.signer(old!.kid, old!.sealed_private_key)
    const value = Buffer.from(await signer.sign(canonicalBytes(members))).toString('base64')
    const slow = { ...members, signature: { algorithm: 'RS256', public_key_id: old!.kid, value } }
    expect(await outcome(slow as unknown as Certificate)).toEqual(HOLDS)
  })

  test('but not what it signed long after its retirement', async () => {
    const [old] = await core.db
      .owner`SELECT kid, sealed_private_key FROM signing_keys WHERE livemode AND state = 'retired'`
    const { canonicalBytes, signedMembers } = await import('../../../../core/verify/canonical.ts')
    const members = { ...signedMembers(first), issued_at: day(91).toISOString() }
    const signer = await core.keys.signer(old!.kid, old!.sealed_private_key)
    const value = Buffer.from(await signer.sign(canonicalBytes(members))).toString('base64')
    const late = { ...members, signature: { algorithm: 'RS256', public_key_id: old!.kid, value } }
    expect(await outcome(late as unknown as Certificate)).toEqual(['passed', 'key_not_valid_at_issue'])
  })

  test('day 180: the second is followed by a third; no key ever leaves the key set', async () => {
    await rotate(150)
    await rotate(180)
    expect(await states()).toEqual(['retired', 'retired', 'active'])
    expect(jsonWebKeySet(await newest()).keys).toHaveLength(3)
    expect(await outcome(first)).toEqual(HOLDS)
    expect(await outcome(second)).toEqual(HOLDS)
  })

  test('the versions of the trust root are 1, 2, 3 … in the order of time, and test keys are in none of them', async () => {
    const all = await versions()
    expect(all.map((root) => root.version)).toEqual(all.map((_, index) => index + 1))
    const times = all.map((root) => root.issued_at)
    expect(times).toEqual([...times].sort())
    const testKids = (await core.db.owner`SELECT kid FROM signing_keys WHERE NOT livemode`).map(
      ({ kid }) => kid,
    )
    const told = new Set(all.flatMap((root) => root.keys.map((key) => key.kid)))
    expect(testKids.filter((kid) => told.has(kid))).toEqual([])
  })

  test('every step of a key is in the log', async () => {
    const rows = await core.db.owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries ORDER BY id`
    const types = rows.map(({ text }) => JSON.parse(text).type).filter((type) => type.startsWith('key.'))
    expect(types.filter((type) => type === 'key.created')).toHaveLength(6)
    expect(types.filter((type) => type === 'key.activated')).toHaveLength(4)
    expect(types.filter((type) => type === 'key.retired')).toHaveLength(4)
  })
})

describe('several instances at once', () => {
  test(
    'make one key of each mode between them, and one of each step',
    async () => {
      const other = await startTestCore({ keys: false })
      try {
        const run = (days: number) =>
          Promise.all(Array.from({ length: 3 }, () => rotateSigningKeys(other.ctx(day(days)))))
        const rows = () => other.db.owner`SELECT livemode, state FROM signing_keys ORDER BY livemode, state`
        await run(0)
        expect(await rows()).toEqual([
          { livemode: false, state: 'active' },
          { livemode: true, state: 'active' },
        ])
        await run(60)
        await run(90)
        expect(await rows()).toEqual([
          { livemode: false, state: 'active' },
          { livemode: false, state: 'retired' },
          { livemode: true, state: 'active' },
          { livemode: true, state: 'retired' },
        ])
        const steps = await other.db
          .owner`SELECT convert_from(entry, 'UTF8')::json->>'type' AS type, count(*)::int AS n FROM log_entries GROUP BY 1 ORDER BY 1`
        expect(steps).toEqual([
          { type: 'key.activated', n: 2 },
          { type: 'key.created', n: 4 },
          { type: 'key.retired', n: 2 },
          { type: 'trust_root.published', n: 3 },
        ])
      } finally {
        await other.db.stop()
      }
    },
    START_LIMIT_MS,
  )

  test(
    'with the root key kept offline, keys are made and no trust root is',
    async () => {
      const other = await startTestCore({ keys: false })
      try {
        const vault = createSealedVault({ secret: other.secrets.key_encryption_secret, random: random.bytes })
        await rotateSigningKeys({ ...other.ctx(day(0)), keys: vault })
        expect(await other.db.owner`SELECT count(*)::int AS n FROM trust_roots`).toEqual([{ n: 0 }])
        // Nobody could verify what the live key signed: it waits for a trust root that lists it.
        expect(await other.db.owner`SELECT livemode, state FROM signing_keys ORDER BY livemode`).toEqual([
          { livemode: false, state: 'active' },
          { livemode: true, state: 'pending' },
        ])
      } finally {
        await other.db.stop()
      }
    },
    START_LIMIT_MS,
  )
})
