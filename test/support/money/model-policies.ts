import { type Certificate, type Deployment, isOnRisk, type Model, type Policy } from './model.ts'
import {
  CUSTOMER_CAP,
  DAY,
  DAY_CAP,
  earnedAt,
  least,
  priceOf,
  TIER_NAMES,
  TIERS,
  type TierName,
  toWholeCents,
} from './rules.ts'

export interface Wish {
  readonly certificate: Certificate
  readonly tier: TierName
  /** Undefined: all that the tier has. */
  readonly coverage: bigint | undefined
}

/** Every reason against it, in the order in which they are told. */
export function reasonsAgainst({ certificate, tier, coverage }: Wish): string[] {
  return [...ofCertificate(certificate), ...ofTier(certificate, tier, coverage)]
}

function ofCertificate({ flaw, commit }: Certificate): string[] {
  const reasons = flaw === null ? [] : [`certificate_${flaw}`]
  return commit === null ? [...reasons, 'commit_sha_missing'] : reasons
}

function ofTier({ score }: Certificate, tier: TierName, coverage: bigint | undefined): string[] {
  const { below, coverage: limit } = TIERS[tier]
  return [
    ...(below !== null && score >= below ? ['risk_score_too_high'] : []),
    ...(coverage !== undefined && coverage > limit ? ['coverage_above_tier'] : []),
  ]
}

/** The cheapest tier that would take it, where another one helps. */
export function acceptingTier({ certificate, tier, coverage }: Wish): string | null {
  if (ofCertificate(certificate).length > 0 || ofTier(certificate, tier, coverage).length === 0) return null
  return TIER_NAMES.find((name) => ofTier(certificate, name, coverage).length === 0) ?? null
}

/** @returns the code of the refusal, or null; a purchase that the subsidy does not suffice for halts binding */
export function refuseBinding(model: Model, wish: Wish, now: number): string | null {
  if (reasonsAgainst(wish).length > 0) return 'not_insurable'
  const { certificate, tier } = wish
  const coverage = wish.coverage ?? TIERS[tier].coverage
  const { subsidy } = priceOf(tier, coverage, model.mode)
  if (model.onRisk(certificate.organisation) + coverage > CUSTOMER_CAP) return 'customer_cap_reached'
  const { breaker } = model
  if (breaker.state === 'halted') return 'binding_halted'
  if (breaker.state === 'restricted' && certificate.score >= 350) return 'binding_restricted'
  if (subsidy > 0n && breaker.used + subsidy > breaker.budget) {
    Object.assign(breaker, { state: 'halted', cause: 'subsidy_spent' })
    return 'binding_halted'
  }
  if ((model.boundOn.get(dayOf(now)) ?? 0n) + coverage > DAY_CAP) return 'daily_cap_reached'
  return null
}

export function bind(model: Model, id: string, wish: Wish, minute: bigint, now: number): Policy {
  const { certificate, tier } = wish
  const { organisation } = certificate
  const coverage = wish.coverage ?? TIERS[tier].coverage
  const { premium, subsidy } = priceOf(tier, coverage, model.mode)
  const policy: Policy = {
    id,
    organisation,
    certificate,
    tier,
    premium,
    subsidy,
    coverage,
    minute: least(minute, TIERS[tier].minute),
    boundAt: now,
    endsAt: now + TIERS[tier].days * DAY,
    status: 'bound',
    used: 0n,
    reserved: 0n,
    earnedPremium: 0n,
    earnedSubsidy: 0n,
    refunded: 0n,
    claimed: false,
    activatedAt: null,
    closedAt: null,
  }
  model.policies.set(id, policy)
  model.boundOn.set(dayOf(now), (model.boundOn.get(dayOf(now)) ?? 0n) + coverage)
  model.breaker.used += subsidy
  model.books.move(['premium_receivable', organisation], ['unearned_premium', id], premium)
  model.books.move(['subsidy_budget'], ['unearned_premium', id], subsidy)
  addEvent(model, { id, organisation, kind: 'premium', amount: premium, occurredAt: now })
  return policy
}

/** @returns how many it activated */
export function deploy(model: Model, deployment: Deployment): number {
  model.deployments.push(deployment)
  let activated = 0
  for (const policy of model.policies.values()) {
    const same =
      policy.organisation === deployment.organisation && policy.certificate.service === deployment.service
    if (!same || policy.status !== 'bound') continue
    if (policy.boundAt >= deployment.at || deployment.at >= policy.endsAt) continue
    policy.status = 'active'
    policy.activatedAt = deployment.at
    activated++
  }
  return activated
}

/** @returns for how many something was earned */
export function earn(model: Model, now: number): number {
  let earned = 0
  for (const policy of model.policies.values()) {
    if (isOnRisk(policy) && earnTo(model, policy, targetOf(policy, now))) earned++
  }
  return earned
}

function targetOf({ premium, subsidy, boundAt, endsAt }: Policy, now: number) {
  return {
    premium: earnedAt(premium, boundAt, endsAt, now),
    subsidy: earnedAt(subsidy, boundAt, endsAt, now),
  }
}

function earnTo(model: Model, policy: Policy, target: { premium: bigint; subsidy: bigint }): boolean {
  const more = target.premium + target.subsidy - policy.earnedPremium - policy.earnedSubsidy
  policy.earnedPremium = target.premium
  policy.earnedSubsidy = target.subsidy
  model.books.move(['unearned_premium', policy.id], ['earned_premium'], more)
  return more > 0n
}

/** @returns how many expired */
export function expire(model: Model, now: number): number {
  let expired = 0
  for (const policy of model.policies.values()) {
    if (!isOnRisk(policy) || policy.endsAt > now) continue
    close(model, policy, 'expired', now)
    expired++
  }
  return expired
}

/** It ran out: all of it is earned. */
export function close(model: Model, policy: Policy, status: 'expired' | 'exhausted', now: number): void {
  earnTo(model, policy, policy)
  policy.status = status
  policy.closedAt = now
}

function mayEnd(model: Model, policy: Policy): string | null {
  if (!isOnRisk(policy)) return 'policy_state_conflict'
  const stands = model.claims.some((claim) => claim.policy === policy && claim.status !== 'withdrawn')
  return stands ? 'policy_has_claim' : null
}

/** The unearned premium in whole cents to the customer, the unearned subsidy to its budget. @returns the refusal's code */
export function cancel(model: Model, policy: Policy, now: number): string | null {
  const refusal = mayEnd(model, policy)
  if (refusal !== null) return refusal
  const target = targetOf(policy, now)
  const refund = toWholeCents(policy.premium - target.premium)
  earnTo(model, policy, { premium: policy.premium - refund, subsidy: target.subsidy })
  giveBack(model, policy, refund, policy.subsidy - target.subsidy, now)
  policy.status = 'cancelled'
  return null
}

/** As if it had never been. @returns the refusal's code */
export function annul(model: Model, policy: Policy, now: number): string | null {
  const refusal = mayEnd(model, policy)
  if (refusal !== null) return refusal
  const { earnedPremium, earnedSubsidy } = policy
  giveBack(model, policy, policy.premium, policy.subsidy, now, earnedPremium + earnedSubsidy)
  policy.earnedPremium = 0n
  policy.earnedSubsidy = 0n
  policy.status = 'voided'
  return null
}

/** To what the bill of this month has, the rest as credit. @param earned of it, what was earned and is taken back */
function giveBack(
  model: Model,
  policy: Policy,
  refund: bigint,
  returned: bigint,
  now: number,
  earned = 0n,
): void {
  const { id, organisation } = policy
  const owed = least(refund, model.onBillOfMonth(organisation, now))
  model.books.post(
    ['unearned_premium', id, refund + returned - earned],
    ['earned_premium', '', earned],
    ['premium_receivable', organisation, -owed],
    ['customer_credit', organisation, owed - refund],
    ['subsidy_budget', '', -returned],
  )
  addEvent(model, { id: `refund/${id}`, organisation, kind: 'premium', amount: -owed, occurredAt: now })
  addEvent(model, {
    id: `refund_credit/${id}`,
    organisation,
    kind: 'credit',
    amount: refund - owed,
    occurredAt: now,
  })
  model.breaker.used -= returned
  policy.refunded = refund
  policy.closedAt = now
}

type NewEvent = Omit<Model['events'][number], 'sent' | 'invoice'>

/** What the rail is to be told; nothing of nothing. */
export function addEvent(model: Model, event: NewEvent): void {
  if (event.amount !== 0n) model.events.push({ ...event, sent: false, invoice: null })
}

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
