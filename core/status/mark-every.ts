import { sql } from 'drizzle-orm'
import type { Context, Transaction } from '../context.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'

/**
 * Has every status list signed at once: also those whose turn is only later, because no key was there to sign them.
 * Before a mark of the trust root, as `core/publication/mark.ts` asks.
 */
export async function markEveryStatusList({ now }: Context, tx: Transaction): Promise<void> {
  await tx.execute(sql`
    INSERT INTO outbox (kind, entity_id, generation, marked_at)
    SELECT 'status_list', list::text, nextval('publication_generation'), ${now.toISOString()}::timestamptz
    FROM certificate_status_index AS given, generate_series(0, given.last_value / ${STATUS_LIST_SIZE}) AS list
    ORDER BY list::text
    ON CONFLICT (kind, entity_id) DO UPDATE SET generation = EXCLUDED.generation, leased_until = NULL, attempts = 0`)
}
