import { eq, sql } from 'drizzle-orm'
import { logObject } from '../../schema/kv.ts'
import { LOG_ID, logs, logTiles } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import { markCovered } from '../log/published.ts'
import { type Log, readLog } from '../log/row.ts'
import { readEdge, storedTiles } from '../log/tiles.ts'
import { toHex } from '../verify/encoding.ts'
import { parseStrictJson } from '../verify/json.ts'
import {
  decodeEntries,
  entriesPath,
  equalBytes,
  formatNote,
  growTree,
  hashLeaf,
  type OpenedCheckpoint,
  rootOf,
  TILE_WIDTH,
} from '../verify/log/index.ts'
import { isRecord, isTime } from '../verify/reading.ts'
import { readCheckpoints, requireNewest } from './checkpoints.ts'
import { type PublishedSource, RecoveryFailed } from './source.ts'

/** Bundles that are read and written at once: 16,384 entries. */
const CHUNK_BUNDLES = 64

/** An entry of the log that the database had lost. */
export interface RecoveredEntry {
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly [detail: string]: unknown
}

export interface RecoveredLog {
  /** Entries of the restored database's own tree. */
  readonly from: number
  /** Entries of the log as it was published. */
  readonly to: number
}

/**
 * Brings the log up to what was published after the backup was made, so that no index is given twice: reads the entries
 * that the database lacks, grows the tree over them, and believes them only if that gives the published root.
 *
 * @param tx of a role that may write indices: the owner's
 * @param onEntries told of the entries that were lost, in order, some thousands at a time
 * @throws {RecoveryFailed} when what is published is not a continuation of this database's log
 */
export async function recoverLog(
  tx: Transaction,
  source: PublishedSource,
  now: Date,
  onEntries: (entries: readonly RecoveredEntry[]) => Promise<void>,
): Promise<RecoveredLog> {
  const log = await readLog(tx)
  if (log === undefined) return { from: 0, to: 0 }
  const { newest, published } = await readCheckpoints(log, source)
  requireNewest(log, newest)
  if (newest !== null && newest.size > log.size) await continueLog(tx, source, { log, newest }, onEntries)
  else if (newest !== null) await requireSameTree(tx, newest)
  if (published !== null) await notePublished(tx, log, published, now)
  return { from: log.size, to: Math.max(log.size, newest?.size ?? 0) }
}

async function continueLog(
  tx: Transaction,
  source: PublishedSource,
  { log, newest }: { log: Log; newest: OpenedCheckpoint },
  onEntries: (entries: readonly RecoveredEntry[]) => Promise<void>,
): Promise<void> {
  let size = log.size
  while (size < newest.size) size = await recoverChunk(tx, source, { size, newest }, onEntries)
  const root = await rootOf(size, storedTiles(tx))
  if (!equalBytes(root, newest.root)) {
    throw new RecoveryFailed('The published entries do not have the published root: the log has forked.')
  }
  await advance(tx, log, newest)
}

async function requireSameTree(tx: Transaction, published: OpenedCheckpoint): Promise<void> {
  if (equalBytes(await rootOf(published.size, storedTiles(tx)), published.root)) return
  throw new RecoveryFailed(
    'The published checkpoint is none that this database has signed: the log has forked.',
  )
}

interface Progress {
  readonly size: number
  readonly newest: OpenedCheckpoint
}

async function recoverChunk(
  tx: Transaction,
  source: PublishedSource,
  { size, newest }: Progress,
  onEntries: (entries: readonly RecoveredEntry[]) => Promise<void>,
): Promise<number> {
  const first = Math.floor(size / TILE_WIDTH)
  const end = Math.min(newest.size, (first + CHUNK_BUNDLES) * TILE_WIDTH)
  const entries: Uint8Array[] = []
  for (let index = first; index * TILE_WIDTH < end; index++) {
    entries.push(...(await readBundle(source, index, newest.size)))
  }
  const lost = entries.slice(size - first * TILE_WIDTH)
  const leafHashes = lost.map(hashLeaf)
  const { tiles } = growTree(size, await readEdge(tx, size), leafHashes)
  await tx
    .insert(logTiles)
    .values(tiles.map(({ level, index, hashes }) => ({ level, index, hashes })))
    .onConflictDoUpdate({ target: [logTiles.level, logTiles.index], set: { hashes: sql`excluded.hashes` } })
  await storeEntries(tx, size, lost, leafHashes)
  await onEntries(lost.map(readEntry))
  return end
}

/** Whether it is of the log is known only at the end, by the root: until then it may be anything. */
function readEntry(bytes: Uint8Array): RecoveredEntry {
  const parsed = parseStrictJson(new TextDecoder().decode(bytes))
  const entry = parsed.ok && isRecord(parsed.value) ? parsed.value : {}
  const { type, subject, time, log_index: logIndex = null } = entry
  const isTold = typeof type === 'string' && typeof subject === 'string' && isTime(time)
  const isPlace = logIndex === null || (typeof logIndex === 'string' && /^\d{1,15}$/.test(logIndex))
  if (isTold && isPlace) return { ...entry, type, subject, time }
  throw new RecoveryFailed('A published entry is none that the network wrote.')
}

async function readBundle(source: PublishedSource, index: number, treeSize: number): Promise<Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, treeSize - index * TILE_WIDTH)
  const path = entriesPath(index, width)
  // A tree that has grown meanwhile may have only the full one left.
  const bytes =
    (await source.object(logObject(path))) ?? (await source.object(logObject(entriesPath(index, TILE_WIDTH))))
  const entries = bytes === null ? null : decodeEntries(bytes)
  if (entries === null || entries.length < width) {
    throw new RecoveryFailed(`${path} is missing or damaged: the entries in it cannot be had.`)
  }
  return entries.slice(0, width)
}

/** Entries that were waiting when the backup was made are there already, and get the index that they have been given. */
async function storeEntries(
  tx: Transaction,
  start: number,
  entries: readonly Uint8Array[],
  leafHashes: readonly Uint8Array[],
): Promise<void> {
  const rows = entries.map((entry, offset) => ({
    entry: toHex(entry),
    leaf_hash: toHex(leafHashes[offset]!),
    leaf_index: start + offset,
  }))
  await tx.execute(sql`
    INSERT INTO log_entries (entry, leaf_hash, created_at, leaf_index)
    SELECT decode(entry, 'hex'), decode(leaf_hash, 'hex'), now(), leaf_index
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS lost (entry text, leaf_hash text, leaf_index bigint)
    ON CONFLICT (leaf_hash) DO UPDATE SET leaf_index = excluded.leaf_index WHERE log_entries.leaf_index IS NULL`)
}

async function advance(tx: Transaction, log: Log, newest: OpenedCheckpoint): Promise<void> {
  const { size, root, note } = newest
  const own = note.signatures.filter(({ name }) => name === log.origin).map(({ line }) => line)
  await tx
    .update(logs)
    .set({
      size,
      rootHash: root,
      checkpoint: formatNote(note.text, own),
      stagedSize: Math.max(log.stagedSize, size),
      halted: null,
    })
    .where(eq(logs.id, LOG_ID))
}

/** Here, where no statement is too long: it may be millions of entries that were published since. */
async function notePublished(
  tx: Transaction,
  { publishedSize }: Log,
  { size, text }: OpenedCheckpoint,
  now: Date,
): Promise<void> {
  if (size <= publishedSize) return
  await tx
    .update(logs)
    .set({ publishedSize: size, publishedCheckpoint: text, publishedAt: now })
    .where(eq(logs.id, LOG_ID))
  await markCovered(tx, publishedSize, size, now)
}
