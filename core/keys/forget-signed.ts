import { between, sql } from 'drizzle-orm'
import { certificateForms } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'
import type { KeyRow } from './lifecycle.ts'

/** Forms bear the time at which their request began: a moment before or after the one at which the key changed. */
const LEEWAY_MS = 60_000

/**
 * What else a compromised key has signed is made anew with the next one: tokens of the status lists at once, other forms
 * of certificates when they are asked for again.
 */
export async function forgetSignedBy(ctx: Context, tx: Transaction, key: KeyRow): Promise<void> {
  await markEveryStatusList(ctx, tx)
  if (key.activatedAt === null) return
  const from = new Date(key.activatedAt.getTime() - LEEWAY_MS)
  const to = new Date((key.retiredAt ?? ctx.now).getTime() + LEEWAY_MS)
  await tx.delete(certificateForms).where(between(certificateForms.createdAt, from, to))
}

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
