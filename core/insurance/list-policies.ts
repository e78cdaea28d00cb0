import { and, desc, eq, lt } from 'drizzle-orm'
import { insurancePolicies } from '../../schema/tables/index.ts'
import type { PolicyDocument, PolicyListQuery } from '../../schema/wire/insurance.ts'
import type { Actor, Context } from '../context.ts'
import { decodePosition, encodePosition } from '../paging.ts'
import { Refusal } from '../refusal.ts'
import { describePolicy } from './describe.ts'

export interface PolicyPage {
  readonly data: readonly PolicyDocument[]
  readonly next_cursor: string | null
}

/**
 * The organisation's policies, newest first. Test keys have none.
 *
 * @throws {Refusal} `invalid_cursor`
 */
export async function listPolicies(ctx: Context, actor: Actor, query: PolicyListQuery): Promise<PolicyPage> {
  const before = query.cursor === undefined ? undefined : decodePosition(query.cursor)
  if (!actor.livemode) return { data: [], next_cursor: null }
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) =>
    tx
      .select()
      .from(insurancePolicies)
      .where(
        and(
          eq(insurancePolicies.organisationId, actor.organisationId),
          before === undefined ? undefined : lt(insurancePolicies.position, before),
          query.status === undefined ? undefined : eq(insurancePolicies.status, query.status),
        ),
      )
      .orderBy(desc(insurancePolicies.position))
      .limit(query.limit + 1),
  )
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    data: shown.map(describePolicy),
    next_cursor: rows.length > query.limit && last !== undefined ? encodePosition(last.position) : null,
  }
}

/** @throws {Refusal} `policy_not_found` */
export async function readPolicy(ctx: Context, actor: Actor, id: string): Promise<PolicyDocument> {
  const { organisationId, livemode } = actor
  if (!livemode) throw new Refusal('policy_not_found')
  const [row] = await ctx.database.asOrganisation(organisationId, (tx) =>
    tx
      .select()
      .from(insurancePolicies)
      .where(and(eq(insurancePolicies.id, id), eq(insurancePolicies.organisationId, organisationId))),
  )
  if (row === undefined) throw new Refusal('policy_not_found')
  return describePolicy(row)
}
