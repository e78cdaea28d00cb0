import { and, asc, eq, isNull } from 'drizzle-orm'
import { integrations } from '../../schema/tables/index.ts'
import { type IntegrationDocument, MAX_INTEGRATIONS } from '../../schema/wire/incidents.ts'
import type { Actor, Context } from '../context.ts'
import { describeIntegration } from './describe-integration.ts'

/** The integrations of the organisation, in the order in which they were made. A test key sees none. */
export async function listIntegrations(ctx: Context, actor: Actor): Promise<IntegrationDocument[]> {
  if (!actor.livemode) return []
  const { organisationId } = actor
  const rows = await ctx.database.asOrganisation(organisationId, (tx) =>
    tx
      .select()
      .from(integrations)
      .where(and(eq(integrations.organisationId, organisationId), isNull(integrations.deletedAt)))
      .orderBy(asc(integrations.createdAt), asc(integrations.id))
      .limit(MAX_INTEGRATIONS),
  )
  return rows.map((row) => describeIntegration(ctx, row))
}
