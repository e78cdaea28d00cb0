import { sql } from 'drizzle-orm'
import { logObject } from '../../schema/kv.ts'
import type { Context, Transaction } from '../context.ts'
import type { ObjectStore } from '../publication/store.ts'
import {
  type BundleId,
  encodeEntries,
  entriesPath,
  newBundles,
  newTiles,
  TILE_WIDTH,
  type TileId,
  TileUnavailable,
  tilePath,
} from '../verify/log/index.ts'
import { readStoredTiles } from './tiles.ts'

/** Tiles, and as many bundles, that are read from the database and put at the same time: at most 4,096 entries in memory. */
const OBJECTS_AT_ONCE = 16
/** Of {@link OBJECTS_AT_ONCE} bundles and as many tiles: some 4,000 objects, half of what an invocation may ask for. */
const GROUPS_OF_A_RUN = 240
const BINARY = { contentType: 'application/octet-stream' } as const

interface NamedObject {
  readonly path: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** How far an upload has come that takes more than one run; whoever drives the log keeps it between them. */
export class UploadProgress {
  #upload = ''
  #groups = 0

  /** @returns groups of objects that have been uploaded of this very tree */
  done(from: number, to: number): number {
    const upload = `${from} ${to}`
    if (this.#upload !== upload) this.#groups = 0
    this.#upload = upload
    return this.#groups
  }

  advance(): void {
    this.#groups++
  }
}

/**
 * Uploads what a tree of `to` entries has and one of `from` has not: entry bundles and tiles, at their width in the
 * larger tree. They are the same bytes whoever uploads them and however often. After a lost R2 that can be more than one
 * invocation of a Worker may do.
 *
 * @param progress of the runs before this; without it everything is uploaded in this one
 * @returns false when there is more to upload
 */
export async function uploadTree(
  ctx: Context,
  store: ObjectStore,
  { from, to }: { from: number; to: number },
  progress?: UploadProgress,
): Promise<boolean> {
  const bundles = groups(newBundles(from, to))
  const tiles = groups(newTiles(from, to))
  const all = Math.max(bundles.length, tiles.length)
  const first = progress?.done(from, to) ?? 0
  const last = progress === undefined ? all : Math.min(all, first + GROUPS_OF_A_RUN)
  for (let i = first; i < last; i++) {
    const objects = await ctx.database.asSystem((tx) =>
      Promise.all([readBundles(tx, bundles[i] ?? []), readTiles(tx, tiles[i] ?? [])]),
    )
    await putAll(store, objects.flat())
    progress?.advance()
  }
  return last === all
}

function groups<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / OBJECTS_AT_ONCE)
  return Array.from({ length: count }, (_, i) => items.slice(i * OBJECTS_AT_ONCE, (i + 1) * OBJECTS_AT_ONCE))
}

/** Waits for every put, also when one has failed: none may still be under way when this is over. */
async function putAll(store: ObjectStore, objects: readonly NamedObject[]): Promise<void> {
  const outcomes = await Promise.allSettled(
    objects.map(({ path, bytes }) => store.put(logObject(path), bytes, BINARY)),
  )
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** @param bundles neighbours, in order */
async function readBundles(tx: Transaction, bundles: readonly BundleId[]): Promise<NamedObject[]> {
  const [first, last] = [bundles[0], bundles.at(-1)]
  if (first === undefined || last === undefined) return []
  const start = first.index * TILE_WIDTH
  const end = last.index * TILE_WIDTH + last.width
  const rows = await tx.execute<{ entry: Uint8Array }>(sql`
    SELECT entry FROM log_entries WHERE leaf_index >= ${start} AND leaf_index < ${end} ORDER BY leaf_index`)
  if (rows.length !== end - start) throw new Error('an entry of the log is missing')
  return bundles.map(({ index, width }) => {
    const offset = index * TILE_WIDTH - start
    const entries = rows.slice(offset, offset + width).map((row) => row.entry)
    return { path: entriesPath(index, width), bytes: encodeEntries(entries) }
  })
}

async function readTiles(tx: Transaction, tiles: readonly TileId[]): Promise<NamedObject[]> {
  const hashes = await readStoredTiles(tx, tiles)
  return tiles.map((tile, i) => {
    const bytes = hashes[i]
    if (bytes == null) throw new TileUnavailable(tile)
    return { path: tilePath(tile), bytes }
  })
}
