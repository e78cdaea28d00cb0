import { and, eq, sql } from 'drizzle-orm'
import { certificates, incidents, insuranceClaims, insurancePolicies } from '../../schema/tables/index.ts'
import type { Task, TaskResult } from '../back-office/run.ts'
import type { StoredReport } from '../certificates/describe-report.ts'
import type { Context, Transaction } from '../context.ts'
import type { IncidentRow } from '../incidents/rows.ts'
import { noteOutcomes, type Outcome } from '../outcomes/record.ts'
import { recordIncident } from './record-incident.ts'

/** Of one run. */
const MAX_INCIDENTS = 50
const ORGANISATIONS_PER_PAGE = 1_000
/** Policies of one organisation in one run. */
const MAX_EXPIRED = 500
/** Claims settled longer ago have been looked at, or are by the hourly run … */
const RECENT_MS = 2 * 60 * 60_000
/** … which looks back so far, in case the network was down. */
const SWEPT_MS = 30 * 24 * 60 * 60_000

/** What a claim teaches, for claims that were settled or taken back of late. */
export const learningTask: Task = {
  name: 'learning',
  run: async (ctx): Promise<TaskResult> => ({ done: await learnFromClaims(ctx, RECENT_MS), nextAt: null }),
}

/** The same for those that were missed, and for policies that ended without a claim. Hourly. @returns how many were learnt from */
export async function learnHourly(ctx: Context): Promise<number> {
  return (await learnFromClaims(ctx, SWEPT_MS)) + (await learnFromExpired(ctx))
}

/**
 * Learns from a claim that was paid: its change caused an incident, which counts for the organisation's probabilities and
 * becomes an entry of its catalogue. Of one that was taken back, that it did not; the entry stays, for the incident was real.
 * It is the state of the claims that counts, so that learning twice is learning once.
 */
export async function learnFromClaim(ctx: Context, claimId: string): Promise<void> {
  const [claim] = await ctx.database.asSystem((tx) =>
    tx
      .select({ id: insuranceClaims.incidentId, organisationId: insuranceClaims.organisationId })
      .from(insuranceClaims)
      .where(eq(insuranceClaims.id, claimId)),
  )
  if (claim !== undefined) await learnFromIncident(ctx, claim)
}

interface OwnedIncident {
  readonly id: string
  readonly organisationId: string
}

/** One incident that cannot be learnt from holds no other back. */
async function learnFromClaims(ctx: Context, withinMs: number): Promise<number> {
  const due = await ctx.database.asSystem((tx) => findDue(ctx, tx, withinMs))
  let done = 0
  const failures: unknown[] = []
  for (const incident of due) {
    try {
      if (await learnFromIncident(ctx, incident)) done++
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return done
}

/** Incidents that count as learnt from and have no paid claim, or the other way about. */
async function findDue(ctx: Context, tx: Transaction, withinMs: number): Promise<OwnedIncident[]> {
  const since = new Date(ctx.now.getTime() - withinMs).toISOString()
  const rows = await tx.execute<{ id: string; organisation_id: string }>(sql`
    SELECT DISTINCT i.id, i.organisation_id FROM insurance_claims c JOIN incidents i ON i.id = c.incident_id
    WHERE (c.paid_micros > 0 OR c.reversed_at IS NOT NULL) AND c.updated_at >= ${since}::timestamptz
      AND i.learned <> EXISTS (SELECT FROM insurance_claims o WHERE o.incident_id = i.id AND o.paid_micros > 0)
    ORDER BY i.id LIMIT ${MAX_INCIDENTS}`)
  return rows.map(({ id, organisation_id: organisationId }) => ({ id, organisationId }))
}

/**
 * In two transactions: what an organisation tells of its changes is closed to the network, so it is noted as the organisation's
 * own; that it was learnt is then noted by the network. What was learnt, and not what is so by now: if the two have parted,
 * the incident is due again.
 *
 * @returns whether there was anything to learn
 */
async function learnFromIncident(ctx: Context, { id, organisationId }: OwnedIncident): Promise<boolean> {
  const learned = await ctx.database.asOrganisation(organisationId, (tx) =>
    learn(ctx, tx, id, organisationId),
  )
  if (learned === null) return false
  await ctx.database.asSystem((tx) => tx.update(incidents).set({ learned }).where(eq(incidents.id, id)))
  return true
}

/** @returns whether a paid claim stands; null when that is known */
async function learn(
  ctx: Context,
  tx: Transaction,
  incidentId: string,
  organisationId: string,
): Promise<boolean | null> {
  // One at a time, so that the last to note has seen the newest claims.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('learn ' || ${incidentId}, 0))`)
  const [incident] = await tx
    .select()
    .from(incidents)
    .where(and(eq(incidents.id, incidentId), eq(incidents.organisationId, organisationId)))
  if (incident === undefined) return null
  const claims = await readClaims(tx, incident)
  const paid = claims.filter((claim) => claim.paid > 0n)
  const stands = paid.length > 0
  if (stands === incident.learned) return null
  await noteOutcomes(ctx, tx, organisationId, await outcomesOf(tx, claims))
  if (stands) await recordIncident(ctx, tx, incident, paid)
  return stands
}

/** A claim that was paid or taken back, with what its change was certified with. */
export interface SettledClaim {
  readonly certificateId: string
  readonly paid: bigint
  readonly downtimeMs: number
  readonly confidence: number
  readonly attribution: unknown
  readonly report: Partial<StoredReport>
}

async function readClaims(tx: Transaction, incident: IncidentRow): Promise<SettledClaim[]> {
  return tx
    .select({
      certificateId: insurancePolicies.certificateId,
      paid: insuranceClaims.paid,
      downtimeMs: insuranceClaims.downtimeMs,
      confidence: insuranceClaims.confidence,
      attribution: insuranceClaims.attribution,
      report: sql<
        Partial<StoredReport>
      >`jsonb_build_object('model_probability', ${certificates.report} -> 'model_probability',
        'fingerprints', ${certificates.report} -> 'fingerprints')`,
    })
    .from(insuranceClaims)
    .innerJoin(insurancePolicies, eq(insurancePolicies.id, insuranceClaims.policyId))
    .innerJoin(certificates, eq(certificates.id, insurancePolicies.certificateId))
    .where(
      and(
        eq(insuranceClaims.incidentId, incident.id),
        eq(insuranceClaims.organisationId, incident.organisationId),
        sql`(${insuranceClaims.paid} > 0 OR ${insuranceClaims.reversedAt} IS NOT NULL)`,
      ),
    )
    .orderBy(insuranceClaims.position)
}

/** A change that another claim was paid for caused an incident all the same. */
async function outcomesOf(tx: Transaction, claims: readonly SettledClaim[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const byCertificate = new Map(claims.map((claim) => [claim.certificateId, claim]))
  for (const [certificateId, { report }] of byCertificate) {
    const { model_probability: probability } = report
    // Issued before changes had a probability: there is nothing to compare with.
    if (typeof probability !== 'number') continue
    const [row] = await tx.execute<{ paid: boolean }>(sql`
      SELECT EXISTS (SELECT FROM insurance_claims c JOIN insurance_policies p ON p.id = c.policy_id
        WHERE p.certificate_id = ${certificateId} AND c.paid_micros > 0) AS paid`)
    outcomes.push({ certificateId, probability, causedIncident: row!.paid })
  }
  return outcomes
}

/** A change that ran for as long as its cover did, without a claim, caused no incident; unless its owner has told of it. */
async function learnFromExpired(ctx: Context): Promise<number> {
  const since = new Date(ctx.now.getTime() - SWEPT_MS).toISOString()
  let done = 0
  for (let after: string | undefined = ''; after !== undefined; ) {
    const owners = await findOwnersOfExpired(ctx, since, after)
    for (const id of owners) {
      done += await ctx.database.asOrganisation(id, (tx) => noteExpired(ctx, tx, id, since))
    }
    after = owners.at(-1)
  }
  return done
}

/** @param after the last one of the page before */
async function findOwnersOfExpired(ctx: Context, since: string, after: string): Promise<string[]> {
  const rows = await ctx.database.asSystem((tx) =>
    tx.execute<{ id: string }>(sql`
      SELECT DISTINCT organisation_id AS id FROM insurance_policies
      WHERE status = 'expired' AND closed_at >= ${since}::timestamptz AND organisation_id > ${after}
      ORDER BY 1 LIMIT ${ORGANISATIONS_PER_PAGE}`),
  )
  return rows.map(({ id }) => id)
}

async function noteExpired(
  ctx: Context,
  tx: Transaction,
  organisationId: string,
  since: string,
): Promise<number> {
  const rows = await tx.execute<{ certificate_id: string; probability: number }>(sql`
    SELECT DISTINCT p.certificate_id, (c.report ->> 'model_probability')::float8 AS probability
    FROM insurance_policies p JOIN certificates c ON c.id = p.certificate_id
    WHERE p.organisation_id = ${organisationId} AND p.status = 'expired' AND p.closed_at >= ${since}::timestamptz
      AND p.activated_at IS NOT NULL AND c.report ->> 'model_probability' IS NOT NULL
      AND NOT EXISTS (SELECT FROM change_outcomes o WHERE o.certificate_id = p.certificate_id)
      AND NOT EXISTS (SELECT FROM insurance_policies q
        WHERE q.certificate_id = p.certificate_id AND (q.claimed OR q.status IN ('bound', 'active')))
    ORDER BY 1 LIMIT ${MAX_EXPIRED}`)
  const outcomes = rows.map(({ certificate_id: certificateId, probability }) => ({
    certificateId,
    probability,
    causedIncident: false,
  }))
  await noteOutcomes(ctx, tx, organisationId, outcomes)
  return rows.length
}
