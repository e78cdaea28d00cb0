import { desc, eq } from 'drizzle-orm'
import { logAnchors, logs } from '../../../schema/tables/index.ts'
import type { Context, Transaction } from '../../context.ts'
import { utf8 } from '../../verify/encoding.ts'
import { parseCheckpoint, parseNote } from '../../verify/log/index.ts'
import { lockLog } from '../row.ts'
import type { AnchorChain } from './chain.ts'

const HOUR_MS = 3_600_000
/** One checkpoint a day; those between are covered by the next. */
export const ANCHOR_INTERVAL_MS = 24 * HOUR_MS

export type AnchorStep = 'nothing_due' | 'sent' | 'waiting' | 'confirmed'

/**
 * Anchors the published checkpoint once a day, and sees an anchor through; run it as often as you like. The signed
 * transaction is recorded before it is sent, so that a crash at any point sends it again and never another.
 *
 * @throws what the chain throws; the next run goes on from there
 */
export async function anchorLog(ctx: Context, chain: AnchorChain): Promise<AnchorStep> {
  const newest = await ctx.database.asSystem(newestAnchor)
  if (newest?.state === 'prepared') return seeThrough(ctx, chain, newest)
  const due = newest === undefined || ctx.now.getTime() - newest.createdAt.getTime() >= ANCHOR_INTERVAL_MS
  const checkpoint = due ? await ctx.database.asSystem(publishedCheckpoint) : null
  if (checkpoint === null || checkpoint.size <= (newest?.size ?? 0)) return 'nothing_due'
  const prepared = await chain.prepare(utf8(checkpoint.text))
  const isRecorded = await ctx.database.asSystem(async (tx) => {
    // One at a time, whatever their sizes: two transactions with one nonce would be in each other's way for ever.
    await lockLog(tx)
    if ((await newestAnchor(tx))?.size !== newest?.size) return false
    await tx.insert(logAnchors).values({
      size: checkpoint.size,
      rootHash: checkpoint.root,
      checkpoint: checkpoint.text,
      chainId: prepared.chainId,
      transactionHash: prepared.hash,
      rawTransaction: prepared.raw,
      state: 'prepared',
      createdAt: ctx.now,
    })
    return true
  })
  // Another instance was faster: its transaction will do.
  if (!isRecorded) return 'nothing_due'
  await chain.send(prepared.raw)
  return 'sent'
}

async function seeThrough(
  ctx: Context,
  chain: AnchorChain,
  anchor: typeof logAnchors.$inferSelect,
): Promise<AnchorStep> {
  const confirmation = await chain.confirmation(anchor.transactionHash)
  if (confirmation === null) {
    await chain.send(anchor.rawTransaction)
    return 'waiting'
  }
  await ctx.database.asSystem((tx) =>
    tx
      .update(logAnchors)
      .set({ state: 'confirmed', blockNumber: confirmation.blockNumber, confirmedAt: ctx.now })
      .where(eq(logAnchors.size, anchor.size)),
  )
  return 'confirmed'
}

async function newestAnchor(tx: Transaction) {
  const [row] = await tx.select().from(logAnchors).orderBy(desc(logAnchors.size)).limit(1)
  return row
}

/** Only what everyone can see is worth anchoring. */
async function publishedCheckpoint(tx: Transaction) {
  const [log] = await tx.select({ text: logs.publishedCheckpoint }).from(logs)
  const note = log?.text == null ? null : parseNote(log.text)
  const checkpoint = note && parseCheckpoint(note.text)
  return checkpoint && { ...checkpoint, text: log!.text! }
}
