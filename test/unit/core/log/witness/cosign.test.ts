import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../../../../core/context.ts'
import { sequence } from '../../../../../core/log/sequence.ts'
import type { PostCheckpoint } from '../../../../../core/log/witness/ask.ts'
import { cosign } from '../../../../../core/log/witness/cosign.ts'
import { parseNote, parseVerifierKey } from '../../../../../core/verify/log/index.ts'
import { LOG_CHECKPOINT_OBJECT } from '../../../../../schema/kv.ts'
import { MemoryObjectStore } from '../../../../support/object-store.ts'
import { createWitness, type TestWitness } from '../../../../support/witness.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../../support.ts'
import { append, startLog } from '../support.ts'

let core: TestCore
let store: MemoryObjectStore
let first: TestWitness
let second: TestWitness
let away: Set<TestWitness>
/** Requests that found nobody. */
let unanswered: number

beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(async () => {
  await core.db.owner`TRUNCATE log_witnesses`
  await startLog(core)
  store = new MemoryObjectStore()
  const [log] = await core.db.owner`SELECT verifier_key FROM logs`
  const key = parseVerifierKey(log!.verifier_key)!
  first = await createWitness('first.example', key)
  second = await createWitness('second.example', key)
  away = new Set()
  unanswered = 0
})

const post: PostCheckpoint = (url, body) => {
  const witness = url.includes('first') ? first : second
  if (!away.has(witness)) return witness.post(url, body)
  unanswered++
  return Promise.reject(new Error('no route'))
}

function contextOf(quorum: string, witnessFailure: 'open' | 'closed', now = new Date()): Context {
  const ctx = core.ctx(now)
  const witnessPolicy = `witness first ${first.key.text} https://first.example
witness second ${second.key.text} https://second.example/
group both all first second
group either any both
quorum ${quorum}
`
  return {
    ...ctx,
    settings: { ...ctx.settings, log: { ...ctx.settings.log, witnessPolicy, witnessFailure } },
  }
}

const run = (ctx: Context) =>
  sequence(ctx, store, { cosign: (of, checkpoint, read) => cosign(of, post, checkpoint, read) })

/** Names of those who signed the published checkpoint. */
const signers = () =>
  parseNote(new TextDecoder().decode(store.bytes(LOG_CHECKPOINT_OBJECT)!))!.signatures.map(({ name }) => name)

describe('witnesses', () => {
  test('cosign what is published, and follow the log as it grows', async () => {
    for (const count of [3, 300]) {
      await append(core, count)
      expect(await run(contextOf('both', 'closed'))).toMatchObject({ held: false })
      expect(signers()).toEqual(['network.example/log', 'first.example', 'second.example'])
    }
    expect(first.size()).toBe(303)
    // Each checkpoint took one request: it is known how far they have come.
    expect(first.asked).toHaveLength(2)
  })

  test('fail-open: a checkpoint without its quorum is published all the same', async () => {
    away.add(second)
    await append(core, 3)
    expect(await run(contextOf('both', 'open'))).toMatchObject({ publishedSize: 3, held: false })
    expect(signers()).toEqual(['network.example/log', 'first.example'])
  })

  test('fail-closed: it is held back, and all behind it, until the quorum is there', async () => {
    away.add(second)
    const now = Date.now()
    await append(core, 3)
    expect(await run(contextOf('both', 'closed', new Date(now)))).toMatchObject({ held: true, more: true })
    await append(core, 2)
    expect(await run(contextOf('both', 'closed', new Date(now)))).toMatchObject({ held: true })
    expect(store.bytes(LOG_CHECKPOINT_OBJECT)).toBeNull()
    away.clear()
    const later = contextOf('both', 'closed', new Date(now + 60_000))
    expect(await run(later)).toMatchObject({ publishedSize: 5, held: false })
    expect(signers()).toEqual(['network.example/log', 'first.example', 'second.example'])
  })

  test('one that cannot be reached is left alone for a while, so that it holds nothing up', async () => {
    away.add(second)
    const now = Date.now()
    for (const [after, asked] of [
      [0, 1],
      [9_999, 1],
      [10_000, 2],
    ] as const) {
      await append(core, 1)
      await run(contextOf('first', 'closed', new Date(now + after)))
      expect([after, unanswered]).toEqual([after, asked])
    }
    away.clear()
    await append(core, 1)
    await run(contextOf('first', 'closed', new Date(now + 20_000)))
    expect(signers()).toContain('second.example')
    const [row] = await core.db
      .owner`SELECT failure, size FROM log_witnesses WHERE verifier_key = ${second.key.text}`
    expect(row).toEqual({ failure: null, size: '4' })
  })

  test('a policy that cannot be read stops the log with its line', async () => {
    await append(core, 1)
    await expect(run(contextOf('nobody', 'open'))).rejects.toThrow(/LOG_WITNESS_POLICY, line 5/)
  })
})
