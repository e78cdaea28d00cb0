import { eq, sql } from 'drizzle-orm'
import { LOG_ID, logs } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { lockLog } from './row.ts'

/**
 * Notes that a checkpoint is where everyone can read it, and marks the certificates that it covers for the first time:
 * what is published of them says where they are. Noting an older one again changes nothing.
 *
 * @param note as it was published, with its cosignatures
 * @returns whether it was news
 */
export async function recordPublished(ctx: Context, size: number, note: string): Promise<boolean> {
  return ctx.database.asSystem(async (tx) => {
    const log = await lockLog(tx)
    if (log === undefined || log.publishedSize >= size) return false
    await tx
      .update(logs)
      .set({ publishedSize: size, publishedCheckpoint: note, publishedAt: ctx.now })
      .where(eq(logs.id, LOG_ID))
    await markCovered(tx, log.publishedSize, size, ctx.now)
    return true
  })
}

/** Those of `[from, to)`. */
export async function markCovered(tx: Transaction, from: number, to: number, now: Date): Promise<void> {
  await tx.execute(sql`
    INSERT INTO outbox (kind, entity_id, generation, marked_at)
    SELECT 'certificate', id, nextval('publication_generation'), ${now.toISOString()}::timestamptz FROM (
      SELECT certificates.id FROM log_entries JOIN certificates USING (leaf_hash)
      WHERE leaf_index >= ${from} AND leaf_index < ${to} AND livemode
      ORDER BY certificates.id
    ) covered
    ON CONFLICT (kind, entity_id) DO UPDATE
      SET generation = EXCLUDED.generation, marked_at = EXCLUDED.marked_at, attempts = 0`)
}
