import { sql } from 'drizzle-orm'
import { statusListObject } from '../../schema/kv.ts'
import { statusListTokens } from '../../schema/tables/index.ts'
import type { Context } from '../context.ts'
import type { ObjectStore } from '../publication/store.ts'
import { utf8 } from '../verify/encoding.ts'
import { type StatusListToken, statusListToken } from './token.ts'

export const STATUS_TOKEN_MEDIA_TYPE = 'application/statuslist+jwt'
/** Puts that others were faster than; after so many the mark is left for later. */
const MAX_ATTEMPTS = 5

/**
 * Puts a newly signed token of a status list. It never replaces a newer one: what is there is looked at first, the bits
 * are read after that, and the put counts only if the same is still there. So whatever it replaces was read earlier, no
 * matter how long the put takes, and nothing that the store says of itself is believed.
 *
 * @throws {Refusal} `signing_unavailable`
 */
export async function publishStatusList(ctx: Context, objects: ObjectStore, list: number): Promise<void> {
  const key = statusListObject(list)
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const there = await objects.get(key)
    const token = await statusListToken(ctx, list)
    const put = { contentType: STATUS_TOKEN_MEDIA_TYPE, ifMatch: there?.etag ?? null }
    if (await objects.put(key, utf8(token.text), put)) return remember(ctx, token)
  }
  throw new Error(`others were faster ${MAX_ATTEMPTS} times`)
}

/** What is published by now, for metrics and for telling which are due. */
async function remember(ctx: Context, token: StatusListToken): Promise<void> {
  const { list, version, issuedAt, expiresAt } = token
  const row = { version, issuedAt, expiresAt, bytes: token.text.length }
  await ctx.database.asSystem((tx) =>
    tx
      .insert(statusListTokens)
      .values({ list, ...row })
      .onConflictDoUpdate({
        target: statusListTokens.list,
        set: row,
        setWhere: sql`${statusListTokens.issuedAt} <= excluded.issued_at`,
      }),
  )
}
