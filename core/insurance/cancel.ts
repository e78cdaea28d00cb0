import { and, eq, ne, type SQL } from 'drizzle-orm'
import { insuranceClaims, insurancePolicies } from '../../schema/tables/index.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { postJournals } from '../ledger/post.ts'
import { Refusal } from '../refusal.ts'
import { closedPolicy, closePolicy } from './close.ts'
import { describePolicy } from './describe.ts'
import { releaseExposure, returnSubsidy } from './exposure.ts'
import { requireLive } from './require-live.ts'
import type { PolicyRow } from './rows.ts'
import { divideAtEnd } from './term.ts'

/**
 * Ends cover at the customer's wish, as long as nothing was claimed on it. The unearned premium goes back: to what the customer
 * owes first, the rest as credit; the unearned subsidy goes back to its budget.
 *
 * @returns 200 with the policy
 * @throws {Refusal} `live_key_required`, `policy_not_found`, `policy_state_conflict`, `policy_has_claim`
 */
export async function cancelPolicy(ctx: Context, actor: Actor, id: string, claim: Claim): Promise<Answer> {
  requireLive(actor)
  const { organisationId } = actor
  return ctx.database.asOrganisation(organisationId, async (tx) => {
    const policy = await lockPolicy(tx, id, eq(insurancePolicies.organisationId, organisationId))
    return giveBack(ctx, tx, policy, 'cancelled', 'cancelled by the customer', claim)
  })
}

/**
 * Ends cover as if it had never been: the whole premium goes back, and the whole subsidy to its budget. For operators, where
 * nothing is claimed on it that stands.
 *
 * @returns 200 with the policy
 * @throws {Refusal} `live_key_required`, `policy_not_found`, `policy_state_conflict`, `policy_has_claim`
 */
export async function voidPolicy(
  ctx: Context,
  actor: Actor,
  id: string,
  reason: string,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asSystem(async (tx) => {
    const policy = await lockPolicy(tx, id)
    return giveBack(ctx, tx, policy, 'voided', reason, claim)
  })
}

async function lockPolicy(tx: Transaction, id: string, scope?: SQL): Promise<PolicyRow> {
  const [policy] = await tx
    .select()
    .from(insurancePolicies)
    .where(and(eq(insurancePolicies.id, id), scope))
    .for('update')
  if (policy === undefined) throw new Refusal('policy_not_found')
  return policy
}

async function giveBack(
  ctx: Context,
  tx: Transaction,
  policy: PolicyRow,
  to: 'cancelled' | 'voided',
  reason: string,
  claim: Claim,
): Promise<Answer> {
  const closed = closedPolicy(policy, to, ctx.now, reason)
  await assertUnclaimed(tx, policy)
  const answer = { status: 200, body: JSON.stringify(describePolicy(closed)) }
  await claim.settle(tx, answer)
  const journals = await closePolicy(ctx, tx, policy, to, { reason })
  await Promise.all([
    postJournals(tx, journals, ctx.now),
    releaseExposure(tx, policy),
    returnSubsidy(tx, divideAtEnd(policy, to, ctx.now).returned),
  ])
  return answer
}

/** Whoever files a claim locks the policy first, so none comes in meanwhile. */
async function assertUnclaimed(tx: Transaction, policy: PolicyRow): Promise<void> {
  const [claimed] = await tx
    .select({ id: insuranceClaims.id })
    .from(insuranceClaims)
    .where(and(eq(insuranceClaims.policyId, policy.id), ne(insuranceClaims.status, 'withdrawn')))
    .limit(1)
  if (claimed !== undefined) throw new Refusal('policy_has_claim')
}
