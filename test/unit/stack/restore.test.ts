import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { revokeCertificate } from '../../../core/certificates/revoke.ts'
import type { Actor } from '../../../core/context.ts'
import { UNCLAIMED } from '../../../core/idempotency/claim.ts'
import { currentTrustRoot, publishTrustRoot } from '../../../core/keys/trust-root.ts'
import { ensureLog } from '../../../core/log/create.ts'
import { sequence } from '../../../core/log/sequence.ts'
import { revokeApiKey } from '../../../core/organisations/revoke-api-key.ts'
import { publishStatusList } from '../../../core/status/publish.ts'
import { formatNote, openCheckpoint, parseVerifierKey } from '../../../core/verify/log/index.ts'
import { statusBit } from '../../../core/verify/status-list.ts'
import { LOG_CHECKPOINT_OBJECT } from '../../../schema/kv.ts'
import type { Certificate } from '../../../schema/wire/certificate.ts'
import { backUp } from '../../../stack/backup.ts'
import { restore } from '../../../stack/restore.ts'
import { inspectMemoryLog } from '../../support/log-invariants.ts'
import { MemoryObjectStore } from '../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../core/support.ts'

let core: TestCore
let owner: Actor & { readonly apiKey: string }
let store: MemoryObjectStore
let folder: string

beforeAll(async () => {
  core = await startTestCore()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'coderisk-backup-'))
  rmSync(folder, { recursive: true })
  store = new MemoryObjectStore()
  await core.db.owner`TRUNCATE logs, log_entries, log_tiles, status_lists`
  await ensureLog(core.ctx())
  owner = await core.organisation()
  return () => rmSync(folder, { recursive: true, force: true })
})

const trustRoot = async () => {
  const root = await core.ctx().database.asSystem(currentTrustRoot)
  return root === undefined ? null : JSON.stringify(root.jws)
}
const restoreNow = async (published: string | null) =>
  restore({
    ownerUrl: core.db.ownerUrl,
    folder,
    pinned: core.pinned,
    source: { object: async (key) => store.bytes(key), trustRoot: async () => published },
  })
const revoke = (certificate: Certificate) =>
  revokeCertificate(core.ctx(), owner, certificate.certificate_id, { reason: 'keyCompromise' }, UNCLAIMED)
const certificateRow = async (certificate: Certificate) =>
  (await core.db.owner`SELECT * FROM certificates WHERE id = ${certificate.certificate_id}`)[0]
const logRow = async () => (await core.db.owner`SELECT * FROM logs`)[0]!
/** The log, how many rows each table has, and where each sequence stands. */
async function everything() {
  const [counts] = await core.db.owner`
    SELECT jsonb_object_agg(relname, (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || relname, false, true, '')))[1]::text)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`
  const sequences = await core.db.owner`SELECT sequencename, last_value FROM pg_sequences ORDER BY 1`
  return { log: await logRow(), counts, sequences: [...sequences] }
}
async function publish() {
  await sequence(core.ctx(), store)
  await publishStatusList(core.ctx(), store, 0)
}

describe('restore', () => {
  it('takes away again what was taken away since, and gives no number twice', async () => {
    const kept = await core.issue(owner)
    const revokedLater = await core.issue(owner)
    const waiting = await core.issue(owner)
    await sequence(core.ctx(), store)
    const unsequenced = await core.issue(owner)
    await backUp(core.db.ownerUrl, folder)
    const sizeThen = Number((await logRow()).size)

    const lost = await core.issue(owner)
    await revoke(revokedLater)
    await revoke(lost)
    await revokeApiKey(core.ctx(), owner, owner.keyId, UNCLAIMED)
    await publishTrustRoot(core.ctx())
    await publish()
    const published = await trustRoot()
    const sizeBefore = Number((await logRow()).size)

    const recovered = await restoreNow(published)
    expect(recovered).toMatchObject({
      logFrom: sizeThen,
      logTo: sizeBefore,
      revokedCertificates: 1,
      revokedApiKeys: 1,
      statusBits: 1,
      trustRoot: true,
    })
    expect(await certificateRow(lost)).toBeUndefined()
    expect(await certificateRow(kept)).toMatchObject({ revoked_at: null })
    expect(await certificateRow(waiting)).toMatchObject({ revoked_at: null })
    expect(await certificateRow(revokedLater)).toMatchObject({ revocation_reason: 'keyCompromise' })
    const [list] = await core.db.owner`SELECT bits FROM status_lists WHERE id = 0`
    expect(statusBit(list!.bits, revokedLater.status_list.idx)).toBe(true)
    expect(statusBit(list!.bits, lost.status_list.idx)).toBe(true)
    expect(statusBit(list!.bits, kept.status_list.idx)).toBe(false)
    const [key] = await core.db.owner`SELECT revoked_at FROM api_keys WHERE id = ${owner.keyId}`
    expect(key!.revoked_at).not.toBeNull()
    expect(await trustRoot()).toBe(published)
    // The entry that waited when the backup was made has the index that it got afterwards.
    const [entry] = await core.db.owner`
      SELECT leaf_index FROM log_entries JOIN certificates USING (leaf_hash) WHERE certificates.id = ${unsequenced.certificate_id}`
    expect(Number(entry!.leaf_index)).toBe(sizeThen)

    const next = await core.issue(owner)
    expect(next.status_list.uri).toMatch(/\/v1\/status-lists\/[1-9]\d*$/)
    await sequence(core.ctx(), store)
    const facts = await inspectMemoryLog(store, core.db.owner)
    expect(facts.faults).toEqual([])
    // The certificate, the restore itself, and the trust root's entry, if it needed one.
    expect(facts.publishedSize).toBeGreaterThanOrEqual(sizeBefore + 2)
  })

  it('does not give an index again that only witnesses have seen', async () => {
    await core.issue(owner)
    await sequence(core.ctx(), store)
    await backUp(core.db.ownerUrl, folder)
    await core.issue(owner)
    const cosign = async (_: unknown, { text }: { text: string }) => ({ note: text, publish: false })
    await sequence(core.ctx(), store, { cosign })
    const signed = Number((await logRow()).size)
    const recovered = await restoreNow(await trustRoot())
    expect(recovered).toMatchObject({ logFrom: signed - 1, logTo: signed })
  })

  it('restores where nothing was published since', async () => {
    await core.issue(owner)
    await publish()
    await backUp(core.db.ownerUrl, folder)
    const recovered = await restoreNow(await trustRoot())
    expect(recovered).toMatchObject({ revokedCertificates: 0, statusBits: 0, trustRoot: false })
    expect(recovered.logFrom).toBe(recovered.logTo)
    await sequence(core.ctx(), store)
    expect((await inspectMemoryLog(store, core.db.owner)).faults).toEqual([])
  })

  it.each([
    ['a table that was changed', () => damage('certificates.copy.gz'), /damaged/],
    ['a table that is missing', () => rmSync(path.join(folder, 'api_keys.copy.gz')), /cannot be read/],
    [
      'another schema',
      () => editManifest((text) => text.replace(/"migrations": \[\s*"./, '$&f')),
      /migrations/,
    ],
    ['another format', () => editManifest((text) => text.replace('"format": 1', '"format": 2')), /format/],
    ['no manifest', () => rmSync(path.join(folder, 'manifest.json')), /no backup/],
    ['a log of another key', () => forgeCheckpoint(), /not by the key/],
    ['a bundle that is missing', () => removeBundles(), /missing or damaged/],
    ['entries that are not those of the root', () => swapBundle(), /forked/],
  ])('changes nothing for %s', async (_, spoil, message) => {
    await core.issue(owner)
    await publish()
    await backUp(core.db.ownerUrl, folder)
    const since = await core.issue(owner)
    await publish()
    await spoil()
    const before = await everything()
    await expect(restoreNow(await trustRoot())).rejects.toThrow(message)
    expect(await certificateRow(since)).toBeDefined()
    expect(await everything()).toEqual(before)
  })
})

function damage(name: string): void {
  const file = path.join(folder, name)
  const bytes = readFileSync(file)
  bytes[bytes.length - 5]! ^= 1
  writeFileSync(file, bytes)
}

function editManifest(edit: (text: string) => string): void {
  const file = path.join(folder, 'manifest.json')
  writeFileSync(file, edit(readFileSync(file, 'utf8')))
}

async function forgeCheckpoint(): Promise<void> {
  const text = new TextDecoder().decode(store.bytes(LOG_CHECKPOINT_OBJECT)!)
  const key = parseVerifierKey((await logRow()).verifier_key)!
  const opened = await openCheckpoint(text, key)
  const line = opened!.note.signatures[0]!.line
  const forged = formatNote(opened!.note.text, [line.replace(/.{9}\n$/, 'AAAAAAAA=\n'.slice(-10))])
  store.tamper(LOG_CHECKPOINT_OBJECT, new TextEncoder().encode(forged) as Uint8Array<ArrayBuffer>)
}

function removeBundles(): void {
  for (const key of [...store.objects.keys()]) if (key.includes('/entries/')) store.tamper(key, null)
}

function swapBundle(): void {
  const key = [...store.objects.keys()].findLast((name) => name.includes('/entries/'))!
  const bytes = store.bytes(key)!.slice()
  const end = new TextDecoder().decode(bytes).lastIndexOf('"digest":"') + '"digest":"'.length
  bytes[end] = bytes[end] === 0x30 ? 0x31 : 0x30
  store.tamper(key, bytes)
}
