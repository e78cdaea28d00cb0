import { sql } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { compile } from '../statement.ts'
import { fromHex } from '../verify/encoding.ts'
import { HASH_BYTES } from '../verify/log/merkle.ts'

const PLACE = compile<{ leafHash: Uint8Array }>(
  sql`SELECT log_place(${sql.placeholder('leafHash')}) AS place`,
)

/**
 * The index of the entry with this leaf hash. The log is public, so anyone may ask.
 *
 * @param leafHash 64 hex digits; anything at all
 * @returns null when there is none, or no published checkpoint covers it yet
 */
export async function logPlace(ctx: Context, leafHash: string): Promise<number | null> {
  const bytes = fromHex(leafHash)
  if (bytes?.length !== HASH_BYTES) return null
  const [row] = await ctx.database.direct<{ place: string | number | null }>(PLACE({ leafHash: bytes }))
  return row?.place == null ? null : Number(row.place)
}
