import type { Context } from '../../../../core/context.ts'
import type { FlattenedJws } from '../../../../core/keys/vault.ts'
import { openTrustRoot, type TrustRoot } from '../../../../core/verify/trust-root.ts'
import type { TestCore } from '../support.ts'

const DAY_MS = 86_400_000
export const START = new Date('2026-11-21T00:00:00.000Z')
export const day = (days: number) => new Date(START.getTime() + days * DAY_MS)

/** Every version that is stored, as a verifier with the pinned key opens it. */
export async function storedTrustRoots(core: TestCore): Promise<TrustRoot[]> {
  const rows = await core.db.owner`SELECT jws FROM trust_roots ORDER BY version`
  return Promise.all(rows.map(({ jws }) => open(core, jws)))
}

export async function newestTrustRoot(core: TestCore): Promise<TrustRoot> {
  return (await storedTrustRoots(core)).at(-1)!
}

export async function open(core: TestCore, jws: unknown): Promise<TrustRoot> {
  const opened = await openTrustRoot(jws, core.pinned, { now: START })
  if (!opened.ok) throw new Error(opened.reason)
  return opened.trustRoot
}

/** The context of a core whose network root key is kept offline. */
export function offline(core: TestCore, now: Date): Context {
  return { ...core.ctx(now), keys: { ...core.keys, signsTrustRoot: false, signTrustRoot: async () => null } }
}

/** Signs as the command line does where the network root key is: what it is given, unchanged. */
export async function signOffline(core: TestCore, payload: string | object): Promise<FlattenedJws> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return (await core.keys.signTrustRoot(new TextEncoder().encode(text)))!
}

/** Entries of the log in the order in which they were written. */
export async function logged(core: TestCore): Promise<Record<string, string>[]> {
  const rows = await core.db.owner`SELECT convert_from(entry, 'UTF8') AS text FROM log_entries ORDER BY id`
  return rows.map(({ text }) => JSON.parse(text))
}

/** The live keys, oldest first. */
export async function liveKeys(core: TestCore): Promise<{ kid: string; state: string }[]> {
  const rows = await core.db
    .owner`SELECT kid, state FROM signing_keys WHERE livemode ORDER BY created_at, activated_at NULLS LAST`
  return rows.map(({ kid, state }) => ({ kid, state }))
}
