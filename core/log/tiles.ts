import { sql } from 'drizzle-orm'
import type { Transaction } from '../context.ts'
import { HASH_BYTES, type ReadTile, TILE_WIDTH, type TileId } from '../verify/log/index.ts'

/** The core's own tiles, each at most as wide as it is asked for: the database keeps only the newest width. */
export function storedTiles(tx: Transaction): ReadTile {
  return async (tile) => (await readStoredTiles(tx, [tile]))[0] ?? null
}

/**
 * Many tiles at once, in the order in which they are asked for.
 *
 * @returns null for one that is missing or too narrow
 */
export async function readStoredTiles(
  tx: Transaction,
  tiles: readonly TileId[],
): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
  const asked = JSON.stringify(tiles.map(({ level, index, width }) => ({ level, index, width })))
  const rows = await tx.execute<{ place: number; hashes: Uint8Array }>(sql`
    SELECT asked.place::int AS place, substring(log_tiles.hashes FOR asked.width * ${HASH_BYTES}) AS hashes
    FROM ROWS FROM (jsonb_to_recordset(${asked}::jsonb) AS (level int, index bigint, width int))
      WITH ORDINALITY AS asked (level, index, width, place)
    JOIN log_tiles ON log_tiles.level = asked.level AND log_tiles.tile_index = asked.index`)
  const found: (Uint8Array<ArrayBuffer> | null)[] = tiles.map(() => null)
  for (const { place, hashes } of rows) {
    const tile = tiles[place - 1]!
    if (hashes.length === tile.width * HASH_BYTES) found[place - 1] = new Uint8Array(hashes)
  }
  return found
}

/** The partial tiles that the tree of `size` leaves ends with, by level: what it takes to grow it. */
export async function readEdge(tx: Transaction, size: number): Promise<ReadonlyMap<number, Uint8Array>> {
  const partial: TileId[] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH
    if (width > 0) partial.push({ level, index: Math.floor(count / TILE_WIDTH), width })
  }
  const hashes = await readStoredTiles(tx, partial)
  return new Map(partial.flatMap(({ level }, i) => (hashes[i] == null ? [] : [[level, hashes[i]] as const])))
}
