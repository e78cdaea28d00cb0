import { and, desc, eq, lt } from 'drizzle-orm'
import { insuranceClaims } from '../../schema/tables/index.ts'
import type { ClaimDocument, ClaimListQuery } from '../../schema/wire/claims.ts'
import type { Actor, Context } from '../context.ts'
import { decodePosition, encodePosition } from '../paging.ts'
import { describeClaim } from './describe.ts'

/**
 * The organisation's claims, newest first. A test key sees none: there are none of its kind.
 *
 * @throws {Refusal} `invalid_cursor`
 */
export async function listClaims(
  ctx: Context,
  actor: Actor,
  query: ClaimListQuery,
): Promise<{ data: ClaimDocument[]; next_cursor: string | null }> {
  const before = query.cursor === undefined ? undefined : decodePosition(query.cursor)
  if (!actor.livemode) return { data: [], next_cursor: null }
  const { organisationId } = actor
  const rows = await ctx.database.asOrganisation(organisationId, (tx) =>
    tx
      .select()
      .from(insuranceClaims)
      .where(
        and(
          eq(insuranceClaims.organisationId, organisationId),
          before === undefined ? undefined : lt(insuranceClaims.position, before),
          query.status === undefined ? undefined : eq(insuranceClaims.status, query.status),
          query.policy_id === undefined ? undefined : eq(insuranceClaims.policyId, query.policy_id),
        ),
      )
      .orderBy(desc(insuranceClaims.position))
      .limit(query.limit + 1),
  )
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    data: shown.map(describeClaim),
    next_cursor: rows.length > query.limit && last?.position != null ? encodePosition(last.position) : null,
  }
}
