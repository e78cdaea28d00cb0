import { sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'

/**
 * A published token is signed anew at this age. With a minute between two looks it is then about three minutes old at
 * most, and an edge without a core still has one that is younger than `STATUS_MAX_STALENESS_S` (300 s).
 */
export const STATUS_TOKEN_RENEWAL_S = 120

/** Marks every status list that there is, and whose token is missing or due. Run it as often as you like. */
export async function markDueStatusLists(ctx: Context): Promise<void> {
  await ctx.database.asSystem((tx) =>
    tx.execute(sql`
      INSERT INTO outbox (kind, entity_id, generation, marked_at)
      SELECT 'status_list', number::text, nextval('publication_generation'), ${ctx.now.toISOString()}::timestamptz
      FROM certificate_status_index AS given, generate_series(0, given.last_value / ${STATUS_LIST_SIZE}) AS number
      WHERE NOT EXISTS (
        SELECT FROM status_list_tokens AS token
        WHERE token.list = number AND token.issued_at > now() - make_interval(secs => ${STATUS_TOKEN_RENEWAL_S}))
      ORDER BY number::text
      ON CONFLICT (kind, entity_id) DO NOTHING`),
  )
}
