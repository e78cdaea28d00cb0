import { approveClaim } from '../../../../core/claims/review/decide.ts'
import type { ClaimRow } from '../../../../core/claims/rows.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import {
  type ClaimsCore,
  CONFIRMED_DEPLOYMENT,
  CONFIRMED_INCIDENT,
  minutes,
  type PolicyOptions,
  startClaims,
} from './claims-support.ts'

export const BECAUSE = { reason: 'As the evidence says.' }

export interface WaitingClaim {
  readonly owner: Actor
  /** As it was filed. */
  readonly claim: ClaimRow
  now(): Promise<ClaimRow>
}

export interface ReviewCore extends ClaimsCore {
  readonly first: Actor
  readonly second: Actor
  reviewing(): Context
  /** $2,000: too much to be approved by itself, little enough for one person. */
  small(): Promise<WaitingClaim>
  /** $25,000: two people. */
  large(): Promise<WaitingClaim>
  /** $60,000: the reinsurer's too. */
  huge(): Promise<WaitingClaim>
  /** A small one that was approved and paid. */
  paid(): Promise<WaitingClaim>
}

/** With two operators, and claims that wait for them. */
export async function startReview(): Promise<ReviewCore> {
  const core = await startClaims()
  const first = await core.operator()
  const second = await core.operator()
  const reviewing = () => core.insuring(minutes(45))
  const inReview = async (perMinute: number, options: PolicyOptions = {}): Promise<WaitingClaim> => {
    const owner = await core.organisation()
    await core.insure(owner, { perMinute, ...options })
    await core.deploy(owner, CONFIRMED_DEPLOYMENT)
    await core.incident(owner, CONFIRMED_INCIDENT)
    await core.settle()
    const [claim] = await core.claimsOf(owner)
    if (claim?.status !== 'in_review') throw new Error('the claim does not wait for people')
    return { owner, claim, now: async () => (await core.claimsOf(owner))[0]! }
  }
  const small = () => inReview(20_000)
  return {
    ...core,
    first,
    second,
    reviewing,
    small,
    large: () => inReview(250_000, { tier: 'pro' }),
    huge: () => inReview(600_000, { tier: 'enterprise' }),
    async paid() {
      const made = await small()
      await approveClaim(reviewing(), first, made.claim.id, BECAUSE, UNCLAIMED)
      await core.payAll()
      return made
    },
  }
}
