import { BoundedMap } from '../bounded-map.ts'
import { within } from '../deadline.ts'
import type { EdgeEnv } from '../env.ts'
import { count } from '../metrics.ts'
import { isLimited } from '../rate-limits.ts'

export type FoundIndex =
  | { readonly ok: true; readonly index: number }
  /** `not_found`: no entry has that leaf hash, or it has no place yet. */
  | { readonly ok: false; readonly reason: 'not_found' | 'rate_limited' | 'unavailable' }

const MAX_KNOWN_INDICES = 20_000
const MAX_KNOWN_MISSES = 10_000
/** A pending entry has its place about a second later. */
const MISS_LIFETIME_MS = 500
const CORE_WAIT_MS = 2_500

/** Places are given once, so what is known of them stays true. */
const indices = new BoundedMap<number>(MAX_KNOWN_INDICES)
const misses = new BoundedMap<number>(MAX_KNOWN_MISSES)

/**
 * The place of an entry in the log: from this isolate's memory, else the core. Whoever answers with it proves it.
 *
 * @param leafHash 64 hex digits
 * @param client who is asking; the core is asked at a limited rate per client
 */
export async function findIndex(
  env: EdgeEnv,
  leafHash: string,
  client: string,
  now: number,
): Promise<FoundIndex> {
  const known = indices.get(leafHash)
  if (known !== undefined) return { ok: true, index: known }
  if ((misses.get(leafHash) ?? 0) > now) return { ok: false, reason: 'not_found' }
  if (await isLimited(env, 'RATE_LIMIT_MISS', client)) return { ok: false, reason: 'rate_limited' }
  let index: number | null
  try {
    index = await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.logIndex(leafHash)))
  } catch {
    count('coderisk_edge_core_failures_total')
    return { ok: false, reason: 'unavailable' }
  }
  if (index === null) {
    misses.set(leafHash, now + MISS_LIFETIME_MS, 1)
    return { ok: false, reason: 'not_found' }
  }
  indices.set(leafHash, index, 1)
  return { ok: true, index }
}
