import type { AnchorList } from '../../../schema/wire/log.ts'
import { within } from '../deadline.ts'
import type { EdgeEnv } from '../env.ts'
import { count } from '../metrics.ts'

/** A checkpoint in a transaction of a chain, as the core has seen it confirmed. */
export type Anchor = AnchorList['data'][number]

/** There is a new one a day. */
const REFRESH_AFTER_MS = 60_000
const RETRY_AFTER_MS = 5_000
const CORE_WAIT_MS = 1_500

let held: Anchor[] | undefined
let askAgainAt = Number.NEGATIVE_INFINITY

/**
 * Every anchor, the oldest first: from this isolate's memory, else the core. The last ones known are good enough while
 * the core is away, since none ever goes. Null when there never were any to be had.
 */
export async function anchors(env: EdgeEnv, now: number): Promise<Anchor[] | null> {
  if (now < askAgainAt) return held ?? null
  askAgainAt = now + RETRY_AFTER_MS
  try {
    held = await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.anchors()))
    askAgainAt = now + REFRESH_AFTER_MS
  } catch {
    count('coderisk_edge_core_failures_total')
  }
  return held ?? null
}

/** The first anchor whose tree has the entry at `index`; null while there is none. */
export async function firstAnchorOf(env: EdgeEnv, index: number, now: number): Promise<Anchor | null> {
  return firstOf((await anchors(env, now)) ?? [], index)
}

export function firstOf(known: readonly Anchor[], index: number): Anchor | null {
  return known.find(({ tree_size }) => tree_size > index) ?? null
}

/** Those that are known here, without waiting; they are renewed in the background. */
export function knownAnchors(
  env: EdgeEnv,
  waitUntil: (work: Promise<unknown>) => void,
  now: number,
): readonly Anchor[] {
  if (now >= askAgainAt) waitUntil(anchors(env, now))
  return held ?? NONE
}

const NONE: readonly Anchor[] = []
