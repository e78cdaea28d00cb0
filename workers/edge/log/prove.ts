import { HASH_BYTES, verifyConsistency, verifyInclusion } from '../../../core/verify/log/merkle.ts'
import { TILE_WIDTH, tileWidth } from '../../../core/verify/log/tiles.ts'
import { proveConsistency, proveInclusion, rootOf, TileUnavailable } from '../../../core/verify/log/tree.ts'
import type { EdgeEnv } from '../env.ts'
import { count } from '../metrics.ts'
import type { HeldCheckpoint } from './checkpoint.ts'
import { TreeReader } from './tiles.ts'

/** With what is in memory, and with everything read anew. */
const MAX_ATTEMPTS = 2

/** That a leaf is in the tree of `size` leaves, which the checkpoint's tree begins with. */
export interface Inclusion {
  readonly index: number
  readonly leafHash: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  /** From the leaf's sibling upward. */
  readonly hashes: readonly Uint8Array[]
}

/** That the tree of `to` leaves, which the checkpoint's tree begins with, begins with the one of `from` leaves. */
export interface Consistency {
  readonly from: number
  readonly to: number
  readonly fromRoot: Uint8Array
  readonly toRoot: Uint8Array
  readonly hashes: readonly Uint8Array[]
}

/**
 * Which leaf is at `index`, with the proof: made from tiles that nobody vouches for, and verified against the signed
 * root before it is returned.
 *
 * @param index below `size`, which is no more than the checkpoint's
 * @returns null when the tiles cannot be had or are not those of the checkpoint
 */
export function includedAt(
  env: EdgeEnv,
  checkpoint: HeldCheckpoint,
  index: number,
  size: number = checkpoint.size,
): Promise<Inclusion | null> {
  return fromTree(env, checkpoint, async (tree) => {
    const root = await rootAt(tree, size, checkpoint)
    const leafHash = await leafAt(tree, index, checkpoint.size)
    const hashes = await proveInclusion(index, size, tree.readTile)
    if (root === null) return null
    return verifyInclusion({ leafHash, index, size, hashes, root }) && { index, leafHash, size, root, hashes }
  })
}

/**
 * The same for two trees.
 *
 * @param from no more than `to`, which is no more than the checkpoint's size
 */
export function consistentBetween(
  env: EdgeEnv,
  checkpoint: HeldCheckpoint,
  from: number,
  to: number,
): Promise<Consistency | null> {
  return fromTree(env, checkpoint, async (tree) => {
    const toRoot = await rootAt(tree, to, checkpoint)
    const fromRoot = await rootOf(from, tree.readTile)
    const hashes = await proveConsistency(from, to, tree.readTile)
    if (toRoot === null) return null
    const proof = { from, to, fromRoot, toRoot, hashes }
    return verifyConsistency(proof) && proof
  })
}

/**
 * What `work` makes of the tree that the checkpoint covers. If that does not hold, a tile in memory may be wrong, of
 * which an earlier proof needed only a part: then everything is read again, once.
 *
 * @param work answers null or false when what it made does not verify
 */
export async function fromTree<T>(
  env: EdgeEnv,
  checkpoint: HeldCheckpoint,
  work: (tree: TreeReader) => Promise<T | null | false>,
): Promise<T | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const tree = new TreeReader(env, checkpoint.size)
    try {
      const result = await work(tree)
      if (result !== null && result !== false) return result
    } catch (error) {
      if (error instanceof TileUnavailable) return null
      throw error
    }
    tree.forget()
    count('coderisk_edge_log_rejected_total')
    if (!tree.remembered) break
  }
  return null
}

/** The root of a smaller tree, proven by what the signed one begins with. */
async function rootAt(
  tree: TreeReader,
  size: number,
  checkpoint: HeldCheckpoint,
): Promise<Uint8Array | null> {
  if (size === checkpoint.size) return checkpoint.root
  const root = await rootOf(size, tree.readTile)
  const hashes = await proveConsistency(size, checkpoint.size, tree.readTile)
  const grown = { from: size, to: checkpoint.size, fromRoot: root, toRoot: checkpoint.root, hashes }
  return verifyConsistency(grown) ? root : null
}

/** @throws TileUnavailable */
async function leafAt(tree: TreeReader, index: number, size: number): Promise<Uint8Array> {
  const at = (index % TILE_WIDTH) * HASH_BYTES
  return (await readLeaves(tree, Math.floor(index / TILE_WIDTH), size)).slice(at, at + HASH_BYTES)
}

/**
 * A tile of leaf hashes, as wide as it is in the tree of `size` leaves.
 *
 * @throws TileUnavailable
 */
export async function readLeaves(tree: TreeReader, index: number, size: number): Promise<Uint8Array> {
  const tile = { level: 0, index, width: tileWidth(index, size) }
  const hashes = await tree.readTile(tile)
  if (hashes === null) throw new TileUnavailable(tile)
  return hashes
}
