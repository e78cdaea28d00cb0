import type { Context } from '../context.ts'
import { markEveryStatusList } from '../status/mark-every.ts'
import { activateKey, currentKeys, type KeyRow, mayActivate, prepareKey, storeKey } from './lifecycle.ts'
import { lockKeys } from './lock.ts'
import { renewTrustRoot, renewTrustRootWithin, trustRootLists } from './trust-root.ts'

const DAY_MS = 86_400_000
export const KEY_LIFETIME_DAYS = 90
/** The next key is made this long before it is due, so that every verifier has it by then. */
export const PENDING_LEAD_DAYS = 30

export type RotationStep = 'nothing_due' | 'created_first' | 'created_pending' | 'activated'

/**
 * Brings the signing keys of both modes to where the calendar wants them; run it as often as you like.
 *
 * pending (30 days ahead) → active → retired (after 90 days). A pending key becomes active only once a published
 * trust root lists it; test keys are in no trust root, so for them that condition falls away. The trust root is
 * signed anew whenever it no longer says what the keys are.
 *
 * @throws {Refusal} `signing_unavailable` when a key is due and the place where keys are kept cannot be had
 */
export async function rotateSigningKeys(ctx: Context): Promise<Record<'live' | 'test', RotationStep>> {
  const live = await rotate(ctx, true)
  const test = await rotate(ctx, false)
  await renewTrustRoot(ctx)
  return { live, test }
}

async function rotate(ctx: Context, livemode: boolean): Promise<RotationStep> {
  const { active, pending } = await ctx.database.asSystem((tx) => currentKeys(tx, livemode))
  if (active === undefined && pending === undefined) return createFirst(ctx, livemode)
  const daysLeft = (dueAt(active) - ctx.now.getTime()) / DAY_MS
  if (pending === undefined)
    return daysLeft > PENDING_LEAD_DAYS ? 'nothing_due' : createPending(ctx, livemode)
  return daysLeft > 0 ? 'nothing_due' : activateNext(ctx, livemode)
}

/** When the next key is to take over; without an active one it is late already. */
function dueAt(active: KeyRow | undefined): number {
  return (active?.activatedAt?.getTime() ?? 0) + KEY_LIFETIME_DAYS * DAY_MS
}

/** There is no key to go on signing meanwhile, so it signs from the start if verifiers can know it from the start. */
async function createFirst(ctx: Context, livemode: boolean): Promise<RotationStep> {
  const key = await prepareKey(ctx)
  return ctx.database.asSystem<RotationStep>(async (tx) => {
    await lockKeys(tx)
    const { active, pending } = await currentKeys(tx, livemode)
    // Another instance was faster, and its key serves as well.
    if (active !== undefined || pending !== undefined) return 'created_first'
    const signsAtOnce = await mayActivate(ctx, tx, { kid: key.kid, livemode })
    await storeKey(ctx, tx, key, { livemode, state: signsAtOnce ? 'active' : 'pending' })
    if (livemode && signsAtOnce) await markEveryStatusList(ctx, tx)
    if (livemode) await renewTrustRootWithin(ctx, tx)
    return signsAtOnce ? 'created_first' : 'created_pending'
  })
}

async function createPending(ctx: Context, livemode: boolean): Promise<RotationStep> {
  const key = await prepareKey(ctx)
  return ctx.database.asSystem<RotationStep>(async (tx) => {
    await lockKeys(tx)
    const { pending } = await currentKeys(tx, livemode)
    if (pending === undefined) await storeKey(ctx, tx, key, { livemode, state: 'pending' })
    return 'created_pending'
  })
}

async function activateNext(ctx: Context, livemode: boolean): Promise<RotationStep> {
  return ctx.database.asSystem<RotationStep>(async (tx) => {
    await lockKeys(tx)
    const { active, pending } = await currentKeys(tx, livemode)
    // Another instance was faster.
    if (pending === undefined || dueAt(active) > ctx.now.getTime()) return 'activated'
    if (livemode && !(await trustRootLists(tx, pending.kid))) return 'nothing_due'
    await activateKey(ctx, tx, pending, active)
    if (livemode && active === undefined) await markEveryStatusList(ctx, tx)
    return 'activated'
  })
}
