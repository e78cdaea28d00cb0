import { and, eq } from 'drizzle-orm'
import { signingKeys } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { appendToLog } from '../log/append.ts'
import { type LogEntryType, makeLogEntry } from '../verify/log-entry.ts'
import { keyIdentifier, thumbprint } from './kid.ts'
import { renewTrustRoot, trustRootLists } from './trust-root.ts'
import type { PublicRsaJwk } from './vault.ts'

const DAY_MS = 86_400_000
export const KEY_LIFETIME_DAYS = 90
/** The next key is made this long before it is due, so that every verifier has it by then. */
export const PENDING_LEAD_DAYS = 30

type KeyRow = typeof signingKeys.$inferSelect
export type RotationStep = 'nothing_due' | 'created_first' | 'created_pending' | 'activated'

/**
 * Brings the signing keys of both modes to where the calendar wants them; run it as often as you like.
 *
 * pending (30 days ahead) → active → retired (after 90 days). A pending key becomes active only once a published
 * trust root lists it; test keys are in no trust root, so for them that condition falls away. The trust root is
 * signed anew whenever it no longer says what the keys are.
 */
export async function rotateSigningKeys(ctx: Context): Promise<Record<'live' | 'test', RotationStep>> {
  const live = await rotate(ctx, true)
  const test = await rotate(ctx, false)
  await renewTrustRoot(ctx)
  return { live, test }
}

async function rotate(ctx: Context, livemode: boolean): Promise<RotationStep> {
  const { active, pending } = await load(ctx, livemode)
  if (active === undefined && pending === undefined) {
    await create(ctx, livemode, 'active')
    return 'created_first'
  }
  const due = (active?.activatedAt?.getTime() ?? 0) + KEY_LIFETIME_DAYS * DAY_MS
  if (pending === undefined) {
    if (ctx.now.getTime() < due - PENDING_LEAD_DAYS * DAY_MS) return 'nothing_due'
    await create(ctx, livemode, 'pending')
    return 'created_pending'
  }
  if (ctx.now.getTime() < due) return 'nothing_due'
  return ctx.database.asSystem(async (tx) => {
    if (livemode && !(await trustRootLists(tx, pending.kid))) return 'nothing_due'
    await activate(ctx, tx, pending, active)
    return 'activated'
  })
}

async function load(ctx: Context, livemode: boolean) {
  const rows = await ctx.database.asSystem((tx) =>
    tx.select().from(signingKeys).where(eq(signingKeys.livemode, livemode)),
  )
  return {
    active: rows.find((row) => row.state === 'active'),
    pending: rows.find((row) => row.state === 'pending'),
  }
}

async function create(ctx: Context, livemode: boolean, state: 'active' | 'pending'): Promise<void> {
  const key = await ctx.keys.generate()
  const kid = await keyIdentifier(key.publicJwk, ctx.now)
  const sealedPrivateKey = await key.seal(kid)
  await ctx.database.asSystem(async (tx) => {
    const created = await tx
      .insert(signingKeys)
      .values({
        kid,
        livemode,
        state,
        publicJwk: key.publicJwk,
        sealedPrivateKey,
        createdAt: ctx.now,
        activatedAt: state === 'active' ? ctx.now : null,
      })
      .onConflictDoNothing()
      .returning({ kid: signingKeys.kid })
    // Another instance was faster: the unique index let only one of us in, and its key serves as well.
    if (created.length === 0) return
    await record(ctx, tx, 'key.created', kid, key.publicJwk)
  })
}

async function activate(ctx: Context, tx: Transaction, pending: KeyRow, active?: KeyRow): Promise<void> {
  if (active !== undefined) {
    const retired = await tx
      .update(signingKeys)
      .set({ state: 'retired', retiredAt: ctx.now })
      .where(and(eq(signingKeys.kid, active.kid), eq(signingKeys.state, 'active')))
      .returning({ kid: signingKeys.kid })
    if (retired.length === 0) return
    await record(ctx, tx, 'key.retired', active.kid, active.publicJwk as PublicRsaJwk)
  }
  const activated = await tx
    .update(signingKeys)
    .set({ state: 'active', activatedAt: ctx.now })
    .where(and(eq(signingKeys.kid, pending.kid), eq(signingKeys.state, 'pending')))
    .returning({ kid: signingKeys.kid })
  if (activated.length === 0) return
  await record(ctx, tx, 'key.activated', pending.kid, pending.publicJwk as PublicRsaJwk)
}

async function record(ctx: Context, tx: Transaction, type: LogEntryType, kid: string, jwk: PublicRsaJwk) {
  await appendToLog(tx, await makeLogEntry(type, kid, ctx.now.toISOString(), await thumbprint(jwk)), ctx.now)
}
