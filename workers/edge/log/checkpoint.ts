import { type OpenedCheckpoint, openCheckpoint } from '../../../core/verify/log/checkpoint.ts'
import { equalBytes } from '../../../core/verify/log/merkle.ts'
import { MAX_NOTE_LENGTH, type VerifierKey } from '../../../core/verify/log/note.ts'
import { trustedLog } from '../../../core/verify/trusted-log.ts'
import { LOG_CHECKPOINT_OBJECT } from '../../../schema/kv.ts'
import type { EdgeEnv } from '../env.ts'
import { etagOf } from '../etag.ts'
import { count } from '../metrics.ts'
import { readObject } from '../objects.ts'
import { trustRoot } from '../trust.ts'

/** A checkpoint that the log of the trust root has signed. */
export interface HeldCheckpoint extends OpenedCheckpoint {
  /** Of its text, with quotes (RFC 9110 §8.8.3). */
  readonly etag: string
}

/** c2sp.org/tlog-tiles: not cached beyond a few seconds. */
const MAX_AGE_MS = 1_000
/** Who needs a larger tree than the one that is held has R2 asked no more often than this. */
const MIN_INTERVAL_MS = 100
/** While one request reads, others go on with what is held, unless it is older than this. */
const MAX_AGE_WHILE_READING_MS = 2_000
/** While R2 has nothing that can be believed, the last good one is answered for this long, and then none. */
const MAX_STALENESS_MS = 10_000

interface Held {
  readonly checkpoint: HeldCheckpoint
  readonly key: VerifierKey
  /** When R2 last had it, or a later one. */
  readonly confirmedAt: number
}

let held: Held | undefined
let askedAt = Number.NEGATIVE_INFINITY

/**
 * The published checkpoint: from this isolate's memory for a second, else from R2, and always signed by the log that
 * the trust root names. Within an isolate it never goes back to a smaller tree, nor to another tree of one size.
 *
 * @param size in leaves: a smaller one that is held is asked for anew
 * @returns null when there is none to be had, or the trust root names no log
 */
export async function currentCheckpoint(env: EdgeEnv, now: number, size = 0): Promise<HeldCheckpoint | null> {
  const key = await logKey(env, now)
  if (key === null) return null
  if (isDue(key, now, size)) {
    askedAt = now
    await refresh(env, key, now)
  }
  return held?.key.text === key.text && now - held.confirmedAt <= MAX_STALENESS_MS ? held.checkpoint : null
}

function isDue(key: VerifierKey, now: number, size: number): boolean {
  if (held?.key.text !== key.text || now - held.confirmedAt > MAX_AGE_WHILE_READING_MS) return true
  return now - askedAt >= (held.checkpoint.size < size ? MIN_INTERVAL_MS : MAX_AGE_MS)
}

async function refresh(env: EdgeEnv, key: VerifierKey, now: number): Promise<void> {
  const read = await readObject(env, LOG_CHECKPOINT_OBJECT, MAX_NOTE_LENGTH)
  if (!read.ok) {
    if (read.reason !== 'not_found') count('coderisk_edge_log_failures_total')
    return
  }
  const text = new TextDecoder().decode(read.bytes)
  const before = held?.key.text === key.text ? held : undefined
  if (text === before?.checkpoint.text) held = { ...before, confirmedAt: now }
  else if (!(await accept(text, key, now))) count('coderisk_edge_log_rejected_total')
}

async function accept(text: string, key: VerifierKey, now: number): Promise<boolean> {
  const opened = await openCheckpoint(text, key)
  if (opened === null) return false
  const etag = await etagOf(text)
  // Looked at after the last wait: another request may have accepted a later one meanwhile.
  if (held?.key.text === key.text && !continues(held.checkpoint, opened)) return false
  held = { checkpoint: { ...opened, etag }, key, confirmedAt: now }
  return true
}

function continues(before: OpenedCheckpoint, after: OpenedCheckpoint): boolean {
  return after.size > before.size || (after.size === before.size && equalBytes(after.root, before.root))
}

async function logKey(env: EdgeEnv, now: number): Promise<VerifierKey | null> {
  const root = await trustRoot(env, now)
  return root && (trustedLog(root.trustRoot)?.key ?? null)
}
