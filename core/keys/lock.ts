import { sql } from 'drizzle-orm'
import type { Transaction } from '../context.ts'

/**
 * Keys and trust roots change one at a time, whichever instance does it. Taken before anything else in a transaction,
 * so that no two can wait for each other.
 */
export async function lockKeys(tx: Transaction): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('signing keys and trust roots', 0))`)
}
