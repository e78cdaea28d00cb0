import { eq } from 'drizzle-orm'
import { signingKeys } from '../../schema/tables/index.ts'
import type { CompromisedKey, CompromiseKeyRequest } from '../../schema/wire/keys.ts'
import type { Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { appendToLog } from '../log/append.ts'
import { Refusal } from '../refusal.ts'
import { markEveryStatusList } from '../status/mark-every.ts'
import { compromiseEntry } from './compromised-index.ts'
import {
  activateKey,
  currentKeys,
  type KeyRow,
  mayActivate,
  type PreparedKey,
  prepareKey,
  setState,
  storeKey,
} from './lifecycle.ts'
import { lockKeys } from './lock.ts'
import { renewTrustRootWithin } from './trust-root.ts'

/**
 * Marks a signing key as compromised, for good: it signs nothing more, leaves the JWKS, and of what it signed only
 * certificates keep their worth that the log has below `log_index`. If it was the active key the next one takes over in
 * the same transaction; where the network root key is offline and no trust root lists that one yet, it waits for one.
 *
 * @param request `log_index` is by default the place that the log gives to this very event
 * @throws {Refusal} `signing_key_not_found`, `signing_key_already_compromised`
 */
export async function compromiseSigningKey(
  ctx: Context,
  kid: string,
  request: CompromiseKeyRequest,
  claim: Claim,
): Promise<Answer> {
  const spare = await prepareSpare(ctx, kid)
  return ctx.database.asSystem(async (tx) => {
    await lockKeys(tx)
    const key = await load(tx, kid)
    if (key.state === 'compromised') {
      throw new Refusal('signing_key_already_compromised', { detail: describeTime(key) })
    }
    await mark(ctx, tx, key, request.log_index ?? null)
    if (key.state === 'active') await replace(ctx, tx, key.livemode, spare)
    // Forms of certificates are made anew when they are asked for (core/certificates/forms/make.ts).
    if (key.livemode) await markEveryStatusList(ctx, tx)
    const version = key.livemode ? await renewTrustRootWithin(ctx, tx) : null
    const { active } = await currentKeys(tx, key.livemode)
    const body: CompromisedKey = {
      kid,
      state: 'compromised',
      compromised_at: ctx.now.toISOString(),
      log_index: request.log_index ?? null,
      active_key: active?.kid ?? null,
      trust_root_version: version,
    }
    const answer = { status: 200, body: JSON.stringify(body) }
    await claim.settle(tx, answer)
    return answer
  })
}

/**
 * A new key, if the compromised one is the active one and none is pending. That none can be made must not keep the key
 * from being marked: the next rotation makes one, and says why it cannot.
 */
async function prepareSpare(ctx: Context, kid: string): Promise<PreparedKey | null> {
  const isNeeded = await ctx.database.asSystem(async (tx) => {
    const { state, livemode } = await load(tx, kid)
    return state === 'active' && (await currentKeys(tx, livemode)).pending === undefined
  })
  return isNeeded ? prepareKey(ctx).catch(() => null) : null
}

async function load(tx: Transaction, kid: string): Promise<KeyRow> {
  const [row] = await tx.select().from(signingKeys).where(eq(signingKeys.kid, kid))
  if (row === undefined) throw new Refusal('signing_key_not_found')
  return row
}

async function mark(ctx: Context, tx: Transaction, key: KeyRow, logIndex: number | null): Promise<void> {
  await setState(tx, key, {
    state: 'compromised',
    compromisedAt: ctx.now,
    compromisedLogIndex: logIndex,
  })
  await appendToLog(tx, await compromiseEntry({ ...key, compromisedAt: ctx.now }, logIndex), ctx.now)
}

async function replace(
  ctx: Context,
  tx: Transaction,
  livemode: boolean,
  spare: PreparedKey | null,
): Promise<void> {
  const { pending } = await currentKeys(tx, livemode)
  const next = pending ?? (spare && (await storeKey(ctx, tx, spare, { livemode, state: 'pending' })))
  if (next && (await mayActivate(ctx, tx, next))) await activateKey(ctx, tx, next)
}

function describeTime({ compromisedAt }: KeyRow): string {
  return compromisedAt === null ? 'It was marked by hand.' : `Since ${compromisedAt.toISOString()}.`
}
