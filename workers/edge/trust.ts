import type { JWK } from 'jose'
import { parseStrictJson } from '../../core/verify/json.ts'
import { isFlattenedJws, openTrustRoot, type TrustRoot } from '../../core/verify/trust-root.ts'
import { TRUST_ROOT_KEY } from '../../schema/kv.ts'
import { within } from './deadline.ts'
import type { EdgeEnv } from './env.ts'
import { count } from './metrics.ts'

/** A trust root that the pinned key signed. */
export interface HeldTrustRoot {
  readonly trustRoot: TrustRoot
  /** Flattened JWS, JSON text: what came with it and nobody signed is left out. */
  readonly jws: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** How long one is used before KV is asked for a newer. */
const REFRESH_AFTER_MS = 60_000
/** A key that is not in it makes us ask the core, but no more often than this. */
const MIN_CORE_INTERVAL_MS = 5_000
const CORE_WAIT_MS = 1_500

let held: HeldTrustRoot | undefined
let askedAt = Number.NEGATIVE_INFINITY
let coreAskedAt = Number.NEGATIVE_INFINITY

/**
 * The trust root: from this isolate's memory, else KV, else the core, and always checked against the pinned
 * network root key. It never goes back to a lower version. Null when there is none to be had.
 */
export async function trustRoot(env: EdgeEnv, now: number): Promise<HeldTrustRoot | null> {
  return heldTrustRoot(now) ?? refresh(env, now)
}

/**
 * The trust root, after asking for a newer one if `kid` is not in the one that is held: KV, and then the core itself,
 * since KV may be behind, or an old one may have been put back there.
 */
export async function trustRootWith(env: EdgeEnv, kid: string, now: number): Promise<HeldTrustRoot | null> {
  const current = heldTrustRoot(now) ?? (await refresh(env, now))
  if (lists(current, kid) || now - coreAskedAt < MIN_CORE_INTERVAL_MS) return current
  coreAskedAt = now
  await accept(env, await readKv(env), now)
  if (!lists(held, kid)) await accept(env, await readCore(env), now)
  return held !== undefined && !isExpired(held, now) ? held : null
}

/** The one already in memory, without asking anyone. */
export function heldTrustRoot(now: number): HeldTrustRoot | undefined {
  return held !== undefined && now - askedAt < REFRESH_AFTER_MS && !isExpired(held, now) ? held : undefined
}

async function refresh(env: EdgeEnv, now: number): Promise<HeldTrustRoot | null> {
  askedAt = now
  const fromKv = await accept(env, await readKv(env), now)
  if (!fromKv || held === undefined || isExpired(held, now)) await accept(env, await readCore(env), now)
  return held !== undefined && !isExpired(held, now) ? held : null
}

async function accept(env: EdgeEnv, jws: string | null, now: number): Promise<boolean> {
  if (jws === null) return false
  if (jws === held?.jws) return true
  const parsed = parseStrictJson(jws)
  const value = parsed.ok ? parsed.value : undefined
  const opened = await openTrustRoot(value, JSON.parse(env.NETWORK_ROOT_PUBLIC_KEY) as JWK, {
    now: new Date(now),
    minimumVersion: held?.trustRoot.version ?? 0,
  })
  if (!opened.ok || !isFlattenedJws(value)) {
    count('coderisk_edge_trust_root_rejected_total')
    return false
  }
  const { payload, protected: header, signature } = value
  held = {
    trustRoot: opened.trustRoot,
    jws: JSON.stringify({ payload, protected: header, signature }),
    expiresAt: Date.parse(opened.trustRoot.expires_at),
  }
  return true
}

async function readKv(env: EdgeEnv): Promise<string | null> {
  try {
    return await env.TRUST_KV.get(TRUST_ROOT_KEY)
  } catch {
    return null
  }
}

async function readCore(env: EdgeEnv): Promise<string | null> {
  try {
    return await within(CORE_WAIT_MS, Promise.resolve(env.CORE_READS.trustRoot()))
  } catch {
    count('coderisk_edge_core_failures_total')
    return null
  }
}

function lists(root: HeldTrustRoot | null | undefined, kid: string): boolean {
  return root?.trustRoot.keys.some((key) => key.kid === kid) ?? false
}

/** Asked so that a time which is none is past. */
function isExpired({ expiresAt }: HeldTrustRoot, now: number): boolean {
  return !(now < expiresAt)
}
