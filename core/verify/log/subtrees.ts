import { HASH_BYTES, hashNode } from './merkle.ts'
import { TILE_WIDTH, type TileId, tileWidth } from './tiles.ts'

/** The leaves `[start, end)` of a tree. */
export type Range = readonly [start: number, end: number]

/** The complete subtree over the leaves `[index * 2^height, (index + 1) * 2^height)`. */
export interface Subtree {
  readonly height: number
  readonly index: number
}

/** Heights that a tile spans: its 256 hashes are the leaves of a tree of this height. */
const TILE_HEIGHT = 8

/** RFC 6962 §2.1.1: what the audit path of a leaf hashes, from the leaf's sibling upward. */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + largestPowerOfTwoBelow(end - start)
    if (index < middle) {
      ranges.push([middle, end])
      end = middle
    } else {
      ranges.push([start, middle])
      start = middle
    }
  }
  return ranges.reverse()
}

/** RFC 6962 §2.1.2: what the proof hashes that one tree begins as another did; 0 < from ≤ to. */
export function consistencyRanges(from: number, to: number): Range[] {
  const ranges: Range[] = []
  let [start, end] = [0, to]
  while (end !== from) {
    const middle = start + largestPowerOfTwoBelow(end - start)
    if (from <= middle) {
      ranges.push([middle, end])
      end = middle
    } else {
      ranges.push([start, middle])
      start = middle
    }
  }
  // Where the path never turned right, what is left is the older tree itself: its root is known.
  if (start > 0) ranges.push([start, end])
  return ranges.reverse()
}

/** The complete subtrees that a range of RFC 6962 is made of, from left to right: ever smaller ones. */
export function completeSubtrees([start, end]: Range): Subtree[] {
  const subtrees: Subtree[] = []
  let at = start
  while (at < end) {
    const height = heightOf(end - at)
    subtrees.push({ height, index: at / 2 ** height })
    at += 2 ** height
  }
  return subtrees
}

/** The tile from which a subtree's hash follows with the fewest others, at its width in a tree of `size` leaves. */
export function tileOf({ height, index }: Subtree, size: number): TileId {
  const level = Math.floor(height / TILE_HEIGHT)
  const tile = Math.floor((index * 2 ** (height % TILE_HEIGHT)) / TILE_WIDTH)
  return { level, index: tile, width: tileWidth(tile, Math.floor(size / TILE_WIDTH ** level)) }
}

/** The hash of a subtree, from the bytes of the tile that {@link tileOf} names. */
export function hashSubtree({ height, index }: Subtree, tile: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = 2 ** (height % TILE_HEIGHT)
  return hashComplete(tile, (index * count) % TILE_WIDTH, count)
}

/** The root over `count` hashes of a tile from the one at `first` on; `count` is a power of two. */
export function hashComplete(tile: Uint8Array, first: number, count: number): Uint8Array<ArrayBuffer> {
  if (count === 1) return tile.slice(first * HASH_BYTES, (first + 1) * HASH_BYTES) as Uint8Array<ArrayBuffer>
  const half = count / 2
  return hashNode(hashComplete(tile, first, half), hashComplete(tile, first + half, half))
}

/** The hash over adjoining subtrees, from left to right ever smaller: RFC 6962 splits off the largest first. */
export function foldSubtrees(hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => hashNode(left, right))
}

/** Of a count of 2 or more. */
function largestPowerOfTwoBelow(count: number): number {
  return 2 ** heightOf(count - 1)
}

/** The height of the largest complete tree with no more than `count` leaves. */
function heightOf(count: number): number {
  let height = 0
  while (2 ** (height + 1) <= count) height++
  return height
}
