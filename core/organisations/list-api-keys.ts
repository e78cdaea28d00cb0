import { asc, eq } from 'drizzle-orm'
import { apiKeys } from '../../schema/tables/index.ts'
import type { ApiKey } from '../../schema/wire/organisations.ts'
import type { Actor, Context } from '../context.ts'
import { describeApiKey } from './create-api-key.ts'

/** An organisation has few keys; one page holds them all. */
const MAX_KEYS = 500

export async function listApiKeys(ctx: Context, actor: Actor): Promise<ApiKey[]> {
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.organisationId, actor.organisationId))
      .orderBy(asc(apiKeys.createdAt), asc(apiKeys.id))
      .limit(MAX_KEYS),
  )
  return rows.map(describeApiKey)
}
