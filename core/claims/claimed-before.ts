import { and, eq, gt, inArray, lt, ne, or, sql } from 'drizzle-orm'
import { incidents, insuranceClaims } from '../../schema/tables/index.ts'
import type { Transaction } from '../context.ts'
import type { ResolvedIncident } from './gather.ts'
import { type Interval, timeOutside } from './loss.ts'
import type { ClaimRow } from './rows.ts'

/** What of an incident's loss is claimed already. */
export interface ClaimedBefore {
  /** On this very incident. */
  readonly claims: readonly ClaimRow[]
  /** Of them, what is reserved or stands approved: what a further policy need not pay. Micro-USD. */
  readonly amount: bigint
  /** Downtime of this incident that no other one of the same service has a claim for: one outage may be told of twice. */
  readonly downtimeMs: number
  /** Whether some of it has. */
  readonly overlaps: boolean
}

/**
 * Lets one transaction at a time file claims of an organisation: what is claimed before, and what was approved by itself, is
 * the same from here to its end. Taken before any policy.
 */
export async function holdFiling(tx: Transaction, organisationId: string): Promise<void> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`claims of ${organisationId}`}, 0))`)
}

/** To be asked while {@link holdFiling} holds. */
export async function claimedBefore(tx: Transaction, incident: ResolvedIncident): Promise<ClaimedBefore> {
  const [claims, others] = await Promise.all([
    tx
      .select()
      .from(insuranceClaims)
      .where(
        and(
          eq(insuranceClaims.incidentId, incident.id),
          eq(insuranceClaims.organisationId, incident.organisationId),
        ),
      ),
    overlapping(tx, incident),
  ])
  const whole = { from: incident.openedAt, to: incident.resolvedAt }
  const downtimeMs = timeOutside(whole, others)
  return {
    claims,
    amount: claims.reduce((sum, { reserved, approved }) => sum + reserved + approved, 0n),
    downtimeMs,
    overlaps: downtimeMs < timeOutside(whole, []),
  }
}

async function overlapping(tx: Transaction, incident: ResolvedIncident): Promise<Interval[]> {
  const { organisationId, service, openedAt, resolvedAt } = incident
  const withClaim = tx
    .select({ id: insuranceClaims.incidentId })
    .from(insuranceClaims)
    .where(
      and(
        eq(insuranceClaims.organisationId, organisationId),
        or(gt(insuranceClaims.reserved, 0n), gt(insuranceClaims.approved, 0n)),
      ),
    )
  const rows = await tx
    .select({ from: incidents.openedAt, to: incidents.resolvedAt })
    .from(incidents)
    .where(
      and(
        eq(incidents.organisationId, organisationId),
        eq(incidents.service, service),
        ne(incidents.id, incident.id),
        lt(incidents.openedAt, resolvedAt),
        gt(incidents.resolvedAt, openedAt),
        inArray(incidents.id, withClaim),
      ),
    )
  return rows.flatMap(({ from, to }) => (to === null ? [] : [{ from, to }]))
}
