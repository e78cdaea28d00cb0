import { decodeUtf8, toHex } from '../../../core/verify/encoding.ts'
import { parseStrictJson } from '../../../core/verify/json.ts'
import { equalBytes, HASH_BYTES, hashLeaf, verifyInclusion } from '../../../core/verify/log/merkle.ts'
import { TILE_WIDTH } from '../../../core/verify/log/tiles.ts'
import { proveInclusion } from '../../../core/verify/log/tree.ts'
import type { EdgeEnv } from '../env.ts'
import type { HeldCheckpoint } from './checkpoint.ts'
import { fromTree, readLeaves } from './prove.ts'
import type { TreeReader } from './tiles.ts'

export interface ReadEntry {
  readonly index: number
  /** Hex. */
  readonly leafHash: string
  /** JSON text of an object: the bytes that the leaf hash is of. */
  readonly text: string
}

/**
 * The entries `[start, end)`, each of which hashes to its leaf in the tree of the checkpoint.
 *
 * @param end no more than the checkpoint's size
 * @returns null when they cannot be had or are not those of the checkpoint
 */
export function readEntries(
  env: EdgeEnv,
  checkpoint: HeldCheckpoint,
  start: number,
  end: number,
): Promise<ReadEntry[] | null> {
  return fromTree(env, checkpoint, async (tree) => {
    const found: ReadEntry[] = []
    for (let at = start; at < end; ) {
      const bundle = Math.floor(at / TILE_WIDTH)
      const until = Math.min(end, (bundle + 1) * TILE_WIDTH)
      const entries = await readBundle(tree, checkpoint, bundle, at, until)
      if (entries === null) return null
      found.push(...entries)
      at = until
    }
    return found
  })
}

async function readBundle(
  tree: TreeReader,
  checkpoint: HeldCheckpoint,
  bundle: number,
  from: number,
  until: number,
): Promise<ReadEntry[] | null> {
  const first = bundle * TILE_WIDTH
  const [hashes, entries] = await Promise.all([
    provenLeaves(tree, checkpoint, bundle),
    tree.readBundle(bundle, until - first),
  ])
  if (hashes === null) return null
  const found: ReadEntry[] = []
  for (let index = from; index < until; index++) {
    const at = (index - first) * HASH_BYTES
    const entry = readEntry(entries[index - first]!, index, hashes.subarray(at, at + HASH_BYTES))
    if (entry === null) return null
    found.push(entry)
  }
  return found
}

/** A tile of leaf hashes. The proof for its first leaf hashes all others, so it proves the tile. */
async function provenLeaves(
  tree: TreeReader,
  { size, root }: HeldCheckpoint,
  tile: number,
): Promise<Uint8Array | null> {
  const tileHashes = await readLeaves(tree, tile, size)
  const index = tile * TILE_WIDTH
  const leafHash = tileHashes.slice(0, HASH_BYTES)
  const hashes = await proveInclusion(index, size, tree.readTile)
  return verifyInclusion({ leafHash, index, size, hashes, root }) ? tileHashes : null
}

function readEntry(bytes: Uint8Array, index: number, leafHash: Uint8Array): ReadEntry | null {
  if (!equalBytes(hashLeaf(bytes), leafHash)) return null
  const text = decodeUtf8(bytes)
  if (text === null) return null
  const parsed = parseStrictJson(text)
  const isObject = parsed.ok && typeof parsed.value === 'object' && parsed.value !== null
  return isObject ? { index, leafHash: toHex(leafHash), text } : null
}
