import {
  decodeEntries,
  encodeEntries,
  entriesPath,
  equalBytes,
  growTree,
  HASH_BYTES,
  hashLeaf,
  type ObjectId,
  TILE_WIDTH,
  type TileId,
  tilePath,
} from '../../core/verify/index.ts'
import { hashComplete } from '../../core/verify/log/subtrees.ts'
import {
  edgeTiles,
  maxObjectBytes,
  objectPath,
  objectsInOrder,
  ReadAhead,
  type ReadObject,
} from './objects.ts'
import type { Findings } from './report.ts'

export interface TreeToCheck {
  readonly size: number
  /** The signed one. */
  readonly root: Uint8Array
  /** Of the tree before, whose root is wanted; 0 for none. No larger than `size`. */
  readonly earlierSize: number
  readonly read: ReadObject
  /** Objects that are read at a time. */
  readonly concurrency: number
  readonly findings: Findings
  readonly visit: (index: number, entry: Uint8Array, leafHash: Uint8Array) => void
}

/**
 * Reads every entry bundle and every hash tile of a tree once, and computes each hash of each tile from what lies below it. The
 * signed root vouches for the tiles at the right edge, those for the tiles below, and so on: a fault is laid to the object that
 * differs from what is vouched for. Only where that chain is broken is a tile judged by what lies below it alone.
 *
 * @returns the root that the first `earlierSize` leaves had; null where too much is missing to tell
 * @throws {ReadFailure} {@link TooManyFaults}
 */
export async function checkTree(tree: TreeToCheck): Promise<{ earlierRoot: Uint8Array | null }> {
  return new TreeCheck(tree).run()
}

/** The hashes of a tile, 32 bytes each, or null where nobody can tell them. */
type Hashes = Uint8Array | null

class TreeCheck {
  readonly #tree: TreeToCheck
  readonly #objects: ReadAhead<Uint8Array | null>
  /** By level: the tiles that the tree ends with, as they should be. */
  readonly #edge = new Map<number, Hashes>()
  readonly #earlierEdge = new Map<number, Hashes>()

  constructor(tree: TreeToCheck) {
    this.#tree = tree
    const read = (object: ObjectId) => this.#readObject(object)
    this.#objects = new ReadAhead(objectsInOrder(tree.size), read, tree.concurrency)
  }

  async run(): Promise<{ earlierRoot: Uint8Array | null }> {
    const { size, root, earlierSize, findings } = this.#tree
    const published = await this.#readEdge()
    const claimed = rootOfEdge(size, published)
    const sure = claimed !== null && equalBytes(claimed, root)
    for (const tile of edgeTiles(size)) {
      this.#edge.set(tile.level, await this.#checkTile(tile, published.get(tile.level) ?? null, sure))
    }
    const found = sure ? root : rootOfEdge(size, this.#edge)
    if (found !== null && !equalBytes(found, root)) {
      findings.fault('root_mismatch', 'checkpoint', 'what is there hashes to another root', {
        expected: root,
        got: found,
      })
    }
    return { earlierRoot: rootOfEdge(earlierSize, this.#earlierEdge) }
  }

  async #readEdge(): Promise<Map<number, Hashes>> {
    const edge = new Map<number, Hashes>()
    for (const tile of edgeTiles(this.#tree.size)) {
      edge.set(tile.level, this.#checkLength(tile, await this.#readObject({ kind: 'tile', ...tile })))
    }
    return edge
  }

  /**
   * @param published its hashes, or null where it cannot be had: that is a fault already
   * @param sure whether the signed root vouches for them
   * @returns the hashes that it should have
   */
  async #checkTile(tile: TileId, published: Hashes, sure: boolean): Promise<Hashes> {
    const computed =
      tile.level === 0
        ? await this.#checkBundle(tile, published, sure)
        : await this.#checkChildren(tile, published, sure)
    if (!sure && published !== null && computed !== null) this.#compare(tile, computed, published)
    this.#keepEarlierEdge(tile, computed)
    return computed
  }

  async #checkChildren({ level, index, width }: TileId, published: Hashes, sure: boolean): Promise<Hashes> {
    const hashes = new Uint8Array(width * HASH_BYTES)
    let complete = true
    for (let i = 0; i < width; i++) {
      const child = { level: level - 1, index: index * TILE_WIDTH + i, width: TILE_WIDTH }
      const hash = await this.#checkFullTile(child, published && hashAt(published, i), sure)
      if (hash === null) complete = false
      else hashes.set(hash, i * HASH_BYTES)
    }
    return complete ? hashes : null
  }

  /**
   * @param expected what the tile above has for it, or null where that is not known
   * @param sure whether the signed root vouches for that
   * @returns the hash that it should have
   */
  async #checkFullTile(tile: TileId, expected: Hashes, sure: boolean): Promise<Hashes> {
    const published = this.#checkLength(tile, await this.#objects.take({ kind: 'tile', ...tile }))
    const own = published && hashComplete(published, 0, TILE_WIDTH)
    const fits = own !== null && expected !== null && equalBytes(own, expected)
    const hashes = await this.#checkTile(tile, published, sure && fits)
    if (hashes === null) return expected ?? own
    const computed =
      own !== null && published !== null && equalBytes(published, hashes)
        ? own
        : hashComplete(hashes, 0, TILE_WIDTH)
    if (sure && expected !== null && !fits && !equalBytes(computed, expected)) {
      this.#tree.findings.fault('subtree_mismatch', tilePath(tile), 'neither it nor what is below it fits', {
        expected,
        got: computed,
      })
    }
    return sure || fits ? expected : computed
  }

  async #checkBundle({ index, width }: TileId, published: Hashes, sure: boolean): Promise<Hashes> {
    const { findings, visit } = this.#tree
    const path = entriesPath(index, width)
    const entries = this.#decode(path, width, await this.#objects.take({ kind: 'entries', index, width }))
    if (entries === null) return published
    const hashes = new Uint8Array(width * HASH_BYTES)
    for (const [i, entry] of entries.entries()) {
      const leafHash = hashLeaf(entry)
      hashes.set(leafHash, i * HASH_BYTES)
      findings.read.entries++
      visit(index * TILE_WIDTH + i, entry, leafHash)
    }
    if (!sure || published === null) return hashes
    const wrong = differing(published, hashes)
    if (wrong.length > 0) {
      const what = `entry ${index * TILE_WIDTH + wrong[0]!} has another hash${alike(wrong)}`
      findings.fault('entry_mismatch', path, what, valuesAt(wrong[0]!, published, hashes))
    }
    return published
  }

  #decode(path: string, width: number, bytes: Uint8Array | null): readonly Uint8Array[] | null {
    const { findings } = this.#tree
    if (bytes === null) {
      findings.fault('object_missing', path, 'the entry bundle is not there')
      return null
    }
    const entries = decodeEntries(bytes)
    if (entries === null) findings.fault('bundle_malformed', path, 'this is no entry bundle')
    else if (entries.length !== width) {
      const values = { expected: String(width), got: String(entries.length) }
      findings.fault('object_length', path, 'the bundle has another number of entries', values)
    }
    return entries?.length === width ? entries : null
  }

  #compare(tile: TileId, computed: Uint8Array, published: Uint8Array): void {
    const wrong = differing(computed, published)
    if (wrong.length === 0) return
    const what = `its hash ${wrong[0]} is not the one of what is below it${alike(wrong)}`
    this.#tree.findings.fault('tile_mismatch', tilePath(tile), what, valuesAt(wrong[0]!, computed, published))
  }

  /** Where the tree before ended within this tile, its tile there was a part of this one. */
  #keepEarlierEdge({ level, index }: TileId, hashes: Hashes): void {
    const { earlierSize } = this.#tree
    const earlier = edgeTiles(earlierSize).find((tile) => tile.level === level && tile.index === index)
    if (earlier === undefined) return
    this.#earlierEdge.set(level, hashes?.slice(0, earlier.width * HASH_BYTES) ?? null)
  }

  #checkLength(tile: TileId, bytes: Uint8Array | null): Hashes {
    const { findings } = this.#tree
    if (bytes === null) findings.fault('object_missing', tilePath(tile), 'the tile is not there')
    else if (bytes.length !== tile.width * HASH_BYTES) {
      const values = { expected: String(tile.width * HASH_BYTES), got: String(bytes.length) }
      findings.fault('object_length', tilePath(tile), 'the tile has another number of bytes', values)
    } else return bytes
    return null
  }

  /** c2sp.org/tlog-tiles, partial tiles: a log may delete one once the full tile is there. */
  async #readObject(object: ObjectId): Promise<Uint8Array | null> {
    const bytes = await this.#count(object)
    if (bytes !== null || object.width === TILE_WIDTH) return bytes
    const full = await this.#count({ ...object, width: TILE_WIDTH })
    return full && firstOf(object, full)
  }

  async #count(object: ObjectId): Promise<Uint8Array | null> {
    const { read, findings } = this.#tree
    const bytes = await read(objectPath(object), maxObjectBytes(object))
    if (bytes === null) return null
    findings.read.objects++
    findings.read.bytes += bytes.length
    return bytes
  }
}

/** What a partial object is of the full one: its first hashes or entries. */
function firstOf({ kind, width }: ObjectId, full: Uint8Array): Uint8Array {
  if (kind === 'tile')
    return full.length === TILE_WIDTH * HASH_BYTES ? full.slice(0, width * HASH_BYTES) : full
  const entries = decodeEntries(full)
  return entries?.length === TILE_WIDTH ? encodeEntries(entries.slice(0, width)) : full
}

/** @returns null where a tile of the edge is not known */
function rootOfEdge(size: number, edge: ReadonlyMap<number, Hashes>): Uint8Array | null {
  const tiles = new Map<number, Uint8Array>()
  for (const { level } of edgeTiles(size)) {
    const hashes = edge.get(level) ?? null
    if (hashes === null) return null
    tiles.set(level, hashes)
  }
  return growTree(size, tiles, []).root
}

function hashAt(hashes: Uint8Array, i: number): Uint8Array {
  return hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
}

function differing(a: Uint8Array, b: Uint8Array): number[] {
  if (equalBytes(a, b)) return []
  const positions = Array.from({ length: a.length / HASH_BYTES }, (_, i) => i)
  return positions.filter((i) => !equalBytes(hashAt(a, i), hashAt(b, i)))
}

function valuesAt(i: number, expected: Uint8Array, got: Uint8Array) {
  return { expected: hashAt(expected, i), got: hashAt(got, i) }
}

function alike(wrong: readonly number[]): string {
  return wrong.length === 1 ? '' : `, and ${wrong.length - 1} more`
}
