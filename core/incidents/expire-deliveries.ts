import { and, lt, ne } from 'drizzle-orm'
import { inboundDeliveries } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'

/** For so long a webhook that comes again is known. What it told is known for good, so it changes nothing after that either. */
const KEPT_DAYS = 30
const DAY_MS = 86_400_000

/** Forgets webhooks that were dealt with long ago. Hourly. */
export async function expireDeliveries(ctx: Context): Promise<void> {
  const before = new Date(ctx.now.getTime() - KEPT_DAYS * DAY_MS)
  await ctx.database.asSystem((tx) =>
    tx
      .delete(inboundDeliveries)
      .where(and(ne(inboundDeliveries.state, 'pending'), lt(inboundDeliveries.receivedAt, before))),
  )
}
