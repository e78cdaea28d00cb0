import type { PublishedTrustRoot } from '../../schema/wire/trust.ts'
import type { Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { Refusal } from '../refusal.ts'
import { markEveryStatusList } from '../status/mark-every.ts'
import { openTrustRoot, type TrustRoot, type TrustRootReason } from '../verify/trust-root.ts'
import { differences } from './compose.ts'
import { activateKey, currentKeys, type KeyRow } from './lifecycle.ts'
import { lockKeys } from './lock.ts'
import { dueTrustRoot, storeTrustRoot } from './trust-root.ts'
import type { FlattenedJws } from './vault.ts'

/** What the database's column holds. */
const MAX_VERSION = 2_147_483_647

const WORDS: Readonly<Record<TrustRootReason, string>> = {
  trust_root_malformed: 'It is not a trust root.',
  trust_root_not_pinned: 'The network root key did not sign it.',
  trust_root_rolled_back: 'Its version is below 1.',
  trust_root_expired: 'It has expired.',
}

/**
 * Takes in a trust root that was signed where the network root key is kept, and publishes it. It must say what the
 * network would have it say now, its version and times aside. A pending key that it lists becomes active if none is.
 *
 * @returns 201, with the key that became active by it, if any
 * @throws {Refusal} `trust_root_rejected`, whose detail says why
 */
export async function acceptTrustRoot(ctx: Context, jws: FlattenedJws, claim: Claim): Promise<Answer> {
  const document = await open(ctx, jws)
  return ctx.database.asSystem(async (tx) => {
    await lockKeys(tx)
    await compare(ctx, tx, document)
    const waiting = await waitingKey(tx)
    if (waiting !== null) await markEveryStatusList(ctx, tx)
    await storeTrustRoot(ctx, tx, jws, document)
    if (waiting !== null) await activateKey(ctx, tx, waiting)
    const body: PublishedTrustRoot = {
      version: document.version,
      expires_at: document.expires_at,
      activated_key: waiting?.kid ?? null,
    }
    const answer = { status: 201, body: JSON.stringify(body) }
    await claim.settle(tx, answer)
    return answer
  })
}

async function open(ctx: Context, jws: FlattenedJws): Promise<TrustRoot> {
  const pinned = ctx.settings.networkRootKey
  if (pinned === undefined) reject('The core knows no network root key: set NETWORK_ROOT_PUBLIC_KEY.')
  const opened = await openTrustRoot(jws, pinned, { now: ctx.now, minimumVersion: 1 })
  if (!opened.ok) reject(WORDS[opened.reason])
  const { version } = opened.trustRoot
  if (version > MAX_VERSION) reject(`Its version is ${version}: at most ${MAX_VERSION} is taken.`)
  return opened.trustRoot
}

async function compare(ctx: Context, tx: Transaction, document: TrustRoot): Promise<void> {
  const { document: expected, current } = await dueTrustRoot(ctx, tx)
  if (current !== undefined && document.version <= current.version) {
    reject(`Its version is ${document.version}, and version ${current.version} is published: it only grows.`)
  }
  const found = differences(expected, document)
  if (found.length === 0) return
  reject(`It does not say what the network knows by now: ${found.join('; ')}. Sign a new draft.`)
}

/** Where the network root key is kept offline the next key waits for this moment. One that is active goes on. */
async function waitingKey(tx: Transaction): Promise<KeyRow | null> {
  const { active, pending } = await currentKeys(tx, true)
  return active === undefined ? (pending ?? null) : null
}

function reject(detail: string): never {
  throw new Refusal('trust_root_rejected', { detail })
}
