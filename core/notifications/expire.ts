import { sql } from 'drizzle-orm'
import type { Context } from '../context.ts'

/** Bodies tell of incidents and claims: they are kept for as long as one may want to look into a delivery. */
export const WEBHOOK_EVENT_DAYS = 30
const DAY_MS = 86_400_000
/** Of one transaction. */
const BATCH_SIZE = 2_000
/** What is more waits for the next hour. */
const MAX_BATCHES = 50

/** Forgets events and their deliveries after 30 days. */
export async function expireWebhookEvents(ctx: Context): Promise<void> {
  const before = new Date(ctx.now.getTime() - WEBHOOK_EVENT_DAYS * DAY_MS).toISOString()
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const gone = await ctx.database.asSystem(async (tx) => {
      const old = sql`SELECT id FROM webhook_events WHERE created_at < ${before}::timestamptz ORDER BY created_at, id LIMIT ${BATCH_SIZE}`
      await tx.execute(sql`DELETE FROM webhook_deliveries WHERE event_id IN (${old})`)
      return tx.execute(sql`DELETE FROM webhook_events WHERE id IN (${old}) RETURNING 1`)
    })
    if (gone.length < BATCH_SIZE) return
  }
}
