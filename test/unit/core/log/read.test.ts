import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readInclusionProofs } from '../../../../core/log/read.ts'
import { sequence } from '../../../../core/log/sequence.ts'
import { fromHex } from '../../../../core/verify/encoding.ts'
import { openCheckpoint, parseVerifierKey, verifyInclusion } from '../../../../core/verify/log/index.ts'
import { type InclusionProof, inclusionProofSchema } from '../../../../schema/wire/log.ts'
import { LogWaiter } from '../../../../workers/core/log-waiter.ts'
import { MemoryObjectStore } from '../../../support/object-store.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { append, startLog } from './support.ts'

/** Enough that nothing but a broken waiter needs all of it. */
const LONG_MS = 20_000

let core: TestCore
const store = new MemoryObjectStore()

beforeAll(async () => {
  core = await startTestCore({ keys: false })
  await startLog(core)
  await append(core, 700)
  await sequence(core.ctx(), store)
}, START_LIMIT_MS)
afterAll(() => core.db.stop())

async function leafHashes(): Promise<string[]> {
  const rows = await core.db.owner`SELECT encode(leaf_hash, 'hex') AS hash FROM log_entries ORDER BY id`
  return rows.map((row) => row.hash)
}

async function holds(leafHash: string, proof: InclusionProof): Promise<boolean> {
  inclusionProofSchema.parse(proof)
  const [log] = await core.db.owner`SELECT verifier_key FROM logs`
  const opened = await openCheckpoint(proof.checkpoint, parseVerifierKey(log!.verifier_key)!)
  if (opened === null || opened.size !== proof.tree_size) return false
  return verifyInclusion({
    leafHash: fromHex(leafHash)!,
    index: proof.index,
    size: opened.size,
    hashes: proof.hashes.map((hash) => fromHex(hash)!),
    root: opened.root,
  })
}

describe('readInclusionProofs', () => {
  test('proves each entry that the published checkpoint covers', async () => {
    const all = await leafHashes()
    const asked = [0, 1, 254, 255, 256, 257, 511, 512, 698, 699].map((i) => all[i]!)
    const proofs = await readInclusionProofs(core.ctx(), asked)
    expect([...proofs.keys()].sort()).toEqual([...asked].sort())
    for (const [leafHash, proof] of proofs) {
      expect(await holds(leafHash, proof)).toBe(true)
      expect(all[proof.index]).toBe(leafHash)
    }
    expect(await holds(all[5]!, proofs.get(all[0]!)!)).toBe(false)
  })

  test('says nothing of what is pending or unknown, and nothing before there is a log', async () => {
    await append(core, 1)
    const pending = (await leafHashes()).at(-1)!
    expect(await readInclusionProofs(core.ctx(), [pending, 'ab'.repeat(32)])).toEqual(new Map())
    expect(await readInclusionProofs(core.ctx(), [])).toEqual(new Map())
  })
})

describe('LogWaiter', () => {
  const waiter = () => new LogWaiter(core.ctx)

  test('tells everyone who waits, each of their own entry, once it is published', async () => {
    await append(core, 3)
    const waiting = (await leafHashes()).slice(-3)
    const shared = waiter()
    const told = Promise.all([...waiting, waiting[0]!].map((hash) => shared.waitFor(hash, LONG_MS)))
    await sequence(core.ctx(), store)
    for (const [i, proof] of (await told).entries()) {
      expect(await holds(waiting[i % 3]!, proof!)).toBe(true)
    }
  })

  test('gives up in time, and at once when there is none', async () => {
    await append(core, 1)
    const pending = (await leafHashes()).at(-1)!
    const shared = waiter()
    expect(await shared.waitFor(pending, 1)).toBeNull()
    expect(await shared.waitFor(pending, 250)).toBeNull()
    expect(await shared.waitFor(pending, 0)).toBeNull()
    // Whoever gave up is in nobody's way.
    const again = shared.waitFor(pending, LONG_MS)
    await sequence(core.ctx(), store)
    expect(await again).not.toBeNull()
  })

  test('looks at the database only while somebody waits, and outlives its failures', async () => {
    let looks = 0
    const failing = new LogWaiter(() => {
      looks++
      throw new Error('no database')
    })
    expect(await failing.waitFor('ab'.repeat(32), 350)).toBeNull()
    expect(looks).toBeGreaterThan(0)
    const before = looks
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(looks).toBe(before)
  })

  test('keeps no more waiting than it can', async () => {
    const shared = waiter()
    const waiting = Array.from({ length: 1_001 }, (_, i) => shared.waitFor(String(i).padStart(64, '0'), 50))
    expect(await waiting[1_000]).toBeNull()
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => null))
  })
})
