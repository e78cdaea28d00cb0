import { and, eq } from 'drizzle-orm'
import { insuranceTiers, organisations } from '../../schema/tables/index.ts'
import type { PutTierRequest, TierDocument } from '../../schema/wire/insurance.ts'
import { CURRENCY, coverNotice } from '../../schema/wire/money.ts'
import type { Actor, Context } from '../context.ts'
import type { Answer, Claim } from '../idempotency/claim.ts'
import { formatUsd, fromCents, toCents } from '../money.ts'
import { Refusal } from '../refusal.ts'
import { DEFAULTS } from './defaults.ts'
import { requireLive } from './require-live.ts'
import { offeredTiers, type TierOffer } from './tiers.ts'

/** The tiers that the organisation can buy, cheapest first. A test key sees the general ones alone. */
export async function listTiers(ctx: Context, actor: Actor) {
  const { organisationId } = actor
  const { carrier } = ctx.settings.insurance
  const own = await ctx.database.asOrganisation(organisationId, (tx) =>
    tx.select().from(insuranceTiers).where(eq(insuranceTiers.organisationId, organisationId)),
  )
  const data = offeredTiers(actor.livemode ? own : []).map(describeTier)
  return { data, next_cursor: null, carrier, notice: coverNotice(carrier) }
}

/**
 * Gives an organisation a tier of its own, or its own terms of a general one; policies that are bound keep theirs. For operators.
 *
 * @returns 200 with the tier
 * @throws {Refusal} `live_key_required`, `organisation_not_found`, `invalid_input` above the cap of a customer
 */
export async function putTier(
  ctx: Context,
  actor: Actor,
  target: TierName,
  request: PutTierRequest,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  const terms = readTerms(request)
  const { organisationId, name } = target
  return ctx.database.asSystem(async (tx) => {
    const [known] = await tx
      .select({ id: organisations.id })
      .from(organisations)
      .where(eq(organisations.id, organisationId))
    if (known === undefined) throw new Refusal('organisation_not_found')
    const values = { ...terms, updatedAt: ctx.now }
    await tx
      .insert(insuranceTiers)
      .values({ organisationId, name, ...values })
      .onConflictDoUpdate({ target: [insuranceTiers.organisationId, insuranceTiers.name], set: values })
    const described = { organisation_id: organisationId, ...describeTier({ name, own: true, ...terms }) }
    const answer = { status: 200, body: JSON.stringify(described) }
    await claim.settle(tx, answer)
    return answer
  })
}

interface TierName {
  readonly organisationId: string
  readonly name: string
}

/** Takes an organisation's own terms away. @returns 200, whether or not there were some @throws {Refusal} `live_key_required` */
export async function deleteTier(
  ctx: Context,
  actor: Actor,
  { organisationId, name }: TierName,
  claim: Claim,
): Promise<Answer> {
  requireLive(actor)
  return ctx.database.asSystem(async (tx) => {
    const deleted = await tx
      .delete(insuranceTiers)
      .where(and(eq(insuranceTiers.organisationId, organisationId), eq(insuranceTiers.name, name)))
      .returning({ name: insuranceTiers.name })
    const body = JSON.stringify({ organisation_id: organisationId, name, deleted: deleted.length > 0 })
    await claim.settle(tx, { status: 200, body })
    return { status: 200, body }
  })
}

function readTerms(request: PutTierRequest) {
  const coverage = fromCents(request.coverage)
  if (coverage > DEFAULTS.customerCap) {
    const message = `is more than the ${formatUsd(DEFAULTS.customerCap)} of one customer`
    throw new Refusal('invalid_input', { errors: [{ path: 'coverage', message }] })
  }
  const { risk_score_below: below } = request
  return {
    listPremium: fromCents(request.list_premium),
    coverage,
    days: request.days,
    riskScoreBelow: below === null ? null : Math.round(below * 100),
    slaCostPerMinuteCap: fromCents(request.sla_cost_per_minute_cap),
  }
}

function describeTier(tier: TierOffer): TierDocument {
  return {
    name: tier.name,
    own: tier.own,
    currency: CURRENCY,
    list_premium: toCents(tier.listPremium),
    coverage: toCents(tier.coverage),
    days: tier.days,
    risk_score_below: tier.riskScoreBelow === null ? null : tier.riskScoreBelow / 100,
    sla_cost_per_minute_cap: toCents(tier.slaCostPerMinuteCap),
  }
}
