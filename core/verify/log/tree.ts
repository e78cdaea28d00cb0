import { EMPTY_ROOT, HASH_BYTES } from './merkle.ts'
import {
  completeSubtrees,
  consistencyRanges,
  foldSubtrees,
  hashComplete,
  hashSubtree,
  inclusionRanges,
  type Range,
  type Subtree,
  tileOf,
} from './subtrees.ts'
import { TILE_WIDTH, type TileId, tilePath, tileWidth } from './tiles.ts'

/**
 * The bytes of a tile of exactly `tile.width` hashes (32 bytes each), or null when it cannot be had. An
 * implementation may fetch a wider one and cut it: a tile never changes but at its end.
 */
export type ReadTile = (tile: TileId) => Promise<Uint8Array | null>

/** A tile that is needed is missing or has another length than it should. */
export class TileUnavailable extends Error {
  readonly tile: TileId

  constructor(tile: TileId) {
    super(`${tilePath(tile)} is not available`)
    this.name = 'TileUnavailable'
    this.tile = tile
  }
}

/** A tile with a new hash, at its new width. */
export interface GrownTile {
  readonly level: number
  readonly index: number
  /** 32 bytes each, 1 to 256 of them. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

export interface GrownTree {
  readonly size: number
  readonly root: Uint8Array
  /** Every tile that has a new hash, level by level; the ones of {@link newTiles}. */
  readonly tiles: readonly GrownTile[]
}

/**
 * The root of the tree of `size` leaves.
 *
 * @throws TileUnavailable
 */
export async function rootOf(size: number, read: ReadTile): Promise<Uint8Array> {
  checkSize(size)
  if (size === 0) return EMPTY_ROOT.slice()
  const [root] = await hashRanges([[0, size]], size, read)
  return root!
}

/**
 * RFC 6962 §2.1.1. The tiles come as they are: verify the proof against a signed root before it is used.
 *
 * @returns the hashes from the leaf's sibling upward
 * @throws TileUnavailable; RangeError when `index` is not in a tree of `size` leaves
 */
export async function proveInclusion(index: number, size: number, read: ReadTile): Promise<Uint8Array[]> {
  const [hashes] = await proveInclusions([index], size, read)
  return hashes!
}

/**
 * The same of many leaves: what their proofs have in common is read and hashed once.
 *
 * @returns a proof for each index, in their order
 */
export async function proveInclusions(
  indices: readonly number[],
  size: number,
  read: ReadTile,
): Promise<Uint8Array[][]> {
  checkSize(size)
  for (const index of indices) {
    checkSize(index)
    if (index >= size) throw new RangeError('the tree has no such leaf')
  }
  const ranges = indices.map((index) => inclusionRanges(index, size))
  const hashes = await hashRanges(ranges.flat(), size, read)
  let at = 0
  return ranges.map(({ length }) => {
    at += length
    return hashes.slice(at - length, at)
  })
}

/**
 * RFC 6962 §2.1.2. Empty when the trees are the same or the older one is empty.
 *
 * @throws TileUnavailable; RangeError when `from` is larger than `to`
 */
export async function proveConsistency(from: number, to: number, read: ReadTile): Promise<Uint8Array[]> {
  checkSize(from)
  checkSize(to)
  if (from > to) throw new RangeError('a tree cannot shrink')
  return from === 0 ? [] : hashRanges(consistencyRanges(from, to), to, read)
}

/**
 * Adds leaves to a tree, of which only the right edge is needed. The cost grows with the new leaves alone.
 *
 * @param from the size so far
 * @param edge by level, the partial tile that the tree of that size ends with; nothing where that would be empty
 * @param leafHashes of the new leaves, in order
 * @throws TileUnavailable when a tile of the edge is missing or has another length than the size asks for
 */
export function growTree(
  from: number,
  edge: ReadonlyMap<number, Uint8Array>,
  leafHashes: readonly Uint8Array[],
): GrownTree {
  const size = from + leafHashes.length
  checkSize(from)
  checkSize(size)
  const tiles: GrownTile[] = []
  const subtrees: Uint8Array[] = []
  let added = leafHashes
  for (let level = 0, before = from, after = size; after > 0; level++) {
    const row = growRow(level, before, added, edgeTile(level, before, edge))
    for (const tile of row.tiles) tiles.push(tile)
    subtrees.unshift(...row.subtrees)
    added = row.full
    before = Math.floor(before / TILE_WIDTH)
    after = Math.floor(after / TILE_WIDTH)
  }
  return { size, root: size === 0 ? EMPTY_ROOT.slice() : foldSubtrees(subtrees), tiles }
}

/** Hashes each range, after reading every tile that any of them needs: each once, all at the same time. Each subtree too. */
async function hashRanges(ranges: readonly Range[], size: number, read: ReadTile): Promise<Uint8Array[]> {
  const parts = ranges.map(completeSubtrees)
  const needed = new Map(parts.flat().map((subtree) => named(tileOf(subtree, size))))
  const tiles = new Map(
    await Promise.all(
      [...needed].map(async ([name, tile]) => [name, await readExactly(tile, read)] as const),
    ),
  )
  const hashed = new Map<string, Uint8Array>()
  const hash = (subtree: Subtree) => {
    const name = `${subtree.height}/${subtree.index}`
    const known = hashed.get(name) ?? hashSubtree(subtree, tiles.get(named(tileOf(subtree, size))[0])!)
    hashed.set(name, known)
    return known
  }
  return parts.map((subtrees) => foldSubtrees(subtrees.map(hash)))
}

function named(tile: TileId): [name: string, tile: TileId] {
  return [`${tile.level}/${tile.index}`, tile]
}

async function readExactly(tile: TileId, read: ReadTile): Promise<Uint8Array> {
  const bytes = await read(tile)
  if (bytes?.length !== tile.width * HASH_BYTES) throw new TileUnavailable(tile)
  return bytes
}

function edgeTile(level: number, before: number, edge: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const width = before % TILE_WIDTH
  const bytes = edge.get(level) ?? new Uint8Array()
  if (bytes.length === width * HASH_BYTES) return bytes
  throw new TileUnavailable({ level, index: Math.floor(before / TILE_WIDTH), width: Math.max(width, 1) })
}

interface GrownRow {
  readonly tiles: readonly GrownTile[]
  /** The roots of the tiles that have become full: the new hashes one level up. */
  readonly full: readonly Uint8Array[]
  /** The hashes of the complete subtrees in the tile at the end, from left to right. */
  readonly subtrees: readonly Uint8Array[]
}

/** One level: its partial tile, then the new hashes, cut into tiles. */
function growRow(level: number, before: number, added: readonly Uint8Array[], edge: Uint8Array): GrownRow {
  const row = new Uint8Array(edge.length + added.length * HASH_BYTES)
  row.set(edge)
  for (const [i, hash] of added.entries()) {
    if (hash.length !== HASH_BYTES) throw new RangeError('a hash has 32 bytes')
    row.set(hash, edge.length + i * HASH_BYTES)
  }
  const count = row.length / HASH_BYTES
  const first = Math.floor(before / TILE_WIDTH)
  const tiles: GrownTile[] = []
  const full: Uint8Array[] = []
  for (let i = 0; added.length > 0 && tileWidth(i, count) > 0; i++) {
    const start = i * TILE_WIDTH * HASH_BYTES
    const hashes = row.slice(start, start + tileWidth(i, count) * HASH_BYTES)
    tiles.push({ level, index: first + i, hashes })
    if (hashes.length === TILE_WIDTH * HASH_BYTES) full.push(hashComplete(hashes, 0, TILE_WIDTH))
  }
  const end = row.subarray((count - (count % TILE_WIDTH)) * HASH_BYTES)
  const subtrees = completeSubtrees([0, count % TILE_WIDTH]).map((subtree) => hashSubtree(subtree, end))
  return { tiles, full, subtrees }
}

function checkSize(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('no such size')
}
