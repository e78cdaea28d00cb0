import { asc, eq } from 'drizzle-orm'
import { logAnchors } from '../../../schema/tables/index.ts'
import type { AnchorList } from '../../../schema/wire/log.ts'
import type { Context } from '../../context.ts'
import { toHex } from '../../verify/encoding.ts'

export type Anchor = AnchorList['data'][number]

/** Ten years of daily anchors. */
const MAX_ANCHORS = 4_000

/** Every confirmed anchor, the oldest first. */
export async function listAnchors(ctx: Context): Promise<Anchor[]> {
  const rows = await ctx.database.asSystem((tx) =>
    tx
      .select()
      .from(logAnchors)
      .where(eq(logAnchors.state, 'confirmed'))
      .orderBy(asc(logAnchors.size))
      .limit(MAX_ANCHORS),
  )
  return rows.map((row) => ({
    tree_size: row.size,
    root_hash: toHex(row.rootHash),
    chain_id: row.chainId,
    transaction_hash: row.transactionHash,
    block_number: row.blockNumber!,
    confirmed_at: row.confirmedAt!.toISOString(),
  }))
}
