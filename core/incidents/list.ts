import { and, asc, desc, eq, inArray, isNull, lt, ne, or } from 'drizzle-orm'
import { incidents, insuranceClaims } from '../../schema/tables/index.ts'
import type { IncidentDocument } from '../../schema/wire/incidents.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import { decodePosition, encodePosition } from '../paging.ts'
import { Refusal } from '../refusal.ts'
import { describeIncident } from './describe.ts'
import type { IncidentRow } from './rows.ts'

/** What only has an end so far is no incident yet: its beginning makes it due. */
const BEGUN = or(ne(incidents.settlement, 'open'), isNull(incidents.resolvedAt))

/**
 * The organisation's incidents, newest first. A test key sees none.
 *
 * @param page.cursor `next_cursor` of the page before
 * @throws {Refusal} `invalid_cursor`
 */
export async function listIncidents(
  ctx: Context,
  actor: Actor,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ data: IncidentDocument[]; next_cursor: string | null }> {
  const before = page.cursor === undefined ? undefined : decodePosition(page.cursor)
  if (!actor.livemode) return { data: [], next_cursor: null }
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    const rows = await tx
      .select()
      .from(incidents)
      .where(
        and(
          eq(incidents.organisationId, organisationId),
          BEGUN,
          before === undefined ? undefined : lt(incidents.position, before),
        ),
      )
      .orderBy(desc(incidents.position))
      .limit(page.limit + 1)
    const shown = rows.slice(0, page.limit)
    const next = rows.length > page.limit ? encodePosition(shown.at(-1)!.position) : null
    return { data: await describeAll(tx, actor, shown), next_cursor: next }
  })
}

/** @throws {Refusal} `incident_not_found` */
export async function readIncident(ctx: Context, actor: Actor, id: string): Promise<IncidentDocument> {
  if (!actor.livemode) throw new Refusal('incident_not_found')
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    const rows = await tx
      .select()
      .from(incidents)
      .where(and(eq(incidents.id, id), eq(incidents.organisationId, organisationId), BEGUN))
    const [incident] = await describeAll(tx, actor, rows)
    if (incident === undefined) throw new Refusal('incident_not_found')
    return incident
  })
}

async function describeAll(
  tx: Transaction,
  { organisationId }: Actor,
  rows: readonly IncidentRow[],
): Promise<IncidentDocument[]> {
  if (rows.length === 0) return []
  const filed = await tx
    .select({ id: insuranceClaims.id, incidentId: insuranceClaims.incidentId })
    .from(insuranceClaims)
    .where(
      and(
        eq(insuranceClaims.organisationId, organisationId),
        inArray(
          insuranceClaims.incidentId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .orderBy(asc(insuranceClaims.position))
  const byIncident = Map.groupBy(filed, (claim) => claim.incidentId)
  return rows.map((row) =>
    describeIncident(
      row,
      (byIncident.get(row.id) ?? []).map(({ id }) => id),
    ),
  )
}
