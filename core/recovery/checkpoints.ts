import { LOG_CHECKPOINT_OBJECT, LOG_SIGNED_CHECKPOINT_OBJECT } from '../../schema/kv.ts'
import type { Log } from '../log/row.ts'
import { type OpenedCheckpoint, openCheckpoint, parseVerifierKey } from '../verify/log/index.ts'
import { type PublishedSource, RecoveryFailed } from './source.ts'

export interface Checkpoints {
  readonly published: OpenedCheckpoint | null
  /** The largest of the published one, the one that witnesses may have seen already, and the one that somebody has kept. */
  readonly newest: OpenedCheckpoint | null
}

/** @throws {RecoveryFailed} for one that is not by the log's key */
export async function readCheckpoints(log: Log, source: PublishedSource): Promise<Checkpoints> {
  const published = await open(log, LOG_CHECKPOINT_OBJECT, await source.object(LOG_CHECKPOINT_OBJECT))
  const signed = await open(
    log,
    LOG_SIGNED_CHECKPOINT_OBJECT,
    await source.object(LOG_SIGNED_CHECKPOINT_OBJECT),
  )
  const kept = await open(log, 'The checkpoint that was kept', source.keptCheckpoint ?? null)
  const bySize = [published, signed, kept].filter((one) => one !== null).sort((a, b) => b.size - a.size)
  return { published, newest: bySize[0] ?? null }
}

async function open(log: Log, name: string, bytes: Uint8Array | null): Promise<OpenedCheckpoint | null> {
  if (bytes === null) return null
  const key = parseVerifierKey(log.verifierKey)
  const opened = key === null ? null : await openCheckpoint(new TextDecoder().decode(bytes), key)
  if (opened !== null) return opened
  throw new RecoveryFailed(`${name} is not by the key of this database's log.`)
}

/**
 * Whoever keeps what is published may have lost the end of it, or hide it: going on from there would fork the log.
 *
 * @throws {RecoveryFailed} when less is published than this database knows of
 */
export function requireNewest({ publishedSize }: Log, newest: OpenedCheckpoint | null): void {
  if ((newest?.size ?? 0) >= publishedSize) return
  throw new RecoveryFailed(
    `What is published has ${newest?.size ?? 0} entries, and the backup knows of ${publishedSize}: name a checkpoint that somebody has kept.`,
  )
}
