import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listCertificates } from '../../../../core/certificates/list.ts'
import { lookUpCertificate } from '../../../../core/certificates/look-up.ts'
import type { Context } from '../../../../core/context.ts'
import { ensureLog } from '../../../../core/log/create.ts'
import type { Cosigner } from '../../../../core/log/publish.ts'
import { sequence } from '../../../../core/log/sequence.ts'
import { parseNote, parseVerifierKey, rootOf, verifyNote } from '../../../../core/verify/log/index.ts'
import { LOG_CHECKPOINT_OBJECT, LOG_SIGNED_CHECKPOINT_OBJECT } from '../../../../schema/kv.ts'
import { inspectMemoryLog } from '../../../support/log-invariants.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { append, startLog } from './support.ts'

let core: TestCore
let store: MemoryObjectStore

beforeAll(async () => {
  core = await startTestCore()
}, START_LIMIT_MS)
afterAll(() => core.db.stop())
beforeEach(async () => {
  await startLog(core)
  store = new MemoryObjectStore()
})

const text = (key: string) => new TextDecoder().decode(store.bytes(key) ?? new Uint8Array())

describe('the log', () => {
  test('is made once, whoever is first, and named as the settings say at that moment', async () => {
    const { owner } = core.db
    await owner`TRUNCATE logs`
    const named = (origin: string): Context => {
      const ctx = core.ctx()
      return { ...ctx, settings: { ...ctx.settings, log: { ...ctx.settings.log, origin } } }
    }
    await Promise.all([ensureLog(named('a.example/log')), ensureLog(named('b.example/log'))])
    const [made, ...more] = await owner`SELECT origin, verifier_key FROM logs`
    expect(more).toEqual([])
    expect(parseVerifierKey(made!.verifier_key)?.name).toBe(made!.origin)
    await ensureLog(named('c.example/log'))
    expect(await owner`SELECT origin, verifier_key FROM logs`).toEqual([made])
  })

  test('is served as c2sp.org/tlog-tiles asks for', async () => {
    await append(core, 300)
    await sequence(core.ctx(), store)
    const types = Object.fromEntries([...store.objects].map(([key, { contentType }]) => [key, contentType]))
    const binary = 'application/octet-stream'
    expect(types).toEqual({
      'log/checkpoint': 'text/plain; charset=utf-8',
      'log/tile/0/000': binary,
      'log/tile/0/001.p/44': binary,
      'log/tile/1/000.p/1': binary,
      'log/tile/entries/000': binary,
      'log/tile/entries/001.p/44': binary,
    })
    const note = parseNote(text(LOG_CHECKPOINT_OBJECT))!
    expect(note.text).toMatch(/^network\.example\/log\n300\n[A-Za-z0-9+/]{43}=\n$/)
    const [log] = await core.db.owner`SELECT verifier_key FROM logs`
    expect(await verifyNote(note, parseVerifierKey(log!.verifier_key)!)).toBe(true)
  })

  test('takes entries in the order in which they came', async () => {
    await append(core, 1_200)
    await sequence(core.ctx(), store)
    const rows = await core.db.owner`SELECT id, leaf_index FROM log_entries ORDER BY id`
    expect(rows.every((row, i) => Number(row.leaf_index) === i)).toBe(true)
  })
})

describe('witnesses', () => {
  test('are shown our own checkpoint, whose tiles are there, and their cosignatures are published', async () => {
    await append(core, 300)
    const seen: unknown[] = []
    const cosign: Cosigner = async (_ctx, checkpoint, read) => {
      expect(Buffer.compare(await rootOf(checkpoint.size, read), checkpoint.root)).toBe(0)
      seen.push(checkpoint.size, store.bytes('log/tile/0/000') !== null, text(LOG_CHECKPOINT_OBJECT))
      expect(text(LOG_SIGNED_CHECKPOINT_OBJECT)).toBe(checkpoint.text)
      return { note: `${checkpoint.text}— witness.example AAAAAAAAAAAA\n`, publish: true }
    }
    expect(await sequence(core.ctx(), store, { cosign })).toMatchObject({ publishedSize: 300 })
    expect(seen).toEqual([300, true, ''])
    const [log] = await core.db.owner`SELECT published_checkpoint FROM logs`
    expect(log!.published_checkpoint).toBe(text(LOG_CHECKPOINT_OBJECT))
    expect(text(LOG_CHECKPOINT_OBJECT)).toContain('— witness.example ')
    // A cosigned checkpoint is one of ours like any other.
    await append(core, 1)
    expect(await sequence(core.ctx(), store)).toMatchObject({ publishedSize: 301 })
  })

  test('that withhold their quorum hold back the checkpoint, and everything behind it', async () => {
    await append(core, 10)
    const withhold: Cosigner = async (_ctx, { text: note }) => ({ note, publish: false })
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await sequence(core.ctx(), store, { cosign: withhold })).toMatchObject({
        publishedSize: 0,
        more: true,
        held: true,
      })
      await append(core, 1_000)
    }
    const [log] = await core.db.owner`SELECT size, staged_size FROM logs`
    expect(log).toEqual({ size: '10', staged_size: '1010' })
    expect(store.bytes(LOG_CHECKPOINT_OBJECT)).toBeNull()
    expect(await sequence(core.ctx(), store)).toMatchObject({ publishedSize: 3_010 })
    expect((await inspectMemoryLog(store, core.db.owner)).faults).toEqual([])
  })

  test('that break leave the checkpoint unpublished, and the next run asks again', async () => {
    await append(core, 10)
    const fail: Cosigner = () => Promise.reject(new Error('no policy'))
    await expect(sequence(core.ctx(), store, { cosign: fail })).rejects.toThrow('no policy')
    expect(await sequence(core.ctx(), store)).toMatchObject({ publishedSize: 10 })
  })
})

describe('a certificate', () => {
  const marks = async () =>
    (await core.db.owner`SELECT entity_id FROM outbox WHERE kind = 'certificate'`).map((row) => row.entity_id)

  test('is published again, with its place, once a published checkpoint covers it', async () => {
    const owner = await core.organisation()
    await sequence(core.ctx(), store)
    const issued = await core.issue(owner)
    await core.db.owner`DELETE FROM outbox`
    const before = await lookUpCertificate(core.ctx(), issued.certificate_id)
    expect(before!.record.logIndex).toBeUndefined()
    const { publishedSize } = await sequence(core.ctx(), store)
    expect(await marks()).toEqual([issued.certificate_id])
    const after = await lookUpCertificate(core.ctx(), issued.certificate_id)
    expect(after!.record.logIndex).toBe(publishedSize - 1)
    const listed = JSON.parse(await listCertificates(core.ctx(), owner, { limit: 10 }))
    expect(listed.data[0].log).toEqual({
      state: 'included',
      leaf_hash: issued.log!.leaf_hash,
      index: publishedSize - 1,
    })
  })

  test('has no place as long as its checkpoint is signed and not published', async () => {
    const owner = await core.organisation()
    const issued = await core.issue(owner)
    await core.db.owner`DELETE FROM outbox`
    const withhold: Cosigner = async (_ctx, { text: note }) => ({ note, publish: false })
    await sequence(core.ctx(), store, { cosign: withhold })
    expect((await lookUpCertificate(core.ctx(), issued.certificate_id))!.record.logIndex).toBeUndefined()
    const listed = JSON.parse(await listCertificates(core.ctx(), owner, { limit: 10 }))
    expect(listed.data[0].log).toEqual({ state: 'pending', leaf_hash: issued.log!.leaf_hash })
    expect(await marks()).toEqual([])
  })

  test('of test mode is in the log, and is not published', async () => {
    const owner = await core.organisation()
    const issued = await core.issue(await core.withKey(owner, ['certificates:write'], false))
    await core.db.owner`DELETE FROM outbox`
    await sequence(core.ctx(), store)
    expect(await marks()).toEqual([])
    const found = await lookUpCertificate(core.ctx(), issued.certificate_id)
    expect(found!.record.logIndex).toBeTypeOf('number')
  })
})
