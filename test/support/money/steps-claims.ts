import { expect } from 'vitest'
import { disputeClaim } from '../../../core/claims/dispute-claim.ts'
import { fileClaim } from '../../../core/claims/file-claim.ts'
import {
  adjustClaim,
  approveClaim,
  denyClaim,
  disputePaidClaim,
  withdrawProposal,
} from '../../../core/claims/review/decide.ts'
import { recordRecovery } from '../../../core/claims/review/recover.ts'
import { resolveDispute } from '../../../core/claims/review/resolve.ts'
import { settlementTask } from '../../../core/claims/settle-incidents.ts'
import { withdrawClaim } from '../../../core/claims/withdraw-claim.ts'
import { factsTask } from '../../../core/incidents/confirm-facts.ts'
import { tellingOf } from '../../../core/incidents/merge.ts'
import { storeTelling } from '../../../core/incidents/store-incident.ts'
import { evaluateBreaker } from '../../../core/insurance/breaker.ts'
import type { ClaimModel, Incident, Model, Policy } from './model.ts'
import { judgeBreaker } from './model-breaker.ts'
import {
  decide,
  dispute,
  file,
  recover,
  resolve,
  settle,
  takeBackProposal,
  withdraw,
} from './model-claims.ts'
import { CENT, HOUR, least, MINUTE, most, USD } from './rules.ts'
import { type Draw, expectOutcome, pick, type Step } from './step.ts'
import { deployCertified, mayDeploy, ownerOf } from './steps-policies.ts'
import type { World } from './world.ts'

const REASON = 'as it was found'

/** An incident that begins and ends, each told of once or twice; it may begin while another one lasts. */
export const incident: Step = async (world, draw) => {
  const { a, b, c, d } = draw
  const active = [...world.model.policies.values()].filter(({ status }) => status === 'active')
  const certificate =
    active.length > 0 && b % 8 > 0
      ? pick(active, a).certificate
      : pick(pick(world.customers, a).certificates.slice(0, 6), b)
  const { service, commit, organisation } = certificate
  const customer = ownerOf(world, organisation)
  if (d % 3 === 1 && mayDeploy(world, certificate)) {
    await deployCertified(world, certificate, 'confirmed', 1)
    world.now += 20 * MINUTE
  }
  const fact = pick(['confirmed', 'confirmed', 'unavailable', 'confirmed', 'refuted'] as const, c)
  const release = c % 7 > 0
  const openedAt = beginning(world, draw)
  const lasted = pick([2 * MINUTE + 1_500, 9 * MINUTE, 47 * MINUTE, 13 * HOUR, 250], Math.trunc(d / 4))
  const resolvedAt = openedAt + lasted
  world.now = Math.max(world.now, resolvedAt) + 1_000
  const integration = fact === 'unavailable' ? customer.unasked.incidents : customer.asked.incidents
  const providerId = `metric/${++world.made}`
  const told = {
    kind: 'incident' as const,
    providerId,
    hints: {},
    at: new Date(openedAt),
    openedAt: new Date(openedAt),
    title: 'It is down',
    url: null,
    releaseSha: release ? commit : null,
    stackPaths: [],
    revertedSha: null,
  }
  world.facts.set(providerId, {
    state: 'found',
    fact: {
      openedAt: new Date(fact === 'refuted' ? openedAt + 3 * HOUR : openedAt),
      resolvedAt: new Date(resolvedAt + (fact === 'refuted' ? 3 * HOUR : 0)),
      releaseSha: told.releaseSha,
      stackPaths: [],
    },
  })
  const ctx = world.ctx()
  const ended = { ...told, at: new Date(resolvedAt), resolvedAt: new Date(resolvedAt) }
  const tellings = [{ ...told, resolvedAt: null }, ended, ...(d % 2 === 0 ? [ended] : [])]
  // In any order.
  for (const telling of d % 3 === 0 ? tellings.reverse() : tellings) {
    await ctx.database.asSystem((tx) =>
      storeTelling(ctx, tx, integration, providerId, tellingOf(telling, service), ctx.now),
    )
  }
  await factsTask.run(ctx, world.outside())
  const [row] = await world.core.db.owner`SELECT id FROM incidents WHERE provider_id = ${providerId}`
  world.model.incidents.push({
    id: row!.id,
    organisation,
    service,
    openedAt,
    resolvedAt,
    fact,
    release,
    settlement: 'due',
  })
  return 'done'
}

/** Now, mostly; or a while ago; or exactly when a policy begins or ends to cover what begins. */
function beginning({ now, model }: World, { a, c, d }: Draw): number {
  if (d % 11 === 0) {
    const times = [...model.policies.values()].flatMap(({ activatedAt, closedAt, endsAt }) =>
      activatedAt === null ? [] : [activatedAt, activatedAt - 1, closedAt ?? endsAt - 1, endsAt],
    )
    if (times.length > 0) return pick(times, a * 7 + c)
  }
  return now - (d % 4 === 0 ? (d % 50) * MINUTE : 0)
}

/** What is due, until nothing is; by two tasks at once where it does not matter which of two incidents comes first. */
export const settlement: Step = async (world, { a }) => {
  world.now += 45_000
  const run = () => settlementTask.run(world.ctx(), world.outside())
  const due = world.model.incidents.filter((incident) => incident.settlement === 'due').length
  let done = 0
  for (let left = true; left; ) {
    const results = a % 2 === 0 || due > 1 ? [await run()] : await Promise.all([run(), run()])
    left = results.some((result) => result.done > 0)
    done += results.reduce((sum, result) => sum + result.done, 0)
  }
  await learnClaimIds(world)
  expect(done).toBe(settle(world.model, world.now))
  return done > 0 ? 'done' : 'skipped'
}

async function learnClaimIds({ core, model }: World): Promise<void> {
  const rows = await core.db.owner`SELECT id, policy_id || ' ' || incident_id AS name FROM insurance_claims`
  for (const { id, name } of rows) model.claimIds.set(name, id)
}

export const filing: Step = async (world, { a, b, c }) => {
  const { model } = world
  const policies = [...model.policies.values()]
  const pairs = c % 4 > 0 ? claimable(model) : []
  if (policies.length === 0 || model.incidents.length === 0) return 'skipped'
  const [policy, chosen] = pairs.length > 0 ? pick(pairs, a) : [pick(policies, a), pick(model.incidents, b)]
  const { actor } = ownerOf(world, policy.organisation)
  const request = { policy_id: policy.id, incident_id: chosen.id, statement: 'It cost us.' }
  const outcome = await world.command(actor, 'POST /v1/insurance/claims', request, (ctx, claim) =>
    fileClaim(ctx, actor, request, claim),
  )
  await learnClaimIds(world)
  const wrong = file(model, policy, chosen, world.now)
  return expectOutcome(outcome, wrong?.code ?? null, wrong?.reasons)
}

/** What the network has not made a claim of, or not yet. */
function claimable({ policies, incidents, claims }: Model): [Policy, Incident][] {
  const active = [...policies.values()].filter(({ activatedAt }) => activatedAt !== null)
  return incidents.flatMap((incident) =>
    active
      .filter(
        (policy) =>
          policy.organisation === incident.organisation &&
          policy.certificate.service === incident.service &&
          policy.activatedAt! <= incident.openedAt &&
          !claims.some((claim) => claim.policy === policy && claim.incident === incident),
      )
      .map((policy): [Policy, Incident] => [policy, incident]),
  )
}

/** One in such a state, mostly; else any. */
function choose({ model }: World, { a, b }: Draw, statuses: readonly string[]): ClaimModel | undefined {
  const fitting = model.claims.filter(({ status }) => statuses.includes(status))
  const from = b % 8 > 0 ? fitting : model.claims
  // Those about much money are few, and have the most rules.
  if (b % 3 === 0) return largest(from)
  return from.length === 0 ? undefined : pick(from, a)
}

function largest(claims: readonly ClaimModel[]): ClaimModel | undefined {
  const size = ({ requested, approved }: ClaimModel) => most(requested, approved)
  return claims.reduce<ClaimModel | undefined>(
    (found, claim) => (found === undefined || size(claim) > size(found) ? claim : found),
    undefined,
  )
}

export const decision: Step = async (world, draw) => {
  const { c, d } = draw
  const claim = chooseProposed(world, draw, ['in_review']) ?? choose(world, draw, ['in_review'])
  if (claim === undefined) return 'skipped'
  world.now += (d % 7) * MINUTE
  const waiting = claim.status === 'in_review' && d % 4 > 0 ? claim.proposal : null
  const kinds = ['approve', 'adjust', 'approve', 'adjust', 'deny'] as const
  const action = waiting === null ? pick(kinds, c) : (waiting.action as 'approve' | 'adjust')
  const whole = claim.policy.coverage - claim.policy.used - claim.policy.reserved + claim.reserved
  const amounts = [claim.requested, most(CENT, claim.requested / 2n), whole, whole + CENT]
  const wished = waiting?.amount ?? pick(amounts, Math.trunc(c / 5))
  const amount = action === 'approve' ? claim.requested : most(CENT, wished - (wished % CENT))
  const person = d % 2
  const reviewer = world.reviewers[person]!
  const request = { reason: REASON, amount: Number(amount / CENT) }
  const route = `POST /v1/review/claims/${claim.id}/${action}`
  const outcome = await world.command(reviewer, route, request, (ctx, key) =>
    action === 'adjust'
      ? adjustClaim(ctx, reviewer, claim.id, request, key)
      : (action === 'deny' ? denyClaim : approveClaim)(ctx, reviewer, claim.id, { reason: REASON }, key),
  )
  return expectOutcome(outcome, decide(world.model, claim, action, amount, person, world.now))
}

/** What waits for a second person, half of the time. */
function chooseProposed({ model }: World, { a, b }: Draw, states: readonly string[]): ClaimModel | undefined {
  const waiting = model.claims.filter(({ status, proposal }) => states.includes(status) && proposal !== null)
  return waiting.length > 0 && b % 2 === 0 ? pick(waiting, a) : undefined
}

export const proposalBack: Step = async (world, draw) => {
  const states = ['in_review', 'disputed']
  const claim = chooseProposed(world, { ...draw, b: 0 }, states) ?? choose(world, draw, states)
  if (claim === undefined) return 'skipped'
  const reviewer = world.reviewers[draw.c % 2]!
  const route = `DELETE /v1/review/claims/${claim.id}/proposal`
  const outcome = await world.command(reviewer, route, {}, (ctx, key) =>
    withdrawProposal(ctx, reviewer, claim.id, key),
  )
  return expectOutcome(outcome, takeBackProposal(world.model, claim))
}

export const withdrawal: Step = async (world, draw) => {
  const claim = choose(world, draw, ['in_review'])
  if (claim === undefined) return 'skipped'
  const { actor } = ownerOf(world, claim.policy.organisation)
  const route = `POST /v1/insurance/claims/${claim.id}/withdraw`
  const outcome = await world.command(actor, route, {}, (ctx, key) =>
    withdrawClaim(ctx, actor, claim.id, key),
  )
  return expectOutcome(outcome, withdraw(world.model, claim))
}

export const disputing: Step = async (world, draw) => {
  const claim = choose(world, draw, ['paid', 'denied'])
  if (claim === undefined) return 'skipped'
  const byOperator = draw.c % 3 === 0
  const actor = byOperator ? world.reviewers[0]! : ownerOf(world, claim.policy.organisation).actor
  const route = `POST /v1/${byOperator ? 'review' : 'insurance'}/claims/${claim.id}/dispute`
  const request = { reason: 'It is not so.' }
  const outcome = await world.command(actor, route, request, (ctx, key) =>
    (byOperator ? disputePaidClaim : disputeClaim)(ctx, actor, claim.id, request, key),
  )
  return expectOutcome(outcome, dispute(world.model, claim, byOperator))
}

export const resolution: Step = async (world, draw) => {
  const { c, d } = draw
  const claim = chooseProposed(world, draw, ['disputed']) ?? choose(world, draw, ['disputed'])
  if (claim === undefined) return 'skipped'
  const waiting = claim.status === 'disputed' && d % 4 > 0 ? claim.proposal : null
  const outcomes = ['reversed', 'adjusted', 'upheld', 'adjusted'] as const
  const outcome = waiting === null ? pick(outcomes, c) : (waiting.outcome as 'adjusted' | 'reversed')
  const room = claim.policy.coverage - claim.policy.used - claim.policy.reserved
  const amounts = [
    claim.approved / 2n,
    claim.approved + least(room, 90n * USD),
    claim.approved + room,
    0n,
    claim.approved + least(room, 11_000n * USD),
    claim.approved,
    claim.approved + room + CENT,
  ]
  const wished = waiting === null ? pick(amounts, Math.trunc(c / 4)) : claim.approved + waiting.amount
  const standing = wished - (wished % CENT)
  const person = d % 2
  const reviewer = world.reviewers[person]!
  const request = {
    reason: REASON,
    outcome,
    ...(outcome === 'adjusted' ? { amount: Number(standing / CENT) } : {}),
  }
  const route = `POST /v1/review/claims/${claim.id}/resolve`
  const came = await world.command(reviewer, route, request, (ctx, key) =>
    resolveDispute(ctx, reviewer, claim.id, request, key),
  )
  return expectOutcome(came, resolve(world.model, claim, outcome, standing, person, world.now))
}

/** The reinsurer's money for a claim, or more than it owes. */
export const recovery: Step = async (world, { a, b, c }) => {
  const { model } = world
  const ceded = model.claims.filter((claim) => model.books.of('reinsurance_recoverable', claim.id) > 0n)
  const from = b % 8 > 0 ? ceded : model.claims
  if (from.length === 0) return 'skipped'
  const claim = pick(from, a)
  const owed = model.books.of('reinsurance_recoverable', claim.id)
  const wished = pick([owed, owed / 2n, owed + CENT, owed / 3n], c)
  const amount = most(CENT, least(wished - (wished % CENT), owed + CENT))
  const reviewer = world.reviewers[0]!
  const request = { amount: Number(amount / CENT) }
  const route = `POST /v1/review/claims/${claim.id}/recoveries`
  const outcome = await world.command(reviewer, route, request, (ctx, key) =>
    recordRecovery(ctx, reviewer, claim.id, request, key),
  )
  return expectOutcome(outcome, recover(model, claim, amount))
}

export const breakerCheck: Step = async (world) => {
  await evaluateBreaker(world.ctx())
  judgeBreaker(world.model)
  return 'done'
}
