import { expect } from 'vitest'
import { factsTask } from '../../../core/incidents/confirm-facts.ts'
import { storeDeployment } from '../../../core/incidents/store-deployment.ts'
import { bindPolicy } from '../../../core/insurance/bind.ts'
import { cancelPolicy, voidPolicy } from '../../../core/insurance/cancel.ts'
import { closeDuePolicies } from '../../../core/insurance/close-due.ts'
import { earnPremiums } from '../../../core/insurance/earn.ts'
import { quoteCover } from '../../../core/insurance/quote.ts'
import type { Certificate, Policy } from './model.ts'
import {
  acceptingTier,
  annul,
  bind,
  cancel,
  deploy,
  earn,
  expire,
  reasonsAgainst,
  refuseBinding,
  type Wish,
} from './model-policies.ts'
import { CENT, DAY, MINUTE, priceOf, TIER_NAMES, TIERS, USD } from './rules.ts'
import { type Draw, expectOutcome, pick, type Step } from './step.ts'
import type { Customer, World } from './world.ts'

const MAX_FLEET = 40

function wishOf({ customers }: World, { a, b, c }: Draw): { customer: Customer; wish: Wish } {
  const customer = pick(customers, a)
  // The first six can be insured; one purchase in eight is of any.
  const certificate =
    b % 8 === 7 ? pick(customer.certificates, c) : pick(customer.certificates.slice(0, 6), c)
  const tier = pick(TIER_NAMES, b)
  const coverages = [undefined, undefined, 333n * USD + 33n * CENT, 4_000n * USD, 90_000n * USD, undefined]
  const wished = pick(coverages, Math.trunc(c / 6))
  // Most of what is wished is within the tier.
  const coverage = wished !== undefined && wished > TIERS[tier].coverage && a % 5 > 0 ? undefined : wished
  return { customer, wish: { certificate, tier, coverage } }
}

const inCents = (amount: bigint) => Number(amount / CENT)

function requestOf({ certificate, tier, coverage }: Wish) {
  return {
    certificate_id: certificate.id,
    tier,
    ...(coverage === undefined ? {} : { coverage: inCents(coverage) }),
  }
}

export const quote: Step = async (world, draw) => {
  const { customer, wish } = wishOf(world, draw)
  const { model } = world
  const quoted = await quoteCover(world.ctx(), customer.actor, requestOf(wish))
  const coverage = wish.coverage ?? TIERS[wish.tier].coverage
  const { premium, technical } = priceOf(wish.tier, coverage, model.mode)
  const reasons = reasonsAgainst(wish)
  expect(quoted).toMatchObject({
    premium: inCents(premium),
    list_premium: inCents(TIERS[wish.tier].list),
    coverage: inCents(coverage),
    eligible: reasons.length === 0,
    accepting_tier: acceptingTier(wish),
    binding: model.breaker.state,
  })
  expect(quoted.reasons.map(({ code }) => code)).toEqual(reasons)
  expect(Math.abs(quoted.technical_premium - Number(technical) / 10_000) <= 0.5).toBe(true)
  return 'done'
}

/** One policy, or a fleet of them on one commit. */
export const purchase: Step = async (world, draw) => {
  const { customer, wish } = wishOf(world, draw)
  const minutes = wish.tier === 'enterprise' ? [12_000n, 700n, 9_000n] : [20n, 100n, 700n, 12_000n]
  const minute = pick(minutes, Math.trunc(draw.d / 3)) * USD + CENT
  const number = draw.d % 3 === 0 ? 1 + (draw.d % MAX_FLEET) : 1
  // Many of them would reach the caps of a customer at once.
  const bought = number > 5 ? { ...wish, coverage: pick([300n * USD, 1_000n * USD], draw.a) } : wish
  for (let i = 0; i < number; i++) {
    if (!(await buy(world, customer, bought, minute))) return i === 0 ? 'refused' : 'done'
  }
  return 'done'
}

/** What every history begins with, for there to be something to earn and something to lose. */
export async function buyFleet(world: World, number: number): Promise<void> {
  for (const customer of world.customers) {
    for (let i = 0; i < number; i++) {
      const certificate = pick(customer.certificates.slice(0, 3), i)
      const wish = { certificate, tier: pick(TIER_NAMES, i), coverage: 300n * USD }
      // The first of them bears a small loss alone.
      await buy(world, customer, wish, BigInt(number - i) * USD + CENT)
    }
    for (const certificate of customer.certificates.slice(3, 5)) {
      const wish = { certificate, tier: 'enterprise', coverage: undefined } as const
      if (number > 0) await buy(world, customer, wish, 9_000n * USD)
    }
  }
  world.now += MINUTE
  for (const { certificates } of world.customers) {
    for (const certificate of certificates.slice(3, 5))
      await deployCertified(world, certificate, 'confirmed', 1)
  }
}

async function buy(world: World, { actor }: Customer, wish: Wish, minute: bigint): Promise<boolean> {
  const request = {
    ...requestOf(wish),
    service: wish.certificate.service,
    sla_cost_per_minute_cents: inCents(minute),
  }
  const outcome = await world.command(actor, 'POST /v1/trust/insure', request, (ctx, claim) =>
    bindPolicy(ctx, actor, request, claim),
  )
  const refusal = refuseBinding(world.model, wish, world.now)
  if (refusal !== null) {
    const reasons = refusal === 'not_insurable' ? reasonsAgainst(wish) : []
    expect(outcome).toEqual({ code: refusal, reasons })
    return false
  }
  expect(outcome).toMatchObject({ status: 201 })
  const { id } = (outcome as unknown as { body: { id: string } }).body
  bind(world.model, id, wish, minute, world.now)
  return true
}

/** A deployment of a certified commit, told of once or twice. */
export const deployment: Step = async (world, { a, b, c, d }) => {
  const certificate = deployable(world, a, b)
  if (certificate === undefined) return 'skipped'
  const fact = pick(['confirmed', 'unavailable', 'confirmed', 'refuted'] as const, c)
  // At the very moment of binding, too: that is not after it.
  world.now += d % 5 === 0 ? 0 : (d % 90) * MINUTE
  await deployCertified(world, certificate, fact, 1 + (d % 2))
  return 'done'
}

export async function deployCertified(
  world: World,
  certificate: Certificate,
  fact: 'confirmed' | 'unavailable' | 'refuted',
  times: number,
): Promise<void> {
  const customer = ownerOf(world, certificate.organisation)
  const integration = fact === 'unavailable' ? customer.unasked.deployments : customer.asked.deployments
  const id = `deployment-${++world.made}`
  const at = new Date(world.now)
  const told = {
    kind: 'deployment' as const,
    providerId: `example/shop#${id}`,
    hints: {},
    repository: 'example/shop',
    environment: 'production',
    commitSha: certificate.commit!,
    deployedAt: at,
  }
  const commitSha = fact === 'refuted' ? 'f'.repeat(40) : told.commitSha
  const said = { commitSha, environment: told.environment, deployedAt: at, state: 'success' }
  world.facts.set(id, { state: 'found', fact: said })
  const ctx = world.ctx()
  for (let time = 0; time < times; time++) {
    await ctx.database.asSystem((tx) =>
      storeDeployment(ctx, tx, integration, told, certificate.service, ctx.now),
    )
  }
  await factsTask.run(ctx, world.outside())
  if (fact !== 'refuted') {
    const { organisation, service } = certificate
    deploy(world.model, { organisation, service, at: world.now, confirmed: fact === 'confirmed' })
  }
}

/** Of a policy that waits for one, if there is such. Attribution looks at ten deployments: no more are made in its window. */
function deployable({ model, now, customers }: World, a: number, b: number): Certificate | undefined {
  const waiting = [...model.policies.values()].filter(({ status }) => status === 'bound')
  const certificate =
    waiting.length > 0 && b % 6 > 0
      ? pick(waiting, a).certificate
      : pick(pick(customers, a).certificates.slice(0, 6), b)
  return mayDeploy({ model, now }, certificate) ? certificate : undefined
}

export function mayDeploy({ model, now }: Pick<World, 'model' | 'now'>, certificate: Certificate): boolean {
  const lately = model.deployments.filter(
    ({ organisation, service, at }) =>
      organisation === certificate.organisation && service === certificate.service && at > now - 4 * DAY,
  )
  return lately.length < 8
}

/** Every policy, one on risk most often. */
function choosePolicy({ model }: World, { a, b }: Draw): Policy | undefined {
  const all = [...model.policies.values()]
  const onRisk = all.filter(({ status }) => status === 'bound' || status === 'active')
  const unclaimed = onRisk.filter(({ claimed }) => !claimed)
  const from = b % 8 === 0 ? all : b % 8 < 3 ? onRisk : unclaimed
  return from.length === 0 ? undefined : pick(from, a)
}

export const cancellation: Step = async (world, draw) => {
  const policy = choosePolicy(world, draw)
  if (policy === undefined) return 'skipped'
  world.now += (draw.c % 50) * 7 * MINUTE
  const { actor } = ownerOf(world, policy.organisation)
  const route = `POST /v1/insurance/policies/${policy.id}/cancel`
  const outcome = await world.command(actor, route, {}, (ctx, claim) =>
    cancelPolicy(ctx, actor, policy.id, claim),
  )
  return expectOutcome(outcome, cancel(world.model, policy, world.now))
}

export const annulment: Step = async (world, draw) => {
  const policy = choosePolicy(world, draw)
  if (policy === undefined) return 'skipped'
  const operator = world.reviewers[0]!
  const route = `POST /v1/insurance/policies/${policy.id}/void`
  const body = { reason: 'sold by mistake' }
  const outcome = await world.command(operator, route, body, (ctx, claim) =>
    voidPolicy(ctx, operator, policy.id, body.reason, claim),
  )
  return expectOutcome(outcome, annul(world.model, policy, world.now))
}

/** Some days, on each of which premiums are earned and policies expire. */
export const days: Step = async (world, { a, b }) => {
  for (let day = 0; day <= a % 6; day++) await passTo(world, world.now + DAY - (b % 20) * MINUTE)
  return 'done'
}

/** Day by day. */
export async function passTo(world: World, time: number): Promise<void> {
  while (world.now < time) {
    world.now = Math.min(time, world.now + DAY)
    expect(await earnPremiums(world.ctx())).toBe(earn(world.model, world.now))
    expect(await closeDuePolicies(world.ctx())).toBe(expire(world.model, world.now))
  }
}

/** Some hours; earned once and again, by two at once. */
export const hours: Step = async (world, { a, b }) => {
  world.now += (a % 30) * 47 * MINUTE
  const [one, other] = await Promise.all([earnPremiums(world.ctx()), earnPremiums(world.ctx())])
  expect(one + other).toBe(earn(world.model, world.now))
  if (b % 2 === 0) expect(await closeDuePolicies(world.ctx())).toBe(expire(world.model, world.now))
  expect(await earnPremiums(world.ctx())).toBe(0)
  return 'done'
}

export function ownerOf({ customers }: World, organisation: string): Customer {
  return customers.find(({ actor }) => actor.organisationId === organisation)!
}
