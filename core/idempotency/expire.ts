import { lt } from 'drizzle-orm'
import { idempotencyRecords } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import { IDEMPOTENCY_LIFETIME_DAYS } from './claim.ts'

const DAY_MS = 86_400_000

/** Forgets stored answers that are older than the promise of seven days. */
export async function expireIdempotencyRecords(ctx: Context): Promise<void> {
  const before = new Date(ctx.now.getTime() - IDEMPOTENCY_LIFETIME_DAYS * DAY_MS)
  await ctx.database.asSystem((tx) =>
    tx.delete(idempotencyRecords).where(lt(idempotencyRecords.createdAt, before)),
  )
}
