import { and, eq, isNull, sql } from 'drizzle-orm'
import { LOG_ID, logs, logTiles } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import {
  formatCheckpoint,
  formatNote,
  type GrownTree,
  growTree,
  parseVerifierKey,
  signatureLine,
} from '../verify/log/index.ts'
import { type Log, readLog } from './row.ts'
import { readEdge } from './tiles.ts'

/**
 * Grows the tree over every staged entry and signs its checkpoint: compare-and-swap in the database, so that of any
 * number of sequencers one does it, and the others find that it is done. Which entries a tree of some size has was
 * settled when they were staged, so that no two checkpoints of one size can differ.
 *
 * @returns false when the log had moved on meanwhile, and nothing was changed
 */
export async function swapCheckpoint(ctx: Context): Promise<boolean> {
  const read = await ctx.database.asSystem(readGrowth)
  if (read === null) return false
  const { log, edge, leafHashes } = read
  const tree = growTree(log.size, edge, leafHashes)
  const checkpoint = await sign(ctx, log, tree)
  return ctx.database.asSystem(async (tx) => {
    const swapped = await tx
      .update(logs)
      .set({ size: tree.size, rootHash: tree.root, checkpoint })
      .where(and(eq(logs.id, LOG_ID), eq(logs.size, log.size), isNull(logs.halted)))
      .returning({ size: logs.size })
    if (swapped.length === 0) return false
    await storeTiles(tx, tree)
    return true
  })
}

async function readGrowth(tx: Transaction) {
  const log = await readLog(tx)
  if (log === undefined || log.stagedSize === log.size) return null
  const [edge, rows] = await Promise.all([
    readEdge(tx, log.size),
    tx.execute<{ leaf_hash: Uint8Array }>(sql`
      SELECT leaf_hash FROM log_entries
      WHERE leaf_index >= ${log.size} AND leaf_index < ${log.stagedSize} ORDER BY leaf_index`),
  ])
  if (rows.length !== log.stagedSize - log.size) throw new Error('a staged entry is missing')
  return { log, edge, leafHashes: rows.map((row) => row.leaf_hash) }
}

async function sign(ctx: Context, log: Log, { size, root }: GrownTree): Promise<string> {
  const key = parseVerifierKey(log.verifierKey)
  if (key === null) throw new Error("the log's verifier key cannot be read")
  const text = formatCheckpoint({ origin: log.origin, size, root })
  const signer = await ctx.keys.logSigner(log.verifierKey, log.sealedPrivateKey)
  return formatNote(text, [signatureLine(key, await signer.sign(text))])
}

/** A tile only ever gets wider: it is the update of `logs` before this that settles whose tree it is. */
async function storeTiles(tx: Transaction, { tiles }: GrownTree): Promise<void> {
  await tx
    .insert(logTiles)
    .values(tiles.map(({ level, index, hashes }) => ({ level, index, hashes })))
    .onConflictDoUpdate({ target: [logTiles.level, logTiles.index], set: { hashes: sql`excluded.hashes` } })
}
