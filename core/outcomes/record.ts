import { and, count, desc, eq, sql } from 'drizzle-orm'
import { calibrations, certificates, changeOutcomes } from '../../schema/tables/index.ts'
import type { RecordOutcomeRequest } from '../../schema/wire/settings.ts'
import { fitCalibration } from '../analysis/risk/calibrate.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { Refusal } from '../refusal.ts'

/** Newer ones count; more would say nothing that these do not. */
const MAX_OUTCOMES_FITTED = 5_000

/**
 * Notes whether a certified change caused an incident, and fits the organisation's probabilities to all that it has
 * told. The score does not follow: it is made of the shipped model's percentile, so that nobody lowers it by what
 * they tell. Telling again replaces what was told.
 *
 * @throws {Refusal} `certificate_not_found`
 */
export async function recordOutcome(
  ctx: Context,
  actor: Actor,
  certificateId: string,
  { caused_incident: causedIncident }: RecordOutcomeRequest,
  claim: Claim,
): Promise<Answer> {
  return ctx.database.asOrganisation(actor.organisationId, async (tx) => {
    const probability = await predictedProbability(tx, actor, certificateId)
    // What test keys tell is checked like the rest, and counts for nothing.
    if (actor.livemode) {
      await noteOutcomes(ctx, tx, actor.organisationId, [{ certificateId, probability, causedIncident }])
    }
    const [total] = await tx
      .select({ outcomes: count() })
      .from(changeOutcomes)
      .where(eq(changeOutcomes.organisationId, actor.organisationId))
    const body = JSON.stringify({
      certificate_id: certificateId,
      caused_incident: causedIncident,
      recorded_at: ctx.now.toISOString(),
      outcomes: total!.outcomes,
    })
    await claim.settle(tx, { status: 200, body })
    return { status: 200, body }
  })
}

/** What became of a change, and what the shipped model had said of it. */
export interface Outcome {
  readonly certificateId: string
  readonly probability: number
  readonly causedIncident: boolean
}

/** Notes outcomes of changes of one organisation, over what was told of them before, and fits its probabilities to all. */
export async function noteOutcomes(
  ctx: Context,
  tx: Transaction,
  organisationId: string,
  outcomes: readonly Outcome[],
): Promise<void> {
  if (outcomes.length === 0) return
  await tx
    .insert(changeOutcomes)
    .values(outcomes.map((outcome) => ({ ...outcome, organisationId, recordedAt: ctx.now })))
    .onConflictDoUpdate({
      target: changeOutcomes.certificateId,
      set: { causedIncident: sql`excluded.caused_incident`, recordedAt: ctx.now },
    })
  await recalibrate(ctx, tx, organisationId)
}

/** What the shipped model said of that change. */
async function predictedProbability(tx: Transaction, actor: Actor, certificateId: string): Promise<number> {
  const [row] = await tx
    .select({ report: certificates.report })
    .from(certificates)
    .where(
      and(
        eq(certificates.id, certificateId),
        eq(certificates.organisationId, actor.organisationId),
        eq(certificates.livemode, actor.livemode),
      ),
    )
  if (row === undefined) throw new Refusal('certificate_not_found')
  const { model_probability: probability } = row.report as { model_probability?: number }
  if (probability === undefined) {
    throw new Refusal('certificate_not_found', { detail: 'It was issued before changes had a probability.' })
  }
  return probability
}

async function recalibrate(ctx: Context, tx: Transaction, organisationId: string): Promise<void> {
  const told = await tx
    .select({ probability: changeOutcomes.probability, happened: changeOutcomes.causedIncident })
    .from(changeOutcomes)
    .where(eq(changeOutcomes.organisationId, organisationId))
    .orderBy(desc(changeOutcomes.recordedAt))
    .limit(MAX_OUTCOMES_FITTED)
  const calibration = fitCalibration(told)
  if (calibration === null) return
  const values = { parameters: calibration, outcomes: calibration.outcomes, fittedAt: ctx.now }
  await tx
    .insert(calibrations)
    .values({ organisationId, ...values })
    .onConflictDoUpdate({ target: calibrations.organisationId, set: values })
}
