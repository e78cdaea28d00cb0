import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { JWK } from 'jose'
import { signingKeys, trustRoots } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import { compromiseEntry } from '../keys/compromised-index.ts'
import { appendToLog } from '../log/append.ts'
import { openTrustRoot, type TrustRoot } from '../verify/trust-root.ts'
import { type PublishedSource, RecoveryFailed } from './source.ts'

/**
 * Takes over the published trust root if it is newer than the database's, with what it says of the keys: a key that was
 * retired or compromised since must not sign again, and no version may be given twice.
 *
 * @param pinned the public network root key
 * @returns the trust root that holds now; null when there has never been one
 */
export async function recoverTrustRoot(
  tx: Transaction,
  source: PublishedSource,
  pinned: JWK,
  now: Date,
): Promise<{ trustRoot: TrustRoot; recovered: boolean } | null> {
  const [own] = await tx.select().from(trustRoots).orderBy(desc(trustRoots.version)).limit(1)
  const text = await source.trustRoot()
  const jws: unknown = text === null ? null : parse(text)
  const published = jws === null ? null : await open(jws, pinned)
  if (published === null || published.version <= (own?.version ?? 0)) {
    return own === undefined ? null : { trustRoot: await open(own.jws, pinned), recovered: false }
  }
  await tx.insert(trustRoots).values({
    version: published.version,
    jws,
    createdAt: now,
    expiresAt: new Date(published.expires_at),
  })
  for (const key of published.keys) {
    if (key.state === 'retired') await retire(tx, key, now)
    if (key.state === 'compromised') await compromise(tx, key, now)
  }
  return { trustRoot: published, recovered: true }
}

/** One that has expired counts all the same: it says what the network had said. */
async function open(jws: unknown, pinned: JWK): Promise<TrustRoot> {
  const opened = await openTrustRoot(jws, pinned, { now: new Date(0) })
  if (opened.ok) return opened.trustRoot
  throw new RecoveryFailed(`The trust root does not hold under the network root key (${opened.reason}).`)
}

/** One that the log says is compromised stays so: the trust root may be from before that. */
async function retire(tx: Transaction, key: TrustRoot['keys'][number], now: Date): Promise<void> {
  await tx
    .update(signingKeys)
    .set({ state: 'retired', retiredAt: key.valid_to === null ? now : new Date(key.valid_to) })
    .where(and(eq(signingKeys.kid, key.kid), inArray(signingKeys.state, ['pending', 'active'])))
}

/** The index only ever goes down. Where none is known yet, the log is told anew: its entry of that event may be lost. */
async function compromise(tx: Transaction, key: TrustRoot['keys'][number], now: Date): Promise<void> {
  const ofKey = eq(signingKeys.kid, key.kid)
  const [marked] = await tx
    .update(signingKeys)
    .set({ state: 'compromised', compromisedAt: now })
    .where(and(ofKey, ne(signingKeys.state, 'compromised')))
    .returning()
  const logIndex = key.compromised_log_index ?? null
  if (logIndex !== null) {
    const lowest = sql`least(${signingKeys.compromisedLogIndex}, ${logIndex}::bigint)`
    await tx.update(signingKeys).set({ compromisedLogIndex: lowest }).where(ofKey)
  } else if (marked !== undefined) {
    await appendToLog(tx, await compromiseEntry(marked, null), now)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RecoveryFailed('The published trust root is not JSON.')
  }
}
