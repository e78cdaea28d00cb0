import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_ROOT, verifyConsistency, verifyInclusion } from '../../../../../core/verify/log/merkle.ts'
import { newTiles, treeTiles } from '../../../../../core/verify/log/tiles.ts'
import {
  growTree,
  proveConsistency,
  proveInclusion,
  proveInclusions,
  type ReadTile,
  rootOf,
  TileUnavailable,
} from '../../../../../core/verify/log/tree.ts'
import { ReferenceTree } from './reference-tree.ts'

const tree = new ReferenceTree(66_000)
const LARGEST = 1024
const SIZES = Array.from({ length: LARGEST + 1 }, (_, size) => size)
const EDGES = new Set([254, 255, 256, 257, 258, 511, 512, 513, 1023, 1024])
const BIG = [65_280, 65_281, 65_535, 65_536, 65_537, 65_793, 66_000]

/** All below 64, then where something changes, then some that differ from tree to tree. */
function sample(size: number, below: number): number[] {
  if (below <= 64) return Array.from({ length: below }, (_, i) => i)
  const some = [0, below - 1, (size * 7919) % below]
  const wanted = EDGES.has(size)
    ? [...some, 1, 63, 64, 127, 128, 254, 255, 256, 257, 511, 512, below - 2]
    : some
  return [...new Set(wanted)].filter((value) => value < below)
}

/** For comparisons by the thousand, for which `toEqual` is too slow. */
const same = (a: readonly Uint8Array[], b: readonly Uint8Array[]) =>
  a.length === b.length && a.every((hash, i) => Buffer.compare(hash, b[i]!) === 0)

describe('proofs from tiles are the ones of RFC 6962', () => {
  test(`roots of all sizes up to ${LARGEST}`, async () => {
    for (const size of [...SIZES, ...BIG]) {
      const root = await rootOf(size, tree.reader(size).read)
      if (!same([root], [tree.root(size)])) throw new Error(`${size}`)
    }
  })

  test(`inclusion in trees of all sizes up to ${LARGEST}`, async () => {
    for (const size of [...SIZES, ...BIG]) {
      const { read } = tree.reader(size)
      for (const index of sample(size, size)) {
        const hashes = await proveInclusion(index, size, read)
        const proof = { leafHash: tree.leafHashes[index]!, index, size, hashes, root: tree.root(size) }
        if (!same(hashes, tree.path(index, size)) || !verifyInclusion(proof))
          throw new Error(`${index} of ${size}`)
      }
    }
  })

  test(`consistency of trees of all sizes up to ${LARGEST} with smaller ones`, async () => {
    for (const to of [...SIZES, ...BIG]) {
      const { read } = tree.reader(to)
      for (const from of sample(to, to + 1)) {
        const hashes = await proveConsistency(from, to, read)
        const proof = { from, to, fromRoot: tree.root(from), toRoot: tree.root(to), hashes }
        if (!same(hashes, tree.proof(from, to)) || !verifyConsistency(proof))
          throw new Error(`${from} to ${to}`)
      }
    }
  })
})

describe('reading', () => {
  test.each([
    ['one tile holds a small tree', 100, 200, ['0/0/200']],
    ['a full tile and the right edge', 100, 300, ['0/0/256', '0/1/44']],
    ['two levels', 1000, 65_000, ['0/253/232', '0/3/256', '1/0/253']],
    ['none of the level where nothing is needed', 1000, 65_700, ['0/256/164', '0/3/256', '1/0/256']],
  ] as const)('%s', async (_, index, size, expected) => {
    const { read, asked } = tree.reader(size)
    await proveInclusion(index, size, read)
    expect(asked.sort()).toEqual([...expected].sort())
  })

  test('no tile is read twice, and no more than two a level', async () => {
    for (const size of [...EDGES, ...BIG]) {
      for (const index of sample(size, size)) {
        const { read, asked } = tree.reader(size)
        await proveInclusion(index, size, read)
        expect(new Set(asked).size).toBe(asked.length)
        expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log(size) / Math.log(256)))
      }
    }
  })

  test('proofs of many leaves are those of each, and share what they read', async () => {
    const indices = [0, 1, 255, 256, 300, 300, 65_535, 65_999]
    const { read, asked } = tree.reader(66_000)
    const proofs = await proveInclusions(indices, 66_000, read)
    expect(proofs).toEqual(indices.map((index) => tree.path(index, 66_000)))
    expect(new Set(asked).size).toBe(asked.length)
    expect(await proveInclusions([], 66_000, read)).toEqual([])
  })

  test('every tile is asked for before any has come', async () => {
    const { read, asked } = tree.reader(66_000)
    let waiting = 0
    let most = 0
    await proveInclusion(1000, 66_000, async (tile) => {
      most = Math.max(most, ++waiting)
      await new Promise((resolve) => setTimeout(resolve, 5))
      waiting--
      return read(tile)
    })
    expect(most).toBe(asked.length)
    expect(most).toBeGreaterThan(2)
  })

  test('the empty tree has no tile', async () => {
    const never: ReadTile = async () => expect.fail('there is nothing to read')
    expect(await rootOf(0, never)).toEqual(EMPTY_ROOT)
    expect(await proveConsistency(0, 0, never)).toEqual([])
    expect(await proveConsistency(0, 500, never)).toEqual([])
    expect(await proveConsistency(500, 500, never)).toEqual([])
    expect(await proveInclusion(0, 1, never)).toEqual([])
  })

  test.each([
    ['missing', () => null],
    ['too short', (bytes: Uint8Array) => bytes.slice(1)],
    ['wider than asked for', (bytes: Uint8Array) => new Uint8Array([...bytes, ...EMPTY_ROOT])],
    ['empty', () => new Uint8Array()],
  ])('a tile that is %s', async (_, spoil) => {
    const { read } = tree.reader(300)
    const spoiled: ReadTile = async (tile) => {
      const bytes = await read(tile)
      return tile.index === 1 ? spoil(bytes!) : bytes
    }
    await expect(proveInclusion(5, 300, spoiled)).rejects.toBeInstanceOf(TileUnavailable)
    await expect(proveConsistency(5, 300, spoiled)).rejects.toMatchObject({
      tile: { level: 0, index: 1, width: 44 },
    })
    await expect(rootOf(300, spoiled)).rejects.toThrow('tile/0/001.p/44 is not available')
  })

  test('what a reader throws comes through', async () => {
    const failing: ReadTile = async () => Promise.reject(new Error('no network'))
    await expect(rootOf(300, failing)).rejects.toThrow('no network')
  })

  test('a tampered tile gives a proof that does not hold', async () => {
    const { read } = tree.reader(300)
    const hashes = await proveInclusion(5, 300, async (tile) => {
      const bytes = await read(tile)
      if (bytes !== null) bytes[40]! ^= 1
      return bytes
    })
    const proof = { leafHash: tree.leafHashes[5]!, index: 5, size: 300, hashes, root: tree.root(300) }
    expect(verifyInclusion(proof)).toBe(false)
  })

  test.each([
    ['an index outside', (read: ReadTile) => proveInclusion(300, 300, read)],
    ['an index below zero', (read: ReadTile) => proveInclusion(-1, 300, read)],
    ['an index outside among others', (read: ReadTile) => proveInclusions([1, 300], 300, read)],
    ['a leaf of the empty tree', (read: ReadTile) => proveInclusion(0, 0, read)],
    ['a tree that shrinks', (read: ReadTile) => proveConsistency(301, 300, read)],
    ['half a leaf', (read: ReadTile) => rootOf(0.5, read)],
    ['a size beyond 2^53', (read: ReadTile) => rootOf(2 ** 53, read)],
  ])('refused: %s', async (_, prove) => {
    await expect(prove(tree.reader(300).read)).rejects.toBeInstanceOf(RangeError)
  })
})

describe('growing', () => {
  /** Grows from `from` to `to`, and compares all that comes out with the reference. */
  function grow(from: number, to: number): void {
    const grown = growTree(from, tree.edge(from), tree.leafHashes.slice(from, to))
    expect(grown.size).toBe(to)
    expect(grown.root, `${from} to ${to}`).toEqual(tree.root(to))
    const wanted = newTiles(from, to).map(({ level, index, width }) => ({
      level,
      index,
      hashes: tree.tile(level, index, width),
    }))
    expect(grown.tiles, `${from} to ${to}`).toEqual(wanted)
  }

  test.each([
    [0, 0],
    [0, 1],
    [0, 255],
    [0, 256],
    [0, 257],
    [254, 257],
    [255, 256],
    [256, 257],
    [256, 512],
    [511, 513],
    [1000, 1000],
    [65_535, 65_536],
    [65_535, 65_537],
    [65_536, 65_537],
    [65_000, 66_000],
    [0, 66_000],
  ])('from %i to %i', grow)

  test('from any size by any batch', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(1200), (from, more) => grow(from, from + more)),
      { numRuns: 60 },
    )
    fc.assert(
      fc.property(fc.integer({ min: 64_000, max: 65_600 }), fc.nat(400), (from, more) =>
        grow(from, from + more),
      ),
      { numRuns: 20 },
    )
  })

  test('batch after batch, from nothing but the tiles of the one before', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3), fc.nat(600)), { minLength: 1, maxLength: 30 }), (batches) => {
        const kept = new Map<string, Uint8Array>()
        let size = 0
        for (const count of batches) {
          const edge = new Map<number, Uint8Array>()
          for (let level = 0, row = size; row > 0; level++, row = Math.floor(row / 256)) {
            if (row % 256 > 0) edge.set(level, kept.get(`${level}/${Math.floor(row / 256)}`)!)
          }
          const grown = growTree(size, edge, tree.leafHashes.slice(size, size + count))
          for (const { level, index, hashes } of grown.tiles) kept.set(`${level}/${index}`, hashes)
          size = grown.size
          expect(grown.root).toEqual(tree.root(size))
        }
        expect([...kept.keys()].sort()).toEqual(
          treeTiles(size)
            .map(({ level, index }) => `${level}/${index}`)
            .sort(),
        )
      }),
      { numRuns: 30 },
    )
  })

  test('tiles are their own: a change of the edge does not reach them', () => {
    const edge = tree.edge(300)
    const { tiles } = growTree(300, edge, tree.leafHashes.slice(300, 600))
    edge.get(0)!.fill(0)
    expect(tiles[0]!.hashes).toEqual(tree.tile(0, 1, 256))
    // Nor is there anything else in the buffer, which some drivers take whole.
    expect(tiles[0]!.hashes.buffer.byteLength).toBe(256 * 32)
  })

  test.each([
    ['missing', () => new Map()],
    ['of a smaller tree', () => tree.edge(299)],
    ['of a larger tree', () => tree.edge(301)],
    ['without its second level', () => new Map([[0, tree.edge(300).get(0)!]])],
    ['with a tile too many', () => tree.edge(256 + 300), 512],
  ])('an edge that is %s', (_, edge, from = 300) => {
    expect(() => growTree(from, edge(), tree.leafHashes.slice(from, from + 10))).toThrow(TileUnavailable)
  })

  test('refused: a leaf hash that is none, and a size that is none', () => {
    expect(() => growTree(0, new Map(), [new Uint8Array(31)])).toThrow(RangeError)
    expect(() => growTree(-1, new Map(), [])).toThrow(RangeError)
    expect(() => growTree(Number.MAX_SAFE_INTEGER, new Map(), [EMPTY_ROOT])).toThrow(RangeError)
  })
})
