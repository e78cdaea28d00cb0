import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { insurancePolicies, services } from '../../schema/tables/index.ts'
import type { PutServicesRequest, ServiceDocument } from '../../schema/wire/incidents.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { requireLive } from '../insurance/require-live.ts'
import { Refusal } from '../refusal.ts'
import type { ServiceRow } from './rows.ts'

const MAX_NAMED = 5

/** All services of the organisation, by name. A test key sees none. */
export async function readServices(ctx: Context, actor: Actor): Promise<{ services: ServiceDocument[] }> {
  if (!actor.livemode) return { services: [] }
  const rows = await ctx.database.asOrganisation(actor.organisationId, (tx) => list(tx, actor))
  return { services: rows.map(describe) }
}

/**
 * Replaces the whole list.
 *
 * @throws {Refusal} `live_key_required`; `service_in_use` when it leaves out one that a policy on risk names
 */
export async function putServices(
  ctx: Context,
  actor: Actor,
  request: PutServicesRequest,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`services ${organisationId}`}, 0))`)
    const before = await list(tx, actor)
    const named = new Set(request.services.map((service) => service.name))
    const left = before.map((row) => row.name).filter((name) => !named.has(name))
    await refuseInUse(tx, actor, left)
    await tx.delete(services).where(eq(services.organisationId, organisationId))
    const since = new Map(before.map((row) => [row.name, row.createdAt]))
    if (request.services.length > 0) {
      const rows = request.services.map((service) => rowOf(ctx, organisationId, service, since))
      await tx.insert(services).values(rows)
    }
    const answer = {
      status: 200,
      body: JSON.stringify({ services: (await list(tx, actor)).map(describe) }),
    }
    await claim.settle(tx, answer)
    return answer
  })
}

function list(tx: Transaction, { organisationId }: Actor): Promise<ServiceRow[]> {
  return tx
    .select()
    .from(services)
    .where(eq(services.organisationId, organisationId))
    .orderBy(asc(services.name))
}

async function refuseInUse(tx: Transaction, actor: Actor, left: readonly string[]): Promise<void> {
  if (left.length === 0) return
  const used = await tx
    .select({ service: insurancePolicies.service })
    .from(insurancePolicies)
    .where(
      and(
        eq(insurancePolicies.organisationId, actor.organisationId),
        inArray(insurancePolicies.status, ['bound', 'active']),
        inArray(insurancePolicies.service, [...left]),
      ),
    )
    .groupBy(insurancePolicies.service)
    .limit(MAX_NAMED)
  if (used.length === 0) return
  const names = used.map(({ service }) => service).join(', ')
  throw new Refusal('service_in_use', { detail: `Still on risk: ${names}.` })
}

function rowOf(
  ctx: Context,
  organisationId: string,
  service: ServiceDocument,
  since: ReadonlyMap<string, Date>,
): typeof services.$inferInsert {
  return {
    organisationId,
    name: service.name,
    repositories: unique(service.repositories),
    environments: unique(service.environments),
    sentryProjects: unique(service.sentry_projects),
    pagerdutyServices: unique(service.pagerduty_services),
    datadogTags: unique(service.datadog_tags),
    createdAt: since.get(service.name) ?? ctx.now,
    updatedAt: ctx.now,
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

function describe(row: ServiceRow): ServiceDocument {
  return {
    name: row.name,
    repositories: row.repositories,
    environments: row.environments,
    sentry_projects: row.sentryProjects,
    pagerduty_services: row.pagerdutyServices,
    datadog_tags: row.datadogTags,
  }
}
