import type { InsureRequest } from '../../schema/wire/insurance.ts'
import type { Actor, Context } from '../context.ts'
import { type Answer, type Claim, NotFirst } from '../idempotency/claim.ts'
import { Refusal } from '../refusal.ts'
import { haltForSubsidy } from './breaker.ts'
import { describePolicy } from './describe.ts'
import type { Eligibility, Ineligibility } from './eligibility.ts'
import { makePolicy } from './make-policy.ts'
import { readApplication } from './read-application.ts'
import { type PurchaseOutcome, recordPurchase } from './record-purchase.ts'
import { requireLive } from './require-live.ts'
import type { Policy } from './rows.ts'

/**
 * Binds cover of a certified change. Policy, premium, subsidy, log entry, announcement, answer and what is taken of the caps
 * are one statement: a crash leaves all of them or none.
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
  const { eligibility, listeners } = application
  if (eligibility.reasons.length > 0) throw notInsurable(eligibility)
  const policy = makePolicy(ctx, actor, request, application)
  const answer = { status: 201, body: JSON.stringify(describePolicy(policy)) }
  const outcome = await recordPurchase(ctx, { policy, listeners, answer }, claim)
  if (outcome !== 'bound') throw await refuse(ctx, policy, outcome)
  return answer
}

function notInsurable({ reasons, acceptingTier }: Eligibility): Refusal {
  return new Refusal('not_insurable', {
    reasons: reasons.map(({ code }) => code),
    errors: reasons.map(({ path, message }) => ({ path, message })),
    accepting_tier: acceptingTier ?? undefined,
  })
}

const REVOKED_MEANWHILE: Ineligibility = {
  code: 'certificate_revoked',
  path: 'certificate_id',
  message: 'is revoked',
}

async function refuse(
  ctx: Context,
  policy: Policy,
  outcome: Exclude<PurchaseOutcome, 'bound'>,
): Promise<Error> {
  if (outcome === 'not_first') return new NotFirst()
  if (outcome === 'certificate_revoked') {
    return notInsurable({ reasons: [REVOKED_MEANWHILE], acceptingTier: null })
  }
  if (outcome !== 'subsidy_spent') return new Refusal(outcome)
  await haltForSubsidy(ctx, policy.subsidy)
  return new Refusal('binding_halted', { detail: 'The subsidy of the pilot is spent.' })
}
