import { LOG_CHECKPOINT_OBJECT, LOG_SIGNED_CHECKPOINT_OBJECT } from '../../schema/kv.ts'
import type { Context } from '../context.ts'
import type { ObjectStore } from '../publication/store.ts'
import { utf8 } from '../verify/encoding.ts'
import {
  type OpenedCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  type ReadTile,
} from '../verify/log/index.ts'
import type { Published } from './check.ts'
import { recordPublished } from './published.ts'
import { readLog } from './row.ts'
import { storedTiles } from './tiles.ts'
import { type UploadProgress, uploadTree } from './upload.ts'

const TEXT = { contentType: 'text/plain; charset=utf-8' } as const

/**
 * Puts a signed checkpoint before the witnesses.
 *
 * @param read the tiles of its tree
 * @returns the note with what they signed, and whether it may be published
 */
export type Cosigner = (
  ctx: Context,
  checkpoint: OpenedCheckpoint,
  read: ReadTile,
) => Promise<{ readonly note: string; readonly publish: boolean }>

/** Of a log without witnesses. */
export const unwitnessed: Cosigner = async (_ctx, checkpoint) => ({ note: checkpoint.text, publish: true })

/**
 * `moved`: another sequencer has published meanwhile. `held`: the witnesses' quorum is missing, and is required.
 * `unfinished`: there is more to upload before the checkpoint.
 */
export type Publication = Published | 'moved' | 'held' | 'unfinished'

/**
 * Publishes the newest checkpoint of the database: first every tile and bundle that it needs, then, with its
 * cosignatures, the checkpoint itself, and only in the place of the one that it was found to grow from.
 *
 * @param from what is published so far, as a check has found it
 */
export async function publishCheckpoint(
  ctx: Context,
  store: ObjectStore,
  from: Published,
  { cosign, progress }: { cosign: Cosigner; progress?: UploadProgress | undefined },
): Promise<Publication> {
  const signed = await openSigned(ctx)
  if (signed.size <= from.size) return 'moved'
  if (!(await uploadTree(ctx, store, { from: from.size, to: signed.size }, progress))) return 'unfinished'
  if (cosign !== unwitnessed) await showSigned(store, signed)
  const read: ReadTile = (tile) => ctx.database.asSystem((tx) => storedTiles(tx)(tile))
  const { note, publish } = await cosign(ctx, signed, read)
  if (!publish) return 'held'
  if (!(await replaceCheckpoint(store, from, note))) return 'moved'
  await recordPublished(ctx, signed.size, note)
  return { size: signed.size, note }
}

async function openSigned(ctx: Context): Promise<OpenedCheckpoint> {
  const log = await ctx.database.asSystem(readLog)
  const key = parseVerifierKey(log?.verifierKey ?? '')
  const opened = log?.checkpoint == null || key === null ? null : await openCheckpoint(log.checkpoint, key)
  if (opened === null || opened.size !== log!.size) throw new Error("the log's own checkpoint cannot be read")
  return opened
}

/** What witnesses may have seen, for a restore. It is never replaced by an older one. */
async function showSigned(store: ObjectStore, signed: OpenedCheckpoint): Promise<void> {
  const current = await store.get(LOG_SIGNED_CHECKPOINT_OBJECT)
  const note = current === null ? null : parseNote(new TextDecoder().decode(current.bytes))
  const shown = note === null ? null : parseCheckpoint(note.text)
  if (shown !== null && shown.size > signed.size) return
  const ifMatch = current?.etag ?? null
  await store.put(LOG_SIGNED_CHECKPOINT_OBJECT, utf8(signed.text), { ...TEXT, ifMatch })
}

/** @returns false when what is there is not what was found to be there, and stays */
async function replaceCheckpoint(store: ObjectStore, from: Published, note: string): Promise<boolean> {
  const current = await store.get(LOG_CHECKPOINT_OBJECT)
  const text = current === null ? null : new TextDecoder().decode(current.bytes)
  if (text !== from.note) return false
  return store.put(LOG_CHECKPOINT_OBJECT, utf8(note), { ...TEXT, ifMatch: current?.etag ?? null })
}
