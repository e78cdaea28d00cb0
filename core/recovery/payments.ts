import { sql } from 'drizzle-orm'
import type { Transaction } from '../context.ts'

/**
 * What was to be paid or billed when the backup was made may have been since, and the payment rail may have forgotten the
 * key by now. It counts as begun, so that the rail is asked for a payout first, and usage that is too old to be told again
 * is left to people.
 */
export async function takeAsBegun(tx: Transaction): Promise<void> {
  await tx.execute(sql`
    UPDATE payouts SET first_attempt_at = created_at WHERE state = 'pending' AND first_attempt_at IS NULL`)
  await tx.execute(sql`
    UPDATE billing_events SET first_attempt_at = occurred_at WHERE state = 'pending' AND first_attempt_at IS NULL`)
}
