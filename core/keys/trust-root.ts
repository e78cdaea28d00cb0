import { desc } from 'drizzle-orm'
import { trustRoots } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { appendToLog } from '../log/append.ts'
import { markForPublication, TRUST_ROOT_ENTITY } from '../publication/mark.ts'
import { fromBase64Url, sha256, toHex, utf8 } from '../verify/encoding.ts'
import { makeLogEntry } from '../verify/log-entry.ts'
import { openTrustRoot, type TrustRoot, type TrustRootReason } from '../verify/trust-root.ts'
import { composeTrustRoot, differences } from './compose.ts'
import { lockKeys } from './lock.ts'
import type { FlattenedJws } from './vault.ts'

const DAY_MS = 86_400_000
/** A new version is signed when the current one has this long to live. */
export const RENEWAL_LEAD_DAYS = 15
/** What the log calls it; there is one. */
const LOG_SUBJECT = 'trust-root'

/**
 * Signs the next version of the trust root and marks it for publication.
 *
 * @returns its version; null where the network root key is kept offline, and this must be done there
 */
export async function publishTrustRoot(ctx: Context): Promise<number | null> {
  return ctx.database.asSystem(async (tx) => {
    await lockKeys(tx)
    return signAndStore(ctx, tx, await composeTrustRoot(ctx, tx, await currentDocument(tx)))
  })
}

/** Signs a new version when the current one is about to expire, or does not say what is so by now. */
export async function renewTrustRoot(ctx: Context): Promise<void> {
  await ctx.database.asSystem(async (tx) => {
    await lockKeys(tx)
    await renewTrustRootWithin(ctx, tx)
  })
}

/**
 * {@link renewTrustRoot} in the transaction of what has changed, which holds {@link lockKeys}.
 *
 * @returns the new version, or null: the current one stands, or a new one must be signed where the root key is
 */
export async function renewTrustRootWithin(ctx: Context, tx: Transaction): Promise<number | null> {
  const next = await dueTrustRoot(ctx, tx)
  return next.isDue ? signAndStore(ctx, tx, next.document) : null
}

/** What the next trust root is to say, and whether it is time for it. */
export async function dueTrustRoot(
  ctx: Context,
  tx: Transaction,
): Promise<{ document: TrustRoot; isDue: boolean; current: CurrentTrustRoot | undefined }> {
  const current = await currentTrustRoot(tx)
  const told = current === undefined ? null : openOwn(current.jws as FlattenedJws)
  const document = await composeTrustRoot(ctx, tx, told)
  const isDue =
    current === undefined ||
    ctx.now.getTime() >= current.expiresAt.getTime() - RENEWAL_LEAD_DAYS * DAY_MS ||
    differences(document, told!).length > 0 ||
    (await refusalOf(ctx, current.jws)) !== null
  return { document, isDue, current }
}

export type CurrentTrustRoot = typeof trustRoots.$inferSelect

export async function currentTrustRoot(tx: Transaction): Promise<CurrentTrustRoot | undefined> {
  const [row] = await tx.select().from(trustRoots).orderBy(desc(trustRoots.version)).limit(1)
  return row
}

/** Whether the newest trust root lists `kid`, so that verifiers can know the key before it signs. */
export async function trustRootLists(tx: Transaction, kid: string): Promise<boolean> {
  const current = await currentDocument(tx)
  return current?.keys.some((key) => key.kid === kid) ?? false
}

/** Stores a signed version, tells the log of it and marks it for publication. */
export async function storeTrustRoot(
  ctx: Context,
  tx: Transaction,
  jws: FlattenedJws,
  { version, expires_at }: TrustRoot,
): Promise<void> {
  const digest = toHex(await sha256(fromBase64Url(jws.payload)!))
  const entry = await makeLogEntry('trust_root.published', LOG_SUBJECT, ctx.now.toISOString(), digest, {
    version: String(version),
  })
  await tx.insert(trustRoots).values({ version, jws, createdAt: ctx.now, expiresAt: new Date(expires_at) })
  await appendToLog(tx, entry, ctx.now)
  await markForPublication(tx, 'trust_root', TRUST_ROOT_ENTITY, ctx.now)
}

async function signAndStore(ctx: Context, tx: Transaction, document: TrustRoot): Promise<number | null> {
  const jws = await ctx.keys.signTrustRoot(utf8(JSON.stringify(document)))
  if (jws === null) return null
  // Published, it would take the place of one that verifiers accept.
  const refusal = await refusalOf(ctx, jws)
  if (refusal !== null) throw new Error(`verifiers would refuse the trust root: ${refusal}`)
  await storeTrustRoot(ctx, tx, jws, document)
  return document.version
}

/** Why verifiers refuse it, if they do; null as well where the core does not know which key they pin. */
async function refusalOf({ settings, now }: Context, jws: unknown): Promise<TrustRootReason | null> {
  if (settings.networkRootKey === undefined) return null
  const opened = await openTrustRoot(jws, settings.networkRootKey, { now })
  return opened.ok ? null : opened.reason
}

async function currentDocument(tx: Transaction): Promise<TrustRoot | null> {
  const current = await currentTrustRoot(tx)
  return current === undefined ? null : openOwn(current.jws as FlattenedJws)
}

/** The payload of a trust root that we stored ourselves. */
function openOwn(jws: FlattenedJws): TrustRoot {
  return JSON.parse(new TextDecoder().decode(fromBase64Url(jws.payload)!)) as TrustRoot
}
