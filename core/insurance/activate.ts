import { and, eq, gt, lt } from 'drizzle-orm'
import { insurancePolicies } from '../../schema/tables/index.ts'
import type { Context, Transaction } from '../context.ts'
import type { DeploymentRow } from '../incidents/rows.ts'
import { appendEvent } from '../log/append-event.ts'
import { announce } from '../notifications/announce.ts'
import { describePolicy } from './describe.ts'
import type { Policy } from './rows.ts'

/**
 * A deployment starts the cover of what it runs: policies of that organisation, commit and service that were bound before it,
 * and whose term has not ended. In the transaction that records the deployment.
 *
 * @returns how many became active
 */
export async function activatePolicies(
  ctx: Context,
  tx: Transaction,
  deployment: DeploymentRow,
): Promise<number> {
  const waiting = await lockWaiting(tx, deployment)
  for (const policy of waiting) await activate(ctx, tx, policy, deployment)
  return waiting.length
}

/** In the order of their ids, so that two deployments do not wait for each other in a circle. */
function lockWaiting(tx: Transaction, deployment: DeploymentRow): Promise<Policy[]> {
  return tx
    .select()
    .from(insurancePolicies)
    .where(
      and(
        eq(insurancePolicies.organisationId, deployment.organisationId),
        eq(insurancePolicies.commitSha, deployment.commitSha.toLowerCase()),
        eq(insurancePolicies.service, deployment.service),
        eq(insurancePolicies.status, 'bound'),
        lt(insurancePolicies.boundAt, deployment.deployedAt),
        gt(insurancePolicies.endsAt, deployment.deployedAt),
      ),
    )
    .orderBy(insurancePolicies.id)
    .for('update')
}

async function activate(
  ctx: Context,
  tx: Transaction,
  policy: Policy,
  deployment: DeploymentRow,
): Promise<void> {
  const changes = {
    status: 'active' as const,
    activatedAt: deployment.deployedAt,
    deploymentId: deployment.id,
    updatedAt: ctx.now,
  }
  const facts = {
    policy_id: policy.id,
    commit_sha: policy.commitSha,
    service: policy.service,
    deployment_id: deployment.id,
    activated_at: deployment.deployedAt.toISOString(),
  }
  const { organisationId } = policy
  await Promise.all([
    tx.update(insurancePolicies).set(changes).where(eq(insurancePolicies.id, policy.id)),
    appendEvent(tx, { type: 'policy.activated', subject: policy.id, facts }, ctx.now),
    announce(ctx, tx, {
      organisationId,
      type: 'policy.activated',
      data: describePolicy({ ...policy, ...changes }),
    }),
  ])
}
