import { and, asc, eq } from 'drizzle-orm'
import { claimPaid } from '../../../../core/claims/paid.ts'
import type { ClaimRow, PayoutRow } from '../../../../core/claims/rows.ts'
import { settlementTask } from '../../../../core/claims/settle-incidents.ts'
import type { Actor } from '../../../../core/context.ts'
import { randomIdentifier } from '../../../../core/identifiers.ts'
import type { DeploymentRow, IncidentRow } from '../../../../core/incidents/rows.ts'
import { activatePolicies } from '../../../../core/insurance/activate.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { deployments, incidents, insuranceClaims, payouts } from '../../../../schema/tables/index.ts'
import type { PolicyDocument } from '../../../../schema/wire/insurance.ts'
import { BOUND_AT, COMMIT, type InsuranceCore, startInsurance } from '../insurance/insurance-support.ts'
import { random } from '../support.ts'

export { BOUND_AT, COMMIT } from '../insurance/insurance-support.ts'

const MINUTE_MS = 60_000
/** After policies were bound. */
export const DEPLOYED_AT = minutes(10)
export const OPENED_AT = minutes(20)
export const REPOSITORY = 'example/shop'

/** So many minutes after the policies were bound. */
export function minutes(count: number): Date {
  return new Date(BOUND_AT.getTime() + count * MINUTE_MS)
}

export interface PolicyOptions {
  readonly commit?: string
  readonly tier?: string
  /** Cents. */
  readonly coverage?: number
  /** Cents. */
  readonly perMinute?: number
  /** Whether CI vouches for the commit. */
  readonly ciBound?: boolean
  readonly service?: string
}

export interface ClaimsCore extends InsuranceCore {
  insure(actor: Actor, options?: PolicyOptions): Promise<PolicyDocument>
  /** Records a deployment and activates what waits for it. */
  deploy(actor: Actor, more?: Partial<typeof deployments.$inferInsert>): Promise<DeploymentRow>
  /** Records an incident that is due for settlement; it lasts ten minutes. */
  incident(actor: Actor, more?: Partial<typeof incidents.$inferInsert>): Promise<IncidentRow>
  /** Settles what is due, half a minute after everything was told. */
  settle(now?: Date): Promise<void>
  readIncident(id: string): Promise<IncidentRow>
  claimsOf(actor: Actor): Promise<ClaimRow[]>
  payoutsOf(claimId: string): Promise<PayoutRow[]>
  /** Brings every payout to its customer, as billing does. */
  payAll(now?: Date): Promise<number>
}

/** A fact, as the provider's API gave it. */
export const incidentFact = (more: Record<string, unknown> = {}) => ({
  opened_at: OPENED_AT.toISOString(),
  resolved_at: minutes(30).toISOString(),
  release_sha: null,
  stack_paths: [],
  ...more,
})

/** What a deployment and an incident are like that are paid without anybody looking at them. */
export const CONFIRMED_DEPLOYMENT = { provider: 'github', factState: 'confirmed' } as const
export const CONFIRMED_INCIDENT = {
  provider: 'sentry',
  factState: 'confirmed',
  releaseSha: COMMIT,
  fact: incidentFact({ release_sha: COMMIT }),
} as const

const NEVER = {
  run: () => {
    throw new Error('nothing outside is asked here')
  },
} as never

export async function startClaims(): Promise<ClaimsCore> {
  const core = await startInsurance({ SUBSIDY_BUDGET_CENTS: '100000000' })
  const system = core.db.database.asSystem
  return {
    ...core,
    async insure(actor, options = {}) {
      const { commit = COMMIT, tier = 'basic', perMinute = 5_000, ciBound = true } = options
      const ci = ciBound ? { ci: { repository: REPOSITORY, commit_sha: commit } } : {}
      const certificate = await core.certificate(actor, { commit, ...ci })
      return core.bind(actor, {
        certificate_id: certificate,
        tier,
        service: options.service ?? 'checkout',
        sla_cost_per_minute_cents: perMinute,
        ...(options.coverage === undefined ? {} : { coverage: options.coverage }),
      })
    },
    deploy: (actor, more = {}) =>
      system(async (tx) => {
        const [row] = await tx.insert(deployments).values(newDeployment(actor, more)).returning()
        await activatePolicies(core.insuring(row!.receivedAt), tx, row!)
        return row!
      }),
    incident: (actor, more = {}) =>
      system(async (tx) => {
        const [row] = await tx.insert(incidents).values(newIncident(actor, more)).returning()
        return row!
      }),
    async settle(now = minutes(31)) {
      await settlementTask.run(core.insuring(now), NEVER)
    },
    readIncident: (id) =>
      system(async (tx) => {
        const [row] = await tx.select().from(incidents).where(eq(incidents.id, id))
        return row!
      }),
    claimsOf: (actor) =>
      system((tx) =>
        tx
          .select()
          .from(insuranceClaims)
          .where(eq(insuranceClaims.organisationId, actor.organisationId))
          .orderBy(asc(insuranceClaims.position)),
      ),
    payoutsOf: (claimId) =>
      system((tx) => tx.select().from(payouts).where(eq(payouts.claimId, claimId)).orderBy(payouts.sequence)),
    payAll: (now = minutes(60)) =>
      system(async (tx) => {
        const ctx = core.insuring(now)
        const paid = await tx
          .update(payouts)
          .set({ state: 'paid', paidAt: now, rail: 'ledger', reference: 'test' })
          .where(and(eq(payouts.state, 'pending')))
          .returning()
        const journals = []
        for (const payout of paid) journals.push(...(await claimPaid(ctx, tx, payout)))
        await postJournals(tx, journals, now)
        return paid.length
      }),
  }
}

function newDeployment(actor: Actor, more: Partial<typeof deployments.$inferInsert>) {
  const id = `dep_${randomIdentifier(random)}`
  return {
    id,
    organisationId: actor.organisationId,
    integrationId: 'int_test',
    provider: 'deploy' as const,
    providerId: id,
    service: 'checkout',
    repository: REPOSITORY,
    environment: 'production',
    commitSha: COMMIT,
    deployedAt: DEPLOYED_AT,
    receivedAt: DEPLOYED_AT,
    factState: 'unavailable' as const,
    ...more,
  }
}

function newIncident(actor: Actor, more: Partial<typeof incidents.$inferInsert>) {
  const id = `INC-2026-${randomIdentifier(random)}`
  const resolvedAt = more.resolvedAt ?? minutes(30)
  return {
    id,
    organisationId: actor.organisationId,
    integrationId: 'int_test',
    provider: 'incident' as const,
    providerId: id,
    service: 'checkout',
    title: 'Payments fail',
    openedAt: OPENED_AT,
    receivedAt: OPENED_AT,
    resolvedAt,
    resolutionReceivedAt: resolvedAt,
    factState: 'unavailable' as const,
    settlement: 'due' as const,
    nextSettlementAt: resolvedAt,
    updatedAt: OPENED_AT,
    ...more,
  }
}
