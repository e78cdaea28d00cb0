import { createHash } from 'node:crypto'
import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../../../core/context.ts'
import { rotateSigningKeys } from '../../../../core/keys/rotate.ts'
import { publishTrustRoot, renewTrustRoot } from '../../../../core/keys/trust-root.ts'
import { ensureLog } from '../../../../core/log/create.ts'
import { createSealedVault } from '../../../../workers/core/adapters/sealed-vault.ts'
import { random, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { day, logged, newestTrustRoot, START, storedTrustRoots } from './keys-support.ts'

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  await rotateSigningKeys(core.ctx(START))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const withSettings = (change: Partial<Context['settings']>, now = START): Context => {
  const ctx = core.ctx(now)
  return { ...ctx, settings: { ...ctx.settings, ...change } }
}
const versions = async () => (await storedTrustRoots(core)).map(({ version }) => version)

// Told in order: each test goes on where the one before it ended.
describe('what the trust root says', () => {
  test('before there is a log it names none; the list of agent CAs is there, and empty', async () => {
    const root = await newestTrustRoot(core)
    expect(root).not.toHaveProperty('log')
    expect(root.agent_ca_certificates).toEqual([])
  })

  test('the log once it is made: its name, its key, where it is, who witnesses it', async () => {
    await ensureLog(core.ctx(START))
    await renewTrustRoot(core.ctx(START))
    const [row] = await core.db.owner`SELECT origin, verifier_key FROM logs`
    expect((await newestTrustRoot(core)).log).toEqual({
      origin: 'network.example/log',
      verifier_key: row!.verifier_key,
      url: 'https://network.example/log',
      witness_policy: 'quorum none\n',
      witness_failure: 'open',
    })
    expect(await versions()).toEqual([1, 2])
  })

  test('it is signed anew when it would say something else, and only then', async () => {
    await renewTrustRoot(core.ctx(day(1)))
    expect(await versions()).toEqual([1, 2])
    const closed = withSettings({ log: { ...core.ctx().settings.log, witnessFailure: 'closed' } })
    await renewTrustRoot(closed)
    expect((await newestTrustRoot(core)).log?.witness_failure).toBe('closed')
    const moved = withSettings({ ...closed.settings, publicBaseUrl: 'https://elsewhere.example' })
    await renewTrustRoot(moved)
    expect(await newestTrustRoot(core)).toMatchObject({
      version: 4,
      log: { url: 'https://elsewhere.example/log' },
      status_lists: ['https://elsewhere.example/v1/status-lists/'],
    })
    await renewTrustRoot(core.ctx(START))
    await renewTrustRoot(core.ctx(START))
    expect(await versions()).toEqual([1, 2, 3, 4, 5])
  })

  test('a change of a key that leaves its state as it is counts too', async () => {
    await core.db
      .owner`UPDATE signing_keys SET state = 'compromised', compromised_at = now(), compromised_log_index = 7 WHERE livemode`
    await renewTrustRoot(core.ctx(START))
    expect((await newestTrustRoot(core)).keys).toMatchObject([
      { state: 'compromised', compromised_log_index: 7 },
    ])
    await core.db.owner`UPDATE signing_keys SET compromised_log_index = 5 WHERE livemode`
    await renewTrustRoot(core.ctx(START))
    expect((await newestTrustRoot(core)).keys[0]!.compromised_log_index).toBe(5)
    await core.db
      .owner`UPDATE signing_keys SET state = 'active', compromised_at = NULL, compromised_log_index = NULL WHERE livemode`
    await renewTrustRoot(core.ctx(START))
    expect((await newestTrustRoot(core)).keys[0]).not.toHaveProperty('compromised_log_index')
  })

  test('a policy that no verifier could read is not signed', async () => {
    const before = await versions()
    const log = { ...core.ctx().settings.log, witnessPolicy: 'quorum nobody\n' }
    await expect(renewTrustRoot(withSettings({ log }))).rejects.toThrow('LOG_WITNESS_POLICY')
    expect(await versions()).toEqual(before)
  })

  test('nor is anything with a root key that verifiers do not pin', async () => {
    const before = await versions()
    const other = await generateKeyPair('Ed25519', { extractable: true })
    const networkRootKey = await crypto.subtle.exportKey('jwk', other.publicKey)
    await expect(publishTrustRoot(withSettings({ networkRootKey }))).rejects.toThrow('trust_root_not_pinned')
    expect(await versions()).toEqual(before)
  })

  test('with another root key, pinned by now, it is signed anew by that one', async () => {
    const { privateKey, publicKey } = await generateKeyPair('Ed25519', { extractable: true })
    const networkRootKey = await crypto.subtle.exportKey('jwk', publicKey)
    const keys = createSealedVault({
      secret: core.secrets.key_encryption_secret,
      networkRootKey: JSON.stringify(await crypto.subtle.exportKey('jwk', privateKey)),
      random: random.bytes,
    })
    const before = (await versions()).length
    await renewTrustRoot({ ...withSettings({ networkRootKey }), keys })
    await renewTrustRoot({ ...withSettings({ networkRootKey }), keys })
    const [count] = await core.db.owner`SELECT count(*)::int AS n FROM trust_roots`
    expect(count!.n).toBe(before + 1)
    await core.db.owner`DELETE FROM trust_roots WHERE version > ${before}`
  })

  test('a key that the database no longer knows stays, retired: what it signed must still verify', async () => {
    const [lost] = (await newestTrustRoot(core)).keys
    await core.db.owner`DELETE FROM signing_keys WHERE kid = ${lost!.kid}`
    await rotateSigningKeys(core.ctx(START))
    const root = await newestTrustRoot(core)
    expect(root.keys).toHaveLength(2)
    expect(root.keys.find(({ kid }) => kid === lost!.kid)).toEqual({
      ...lost,
      state: 'retired',
      valid_to: expect.any(String),
    })
    const { version } = root
    await renewTrustRoot(core.ctx(day(1)))
    expect((await newestTrustRoot(core)).version).toBe(version)
  })

  test('each version is in the log, with the hash of what was signed', async () => {
    const entries = (await logged(core)).filter(({ type }) => type === 'trust_root.published')
    const rows = await core.db.owner`SELECT version, jws FROM trust_roots ORDER BY version`
    const hash = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')
    // One was taken away again above.
    const told = new Map(entries.map((entry) => [entry.digest, entry]))
    for (const { version, jws } of rows) {
      expect(told.get(hash(Buffer.from(jws.payload, 'base64url')))).toMatchObject({
        type: 'trust_root.published',
        subject: hash('trust-root'),
        version: String(version),
      })
    }
    expect(entries).toHaveLength(rows.length + 1)
  })
})
