import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { LogHalted } from '../../../../core/log/row.ts'
import { sequence } from '../../../../core/log/sequence.ts'
import { stageEntries } from '../../../../core/log/stage.ts'
import { swapCheckpoint } from '../../../../core/log/swap.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import {
  formatCheckpoint,
  formatNote,
  hashLeaf,
  parseVerifierKey,
  signatureLine,
} from '../../../../core/verify/log/index.ts'
import { LOG_CHECKPOINT_OBJECT } from '../../../../schema/kv.ts'
import { inspectMemoryLog } from '../../../support/log-invariants.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { append, backUp, startLog } from './support.ts'

let core: TestCore
let store: MemoryObjectStore

beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core.db.stop())
beforeEach(async () => {
  await startLog(core)
  store = new MemoryObjectStore()
})

const run = () => sequence(core.ctx(), store)
const published = () => store.bytes(LOG_CHECKPOINT_OBJECT)
const publish = (bytes: Uint8Array<ArrayBuffer> | null) => store.tamper(LOG_CHECKPOINT_OBJECT, bytes)
const reason = (error: unknown) => (error instanceof LogHalted ? error.reason : error)

async function readRow() {
  const [row] = await core.db.owner`SELECT halted, size, staged_size, published_size FROM logs`
  return row!
}

async function expectWhole(entries: number): Promise<void> {
  const facts = await inspectMemoryLog(store, core.db.owner)
  expect(facts).toEqual({ faults: [], publishedSize: entries, stagedSize: entries, entries })
}

/** A checkpoint by the log's own key, of whatever tree. */
async function forge(
  size: number,
  root = hashLeaf(utf8('another history')),
): Promise<Uint8Array<ArrayBuffer>> {
  const [log] = await core.db.owner`SELECT origin, verifier_key, sealed_private_key FROM logs`
  const text = formatCheckpoint({ origin: log!.origin, size, root })
  const signer = await core.keys.logSigner(log!.verifier_key, log!.sealed_private_key)
  const line = signatureLine(parseVerifierKey(log!.verifier_key)!, await signer.sign(text))
  return utf8(formatNote(text, [line]))
}

/** One by another key of the same name. */
async function forgeByAnother(size: number): Promise<Uint8Array<ArrayBuffer>> {
  const [log] = await core.db.owner`SELECT origin FROM logs`
  const other = await core.keys.generateLogKey(log!.origin)
  const text = formatCheckpoint({ origin: log!.origin, size, root: hashLeaf(utf8('x')) })
  const signer = await core.keys.logSigner(other.verifierKey, other.sealedPrivateKey)
  return utf8(
    formatNote(text, [signatureLine(parseVerifierKey(other.verifierKey)!, await signer.sign(text))]),
  )
}

describe('a restart', () => {
  test('with an older published checkpoint publishes again, and goes on', async () => {
    await append(core, 254)
    await run()
    const objects = new Map(store.objects)
    await append(core, 303)
    await run()
    // The store is as it was at 254: of what came later nothing is left.
    store.objects.clear()
    store.history.length = 0
    for (const [key, object] of objects) {
      store.tamper(key, object.bytes)
      store.history.push({ key, ...object })
    }
    await append(core, 1)
    expect(await sequence(core.ctx(), store)).toMatchObject({ publishedSize: 558 })
    await expectWhole(558)
    expect((await readRow()).published_size).toBe('558')
  })

  test('with an empty store publishes everything again', async () => {
    await append(core, 600)
    await run()
    store.objects.clear()
    store.history.length = 0
    expect(await sequence(core.ctx(), store)).toMatchObject({ staged: 0, publishedSize: 600 })
    await expectWhole(600)
  })

  test('with a newer published checkpoint sequences nothing: the database is older than what everyone has seen', async () => {
    await append(core, 100)
    await run()
    const restore = await backUp(core)
    const older = published()
    await append(core, 50)
    await run()
    const newer = published()
    await restore()
    await append(core, 7)
    const puts = store.history.length
    await expect(sequence(core.ctx(), store).catch(reason)).resolves.toBe('published_is_newer')
    expect(await readRow()).toEqual({
      halted: 'published_is_newer',
      size: '100',
      staged_size: '100',
      published_size: '100',
    })
    expect(store.history.length).toBe(puts)
    expect(published()).toEqual(newer)
    // Somebody has looked at it and decided that the older one is the log. (It should not be: this is a test.)
    publish(older)
    expect(await sequence(core.ctx(), store)).toMatchObject({ publishedSize: 107 })
    expect((await readRow()).halted).toBeNull()
  })
})

describe('sequences nothing when what is published', () => {
  const cases: [string, string, () => Promise<Uint8Array<ArrayBuffer>>][] = [
    ['is a fork of the same size', 'published_differs', () => forge(300)],
    ['is a fork of an older size', 'published_differs', () => forge(200)],
    ['is a fork of a full tile', 'published_differs', () => forge(256)],
    ['is a newer fork', 'published_is_newer', () => forge(301)],
    ['is not signed by our key', 'published_by_another', () => forgeByAnother(300)],
    ['is no checkpoint', 'published_unreadable', async () => utf8('Hello.\n')],
    ['is empty', 'published_unreadable', async () => new Uint8Array(0)],
    ['is no text', 'published_unreadable', async () => new Uint8Array([0xff, 0xfe, 0x0a])],
    [
      'has a broken signature',
      'published_by_another',
      async () => utf8(new TextDecoder().decode(published()!).replace('\n300\n', '\n200\n')),
    ],
  ]

  test.each(cases)('%s', async (_, expected, make) => {
    await append(core, 300)
    await run()
    const ours = published()!
    publish(await make())
    await append(core, 5)
    const puts = store.history.length
    await expect(sequence(core.ctx(), store).catch(reason)).resolves.toBe(expected)
    expect(store.history.length).toBe(puts)
    expect(await readRow()).toMatchObject({ halted: expected, published_size: '300' })
    publish(ours)
    expect(await run()).toMatchObject({ publishedSize: 305 })
    expect((await readRow()).halted).toBeNull()
    await expectWhole(305)
  })
})

test('an empty log publishes nothing, and one that is not made yet is no error', async () => {
  expect(await run()).toEqual({ staged: 0, published: false, publishedSize: 0, more: false, held: false })
  await core.db.owner`TRUNCATE logs`
  expect(await sequence(core.ctx(), store)).toMatchObject({ staged: 0, publishedSize: 0, more: false })
  expect(store.history).toEqual([])
})

test('a log that somebody else has halted meanwhile is neither staged nor signed', async () => {
  await append(core, 10)
  await stageEntries(core.ctx())
  await append(core, 10)
  await core.db.owner`UPDATE logs SET halted = 'published_differs'`
  await expect(stageEntries(core.ctx()).catch(reason)).resolves.toBe('published_differs')
  expect(await swapCheckpoint(core.ctx())).toBe(false)
  expect(await readRow()).toMatchObject({ size: '0', staged_size: '10' })
})
