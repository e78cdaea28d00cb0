import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { revokeCertificate } from '../../../../core/certificates/revoke.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { compromiseSigningKey } from '../../../../core/keys/compromise.ts'
import { fillCompromisedIndexes } from '../../../../core/keys/compromised-index.ts'
import { rotateSigningKeys } from '../../../../core/keys/rotate.ts'
import { currentTrustRoot, publishTrustRoot } from '../../../../core/keys/trust-root.ts'
import { ensureLog } from '../../../../core/log/create.ts'
import { sequence } from '../../../../core/log/sequence.ts'
import { publishStatusList } from '../../../../core/status/publish.ts'
import { fromBase64Url, utf8 } from '../../../../core/verify/encoding.ts'
import { encodeEntries } from '../../../../core/verify/log/index.ts'
import { STATUS_LIST_SIZE } from '../../../../core/verify/status-list.ts'
import type { TrustRoot } from '../../../../core/verify/trust-root.ts'
import {
  LOG_CHECKPOINT_OBJECT,
  LOG_SIGNED_CHECKPOINT_OBJECT,
  statusListObject,
} from '../../../../schema/kv.ts'
import type { Certificate } from '../../../../schema/wire/certificate.ts'
import { backUp } from '../../../../stack/backup.ts'
import { restore } from '../../../../stack/restore.ts'
import { generateNetworkSecrets } from '../../../../stack/secrets.ts'
import { createSealedVault } from '../../../../workers/core/adapters/sealed-vault.ts'
import { inspectMemoryLog } from '../../../support/log-invariants.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { approvedClaim } from '../billing/support.ts'
import { random, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore
let owner: Actor
let store: MemoryObjectStore
let folder: string

beforeAll(async () => {
  core = await startTestCore()
  // Outside of what a backup holds: keys take long to make.
  await core.db.owner`CREATE SCHEMA kept`
  await core.db.owner`CREATE TABLE kept.signing_keys AS SELECT * FROM signing_keys`
  await core.db.owner`CREATE TABLE kept.trust_roots AS SELECT * FROM trust_roots`
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'coderisk-recovery-'))
  rmSync(folder, { recursive: true })
  store = new MemoryObjectStore()
  await core.db.owner`TRUNCATE logs, log_entries, log_tiles, status_lists, outbox, signing_keys, trust_roots`
  await core.db.owner`SELECT setval('certificate_status_index', 0, false)`
  await core.db.owner`INSERT INTO signing_keys SELECT * FROM kept.signing_keys`
  await core.db.owner`INSERT INTO trust_roots SELECT * FROM kept.trust_roots`
  await ensureLog(core.ctx())
  owner = await core.organisation()
  return () => rmSync(folder, { recursive: true, force: true })
})

const run = () => sequence(core.ctx(), store)
const backUpNow = () => backUp(core.db.ownerUrl, folder)
const trustRoot = async () => {
  const root = await core.ctx().database.asSystem(currentTrustRoot)
  return root === undefined ? null : JSON.stringify(root.jws)
}
const restoreNow = (published: string | null, keptCheckpoint?: Uint8Array) =>
  restore({
    ownerUrl: core.db.ownerUrl,
    folder,
    pinned: core.pinned,
    source: { object: async (key) => store.bytes(key), trustRoot: async () => published, keptCheckpoint },
  })
const revoke = (certificate: Certificate) =>
  revokeCertificate(core.ctx(), owner, certificate.certificate_id, { reason: 'superseded' }, UNCLAIMED)
const activeKid = async () =>
  (await core.db.owner`SELECT kid FROM signing_keys WHERE livemode AND state = 'active'`)[0]?.kid as string
const keyRow = async (kid: string) => (await core.db.owner`SELECT * FROM signing_keys WHERE kid = ${kid}`)[0]!
const logRow = async () => (await core.db.owner`SELECT * FROM logs`)[0]!
const version = async (list: number) =>
  Number((await core.db.owner`SELECT version FROM status_lists WHERE id = ${list}`)[0]?.version ?? 0)
const newestTrustRoot = async (): Promise<TrustRoot> =>
  JSON.parse(new TextDecoder().decode(fromBase64Url(JSON.parse((await trustRoot())!).payload)!))

describe('status lists', () => {
  it('come back in no version that anybody may hold with other bits', async () => {
    const kept = await core.issue(owner)
    await run()
    await backUpNow()
    for (let i = 0; i < 3; i++) await revoke(await core.issue(owner))
    const before = await version(0)
    await run()
    // Nothing is known of the list itself but its row in the lost database.
    await restoreNow(await trustRoot())
    await revoke(kept)
    expect(await version(0)).toBeGreaterThan(before + 1)
  })

  it('of another number are not believed', async () => {
    await core.issue(owner)
    await core.db.owner`SELECT setval('certificate_status_index', ${STATUS_LIST_SIZE - 1})`
    await revoke(await core.issue(owner))
    await publishStatusList(core.ctx(), store, 1)
    await core.db.owner`DELETE FROM status_lists`
    await backUpNow()
    store.tamper(statusListObject(0), store.bytes(statusListObject(1)))
    expect(await restoreNow(await trustRoot())).toMatchObject({ statusBits: 1, refusedStatusLists: 1 })
    expect(await core.db.owner`SELECT id FROM status_lists WHERE bit_count(bits) > 0`).toEqual([{ id: 1 }])
  })

  it('that are published behind a lost one count too, and so do certificates that the log tells of', async () => {
    await backUpNow()
    await core.db.owner`SELECT setval('certificate_status_index', ${3 * STATUS_LIST_SIZE})`
    await publishStatusList(core.ctx(), store, 2)
    await run()
    expect(await restoreNow(await trustRoot())).toMatchObject({ refusedStatusLists: 0 })
    expect((await core.issue(owner)).status_list.uri).toMatch(/\/3$/)
    await core.db.owner`SELECT setval('certificate_status_index', ${STATUS_LIST_SIZE - 2})`
    rmSync(folder, { recursive: true })
    await backUpNow()
    await core.issue(owner)
    await core.issue(owner)
    await run()
    for (const list of [0, 1, 2]) store.tamper(statusListObject(list), null)
    await restoreNow(await trustRoot())
    expect((await core.issue(owner)).status_list.uri).toMatch(/\/2$/)
  })
})

describe('what was to be paid or billed when the backup was made', () => {
  it('counts as begun: it may have been, since', async () => {
    const at = new Date('2026-11-01T00:00:00.000Z')
    const { payoutId } = await approvedClaim(core, owner, 50_000, at)
    const { organisationId } = owner
    await core.db.owner`
      INSERT INTO billing_events (id, organisation_id, kind, amount_micros, occurred_at, state, next_attempt_at)
      VALUES ('waiting', ${organisationId}, 'premium', 10000, ${at.toISOString()}, 'pending', ${at.toISOString()}),
        ('sent', ${organisationId}, 'premium', 10000, ${at.toISOString()}, 'sent', ${at.toISOString()})`
    await run()
    await backUpNow()
    await restoreNow(await trustRoot())
    const begun = await core.db.owner`
      SELECT id, first_attempt_at FROM payouts WHERE id = ${payoutId}
      UNION ALL SELECT id, first_attempt_at FROM billing_events WHERE organisation_id = ${organisationId} ORDER BY 1`
    expect([...begun]).toEqual([
      { id: payoutId, first_attempt_at: at },
      { id: 'sent', first_attempt_at: null },
      { id: 'waiting', first_attempt_at: at },
    ])
  })
})

describe('a signing key that was compromised since', () => {
  it('signs no more, though no trust root tells of it, and gets its place in the log', async () => {
    const kid = await activeKid()
    await run()
    await backUpNow()
    const offline = { ...core.ctx(), keys: withoutRootKey() }
    await compromiseSigningKey(offline, kid, {}, UNCLAIMED)
    await run()
    expect(await restoreNow(null)).toMatchObject({ compromisedKeys: 1, trustRoot: false })
    expect(await keyRow(kid)).toMatchObject({ state: 'compromised', compromised_log_index: null })
    expect(await fillCompromisedIndexes(core.ctx())).toBe(1)
    const [entry] = await core.db.owner`
      SELECT leaf_index FROM log_entries WHERE convert_from(entry, 'UTF8')::jsonb ->> 'type' = 'key.compromised'`
    expect(await keyRow(kid)).toMatchObject({ compromised_log_index: entry!.leaf_index })
    await rotateSigningKeys(core.ctx())
    expect(await activeKid()).not.toBe(kid)
  })

  it('is not taken for a retired one, which the last trust root says that it is', async () => {
    const kid = await activeKid()
    await run()
    await backUpNow()
    await core.db.owner`UPDATE signing_keys SET state = 'retired', retired_at = now() WHERE kid = ${kid}`
    await publishTrustRoot(core.ctx())
    await compromiseSigningKey({ ...core.ctx(), keys: withoutRootKey() }, kid, {}, UNCLAIMED)
    await run()
    expect(await restoreNow(await trustRoot())).toMatchObject({ compromisedKeys: 1, trustRoot: true })
    expect(await keyRow(kid)).toMatchObject({ state: 'compromised' })
  })

  it('keeps the index that an operator named', async () => {
    const kid = await activeKid()
    await run()
    await backUpNow()
    await compromiseSigningKey(core.ctx(), kid, { log_index: 1 }, UNCLAIMED)
    await run()
    await restoreNow(null)
    expect(await keyRow(kid)).toMatchObject({ state: 'compromised', compromised_log_index: '1' })
  })

  it('gets a place also where the log had not come to it', async () => {
    const kid = await activeKid()
    await run()
    await backUpNow()
    await compromiseSigningKey(core.ctx(), kid, {}, UNCLAIMED)
    expect(await restoreNow(await trustRoot())).toMatchObject({ compromisedKeys: 0, trustRoot: true })
    expect(await keyRow(kid)).toMatchObject({ state: 'compromised' })
    await run()
    expect(await fillCompromisedIndexes(core.ctx())).toBe(1)
    const told = (await newestTrustRoot()).keys.find((key) => key.kid === kid)
    expect(told?.compromised_log_index).toBe(Number((await keyRow(kid)).compromised_log_index))
  })
})

/** As where the network root key is kept offline. */
function withoutRootKey() {
  return createSealedVault({ secret: core.secrets.key_encryption_secret, random: random.bytes })
}

describe('the trust root', () => {
  it('of a former root key, in the backup, is in nobody\u2019s way', async () => {
    const before = await generateNetworkSecrets()
    const formerRoot = createSealedVault({
      secret: core.secrets.key_encryption_secret,
      networkRootKey: JSON.stringify(before.network_root_key),
      random: random.bytes,
    })
    const { networkRootKey: _, ...settings } = core.ctx().settings
    await publishTrustRoot({ ...core.ctx(), keys: formerRoot, settings })
    await backUpNow()
    await publishTrustRoot(core.ctx())
    expect(await restoreNow(await trustRoot())).toMatchObject({ trustRoot: true })
  })
})

describe('the log', () => {
  const checkpoint = () => store.bytes(LOG_CHECKPOINT_OBJECT)!

  it('is not gone on with from less than was published', async () => {
    await core.issue(owner)
    await run()
    const older = checkpoint()
    await core.issue(owner)
    await run()
    const newest = checkpoint()
    await backUpNow()
    for (const bytes of [older, null]) {
      store.tamper(LOG_CHECKPOINT_OBJECT, bytes)
      await expect(restoreNow(await trustRoot())).rejects.toThrow(/the backup knows of/)
    }
    // Somebody has kept what was lost, and nothing came after it.
    await restoreNow(await trustRoot(), newest)
    await run()
    expect((await inspectMemoryLog(store, core.db.owner)).faults).toEqual([])
  })

  it('reaches as far as a checkpoint that somebody has kept, or is not restored', async () => {
    await run()
    await backUpNow()
    const then = checkpoint()
    await core.issue(owner)
    await run()
    const kept = checkpoint()
    const { size } = await logRow()
    store.tamper(LOG_CHECKPOINT_OBJECT, then)
    expect(await restoreNow(await trustRoot(), kept)).toMatchObject({ logTo: Number(size) })
    for (const key of store.objects.keys()) if (key.includes('/entries/')) store.tamper(key, null)
    await expect(restoreNow(await trustRoot(), kept)).rejects.toThrow(/missing or damaged/)
  })

  it('is known to be published as far as it is, with the certificates that it covers', async () => {
    const waiting = await core.issue(owner)
    await backUpNow()
    await core.issue(owner)
    await run()
    const published = Number((await logRow()).size)
    await core.db.owner`TRUNCATE outbox`
    store.tamper(LOG_SIGNED_CHECKPOINT_OBJECT, checkpoint())
    await restoreNow(await trustRoot())
    expect(Number((await logRow()).published_size)).toBe(published)
    const marks = await core.db.owner`SELECT entity_id FROM outbox WHERE kind = 'certificate'`
    expect(marks).toEqual([{ entity_id: waiting.certificate_id }])
  })

  it.each(['no JSON', '[]', '{"type":"certificate.revoked","subject":"a","time":"yesterday"}'])(
    'does not take %s for an entry',
    async (text) => {
      await run()
      await backUpNow()
      const { size } = await logRow()
      await core.issue(owner)
      await run()
      const key = [...store.objects.keys()].findLast((name) => name.includes('/entries/'))!
      const entries = Array.from({ length: Number(size) + 1 }, () => utf8(text))
      store.tamper(key, encodeEntries(entries))
      await expect(restoreNow(await trustRoot())).rejects.toThrow(/none that the network wrote/)
    },
  )
})
