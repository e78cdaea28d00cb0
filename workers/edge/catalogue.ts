import type { ArcEntryDocument } from '../../schema/wire/arc.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { count } from './metrics.ts'

/** The Architectural Risk Catalog as this isolate knows it. */
export interface HeldCatalogue {
  readonly entries: readonly ArcEntryDocument[]
  /** False when the core could not reach its database: then only what comes with the software is in it. */
  readonly complete: boolean
}

/** How long one is shown before the core is asked for a newer. */
const REFRESH_AFTER_MS = 60_000
/** After one that is not complete, or none at all. */
const RETRY_AFTER_MS = 5_000
/** Longer than the core waits for its database: what it knows without one is worth waiting for. */
const CORE_WAIT_MS = 2_500

let held: HeldCatalogue | undefined
let askAgainAt = Number.NEGATIVE_INFINITY

/**
 * The catalogue: from this isolate's memory, else the core. It changes by a review every now and then, so the last one
 * known is good enough while the core is away. Null when there never was one.
 */
export async function catalogue(env: EdgeEnv, now: number): Promise<HeldCatalogue | null> {
  if (held !== undefined && now < askAgainAt) return held
  askAgainAt = now + RETRY_AFTER_MS
  try {
    const read = await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.arcCatalogue()))
    if (read.complete) askAgainAt = now + REFRESH_AFTER_MS
    // What was published does not go away: an incomplete one says less than the one before.
    if (read.complete || held === undefined) held = read
  } catch {
    count('coderisk_edge_core_failures_total')
  }
  return held ?? null
}
