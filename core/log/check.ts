import { and, eq, isNotNull } from 'drizzle-orm'
import { LOG_CHECKPOINT_OBJECT } from '../../schema/kv.ts'
import { LOG_ID, logs } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import type { ObjectStore, StoredObject } from '../publication/store.ts'
import { decodeUtf8 } from '../verify/encoding.ts'
import {
  type Checkpoint,
  equalBytes,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  rootOf,
} from '../verify/log/index.ts'
import { recordPublished } from './published.ts'
import { type HaltReason, type Log, LogHalted, readLog } from './row.ts'
import { storedTiles } from './tiles.ts'

/** What readers of the log have in front of them. */
export interface Published {
  /** 0 while there is no checkpoint. */
  readonly size: number
  /** The signed note; null while there is none. */
  readonly note: string | null
}

/**
 * Compares the published checkpoint with the database, before anything else is done to the log. An older one of ours is
 * where publication goes on from. Anything that our tree does not grow from stops the log, until a later check finds
 * that all is well.
 *
 * @returns what is published, and whether the database did not know it; null before the log is made
 * @throws {LogHalted}
 */
export async function checkPublished(
  ctx: Context,
  store: ObjectStore,
): Promise<(Published & { readonly recorded: boolean }) | null> {
  // The store first: what it has was in the database before.
  const object = await store.get(LOG_CHECKPOINT_OBJECT)
  const log = await ctx.database.asSystem(readLog)
  if (log === undefined) return null
  const compared = object === null ? { size: 0, note: null } : await compare(ctx, log, object)
  if (typeof compared === 'string') {
    await setHalted(ctx, compared)
    throw new LogHalted(compared)
  }
  if (log.halted !== null) await setHalted(ctx, null)
  // Whoever published it may not have got to note it.
  const recorded = compared.note !== null && (await recordPublished(ctx, compared.size, compared.note))
  return { ...compared, recorded }
}

async function compare(ctx: Context, log: Log, object: StoredObject): Promise<Published | HaltReason> {
  const opened = await open(log, object)
  if (typeof opened === 'string') return opened
  const { size, root, note } = opened
  if (size > log.size) return 'published_is_newer'
  const ours =
    size === log.size ? log.rootHash : await ctx.database.asSystem((tx) => rootOf(size, storedTiles(tx)))
  return equalBytes(root, ours) ? { size, note } : 'published_differs'
}

async function open(log: Log, object: StoredObject): Promise<(Checkpoint & { note: string }) | HaltReason> {
  const note = decodeUtf8(object.bytes)
  const unsigned = note === null ? null : parseNote(note)
  if (note === null || unsigned === null || parseCheckpoint(unsigned.text) === null) {
    return 'published_unreadable'
  }
  const key = parseVerifierKey(log.verifierKey)
  const opened = key === null ? null : await openCheckpoint(note, key)
  return opened === null ? 'published_by_another' : { ...opened, note }
}

async function setHalted(ctx: Context, halted: HaltReason | null): Promise<void> {
  const unless = halted === null ? isNotNull(logs.halted) : undefined
  await ctx.database.asSystem((tx) =>
    tx
      .update(logs)
      .set({ halted })
      .where(and(eq(logs.id, LOG_ID), unless)),
  )
}
