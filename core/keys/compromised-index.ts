import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { logEntries, signingKeys } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import type { LogEntry } from '../verify/log-entry.ts'
import { type KeyRow, keyEntry } from './lifecycle.ts'
import { lockKeys } from './lock.ts'
import { renewTrustRootWithin } from './trust-root.ts'

type Compromised = Pick<KeyRow, 'kid' | 'publicJwk' | 'compromisedAt'>

/**
 * The log's entry that a key is compromised.
 *
 * @param logIndex as the operator named it, or null: then the entry's own place counts
 */
export function compromiseEntry(key: Compromised, logIndex: number | null): Promise<LogEntry> {
  const details = logIndex === null ? {} : { log_index: String(logIndex) }
  return keyEntry('key.compromised', key, key.compromisedAt!, details)
}

/**
 * Gives each compromised key whose index nobody named the place that the log gave to that event, and signs a trust root
 * that says so. Until then none of its certificates verifies. Cheap when there is nothing to do; run it every minute.
 *
 * @returns how many keys got their index
 */
export async function fillCompromisedIndexes(ctx: Context): Promise<number> {
  const waiting = await ctx.database.asSystem((tx) =>
    tx
      .select()
      .from(signingKeys)
      .where(
        and(
          eq(signingKeys.state, 'compromised'),
          isNotNull(signingKeys.compromisedAt),
          isNull(signingKeys.compromisedLogIndex),
        ),
      ),
  )
  if (waiting.length === 0) return 0
  return ctx.database.asSystem(async (tx) => {
    await lockKeys(tx)
    const filled = await Promise.all(waiting.map((key) => fill(tx, key)))
    const count = filled.filter(Boolean).length
    if (count > 0) await renewTrustRootWithin(ctx, tx)
    return count
  })
}

async function fill(tx: Transaction, key: KeyRow): Promise<boolean> {
  const { leafHash } = await compromiseEntry(key, null)
  const [entry] = await tx
    .select({ leafIndex: logEntries.leafIndex })
    .from(logEntries)
    .where(eq(logEntries.leafHash, leafHash))
  const index = entry?.leafIndex ?? null
  if (index === null) return false
  await tx
    .update(signingKeys)
    .set({ compromisedLogIndex: index })
    .where(and(eq(signingKeys.kid, key.kid), isNull(signingKeys.compromisedLogIndex)))
  return true
}
