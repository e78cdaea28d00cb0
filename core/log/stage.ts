import { sql } from 'drizzle-orm'
import type { Context, Transaction } from '../context.ts'
import { LogHalted, lockLog } from './row.ts'

/** Entries that one transaction gives their index. */
export const BATCH_ENTRIES = 1_000

export interface Staged {
  /** Entries that have got their index just now. */
  readonly staged: number
  /** Of the newest signed checkpoint. */
  readonly size: number
  /** Entries that have an index: those past `size` are what the next checkpoint will cover. */
  readonly stagedSize: number
  /** Whether others may still wait for theirs. */
  readonly more: boolean
}

/**
 * Gives pending entries the next indices, in the order in which they came. The row lock makes any number of sequencers
 * take turns, so that no index is given twice; once committed, an index is never taken back.
 *
 * At most two batches wait for their checkpoint: when one does not get there, no more are staged behind it.
 *
 * @returns null before the log is made
 * @throws {LogHalted}
 */
export async function stageEntries(ctx: Context): Promise<Staged | null> {
  return ctx.database.asSystem(async (tx) => {
    const log = await lockLog(tx)
    if (log === undefined) return null
    if (log.halted !== null) throw new LogHalted(log.halted)
    const { size, stagedSize } = log
    if (stagedSize - size >= BATCH_ENTRIES) return { staged: 0, size, stagedSize, more: true }
    const staged = await giveIndices(tx, stagedSize)
    return { staged, size, stagedSize: stagedSize + staged, more: staged === BATCH_ENTRIES }
  })
}

/** A statement of its own, so that it sees what those before us in the queue for the lock have committed. */
async function giveIndices(tx: Transaction, next: number): Promise<number> {
  const [row] = await tx.execute<{ count: string }>(sql`
    WITH pending AS (
      SELECT id FROM log_entries WHERE leaf_index IS NULL ORDER BY id LIMIT ${BATCH_ENTRIES}
    ),
    numbered AS (
      SELECT id, ${next}::bigint - 1 + row_number() OVER (ORDER BY id) AS leaf_index FROM pending
    ),
    given AS (
      UPDATE log_entries SET leaf_index = numbered.leaf_index FROM numbered
      WHERE log_entries.id = numbered.id RETURNING 1
    ),
    total AS (SELECT count(*) AS count FROM given),
    grown AS (UPDATE logs SET staged_size = staged_size + total.count FROM total WHERE total.count > 0)
    SELECT count FROM total`)
  return Number(row?.count ?? 0)
}
