import { decodeText } from '../../core/verify/reading.ts'
import { MAX_STATUS_TOKEN_LENGTH, openStatusToken, type StatusToken } from '../../core/verify/status-token.ts'
import type { TrustRoot } from '../../core/verify/trust-root.ts'
import { statusListObject } from '../../schema/kv.ts'
import { BoundedMap } from './bounded-map.ts'
import type { EdgeEnv } from './env.ts'
import { etagOf } from './etag.ts'
import { count } from './metrics.ts'
import { readObject } from './objects.ts'
import { trustRoot, trustRootWith } from './trust.ts'

/** A status list token that a key of the trust root signed. */
export interface HeldStatusToken {
  readonly text: string
  readonly token: StatusToken
  readonly etag: string
}

export type FoundStatusToken =
  | { readonly ok: true; readonly held: HeldStatusToken }
  | { readonly ok: false; readonly reason: 'not_found' | 'unavailable' }

interface Kept {
  readonly found: FoundStatusToken
  readonly askedAt: number
}

/** A revocation is in the published token within 5 s; this much of them may be ours. */
const MAX_AGE_MS = 1_000
/** About 200 lists without much compression. */
const MEMORY_BUDGET_BYTES = 8 * 1024 * 1024
const OVERHEAD_BYTES = 256
const KID = /key-\d{6}-[0-9a-f]{8}/

const memory = new BoundedMap<Kept>(MEMORY_BUDGET_BYTES)

/** The newest token of a list that is in this isolate's memory. */
export function heldStatusToken(list: number): StatusToken | null {
  const found = memory.get(String(list))?.found
  return found?.ok ? found.held.token : null
}

/** The newest token that can be had: what is known of a revocation when the core cannot be asked. */
export async function statusToken(env: EdgeEnv, list: number, now: number): Promise<StatusToken | null> {
  const found = await findStatusToken(env, list, now)
  return found.ok ? found.held.token : null
}

/**
 * The newest signed token of a status list: from this isolate's memory for a second, else from R2. It counts only if a
 * key of the trust root signed it, and within an isolate never goes back to an older one. It says itself of when it is,
 * so the last good one is answered for as long as there is no newer.
 */
export async function findStatusToken(env: EdgeEnv, list: number, now: number): Promise<FoundStatusToken> {
  const known = memory.get(String(list))
  if (known !== undefined && now - known.askedAt < MAX_AGE_MS) return known.found
  // While this one is read, others go on with what is held.
  if (known !== undefined) keep(list, { ...known, askedAt: now })
  const read = await readObject(env, statusListObject(list), MAX_STATUS_TOKEN_LENGTH)
  const root = await trustRoot(env, now)
  if (root === null) return { ok: false, reason: 'unavailable' }
  const fresh = read.ok ? await open(env, list, new TextDecoder().decode(read.bytes), now) : null
  if (read.ok && fresh === null) count('coderisk_edge_status_token_rejected_total')
  const held = newest(await stillGood(list, root.trustRoot), fresh)
  const reason = !read.ok && read.reason === 'not_found' ? 'not_found' : 'unavailable'
  const found: FoundStatusToken = held === null ? { ok: false, reason } : { ok: true, held }
  keep(list, { found, askedAt: now })
  return found
}

async function open(env: EdgeEnv, list: number, text: string, now: number): Promise<HeldStatusToken | null> {
  const token = await openWithItsKey(env, text, now)
  if (token?.uri !== `${env.PUBLIC_BASE_URL}/v1/status-lists/${list}`) return null
  return { text, token, etag: await etagOf(text) }
}

/** With the trust root at hand, else with one that lists the key which the token says that it is by. */
async function openWithItsKey(env: EdgeEnv, text: string, now: number): Promise<StatusToken | null> {
  const root = await trustRoot(env, now)
  const opened = root && (await openStatusToken(text, root.trustRoot))
  if (opened !== null) return opened
  const kid = KID.exec(decodeText(text.slice(0, text.indexOf('.'))) ?? '')?.[0]
  const newer = kid === undefined ? null : await trustRootWith(env, kid, now)
  return newer && openStatusToken(text, newer.trustRoot)
}

/** What is held by now, unless its key is no longer good. */
async function stillGood(list: number, root: TrustRoot): Promise<HeldStatusToken | null> {
  const found = memory.get(String(list))?.found
  if (!found?.ok) return null
  return (await openStatusToken(found.held.text, root)) === null ? null : found.held
}

function newest(before: HeldStatusToken | null, fresh: HeldStatusToken | null): HeldStatusToken | null {
  if (before === null || fresh === null) return before ?? fresh
  return fresh.token.issuedAt < before.token.issuedAt ? before : fresh
}

function keep(list: number, kept: Kept): void {
  const size = kept.found.ok ? kept.found.held.text.length + kept.found.held.token.list.length : 0
  memory.set(String(list), kept, size + OVERHEAD_BYTES)
}
