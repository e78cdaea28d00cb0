import { and, eq } from 'drizzle-orm'
import { deployments } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import { randomIdentifier } from '../identifiers.ts'
import { activatePolicies } from '../insurance/activate.ts'
import { canAsk } from './can-ask.ts'
import type { ToldDeployment } from './read/told.ts'
import type { DeploymentRow, IntegrationRow } from './rows.ts'

/** Whoever signs its own webhooks could date a deployment back to before an incident: no further than a slow sender would. */
const MAX_BACK_DATE_MS = 5 * 60_000

/**
 * Stores a deployment, or what another webhook tells of one that is known. Where the provider can be asked, nothing
 * follows from it before it was: then, and where it cannot be, it activates policies.
 */
export async function storeDeployment(
  ctx: Context,
  tx: Transaction,
  integration: IntegrationRow,
  told: ToldDeployment,
  service: string,
  receivedAt: Date,
): Promise<void> {
  const asked = canAsk(integration) && told.repository !== null
  const values = {
    service,
    environment: told.environment,
    commitSha: told.commitSha,
    deployedAt: credible(told.deployedAt, receivedAt),
  }
  const [made] = await tx
    .insert(deployments)
    .values({
      id: `dep_${randomIdentifier(ctx.random)}`,
      organisationId: integration.organisationId,
      integrationId: integration.id,
      provider: integration.provider,
      providerId: told.providerId,
      repository: told.repository,
      ...values,
      receivedAt,
      factState: asked ? 'pending' : 'unavailable',
      nextFactAt: asked ? ctx.now : null,
    })
    .onConflictDoNothing({
      target: [deployments.organisationId, deployments.provider, deployments.providerId],
    })
    .returning()
  if (made === undefined) await mergeDeployment(tx, integration, told.providerId, values)
  else if (!asked) await activatePolicies(ctx, tx, made)
}

/** Neither long before the webhook arrived nor after it. */
function credible(deployedAt: Date, receivedAt: Date): Date {
  const latest = receivedAt.getTime()
  return new Date(Math.min(Math.max(deployedAt.getTime(), latest - MAX_BACK_DATE_MS), latest))
}

type Values = Pick<DeploymentRow, 'service' | 'environment' | 'commitSha' | 'deployedAt'>

/** The least of what was told stays, in whatever order it came; what the provider confirmed is not told otherwise. */
async function mergeDeployment(
  tx: Transaction,
  { organisationId, provider }: IntegrationRow,
  providerId: string,
  values: Values,
): Promise<void> {
  const same = and(
    eq(deployments.organisationId, organisationId),
    eq(deployments.provider, provider),
    eq(deployments.providerId, providerId),
  )
  const [row] = await tx.select().from(deployments).where(same).for('update')
  if (row!.factState === 'confirmed' || rank(row!) <= rank(values)) return
  await tx.update(deployments).set(values).where(eq(deployments.id, row!.id))
}

function rank({ deployedAt, commitSha, service, environment }: Values): string {
  return [deployedAt.toISOString(), commitSha, service, environment].join(' ')
}
