import { sql } from 'drizzle-orm'
import type { InclusionProof } from '../../schema/wire/log.ts'
import type { Context, Transaction } from '../context.ts'
import { toHex } from '../verify/encoding.ts'
import { parseCheckpoint, parseNote, proveInclusions } from '../verify/log/index.ts'
import { readLog } from './row.ts'
import { storedTiles } from './tiles.ts'

/**
 * Proves of each entry that the published checkpoint covers that it does.
 *
 * @param leafHashes hex; one that is unknown or not covered yet is simply not in what comes back
 * @returns by leaf hash
 */
export function readInclusionProofs(
  ctx: Context,
  leafHashes: readonly string[],
): Promise<ReadonlyMap<string, InclusionProof>> {
  return ctx.database.asSystem(async (tx) => {
    const published = await readPublished(tx)
    if (published === null) return new Map()
    const places = await readPlaces(tx, leafHashes, published.size)
    const indices = places.map((place) => Number(place.leaf_index))
    const hashes = await proveInclusions(indices, published.size, storedTiles(tx))
    const proofOf = (at: number): InclusionProof => ({
      ...describe(published),
      index: indices[at]!,
      hashes: hashes[at]!.map(toHex),
    })
    return new Map(places.map(({ leaf_hash }, at) => [leaf_hash, proofOf(at)]))
  })
}

interface PublishedCheckpoint {
  readonly size: number
  readonly root: Uint8Array
  /** The signed note. */
  readonly text: string
}

async function readPublished(tx: Transaction): Promise<PublishedCheckpoint | null> {
  const text = (await readLog(tx))?.publishedCheckpoint ?? null
  const note = text === null ? null : parseNote(text)
  const checkpoint = note && parseCheckpoint(note.text)
  return checkpoint && text !== null ? { size: checkpoint.size, root: checkpoint.root, text } : null
}

function readPlaces(tx: Transaction, leafHashes: readonly string[], size: number) {
  return tx.execute<{ leaf_hash: string; leaf_index: string }>(sql`
    SELECT encode(leaf_hash, 'hex') AS leaf_hash, leaf_index FROM log_entries
    WHERE leaf_index < ${size} AND leaf_hash IN (
      SELECT decode(jsonb_array_elements_text(${JSON.stringify(leafHashes)}::jsonb), 'hex'))`)
}

function describe({ size, root, text }: PublishedCheckpoint) {
  return { tree_size: size, root_hash: toHex(root), checkpoint: text }
}
