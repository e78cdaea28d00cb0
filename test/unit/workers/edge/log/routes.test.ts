import { beforeEach, describe, expect, test, vi } from 'vitest'
import { fromHex } from '../../../../../core/verify/encoding.ts'
import {
  EMPTY_ROOT,
  HASH_BYTES,
  hashLeaf,
  verifyConsistency,
  verifyInclusion,
} from '../../../../../core/verify/log/index.ts'
import type { ConsistencyProof, LogEntryList, LogProof } from '../../../../../schema/wire/log.ts'
import { consistencyProofSchema, logEntryListSchema, logProofSchema } from '../../../../../schema/wire/log.ts'
import { edgeOf, entries, type FakeEdge, TestLog } from './support.ts'

/** Sizes of the checkpoints that were published, one after the other: across two borders of a tile. */
const SIZES = [1, 7, 255, 256, 300, 700]

let log: TestLog
let edge: FakeEdge
let routes: typeof import('../../../../../workers/edge/routes/log.ts')
beforeEach(async () => {
  vi.resetModules()
  routes = await import('../../../../../workers/edge/routes/log.ts')
  log = await TestLog.create()
  for (const size of SIZES) await log.grow(...(await entries(size - log.size, log.size)))
  edge = await edgeOf(log)
})

const proof = (query: string, later?: number) =>
  routes.getInclusionProof(edge.request(later), new URLSearchParams(query))
const consistency = (query: string) => routes.getConsistencyProof(edge.request(), new URLSearchParams(query))
const list = (query: string) => routes.getLogEntries(edge.request(), new URLSearchParams(query))
const bytes = (hashes: readonly string[]) => hashes.map((hash) => fromHex(hash)!)

async function expectProblem(response: Response, status: number, code: string): Promise<object> {
  const body = (await response.json()) as object
  expect([response.status, body]).toEqual([status, expect.objectContaining({ status, code })])
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return body
}

function expectIncluded(answer: LogProof, index: number, size: number): void {
  logProofSchema.parse(answer)
  expect(answer).toMatchObject({ index, tree_size: size, leaf_hash: log.leafHash(index) })
  const [leafHash, root] = bytes([answer.leaf_hash, answer.root_hash])
  expect(
    verifyInclusion({ index, size, leafHash: leafHash!, root: root!, hashes: bytes(answer.hashes) }),
  ).toBe(true)
}

describe('GET /v1/log/proof', () => {
  test.each([0, 6, 254, 255, 256, 511, 512, 699])(
    'of the entry at %d, by index and by leaf hash',
    async (index) => {
      const byIndex = await proof(`index=${index}`)
      expect(byIndex.headers.get('access-control-allow-origin')).toBe('*')
      expect(byIndex.headers.get('content-type')).toBe('application/json')
      const answer = (await byIndex.json()) as LogProof
      expectIncluded(answer, index, 700)
      expect(answer.root_hash).toBe(Buffer.from(log.roots.get(700)!).toString('hex'))
      expect(edge.coreAsked).toEqual([])
      expect(await (await proof(`leaf=${log.leafHash(index)}`)).json()).toEqual(answer)
      expect(edge.coreAsked).toEqual([log.leafHash(index)])
    },
  )

  test.each([1, 2, 7, 100, 255, 256, 257, 300, 511, 512, 513, 699])(
    'in the tree of %d, published or not',
    async (size) => {
      for (const index of new Set([0, Math.floor(size / 2), size - 1])) {
        const answer = (await (await proof(`index=${index}&size=${size}`)).json()) as LogProof
        expectIncluded(answer, index, size)
        const known = log.roots.get(size)
        if (known !== undefined) expect(bytes([answer.root_hash])[0]).toEqual(new Uint8Array(known))
      }
    },
  )

  test('asks the core once for a leaf hash that it has a place for', async () => {
    await proof(`leaf=${log.leafHash(3)}`)
    await proof(`leaf=${log.leafHash(3)}`, 60_000)
    expect(edge.coreAsked.length).toBe(1)
  })

  test('of an entry that is not there: 404, and the core is not asked again at once', async () => {
    const leaf = 'ab'.repeat(32)
    for (const later of [0, 100]) {
      const body = await expectProblem(await proof(`leaf=${leaf}`, later), 404, 'log_entry_not_found')
      expect(body).toMatchObject({ detail: expect.stringContaining('pending') })
    }
    expect(edge.coreAsked).toEqual([leaf])
    await proof(`leaf=${leaf}`, 1_000)
    expect(edge.coreAsked).toEqual([leaf, leaf])
  })

  test('of an entry that no published checkpoint covers: 404, until one does', async () => {
    await proof('index=0')
    edge.core.logIndex = async () => 700
    const added = await entries(1, 700)
    const leaf = Buffer.from(hashLeaf(added[0]!)).toString('hex')
    await expectProblem(await proof(`leaf=${leaf}`), 404, 'log_entry_not_found')
    await log.grow(...added)
    expectIncluded((await (await proof(`leaf=${leaf}`, 150)).json()) as LogProof, 700, 701)
  })

  test('says when to come back for what may be pending', async () => {
    expect((await proof('index=700')).headers.get('retry-after')).toBe('1')
  })

  test.each([
    ['', 'leaf'],
    ['leaf=abc', 'leaf'],
    [`leaf=${'AB'.repeat(32)}`, 'leaf'],
    [`leaf=${'ab'.repeat(32)}&index=1`, 'leaf'],
    ['index=-1', 'index'],
    ['index=1.5', 'index'],
    ['index=01', 'index'],
    ['index=1e2', 'index'],
    ['index=99999999999999999999', 'index'],
    ['index=', 'index'],
    ['index=1&index=2', 'index'],
    ['index=1&size=0', 'size'],
    ['index=1&size=701', 'size'],
    ['index=1&tree_size=7', 'tree_size'],
    ['index=1&__proto__=7', '__proto__'],
  ])('?%s is refused, and says where', async (query, path) => {
    const body = await expectProblem(await proof(query), 422, 'invalid_input')
    expect(body).toMatchObject({ errors: [{ path }] })
    expect(edge.coreAsked).toEqual([])
  })

  test('index=6&size=6: the smaller tree ends before it', async () => {
    await expectProblem(await proof('index=6&size=6'), 404, 'log_entry_not_found')
  })

  test('is limited where it asks the core, and says so', async () => {
    edge.limited = true
    const limited = await proof(`leaf=${log.leafHash(3)}`)
    await expectProblem(limited, 429, 'rate_limited')
    expect(limited.headers.get('ratelimit-policy')).toContain('"miss"')
    expect((await proof('index=3')).status).toBe(200)
  })

  test('needs the core for a leaf hash only', async () => {
    edge.coreAway = true
    await expectProblem(await proof(`leaf=${log.leafHash(3)}`), 503, 'core_unavailable')
    expect((await proof('index=3')).status).toBe(200)
  })

  test('refuses a place that the core has wrong', async () => {
    edge.core.logIndex = async () => 4
    await expectProblem(await proof(`leaf=${log.leafHash(3)}`), 503, 'log_unavailable')
  })
})

describe('GET /v1/log/consistency', () => {
  test.each([
    [0, 1],
    [0, 700],
    [1, 7],
    [7, 700],
    [255, 256],
    [256, 256],
    [256, 300],
    [300, 700],
    [699, 700],
    [700, 700],
    [100, 513],
  ] as const)('from %d to %d', async (from, to) => {
    const response = await consistency(`from=${from}&to=${to}`)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const answer = (await response.json()) as ConsistencyProof
    consistencyProofSchema.parse(answer)
    const [fromRoot, toRoot] = bytes([answer.from_root_hash, answer.to_root_hash])
    expect(
      verifyConsistency({ from, to, fromRoot: fromRoot!, toRoot: toRoot!, hashes: bytes(answer.hashes) }),
    ).toBe(true)
    for (const [size, root] of [
      [from, fromRoot],
      [to, toRoot],
    ] as const) {
      const known = size === 0 ? EMPTY_ROOT : log.roots.get(size)
      if (known !== undefined) expect(root).toEqual(new Uint8Array(known))
    }
  })

  test('to the current size, if none is said', async () => {
    expect(await (await consistency('from=7')).json()).toMatchObject({ from: 7, to: 700 })
  })

  test.each([
    ['', 'from'],
    ['to=7', 'from'],
    ['from=8&to=7', 'from'],
    ['from=701', 'from'],
    ['from=1&to=701', 'to'],
    ['from=1&to=0', 'to'],
    ['from=x', 'from'],
    ['from=1&until=2', 'until'],
  ])('?%s is refused, and says where', async (query, path) => {
    const body = await expectProblem(await consistency(query), 422, 'invalid_input')
    expect(body).toMatchObject({ errors: [{ path }] })
  })
})

describe('GET /v1/log/entries', () => {
  test('goes through the whole log by cursor, each entry with its leaf hash', async () => {
    const seen: LogEntryList['data'] = []
    let cursor: string | null = '0'
    while (cursor !== null) {
      const response = await list(`cursor=${cursor}&limit=256`)
      expect(response.status).toBe(200)
      const answer = logEntryListSchema.parse(await response.json())
      expect(answer.tree_size).toBe(700)
      seen.push(...answer.data)
      cursor = answer.next_cursor
    }
    expect(seen.map(({ index }) => index)).toEqual(Array.from({ length: 700 }, (_, i) => i))
    expect(seen.map(({ leaf_hash }) => leaf_hash)).toEqual(log.entries.map((_, i) => log.leafHash(i)))
    expect(seen.map(({ entry }) => entry)).toEqual(
      log.entries.map((entry) => JSON.parse(Buffer.from(entry).toString())),
    )
  })

  test('has the very bytes that the leaf hash is of', async () => {
    const text = await (await list('start=300&limit=1')).text()
    expect(text).toContain(Buffer.from(log.entries[300]!).toString())
  })

  test.each([
    ['', 0, 100, '100'],
    ['start=250&limit=10', 250, 10, '260'],
    ['start=650', 650, 50, null],
    ['start=699&limit=1', 699, 1, null],
    ['start=700', 700, 0, null],
    ['start=99999', 99_999, 0, null],
  ] as const)('?%s', async (query, first, count, next) => {
    const answer = logEntryListSchema.parse(await (await list(query)).json())
    expect(answer.next_cursor).toBe(next)
    expect(answer.data.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, i) => first + i))
  })

  test.each([
    ['start=1&cursor=2', 'start'],
    ['limit=0', 'limit'],
    ['limit=257', 'limit'],
    ['start=-1', 'start'],
    ['page=2', 'page'],
  ])('?%s is refused, and says where', async (query, path) => {
    expect(await expectProblem(await list(query), 422, 'invalid_input')).toMatchObject({ errors: [{ path }] })
  })

  test('a cursor that nobody gave', async () => {
    await expectProblem(await list('cursor=abc'), 400, 'invalid_cursor')
  })
})

describe('an R2 that cannot be believed', () => {
  const TILE_0 = 'log/tile/0/000'
  const LAST_TILE = 'log/tile/0/002.p/188'
  const FIRST_BUNDLE = 'log/tile/entries/000'

  test.each<[string, () => void]>([
    ['a tile with another hash', () => log.r2.tamper(TILE_0, 40)],
    ['the leaf itself changed', () => log.r2.tamper(TILE_0, 3 * HASH_BYTES)],
    ['a hash of a level above changed', () => log.r2.tamper('log/tile/1/000.p/2', HASH_BYTES)],
    ['a tile that is cut', () => log.r2.put(TILE_0, log.r2.objects.get(TILE_0)!.slice(0, -32))],
    ['a tile that is much too long', () => log.r2.put(TILE_0, new Uint8Array(100_000))],
    ['no tile', () => log.r2.objects.delete(TILE_0)],
    ['a checkpoint by another', () => log.r2.tamper('log/checkpoint', -10)],
    ['a checkpoint of another tree', () => log.r2.tamper('log/checkpoint', ORIGIN_AND_SIZE)],
    ['no checkpoint', () => log.r2.objects.delete('log/checkpoint')],
    [
      'an R2 that is away',
      () => {
        log.r2.away = true
      },
    ],
  ])('%s: no proof, no entries', async (_, tamper) => {
    tamper()
    await expectProblem(await proof('index=3'), 503, 'log_unavailable')
    await expectProblem(await list('start=3&limit=1'), 503, 'log_unavailable')
  })

  test.each<[string, () => void]>([
    ['another byte', () => log.r2.tamper(FIRST_BUNDLE, 5)],
    ['another length', () => log.r2.tamper(FIRST_BUNDLE, 1)],
    ['fewer entries', () => log.r2.put(FIRST_BUNDLE, log.r2.objects.get('log/tile/entries/000.p/7')!)],
    ['none', () => log.r2.objects.delete(FIRST_BUNDLE)],
  ])('a bundle with %s: no entries, but proofs', async (_, tamper) => {
    tamper()
    await expectProblem(await list('start=0&limit=8'), 503, 'log_unavailable')
    expect((await proof('index=3')).status).toBe(200)
  })

  test('an entry that is no JSON object is not put into an answer', async () => {
    await log.grow(new TextEncoder().encode('"text"},"more":{'))
    await expectProblem(await list('start=700'), 503, 'log_unavailable')
    expect((await list('start=699&limit=1')).status).toBe(200)
  })

  test.each([
    ['in a smaller tree', () => proof('index=3&size=100')],
    ['from a smaller tree to the current one', () => consistency('from=100')],
    ['between two smaller ones', () => consistency('from=7&to=100')],
    ['from the empty tree to a smaller one', () => consistency('from=0&to=100')],
  ])('a tampered tile gives no proof %s either', async (_, ask) => {
    expect((await ask()).status).toBe(200)
    vi.resetModules()
    routes = await import('../../../../../workers/edge/routes/log.ts')
    log.r2.tamper(TILE_0, 40 * HASH_BYTES)
    await expectProblem(await ask(), 503, 'log_unavailable')
  })

  test('a tile that was wrong is read again once it is right', async () => {
    const right = log.r2.objects.get(LAST_TILE)!
    log.r2.tamper(LAST_TILE, 40)
    await expectProblem(await proof('index=699'), 503, 'log_unavailable')
    log.r2.put(LAST_TILE, right)
    expect((await proof('index=699')).status).toBe(200)
  })

  test('a wrong hash that one proof did not need does not spoil the others', async () => {
    const right = log.r2.objects.get('log/tile/1/000.p/2')!
    log.r2.tamper('log/tile/1/000.p/2', 0)
    // Its own tile's root is computed, not read.
    expect((await proof('index=3')).status).toBe(200)
    log.r2.put('log/tile/1/000.p/2', right)
    expect((await proof('index=300')).status).toBe(200)
  })
})

const ORIGIN_AND_SIZE = 'trust.example/log\n700\n'.length + 3

describe('what R2 is asked for', () => {
  test('a full tile once, and from then on no more', async () => {
    await proof('index=3')
    const before = log.r2.asked.length
    for (let index = 0; index < 256; index += 17) await proof(`index=${index}`)
    expect(log.r2.asked.length).toBe(before)
  })

  test('the full tile and bundle where the partial ones are gone', async () => {
    const before = log.r2.objects.get('log/checkpoint')!
    await log.grow(...(await entries(68, 700)))
    // As it is before the new checkpoint is published.
    log.r2.put('log/checkpoint', before)
    log.r2.objects.delete('log/tile/0/002.p/188')
    log.r2.objects.delete('log/tile/entries/002.p/188')
    expectIncluded((await (await proof('index=699')).json()) as LogProof, 699, 700)
    expect(await (await list('start=699')).json()).toMatchObject({ tree_size: 700, data: [{ index: 699 }] })
  })

  test('without a log in the trust root, nothing', async () => {
    edge = await edgeOf(log, { log: undefined })
    await expectProblem(await proof('index=3'), 503, 'log_unavailable')
    expect(log.r2.asked).toEqual([])
  })
})
