import { and, eq } from 'drizzle-orm'
import { signingKeys } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { appendToLog } from '../log/append.ts'
import { type LogEntry, type LogEntryType, makeLogEntry } from '../verify/log-entry.ts'
import { keyIdentifier, thumbprint } from './kid.ts'
import { trustRootLists } from './trust-root.ts'
import type { PublicRsaJwk } from './vault.ts'

export type KeyRow = typeof signingKeys.$inferSelect

/** A new key that is in no row yet. Making one takes seconds, so it is done before the transaction that stores it. */
export interface PreparedKey {
  readonly kid: string
  readonly publicJwk: PublicRsaJwk
  readonly sealedPrivateKey: Uint8Array<ArrayBuffer>
}

/** @throws {Refusal} `signing_unavailable` when the place where keys are kept cannot be had */
export async function prepareKey(ctx: Context): Promise<PreparedKey> {
  const key = await ctx.keys.generate()
  const kid = await keyIdentifier(key.publicJwk, ctx.now)
  return { kid, publicJwk: key.publicJwk, sealedPrivateKey: await key.seal(kid) }
}

/** The keys of one mode that sign, or will. */
export async function currentKeys(
  tx: Transaction,
  livemode: boolean,
): Promise<{ active: KeyRow | undefined; pending: KeyRow | undefined }> {
  const rows = await tx.select().from(signingKeys).where(eq(signingKeys.livemode, livemode))
  return {
    active: rows.find((row) => row.state === 'active'),
    pending: rows.find((row) => row.state === 'pending'),
  }
}

export async function storeKey(
  ctx: Context,
  tx: Transaction,
  key: PreparedKey,
  as: { livemode: boolean; state: 'active' | 'pending' },
): Promise<KeyRow> {
  const activatedAt = as.state === 'active' ? ctx.now : null
  const [row] = await tx
    .insert(signingKeys)
    .values({ ...key, ...as, createdAt: ctx.now, activatedAt })
    .returning()
  await recordKeyEvent(ctx, tx, 'key.created', key)
  return row!
}

/**
 * Whether a key may sign at once. Verifiers must be able to know it by then: a stored trust root lists it, or one that
 * does is signed in the same transaction, where the network root key is at hand. Test keys are in no trust root.
 */
export async function mayActivate(
  ctx: Context,
  tx: Transaction,
  { kid, livemode }: { kid: string; livemode: boolean },
): Promise<boolean> {
  return !livemode || ctx.keys.signsTrustRoot || (await trustRootLists(tx, kid))
}

/** pending → active, and the one before it → retired. */
export async function activateKey(
  ctx: Context,
  tx: Transaction,
  pending: KeyRow,
  active?: KeyRow,
): Promise<void> {
  if (active !== undefined) {
    await setState(tx, active, { state: 'retired', retiredAt: ctx.now })
    await recordKeyEvent(ctx, tx, 'key.retired', active)
  }
  await setState(tx, pending, { state: 'active', activatedAt: ctx.now })
  await recordKeyEvent(ctx, tx, 'key.activated', pending)
}

export async function setState(
  tx: Transaction,
  key: KeyRow,
  change: Partial<KeyRow> & Pick<KeyRow, 'state'>,
): Promise<void> {
  await tx
    .update(signingKeys)
    .set(change)
    .where(and(eq(signingKeys.kid, key.kid), eq(signingKeys.state, key.state)))
}

/** The entry that tells of a key; it follows from these alone. @param at when it happened */
export async function keyEntry(
  type: LogEntryType,
  key: { readonly kid: string; readonly publicJwk: unknown },
  at: Date,
  details: Readonly<Record<string, string>> = {},
): Promise<LogEntry> {
  const digest = await thumbprint(key.publicJwk as PublicRsaJwk)
  return makeLogEntry(type, key.kid, at.toISOString(), digest, details)
}

async function recordKeyEvent(
  ctx: Context,
  tx: Transaction,
  type: LogEntryType,
  key: { readonly kid: string; readonly publicJwk: unknown },
): Promise<void> {
  await appendToLog(tx, await keyEntry(type, key, ctx.now), ctx.now)
}
