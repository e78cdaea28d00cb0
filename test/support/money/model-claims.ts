import { type ClaimModel, type Incident, isOnRisk, type Model, type Policy, remaining } from './model.ts'
import { judgeBreaker } from './model-breaker.ts'
import { addEvent, close } from './model-policies.ts'
import {
  AUTOMATIC_LIMIT,
  AUTOMATIC_WINDOW,
  attributed,
  CENT,
  cededOf,
  halves,
  least,
  MINUTE,
  most,
  TWO_PEOPLE_ABOVE,
} from './rules.ts'

/**
 * Settles all that is due, in the order in which the incidents came. One with very many claims is settled in parts, and the others
 * come in between.
 *
 * @returns how many, counting each part
 */
export function settle(model: Model, now: number): number {
  let done = 0
  for (;;) {
    const due = model.incidents.filter(({ settlement }) => settlement === 'due')
    if (due.length === 0) return done
    const filed = due.map((incident) => settleOne(model, incident, now))
    if (filed.includes('claimed') || filed.includes('due')) judgeBreaker(model)
    done += due.length
  }
}

/** Claims of one part. */
const MAX_FILED = 40

function settleOne(model: Model, incident: Incident, now: number): Incident['settlement'] {
  incident.settlement = fileAll(model, incident, now)
  return incident.settlement
}

function fileAll(model: Model, incident: Incident, now: number): Incident['settlement'] {
  if (!evidenceOf(model, incident).found) return 'unattributed'
  const covering = [...model.policies.values()].filter(
    (policy) =>
      policy.organisation === incident.organisation &&
      policy.certificate.service === incident.service &&
      covered(policy, incident.openedAt),
  )
  if (covering.length === 0) return 'uninsured'
  const before = claimsOn(model, incident)
  let taken = before.reduce((sum, claim) => sum + claim.reserved + claim.approved, 0n)
  let filed = 0
  const { downtime } = downtimeOf(model, incident)
  for (const policy of covering) {
    if (before.some((claim) => claim.policy === policy)) continue
    const requested = least(costOf(downtime, policy.minute) - taken, remaining(policy))
    if (requested <= 0n) continue
    if (filed++ === MAX_FILED) return 'due'
    const claim = open(model, policy, incident, { requested, shared: taken > 0n, byCustomer: false }, now)
    if (claim.reasons.length === 0) approve(model, claim, requested, true, now)
    taken += requested
  }
  return filed + before.length > 0 ? 'claimed' : 'no_loss'
}

function claimsOn(model: Model, incident: Incident): ClaimModel[] {
  return model.claims.filter((claim) => claim.incident === incident)
}

function evidenceOf(model: Model, incident: Incident) {
  const deployments = model.deployments.filter(
    ({ organisation, service }) => organisation === incident.organisation && service === incident.service,
  )
  return attributed(incident, deployments)
}

function covered(policy: Policy, at: number): boolean {
  if (policy.activatedAt === null || policy.status === 'voided') return false
  return policy.activatedAt <= at && at < policy.endsAt && (policy.closedAt === null || at < policy.closedAt)
}

/** Minute by minute would do as well: the time of this incident in which no other of its service has a claim that stands. */
function downtimeOf(model: Model, incident: Incident): { downtime: number; overlaps: boolean } {
  const others = model.incidents.filter(
    (other) =>
      other !== incident &&
      other.organisation === incident.organisation &&
      other.service === incident.service &&
      claimsOn(model, other).some(({ reserved, approved }) => reserved + approved > 0n),
  )
  const { openedAt, resolvedAt } = incident
  const edges = [openedAt, resolvedAt, ...others.flatMap((other) => [other.openedAt, other.resolvedAt])]
    .filter((time) => time >= openedAt && time <= resolvedAt)
    .sort((a, b) => a - b)
  let downtime = 0
  for (let i = 1; i < edges.length; i++) {
    const [from, to] = [edges[i - 1]!, edges[i]!]
    if (!others.some((other) => other.openedAt <= from && other.resolvedAt >= to)) downtime += to - from
  }
  return { downtime, overlaps: downtime < resolvedAt - openedAt }
}

function costOf(downtime: number, minute: bigint): bigint {
  return halves(BigInt(downtime) * minute, BigInt(MINUTE) * CENT) * CENT
}

/** A customer files one itself. @returns what is wrong with it; null when it is filed */
export function file(model: Model, policy: Policy, incident: Incident | undefined, now: number) {
  if (incident === undefined || incident.organisation !== policy.organisation)
    return { code: 'incident_not_found' }
  const before = claimsOn(model, incident)
  if (before.some((claim) => claim.policy === policy)) return { code: 'claim_already_filed' }
  const claimed = before.reduce((sum, claim) => sum + claim.reserved + claim.approved, 0n)
  const left = most(0n, costOf(downtimeOf(model, incident).downtime, policy.minute) - claimed)
  const reasons = [
    ...(policy.certificate.service === incident.service ? [] : ['service_differs']),
    ...(covered(policy, incident.openedAt) ? [] : ['policy_not_active_at_incident']),
    ...(remaining(policy) === 0n ? ['coverage_exhausted'] : []),
    ...(left === 0n ? ['no_loss'] : []),
  ]
  if (reasons.length > 0) return { code: 'claim_not_eligible', reasons }
  const requested = least(left, remaining(policy))
  open(model, policy, incident, { requested, shared: claimed > 0n, byCustomer: true }, now)
  judgeBreaker(model)
  return null
}

interface Loss {
  readonly requested: bigint
  readonly shared: boolean
  readonly byCustomer: boolean
}

function open(model: Model, policy: Policy, incident: Incident, loss: Loss, now: number): ClaimModel {
  const { requested } = loss
  const claim: ClaimModel = {
    id: model.claimIds.get(`${policy.id} ${incident.id}`) ?? 'no such claim',
    policy,
    incident,
    requested,
    reasons: reviewReasons(model, policy, incident, loss, now),
    payouts: [],
    status: 'in_review',
    reserved: requested,
    approved: 0n,
    paid: 0n,
    automatic: false,
    filedAt: now,
    proposal: null,
    reversals: 0,
  }
  model.claims.push(claim)
  policy.reserved += requested
  policy.claimed = true
  model.books.move(['claims_incurred'], ['case_reserve', claim.id], requested)
  return claim
}

function reviewReasons(model: Model, policy: Policy, incident: Incident, loss: Loss, now: number): string[] {
  const { confidence, agreeing, fact } = evidenceOf(model, incident)
  const automatically = model.claims
    .filter(
      (claim) =>
        claim.automatic &&
        claim.policy.organisation === policy.organisation &&
        claim.filedAt > now - AUTOMATIC_WINDOW,
    )
    .reduce((sum, { requested }) => sum + requested, 0n)
  const reasons: Record<string, boolean> = {
    amount_above_automatic_limit: loss.requested > AUTOMATIC_LIMIT,
    confidence_too_low: confidence <= 8_500,
    no_fact_from_provider: !fact,
    fact_refuted: incident.fact === 'refuted',
    signals_do_not_agree: agreeing < 2,
    commit_not_bound_by_ci: !policy.certificate.bound,
    customer_automatic_limit_reached: automatically + loss.requested > AUTOMATIC_LIMIT,
    filed_by_customer: loss.byCustomer,
    loss_shared_with_another_policy: loss.shared,
    overlaps_another_incident: downtimeOf(model, incident).overlaps,
  }
  return Object.keys(reasons).filter((reason) => reasons[reason])
}

function approve(model: Model, claim: ClaimModel, amount: bigint, automatic: boolean, now: number): void {
  const { policy, reserved } = claim
  model.books.move(['claims_incurred'], ['case_reserve', claim.id], amount - reserved)
  stand(model, claim, amount)
  policy.reserved -= reserved
  policy.used += amount
  Object.assign(claim, { status: 'payout_pending', reserved: 0n, automatic, proposal: null })
  claim.payouts.push({ sequence: 1, amount, paid: false })
  exhaust(model, policy, now)
}

/** What is reserved becomes payable, and the reinsurer bears its part. */
function stand(model: Model, claim: ClaimModel, more: bigint): void {
  const ceded = cededOf(claim.approved + more) - cededOf(claim.approved)
  model.books.move(['case_reserve', claim.id], ['claims_payable', claim.id], more)
  model.books.move(['reinsurance_recoverable', claim.id], ['reinsurers_share'], ceded)
  claim.approved += more
}

function exhaust(model: Model, policy: Policy, now: number): void {
  if (policy.used === policy.coverage && isOnRisk(policy)) close(model, policy, 'exhausted', now)
}

/** What a decision comes to: a refusal's code, `202` while a second person has to say the same, or null when it stands. */
export type Decided = string | null

/** @param amount what is to be paid; null for what was requested @param person who decides */
export function decide(
  model: Model,
  claim: ClaimModel,
  action: 'approve' | 'adjust' | 'deny',
  amount: bigint,
  person: number,
  now: number,
): Decided {
  if (claim.status !== 'in_review') return 'claim_state_conflict'
  if (action === 'deny') {
    if (claim.proposal !== null) return 'claim_state_conflict'
    release(model, claim, 'denied')
    judgeBreaker(model)
    return null
  }
  if (amount - claim.reserved > remaining(claim.policy)) return 'claim_not_eligible'
  const waits = twoPeople(claim, { person, action, outcome: null, amount })
  if (waits === null) approve(model, claim, amount, false, now)
  if (waits === null || waits === '202') judgeBreaker(model)
  return waits
}

function twoPeople(claim: ClaimModel, decision: NonNullable<ClaimModel['proposal']>): Decided {
  const waiting = claim.proposal
  if (waiting === null) {
    if (claim.approved + decision.amount <= TWO_PEOPLE_ABOVE) return null
    claim.proposal = decision
    return '202'
  }
  const { action, outcome, amount } = waiting
  const same = action === decision.action && outcome === decision.outcome && amount === decision.amount
  if (!same) return 'claim_state_conflict'
  return waiting.person === decision.person ? 'second_person_required' : null
}

function release(model: Model, claim: ClaimModel, status: 'denied' | 'withdrawn'): void {
  model.books.move(['case_reserve', claim.id], ['claims_incurred'], claim.reserved)
  claim.policy.reserved -= claim.reserved
  claim.reserved = 0n
  claim.status = status
}

export function takeBackProposal(model: Model, claim: ClaimModel): Decided {
  const open = claim.status === 'in_review' || claim.status === 'disputed'
  if (!open || claim.proposal === null) return 'claim_state_conflict'
  claim.proposal = null
  judgeBreaker(model)
  return null
}

export function withdraw(model: Model, claim: ClaimModel): Decided {
  if (claim.status !== 'in_review') return 'claim_state_conflict'
  release(model, claim, 'withdrawn')
  judgeBreaker(model)
  return null
}

export function dispute(model: Model, claim: ClaimModel, byOperator: boolean): Decided {
  const may = byOperator ? ['paid'] : ['paid', 'denied']
  if (!may.includes(claim.status)) return 'claim_state_conflict'
  claim.status = 'disputed'
  if (byOperator) judgeBreaker(model)
  return null
}

/** @param standing of `adjusted`: what it then stands at */
export function resolve(
  model: Model,
  claim: ClaimModel,
  outcome: 'upheld' | 'adjusted' | 'reversed',
  standing: bigint,
  person: number,
  now: number,
): Decided {
  if (claim.status !== 'disputed') return 'claim_state_conflict'
  const { policy, approved } = claim
  const paid = approved > 0n
  const change =
    outcome === 'upheld'
      ? 0n
      : outcome === 'adjusted'
        ? standing - approved
        : paid
          ? -approved
          : least(claim.requested, remaining(policy))
  if (change === 0n && outcome === 'adjusted') return 'invalid_input'
  if (change === 0n && outcome === 'reversed') return 'claim_not_eligible'
  if (change <= 0n) {
    if (claim.proposal !== null) return 'claim_state_conflict'
    if (change < 0n) takeBack(model, claim, -change, now)
    claim.status = 'closed'
    judgeBreaker(model)
    return null
  }
  if (change > remaining(policy)) return 'claim_not_eligible'
  const waits = twoPeople(claim, { person, action: 'resolve', outcome, amount: change })
  if (waits === null) {
    model.books.move(['claims_incurred'], ['case_reserve', claim.id], change)
    stand(model, claim, change)
    policy.used += change
    claim.payouts.push({ sequence: 2, amount: change, paid: false })
    Object.assign(claim, { status: outcome, proposal: null })
    exhaust(model, policy, now)
  }
  if (waits === null || waits === '202') judgeBreaker(model)
  return waits
}

/** From the customer's credit, and what that lacks is owed; the reinsurer's part goes back too. */
function takeBack(model: Model, claim: ClaimModel, amount: bigint, now: number): void {
  const { books } = model
  const { organisation } = claim.policy
  const fromCredit = least(amount, model.credit(organisation))
  books.post(
    ['customer_credit', organisation, fromCredit],
    ['claim_clawback', organisation, amount - fromCredit],
    ['claims_incurred', '', -amount],
  )
  const ceded = cededOf(claim.approved) - cededOf(claim.approved - amount)
  const owed = least(ceded, books.of('reinsurance_recoverable', claim.id))
  books.post(
    ['reinsurers_share', '', ceded],
    ['reinsurance_recoverable', claim.id, -owed],
    ['reinsurance_payable', claim.id, owed - ceded],
  )
  addEvent(model, {
    id: `reversal/${claim.id}`,
    organisation,
    kind: 'debit',
    amount: fromCredit,
    occurredAt: now,
  })
  claim.approved -= amount
  claim.paid -= amount
  claim.policy.used -= amount
  claim.reversals++
}

/** Every payout that waits arrives. @returns how many */
export function payAll(model: Model): number {
  const waiting = model.claims.flatMap((claim) =>
    claim.payouts.filter(({ paid }) => !paid).map((payout) => ({ claim, payout })),
  )
  for (const { claim, payout } of waiting) {
    payout.paid = true
    claim.paid += payout.amount
    claim.status = payout.sequence === 1 ? 'paid' : 'closed'
    const { organisation } = claim.policy
    model.books.move(['claims_payable', claim.id], ['customer_credit', organisation], payout.amount)
  }
  return waiting.length
}

export function recover(model: Model, claim: ClaimModel, amount: bigint): Decided {
  if (amount > model.books.of('reinsurance_recoverable', claim.id)) return 'invalid_input'
  model.books.move(['cash_reserve'], ['reinsurance_recoverable', claim.id], amount)
  judgeBreaker(model)
  return null
}
