import { desc, eq, gt, sql } from 'drizzle-orm'
import {
  actuarialReviews,
  INSURANCE_STATE_ID,
  insuranceState,
  pricingTables,
} from '../../schema/tables/index.ts'
import type { ActuarialReview } from '../../schema/wire/actuarial.ts'
import type { Context, Transaction } from '../context.ts'
import { type Answer, type Claim, UNCLAIMED } from '../idempotency/claim.ts'
import { evaluateBreaker } from '../insurance/breaker.ts'
import type { PricingParameters } from '../insurance/pricing.ts'
import { accountBalance } from '../ledger/balances.ts'
import { ibnrJournal } from '../ledger/journals.ts'
import { postJournals } from '../ledger/post.ts'
import { Refusal } from '../refusal.ts'
import { describeReview, type Found } from './document.ts'
import { fitPricing, pricingParameters } from './fit.ts'
import { measure } from './measure.ts'
import { reserveIbnr } from './reserve.ts'
import { type MonthNumber, monthName, monthNumber, monthStart } from './triangle.ts'

/**
 * The monthly actuarial review: measures the business at the end of the month, or now if the month is not over; reserves
 * what is incurred and not reported; fits what prices are made of; and has the circuit breaker look at what came of it.
 * Reviewing a month again stores it anew, posts the difference to the reserve, and adds no prices that are there already.
 * A month before the newest review is stored and moves neither the reserve nor prices.
 *
 * @param month `YYYY-MM`; the one before this, unless it is given
 * @throws {Refusal} `invalid_input` for a month that has not begun
 */
export async function reviewMonth(ctx: Context, month?: string): Promise<ActuarialReview> {
  return (await review(ctx, month, UNCLAIMED)).document
}

/** The review of the month that is over, unless there is one. For every night, so that one that failed is made up for. */
export async function reviewDueMonth(ctx: Context): Promise<void> {
  const month = monthName(monthNumber(ctx.now.toISOString()) - 1)
  const [known] = await ctx.database.asSystem((tx) =>
    tx
      .select({ month: actuarialReviews.month })
      .from(actuarialReviews)
      .where(eq(actuarialReviews.month, month)),
  )
  if (known === undefined) await reviewMonth(ctx, month)
}

/** A review that an operator asks for. */
export async function runReview(ctx: Context, month: string | undefined, claim: Claim): Promise<Answer> {
  return (await review(ctx, month, claim)).answer
}

async function review(
  ctx: Context,
  month: string | undefined,
  claim: Claim,
): Promise<{ document: ActuarialReview; answer: Answer }> {
  const found = await findMonth(ctx, chooseMonth(ctx.now, month))
  const stored = await ctx.database.asSystem(async (tx) => {
    const document = await store(ctx, tx, found)
    const answer = { status: 201, body: JSON.stringify(document) }
    await claim.settle(tx, answer)
    return { document, answer }
  })
  await evaluateBreaker(ctx)
  return stored
}

function chooseMonth(now: Date, month: string | undefined): MonthNumber {
  const present = monthNumber(now.toISOString())
  if (month === undefined) return present - 1
  const chosen = monthNumber(month)
  if (chosen > present) {
    throw new Refusal('invalid_input', { errors: [{ path: 'month', message: 'has not begun' }] })
  }
  return chosen
}

/** What a review of that month finds by now. Reads alone. */
export async function findMonth(ctx: Context, month: MonthNumber): Promise<Found> {
  const since = monthStart(month)
  const end = monthStart(month + 1).getTime()
  const valuedAt = new Date(Math.min(ctx.now.getTime(), end))
  const elapsed = (valuedAt.getTime() - since.getTime()) / (end - since.getTime())
  const measured = await measure(ctx, since, valuedAt)
  const fit = fitPricing(measured)
  return { month, valuedAt, measured, fit, reserve: reserveIbnr(measured, fit, month, elapsed) }
}

async function store(ctx: Context, tx: Transaction, found: Found): Promise<ActuarialReview> {
  // One review at a time: each posts the difference to what stands in the books.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('actuarial review', 0))`)
  const month = monthName(found.month)
  const [before] = await tx.select().from(actuarialReviews).where(eq(actuarialReviews.month, month))
  const [later] = await tx
    .select({ month: actuarialReviews.month })
    .from(actuarialReviews)
    .where(gt(actuarialReviews.month, month))
    .limit(1)
  const isNewest = later === undefined
  const pricing = await newestPricing(tx)
  const parameters = pricingParameters(found.fit, (pricing?.version ?? 0) + 1)
  const adds = isNewest && (pricing === undefined || differ(pricing, parameters))
  const ibnrChange = isNewest ? found.reserve.total + (await accountBalance(tx, 'ibnr')) : 0n
  const document = describeReview(found, {
    revision: nextRevision(before?.document as ActuarialReview | undefined, ibnrChange),
    pricingVersion: adds ? parameters.version : (pricing?.version ?? 0),
    ibnrChange,
    subsidy: await readSubsidy(tx),
  })
  if (adds)
    await tx.insert(pricingTables).values({ version: parameters.version, fittedAt: ctx.now, parameters })
  const values = { valuedAt: found.valuedAt, document }
  await tx
    .insert(actuarialReviews)
    .values({ month, ...values })
    .onConflictDoUpdate({ target: actuarialReviews.month, set: values })
  await postJournals(tx, [ibnrJournal(`${month}/${document.revision}`, ibnrChange)], ctx.now)
  return document
}

/** Names the journal: another one only for another posting. */
function nextRevision(before: ActuarialReview | undefined, ibnrChange: bigint): number {
  if (before === undefined) return 1
  return ibnrChange === 0n ? before.revision : before.revision + 1
}

async function newestPricing(tx: Transaction): Promise<PricingParameters | undefined> {
  const [row] = await tx.select().from(pricingTables).orderBy(desc(pricingTables.version)).limit(1)
  return row && { ...(row.parameters as PricingParameters), version: row.version }
}

function differ(before: PricingParameters, after: PricingParameters): boolean {
  return flatten(before) !== flatten(after)
}

/** The database keeps no order of members. */
function flatten({ version: _, ...amounts }: PricingParameters): string {
  return JSON.stringify(
    Object.entries(amounts)
      .flatMap(([kind, values]) => Object.entries(values).map(([name, value]) => `${kind} ${name} ${value}`))
      .sort(),
  )
}

async function readSubsidy(tx: Transaction): Promise<{ budget: bigint; used: bigint }> {
  const [row] = await tx
    .select({ budget: insuranceState.subsidyBudget, used: insuranceState.subsidyUsed })
    .from(insuranceState)
    .where(eq(insuranceState.id, INSURANCE_STATE_ID))
  return row ?? { budget: 0n, used: 0n }
}
