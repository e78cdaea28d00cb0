import { desc, eq, lte, sql } from 'drizzle-orm'
import { actuarialReviews, insuranceState, pricingTables } from '../../schema/tables/index.ts'
import type {
  ActuarialReview,
  ActuarialReviewList,
  ActuarialSummary,
  LossRatio,
  Pricing,
  TriangleDocument,
} from '../../schema/wire/actuarial.ts'
import { CURRENCY } from '../../schema/wire/money.ts'
import { RISK_LEVELS } from '../../schema/wire/vocabulary.ts'
import type { Context, Transaction } from '../context.ts'
import { currentPricing } from '../insurance/pricing.ts'
import { accountBalance, bookFigures } from '../ledger/balances.ts'
import { toCents } from '../money.ts'
import { Refusal } from '../refusal.ts'
import { describeSubsidy, describeTriangle } from './document.ts'
import { lossRatio, segmentFigures, totalFigures } from './figures.ts'
import { currentPrices } from './prices.ts'
import { findMonth } from './review.ts'
import { monthName, monthNumber } from './triangle.ts'

/** Reviews that are listed or drawn: of ten years. */
const MAX_REVIEWS = 120

/** Where the business stands at this moment, by the books. For operators, like all here. */
export async function readSummary(ctx: Context): Promise<ActuarialSummary> {
  return ctx.database.asSystem(async (tx) => {
    const books = await bookFigures(tx)
    const unearned = await accountBalance(tx, 'unearned_premium')
    const [state] = await tx.select().from(insuranceState)
    const [newest] = await tx
      .select({ month: actuarialReviews.month })
      .from(actuarialReviews)
      .orderBy(desc(actuarialReviews.month))
      .limit(1)
    const ultimate = books.paidClaims + books.claimsPayable + books.caseReserves + books.ibnr - books.ceded
    return {
      as_of: ctx.now.toISOString(),
      currency: CURRENCY,
      ...(await countPolicies(tx)),
      claims: await countClaims(tx),
      books: {
        earned_premium: toCents(books.earnedPremium),
        unearned: toCents(-unearned),
        paid: toCents(books.paidClaims),
        payable: toCents(books.claimsPayable),
        case_reserves: toCents(books.caseReserves),
        ibnr: toCents(books.ibnr),
        ceded: toCents(books.ceded),
        recoverable: toCents(books.recoverable),
        reserve_cash: toCents(books.reserveCash),
        loss_ratio: lossRatio(ultimate, books.earnedPremium),
      },
      subsidy: describeSubsidy({ budget: state?.subsidyBudget ?? 0n, used: state?.subsidyUsed ?? 0n }),
      // Nothing is bound before the books are opened.
      breaker: state?.breaker ?? 'halted',
      pricing_version: (await currentPricing(tx)).version,
      latest_review: newest?.month ?? null,
    }
  })
}

/** The triangle at this moment; with a month, as the review of that month found it. @throws {Refusal} `review_not_found` */
export async function readTriangle(
  ctx: Context,
  kind: 'incurred' | 'paid',
  month?: string,
): Promise<TriangleDocument> {
  if (month !== undefined) return (await readReview(ctx, month)).triangles[kind]
  return describeTriangle(await findMonth(ctx, monthNumber(ctx.now.toISOString())), kind)
}

/** The loss ratio at this moment, or as the review of a month found it, and what each review before found. */
export async function readLossRatio(ctx: Context, month?: string): Promise<LossRatio> {
  const months = (await readMonths(ctx, month)).map(({ month, total }) => ({
    month,
    loss_ratio: total.loss_ratio,
  }))
  if (month !== undefined) {
    const { valued_at, currency, total, by_tier, by_bucket } = await readReview(ctx, month)
    return { month, valued_at, currency, total, by_tier, by_bucket, months }
  }
  const { valuedAt, measured, fit, reserve, ...found } = await findMonth(
    ctx,
    monthNumber(ctx.now.toISOString()),
  )
  const tiers = fit.tiers.map(({ tier }) => tier)
  return {
    month: monthName(found.month),
    valued_at: valuedAt.toISOString(),
    currency: CURRENCY,
    total: totalFigures(measured, reserve),
    by_tier: segmentFigures(measured, reserve, 'tier', tiers),
    by_bucket: segmentFigures(measured, reserve, 'bucket', RISK_LEVELS),
    months,
  }
}

export async function readPricing(ctx: Context): Promise<Pricing> {
  return ctx.database.asSystem(async (tx) => {
    const parameters = await currentPricing(tx)
    const [fitted] = await tx
      .select({ at: pricingTables.fittedAt })
      .from(pricingTables)
      .where(eq(pricingTables.version, parameters.version))
    return {
      version: parameters.version,
      fitted_at: fitted?.at.toISOString() ?? null,
      pricing_mode: ctx.settings.insurance.pricingMode,
      currency: CURRENCY,
      prices: currentPrices(parameters),
    }
  })
}

/** Newest first. */
export async function listReviews(ctx: Context): Promise<ActuarialReviewList> {
  const reviews = (await readMonths(ctx)).toReversed()
  return {
    data: reviews.map(({ month, valued_at, revision, pricing_version, total }) => ({
      month,
      valued_at,
      revision,
      pricing_version,
      ibnr: total.ibnr,
      ultimate: total.ultimate,
      loss_ratio: total.loss_ratio,
    })),
    next_cursor: null,
  }
}

/** @throws {Refusal} `review_not_found` */
export async function readReview(ctx: Context, month: string): Promise<ActuarialReview> {
  const [row] = await ctx.database.asSystem((tx) =>
    tx
      .select({ document: actuarialReviews.document })
      .from(actuarialReviews)
      .where(eq(actuarialReviews.month, month)),
  )
  if (row === undefined) throw new Refusal('review_not_found')
  return row.document as ActuarialReview
}

type Month = Pick<ActuarialReview, 'month' | 'valued_at' | 'revision' | 'pricing_version' | 'total'>

/** What of each review makes a line, oldest first: the newest ones up to `until`. */
export async function readMonths(ctx: Context, until = '9999-12'): Promise<Month[]> {
  const member = (name: string) => sql`'${sql.raw(name)}', document -> '${sql.raw(name)}'`
  const newest = await ctx.database.asSystem((tx) =>
    tx
      .select({
        line: sql<Month>`jsonb_build_object(${sql.join(
          ['month', 'valued_at', 'revision', 'pricing_version', 'total'].map(member),
          sql`, `,
        )})`,
      })
      .from(actuarialReviews)
      .where(lte(actuarialReviews.month, until))
      .orderBy(desc(actuarialReviews.month))
      .limit(MAX_REVIEWS),
  )
  return newest.map(({ line }) => line).reverse()
}

async function countPolicies(
  tx: Transaction,
): Promise<Pick<ActuarialSummary, 'policies' | 'coverage_on_risk'>> {
  const rows = await tx.execute<{ status: string; policies: number; coverage: string }>(sql`
    SELECT status, count(*)::int AS policies, sum(coverage_micros)::text AS coverage
    FROM insurance_policies GROUP BY status ORDER BY status`)
  const onRisk = rows.filter(({ status }) => status === 'bound' || status === 'active')
  return {
    policies: Object.fromEntries(rows.map(({ status, policies }) => [status, policies])),
    coverage_on_risk: toCents(onRisk.reduce((sum, { coverage }) => sum + BigInt(coverage), 0n)),
  }
}

async function countClaims(tx: Transaction): Promise<ActuarialSummary['claims']> {
  const [row] = await tx.execute<{ open: number; approved: number; total: number }>(sql`
    SELECT count(*) FILTER (WHERE status IN ('filed', 'in_review', 'disputed'))::int AS open,
      count(*) FILTER (WHERE approved_micros > 0)::int AS approved, count(*)::int AS total
    FROM insurance_claims`)
  return { ...row! }
}
