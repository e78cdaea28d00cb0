import { and, eq } from 'drizzle-orm'
import { insurancePolicies } from '../../schema/tables/index.ts'
import { onBillOfMonth, refundAtRail } from '../billing/adjust.ts'
import type { Context, Transaction } from '../context.ts'
import { lockCustomerBalances } from '../ledger/customer-balances.ts'
import { cancelJournal, earnJournal, voidJournal } from '../ledger/journals.ts'
import type { Journal } from '../ledger/post.ts'
import { appendEvent } from '../log/append-event.ts'
import { minimum } from '../money.ts'
import { announce } from '../notifications/announce.ts'
import { describePolicy } from './describe.ts'
import type { Policy } from './rows.ts'
import { assertPolicyTransition, type FinalStatus } from './states.ts'
import { divideAtEnd, type FinalShares } from './term.ts'

interface CloseDetails {
  readonly reason?: string
}

/**
 * Ends a policy: its row, log entry, announcement and what the rail is told of a refund. The caller has locked the policy, and
 * then posts the journals with its own and releases the exposure (`releaseExposure`), and the subsidy if some goes back.
 *
 * @returns journals after which nothing of the policy is unearned
 * @throws {Refusal} `policy_state_conflict`
 */
export async function closePolicy(
  ctx: Context,
  tx: Transaction,
  policy: Policy,
  to: FinalStatus,
  more: CloseDetails = {},
): Promise<Journal[]> {
  const closed = closedPolicy(policy, to, ctx.now, more.reason)
  const { status, closedAt, closeReason, refunded, earnedPremium, earnedSubsidy, updatedAt } = closed
  await tx
    .update(insurancePolicies)
    .set({ status, closedAt, closeReason, refunded, earnedPremium, earnedSubsidy, updatedAt })
    .where(
      and(eq(insurancePolicies.id, policy.id), eq(insurancePolicies.organisationId, policy.organisationId)),
    )
  const facts = { policy_id: policy.id, status: to, closed_at: ctx.now.toISOString() }
  await appendEvent(tx, { type: `policy.${to}`, subject: policy.id, facts }, ctx.now)
  const { organisationId } = policy
  await announce(ctx, tx, { organisationId, type: `policy.${to}`, data: describePolicy(closed) })
  return finalJournals(ctx, tx, policy, to)
}

/** The policy as closing leaves it. @throws {Refusal} `policy_state_conflict` */
export function closedPolicy(policy: Policy, to: FinalStatus, now: Date, reason?: string): Policy {
  assertPolicyTransition(policy.status, to)
  const { earned, refund } = divideAtEnd(policy, to, now)
  return {
    ...policy,
    status: to,
    closedAt: now,
    closeReason: reason ?? null,
    refunded: refund,
    earnedPremium: earned.premium,
    earnedSubsidy: earned.subsidy,
    updatedAt: now,
  }
}

async function finalJournals(
  ctx: Context,
  tx: Transaction,
  policy: Policy,
  to: FinalStatus,
): Promise<Journal[]> {
  const final = divideAtEnd(policy, to, ctx.now)
  if (to === 'expired' || to === 'exhausted') return [lastEarning(policy, final)]
  const { organisationId, id } = policy
  const { receivable, credit } = await lockCustomerBalances(tx, organisationId)
  const balances = {
    receivable: minimum(receivable, await onBillOfMonth(ctx, tx, organisationId)),
    credit,
  }
  const owed = minimum(final.refund, balances.receivable)
  await refundAtRail(ctx, tx, { policyId: id, organisationId, owed, credited: final.refund - owed })
  const unearned = { premium: final.refund, subsidy: final.returned }
  if (to === 'cancelled') return [lastEarning(policy, final), cancelJournal(policy, unearned, balances)]
  const earned = { premium: policy.earnedPremium, subsidy: policy.earnedSubsidy }
  const left = { premium: policy.premium - earned.premium, subsidy: policy.subsidy - earned.subsidy }
  return [voidJournal(policy, left, earned, balances)]
}

/** What has been earned until now becomes what is earned for good. With a refund in whole cents that may be up to half a cent less. */
function lastEarning(policy: Policy, { earned }: FinalShares): Journal {
  const amount = earned.premium + earned.subsidy - policy.earnedPremium - policy.earnedSubsidy
  return earnJournal(policy, amount, 'closed')
}
