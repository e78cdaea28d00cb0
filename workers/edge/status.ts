import { remember } from '../../core/verify/remember.ts'
import { statusBit } from '../../core/verify/status-list.ts'
import { statusFromToken } from '../../core/verify/status-token.ts'
import type { StatusEvidence } from '../../core/verify/verdict.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { count } from './metrics.ts'
import { heldStatusToken, statusToken } from './signed-status.ts'

/** Where the status of a certificate is: which list, as we count them and as the certificate names it, and where in it. */
export interface StatusPlace {
  readonly list: number
  readonly uri: string
  readonly index: number
}

interface HeldShard {
  version: number
  bits: Uint8Array
  /** By this isolate's clock, never later than the core's reading of the database. */
  asOf: number
  /** Something was revoked since: it must be read again before it is used as live. */
  outdated: boolean
  /** A refresh in the background began then; another starts only when it must have died. */
  refreshStartedAt: number
  /** The core did not answer: it is not asked again before this time. */
  retryAt: number
}

const MAX_HELD_LISTS = 64
/** A look-up waits this long for the core before it falls back to what is held. */
const CORE_WAIT_MS = 1_000
const RETRY_AFTER_MS = 500
const BACKGROUND_REFRESH_TIMEOUT_MS = 2_000

const held = new Map<number, HeldShard>()
/** Lists of which nothing is held and that could not be read, so that a dead core is not waited for every time. */
const unreadableUntil = new Map<number, number>()

/**
 * What is known of the status of one certificate. It is the core's own, no older than `STATUS_MAX_AGE_MS`, as long as the
 * core answers; else the newest of what this isolate last saw and of what R2 has signed. Null when there was neither.
 */
export async function statusEvidence(
  env: EdgeEnv,
  waitUntil: (work: Promise<unknown>) => void,
  place: StatusPlace,
  now: number,
): Promise<StatusEvidence | null> {
  const live = liveStatus(env, waitUntil, place, now)
  if (live !== null) return live
  const retryAt = held.get(place.list)?.retryAt ?? unreadableUntil.get(place.list) ?? 0
  if (retryAt <= now) await refresh(env, place.list, now)
  const shard = evidence(held.get(place.list), place.index, Number(env.STATUS_MAX_AGE_MS), Date.now())
  return shard?.source === 'core' ? shard : signedOr(shard, env, waitUntil, place)
}

/** R2 is waited for only while what is known decides nothing. */
async function signedOr(
  shard: StatusEvidence | null,
  env: EdgeEnv,
  waitUntil: (work: Promise<unknown>) => void,
  place: StatusPlace,
): Promise<StatusEvidence | null> {
  const now = Date.now()
  const reading = statusToken(env, place.list, now)
  const decides = shard !== null && now - shard.asOf <= Number(env.STATUS_MAX_STALENESS_S) * 1000
  if (decides) waitUntil(reading)
  const token = decides ? heldStatusToken(place.list) : await reading
  if (token === null) return shard
  const reference = { uri: place.uri, idx: place.index }
  return newestStatus(shard, statusFromToken(token, reference, now).status)
}

/** Revoking is final, so that wins however old it is. */
export function newestStatus(a: StatusEvidence | null, b: StatusEvidence | null): StatusEvidence | null {
  if (a === null || b === null) return a ?? b
  if (a.revoked !== b.revoked) return a.revoked ? a : b
  return b.asOf > a.asOf ? b : a
}

/** The same without waiting: live status that is already here, or null. It is renewed before it becomes too old. */
export function liveStatus(
  env: EdgeEnv,
  waitUntil: (work: Promise<unknown>) => void,
  { list, index }: StatusPlace,
  now: number,
): StatusEvidence | null {
  const maximumAge = Number(env.STATUS_MAX_AGE_MS)
  const shard = held.get(list)
  if (shard === undefined || shard.outdated || now - shard.asOf > maximumAge) return null
  if (now - shard.asOf > maximumAge / 2 && now - shard.refreshStartedAt > BACKGROUND_REFRESH_TIMEOUT_MS) {
    shard.refreshStartedAt = now
    waitUntil(refresh(env, list, now))
  }
  return evidence(shard, index, maximumAge, now)
}

/** Has live status asked again before it is used: something was just revoked through this isolate. */
export function forgetStatusFreshness(): void {
  for (const shard of held.values()) shard.outdated = true
}

function evidence(
  shard: HeldShard | undefined,
  index: number,
  maximumAge: number,
  now: number,
): StatusEvidence | null {
  const revoked = shard === undefined ? null : statusBit(shard.bits, index)
  if (shard === undefined || revoked === null) return null
  const live = !shard.outdated && now - shard.asOf <= maximumAge
  return { revoked, asOf: shard.asOf, source: live ? 'core' : 'last_known_shard' }
}

async function refresh(env: EdgeEnv, list: number, now: number): Promise<void> {
  const shard = held.get(list)
  try {
    const reading = await within(
      CORE_WAIT_MS,
      Promise.resolve(env.CORE_READS.readStatus(list, shard?.version ?? -1)),
    )
    count('coderisk_edge_status_reads_total')
    if (reading === null) throw new Error('nothing is known of this list')
    // The older of the two clocks, so that a fast one at the core cannot make status look fresh.
    keep(list, { ...reading, asOf: Math.min(reading.asOf, now) }, now)
  } catch {
    count('coderisk_edge_status_failures_total')
    const retryAt = Date.now() + RETRY_AFTER_MS
    const latest = held.get(list)
    if (latest !== undefined) Object.assign(latest, { retryAt, refreshStartedAt: 0 })
    else remember(unreadableUntil, list, retryAt, MAX_HELD_LISTS)
  }
}

function keep(
  list: number,
  reading: { version: number; bits: Uint8Array | null; asOf: number },
  now: number,
): void {
  const before = held.get(list)
  const bits = reading.bits ?? before?.bits
  if (bits === undefined || (before !== undefined && before.asOf > reading.asOf)) return
  // An old reading means that the core has lost its database: asking it again at once would be no better.
  const retryAt = now - reading.asOf > BACKGROUND_REFRESH_TIMEOUT_MS ? now + RETRY_AFTER_MS : 0
  remember(
    held,
    list,
    {
      version: reading.version,
      bits,
      asOf: reading.asOf,
      outdated: false,
      refreshStartedAt: 0,
      retryAt,
    },
    MAX_HELD_LISTS,
  )
  unreadableUntil.delete(list)
}
