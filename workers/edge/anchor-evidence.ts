import { toHex } from '../../core/verify/encoding.ts'
import type { HeldCertificate } from './certificates.ts'
import type { EdgeEnv } from './env.ts'
import { firstAnchorOf, firstOf, knownAnchors } from './log/anchors.ts'
import { currentCheckpoint } from './log/checkpoint.ts'
import { includedAt } from './log/prove.ts'
import { placeOf } from './log-evidence.ts'

/** The transaction that a certificate's entry is anchored by. */
export interface Anchored {
  readonly transactionHash: string
  /** Whether the entry is in the very tree that was anchored. */
  readonly verified: boolean
}

/** Anchors are made once a day. */
const RETRY_AFTER_MS = 60_000

/**
 * Looks up, in the background, what the certificate is anchored by, once its place in the log has been proven. Once
 * found it stays: the first anchor that covers an entry is always the same.
 */
export function lookUpAnchor(
  env: EdgeEnv,
  waitUntil: (work: Promise<unknown>) => void,
  held: HeldCertificate,
  now: number,
): Promise<void> | null {
  if (held.place?.state !== 'included' || held.anchored !== undefined) return null
  if (now - held.anchorAskedAt < RETRY_AFTER_MS) return null
  held.anchorAskedAt = now
  const work = find(env, held, held.place.index, now)
  waitUntil(work)
  return work
}

/** Has the answer on a certificate name the transaction that anchors it, as soon as that is known here. */
export function noteAnchor(
  env: EdgeEnv,
  waitUntil: (work: Promise<unknown>) => void,
  held: HeldCertificate,
  now: number,
): void {
  const known = knownAnchors(env, waitUntil, now)
  if (known === held.anchorsSeen) return
  held.anchorsSeen = known
  const place = placeOf(held)
  const anchor = place?.state === 'included' ? firstOf(known, place.index) : null
  if (anchor?.transaction_hash === held.anchorHint) return
  held.anchorHint = anchor?.transaction_hash
  held.answers = {}
}

/** As it was proven, else as the place that is told has it. */
export function hintedAnchor({ anchored, anchorHint }: HeldCertificate): string | undefined {
  return anchored?.transactionHash ?? anchorHint
}

async function find(env: EdgeEnv, held: HeldCertificate, index: number, now: number): Promise<void> {
  const anchor = await firstAnchorOf(env, index, now)
  if (anchor === null) return
  const checkpoint = await currentCheckpoint(env, now, anchor.tree_size)
  if (checkpoint === null || checkpoint.size < anchor.tree_size) return
  const proof = await includedAt(env, checkpoint, index, anchor.tree_size)
  // Tiles that cannot be had say nothing against the anchor.
  if (proof === null) return
  const isOwn = held.place?.leaf_hash === toHex(proof.leafHash)
  const verified = isOwn && toHex(proof.root) === anchor.root_hash
  held.anchored = { transactionHash: anchor.transaction_hash, verified }
  held.answers = {}
}
