import { eq } from 'drizzle-orm'
import { calibrations, organisationSettings, organisations, repositories } from '../../schema/tables/index.ts'
import {
  DEFAULT_COVERAGE_THRESHOLD,
  type OrganisationDocument,
  type UpdateOrganisationRequest,
} from '../../schema/wire/settings.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'

/** Thresholds are kept in ten-thousandths. */
const SCALE = 10_000

/** A threshold as it is kept, or the default where none is. */
export function readCoverageThreshold(stored: number | null | undefined): number {
  return stored == null ? DEFAULT_COVERAGE_THRESHOLD : stored / SCALE
}

export function readOrganisation(ctx: Context, actor: Actor): Promise<OrganisationDocument> {
  return ctx.database.asOrganisation(actor.organisationId, (tx) => describe(tx, actor.organisationId))
}

/** Changes what the request names and leaves the rest. */
export function updateOrganisation(
  ctx: Context,
  actor: Actor,
  request: UpdateOrganisationRequest,
  claim: Claim,
): Promise<Answer> {
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    if (request.coverage_threshold !== undefined) {
      const values = {
        coverageThreshold: Math.round(request.coverage_threshold * SCALE),
        updatedAt: ctx.now,
      }
      await tx
        .insert(organisationSettings)
        .values({ organisationId, ...values })
        .onConflictDoUpdate({ target: organisationSettings.organisationId, set: values })
    }
    if (request.repositories !== undefined) {
      const names = [...new Set(request.repositories.map((name) => name.toLowerCase()))]
      await tx.delete(repositories).where(eq(repositories.organisationId, organisationId))
      if (names.length > 0) {
        await tx
          .insert(repositories)
          .values(names.map((name) => ({ organisationId, name, createdAt: ctx.now })))
          .onConflictDoNothing()
      }
    }
    const answer = { status: 200, body: JSON.stringify(await describe(tx, organisationId)) }
    await claim.settle(tx, answer)
    return answer
  })
}

async function describe(tx: Transaction, organisationId: string): Promise<OrganisationDocument> {
  const [[organisation], [settings], named, [calibration]] = await Promise.all([
    tx.select({ name: organisations.name }).from(organisations).where(eq(organisations.id, organisationId)),
    tx.select().from(organisationSettings).where(eq(organisationSettings.organisationId, organisationId)),
    tx
      .select({ name: repositories.name })
      .from(repositories)
      .where(eq(repositories.organisationId, organisationId))
      .orderBy(repositories.name),
    tx.select().from(calibrations).where(eq(calibrations.organisationId, organisationId)),
  ])
  return {
    id: organisationId,
    name: organisation!.name,
    coverage_threshold: readCoverageThreshold(settings?.coverageThreshold),
    repositories: named.map(({ name }) => name),
    calibration:
      calibration === undefined
        ? null
        : { outcomes: calibration.outcomes, fitted_at: calibration.fittedAt.toISOString() },
  }
}
