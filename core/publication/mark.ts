import { sql } from 'drizzle-orm'
import { outbox } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'

export type PublishedKind = (typeof outbox.$inferSelect)['kind']

/** The id under which the one trust root is marked. */
export const TRUST_ROOT_ENTITY = 'current'

export const NEXT_GENERATION = sql<number>`nextval('publication_generation')`

/**
 * Marks an entity for publication, in the transaction that changed it. The drainer reads what it is by then. Whoever
 * marks several does it in the order of kind and id, so that no two wait for each other.
 */
export async function markForPublication(
  tx: Transaction,
  kind: PublishedKind,
  entityId: string,
  now: Date,
): Promise<void> {
  await tx
    .insert(outbox)
    .values({ ...firstMark(kind, entityId, now), generation: NEXT_GENERATION })
    .onConflictDoUpdate({
      target: [outbox.kind, outbox.entityId],
      set: { generation: NEXT_GENERATION, markedAt: now, attempts: 0 },
    })
}

/** The mark of an entity that never had one, but for its generation: for those who insert it in a larger statement. */
export function firstMark(kind: PublishedKind, entityId: string, now: Date) {
  return { kind, entityId, markedAt: now }
}
