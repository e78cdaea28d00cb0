import { and, eq } from 'drizzle-orm'
import { billingEvents, certificates, insurancePolicies, services } from '../../schema/tables/index.ts'
import type { InsureRequest } from '../../schema/wire/insurance.ts'
import type { Actor, Context, Transaction } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { bindJournals } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'
import { appendEvent } from '../log/append-event.ts'
import { announce } from '../notifications/announce.ts'
import { Refusal } from '../refusal.ts'
import { haltForSubsidy } from './breaker.ts'
import { describePolicy, policyFacts } from './describe.ts'
import type { Eligibility } from './eligibility.ts'
import { type Reservation, reserveCapacity } from './exposure.ts'
import { makePolicy } from './make-policy.ts'
import { readApplication } from './read-application.ts'
import { requireLive } from './require-live.ts'
import type { Policy } from './rows.ts'

/**
 * Binds cover of a certified change. Policy, premium, subsidy, log entry, announcement, answer and what is taken of the caps
 * are one transaction: a crash leaves all of them or none.
 *
 * @returns 201 with the policy
 * @throws {Refusal} `live_key_required`, `certificate_not_found`, `invalid_input`, `not_insurable` with every reason,
 *   `binding_halted`, `binding_restricted`, `customer_cap_reached`, `daily_cap_reached`
 */
export async function bindPolicy(
  ctx: Context,
  actor: Actor,
  request: InsureRequest,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const application = await readApplication(ctx, actor, request)
  assertInsurable(application.eligibility)
  const policy = makePolicy(ctx, actor, request, application)
  const answer = { status: 201, body: JSON.stringify(describePolicy(policy)) }
  try {
    await ctx.database.asOrganisation(actor.organisationId, (tx) => write(ctx, tx, policy, answer, claim))
  } catch (error) {
    if (!(error instanceof NotReserved)) throw error
    throw await refuseReservation(ctx, policy, error.outcome)
  }
  return answer
}

function assertInsurable({ reasons, acceptingTier }: Eligibility): void {
  if (reasons.length === 0) return
  throw new Refusal('not_insurable', {
    reasons: reasons.map(({ code }) => code),
    errors: reasons.map(({ path, message }) => ({ path, message })),
    accepting_tier: acceptingTier ?? undefined,
  })
}

/** Nothing may be committed: the capacity is not there. */
class NotReserved extends Error {
  readonly outcome: Exclude<Reservation, 'reserved'>

  constructor(outcome: Exclude<Reservation, 'reserved'>) {
    super(outcome)
    this.outcome = outcome
  }
}

/**
 * Statements that are given together are sent in one go and run in that order. The rows that everybody waits for come last, when
 * nothing is left to do but commit.
 */
async function write(ctx: Context, tx: Transaction, policy: Policy, answer: Answer, claim: Claim) {
  const { id, organisationId, service, premium, subsidy, coverage } = policy
  await Promise.all([
    claim.settle(tx, answer),
    holdCertificate(tx, policy),
    tx
      .insert(services)
      .values({ organisationId, name: service, createdAt: ctx.now, updatedAt: ctx.now })
      .onConflictDoNothing(),
    tx.insert(insurancePolicies).values(policy),
    tx.insert(billingEvents).values({
      id,
      organisationId,
      kind: 'premium',
      amount: premium,
      occurredAt: ctx.now,
      state: 'pending',
      nextAttemptAt: ctx.now,
    }),
    appendEvent(tx, { type: 'policy.bound', subject: id, facts: policyFacts(policy) }, ctx.now),
    announce(ctx, tx, { organisationId, type: 'policy.bound', data: describePolicy(policy) }),
  ])
  const needed = { organisationId, coverage, subsidy, lowRisk: policy.riskLevel === 'LOW' }
  const [, outcome] = await Promise.all([
    postJournals(tx, bindJournals({ id, organisationId, premium, subsidy }), ctx.now),
    reserveCapacity(tx, needed, ctx.now),
  ])
  if (outcome !== 'reserved') throw new NotReserved(outcome)
}

/** Between reading and writing it may have been revoked; until the commit it cannot be. */
async function holdCertificate(tx: Transaction, policy: Policy): Promise<void> {
  const [row] = await tx
    .select({ revokedAt: certificates.revokedAt })
    .from(certificates)
    .where(
      and(eq(certificates.id, policy.certificateId), eq(certificates.organisationId, policy.organisationId)),
    )
    .for('share')
  if (row?.revokedAt === null) return
  throw new Refusal('not_insurable', {
    reasons: ['certificate_revoked'],
    errors: [{ path: 'certificate_id', message: 'is revoked' }],
  })
}

async function refuseReservation(
  ctx: Context,
  policy: Policy,
  outcome: NotReserved['outcome'],
): Promise<Refusal> {
  if (outcome !== 'subsidy_spent') return new Refusal(outcome)
  await haltForSubsidy(ctx, policy.subsidy)
  return new Refusal('binding_halted', { detail: 'The subsidy of the pilot is spent.' })
}
