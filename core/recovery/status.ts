import { sql } from 'drizzle-orm'
import { statusListObject } from '../../schema/kv.ts'
import type { Transaction } from '../context.ts'
import { STATUS_LIST_SIZE } from '../verify/status-list.ts'
import { openStatusToken } from '../verify/status-token.ts'
import type { TrustRoot } from '../verify/trust-root.ts'
import type { PublishedSource } from './source.ts'

/** Lists are numbered without gaps, but one may be lost where it was published: the search ends after so many. */
const MAX_MISSING = 8

export interface RecoveredLists {
  /** How many lists there are at least. */
  readonly lists: number
  /** Bits that were set. */
  readonly bits: number
  /** Lists that are published and cannot be believed, so that nothing is known of them. */
  readonly refused: number
}

/**
 * Sets every bit that a published status list has and the database lacks: also those of certificates that were issued
 * after the backup, whose rows are lost but which are still out there.
 */
export async function recoverStatusLists(
  tx: Transaction,
  source: PublishedSource,
  trustRoot: TrustRoot,
): Promise<RecoveredLists> {
  let [lists, bits, refused] = [0, 0, 0]
  for (let list = 0; list < lists + MAX_MISSING; list++) {
    const bytes = await source.object(statusListObject(list))
    if (bytes === null) continue
    lists = list + 1
    const token = await openStatusToken(new TextDecoder().decode(bytes).trim(), trustRoot)
    // What the network did not sign says nothing; the log's entries have been applied already.
    if (token?.bits === 1 && isOfList(token.uri, list, trustRoot)) bits += await setBits(tx, list, token.list)
    else refused++
  }
  return { lists, bits, refused }
}

/** The bits of another list would revoke what was never revoked, for good. */
function isOfList(uri: string, list: number, trustRoot: TrustRoot): boolean {
  return trustRoot.status_lists.some((prefix) => uri === `${prefix}${list}`)
}

async function setBits(tx: Transaction, list: number, published: Uint8Array): Promise<number> {
  const [row] = await tx.execute<{ bits: Uint8Array }>(sql`SELECT bits FROM status_lists WHERE id = ${list}`)
  const merged = row === undefined ? new Uint8Array(STATUS_LIST_SIZE / 8) : new Uint8Array(row.bits)
  let set = 0
  for (const [index, byte] of published.entries()) {
    set += ones(byte & ~merged[index]!)
    merged[index]! |= byte
  }
  if (set === 0) return 0
  await tx.execute(sql`
    INSERT INTO status_lists (id, bits, version) VALUES (${list}, ${merged}, 1)
    ON CONFLICT (id) DO UPDATE SET bits = excluded.bits, version = status_lists.version + 1`)
  return set
}

function ones(byte: number): number {
  let count = 0
  for (let rest = byte; rest > 0; rest >>>= 1) count += rest & 1
  return count
}
