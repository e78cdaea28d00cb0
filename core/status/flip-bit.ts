import { sql } from 'drizzle-orm'
import type { Transaction } from '../context.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'

/**
 * Sets the bit of one certificate for good. The list's row comes into being with its first revocation; until then all
 * its bits are 0. Whoever flips a bit marks the list for publication too.
 */
export async function flipStatusBit(tx: Transaction, list: number, index: number): Promise<void> {
  const emptyBits = new Uint8Array(STATUS_LIST_SIZE / 8)
  await tx.execute(sql`
    INSERT INTO status_lists (id, bits, version) VALUES (${list}, set_bit(${emptyBits}, ${index}::bigint, 1), 1)
    ON CONFLICT (id) DO UPDATE SET bits = set_bit(status_lists.bits, ${index}::bigint, 1), version = status_lists.version + 1`)
}
