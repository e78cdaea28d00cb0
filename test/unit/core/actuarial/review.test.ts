import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBordereau } from '../../../../core/actuarial/bordereau.ts'
import {
  listReviews,
  readLossRatio,
  readPricing,
  readReview,
  readSummary,
  readTriangle,
} from '../../../../core/actuarial/read.ts'
import { readReport } from '../../../../core/actuarial/report/report.ts'
import { reviewDueMonth, reviewMonth, runReview } from '../../../../core/actuarial/review.ts'
import type { Actor } from '../../../../core/context.ts'
import { once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { openBooks } from '../../../../core/insurance/open-books.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import {
  actuarialReviewListSchema,
  actuarialReviewSchema,
  actuarialSummarySchema,
  lossRatioSchema,
  pricingSchema,
  triangleSchema,
} from '../../../../schema/wire/actuarial.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { lose, sell, usd } from './book-support.ts'

const at = (text: string) => new Date(`${text}T00:00:00.000Z`)
const NOVEMBER = at('2026-11-01')
const DECEMBER = at('2026-12-01')

let core: TestCore
let owner: Actor
let operator: Actor
let certificate: string
/** Paid: $4,000 of $4,000. Reinsured: $80,000, of which $30,000 are ceded. */
let paid: string
let ceded: string
let takenBack: string
beforeAll(async () => {
  core = await startTestCore()
  owner = await core.organisation('Owner')
  operator = await core.operator()
  await openBooks(core.ctx(at('2026-09-01')))
  certificate = (await core.issue(owner)).certificate_id
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const ibnrInBooks = async () => {
  const [row] = await core.db
    .owner`SELECT coalesce(-sum(amount_micros), 0)::text AS amount FROM ledger_balances WHERE account = 'ibnr'`
  return BigInt(row!.amount)
}
const ibnrJournals = async () =>
  (await core.db.owner`SELECT key FROM ledger_journals WHERE kind = 'ibnr' ORDER BY id`).map(({ key }) => key)
const review = async (now: Date, month?: string) =>
  actuarialReviewSchema.parse(await reviewMonth(core.ctx(now), month))

describe('before there is anything', () => {
  test('a review finds nothing, reserves nothing, and prices with the priors', async () => {
    const found = await review(at('2026-10-01'))
    expect(found).toMatchObject({
      month: '2026-09',
      revision: 1,
      pricing_version: 1,
      total: { loss_ratio: null, ibnr: 0 },
    })
    expect(found.policies).toMatchObject({ sold: 0, on_risk: 0 })
    expect(await ibnrJournals()).toEqual([])
    const pricing = pricingSchema.parse(await readPricing(core.ctx()))
    expect(pricing).toMatchObject({ version: 1, pricing_mode: 'pilot' })
    expect(pricing.prices.every(({ technical_premium }) => technical_premium === 6_000)).toBe(true)
  })

  test('a month that has not begun is refused', async () => {
    expect(await refusalCode(reviewMonth(core.ctx(at('2026-10-01')), '2026-11'))).toBe('invalid_input')
  })

  test('a month without a review has no report', async () => {
    expect(await refusalCode(readReport(core.ctx(), '2026-08'))).toBe('review_not_found')
    expect(await refusalCode(readTriangle(core.ctx(), 'paid', '2026-08'))).toBe('review_not_found')
  })
})

describe('October', () => {
  beforeAll(async () => {
    const first = await sell(core, owner, certificate, { boundAt: at('2026-10-01') })
    await sell(core, owner, certificate, { boundAt: at('2026-10-16'), bucket: 'MEDIUM' })
    const large = await sell(core, owner, certificate, {
      boundAt: at('2026-10-11'),
      tier: 'enterprise',
      bucket: 'CRITICAL',
    })
    await sell(core, owner, certificate, {
      boundAt: at('2026-10-02'),
      tier: 'pro',
      status: 'cancelled',
      closedAt: at('2026-10-03'),
    })
    await sell(core, owner, certificate, {
      boundAt: at('2026-10-02'),
      status: 'voided',
      closedAt: at('2026-10-04'),
    })
    paid = await lose(core, owner, first, {
      cost: usd(4_000),
      at: at('2026-10-20'),
      paidAt: at('2026-10-21'),
    })
    ceded = await lose(core, owner, large, {
      cost: usd(80_000),
      at: at('2026-10-25'),
      paidAt: at('2026-11-02'),
    })
    takenBack = await lose(core, owner, first, {
      cost: usd(1_000),
      at: at('2026-10-22'),
      paidAt: at('2026-10-23'),
      reversedAt: at('2026-11-05'),
    })
    await lose(core, owner, large, { cost: usd(300), at: at('2026-11-10'), approved: null })
    await sell(core, owner, certificate, { boundAt: at('2026-11-01') })
  })

  test('is measured at its end, whatever came after', async () => {
    const found = await review(NOVEMBER)
    expect(found).toMatchObject({
      month: '2026-10',
      valued_at: NOVEMBER.toISOString(),
      policies: { sold: 5, cancelled: 1, voided: 1, expired: 0, on_risk: 3, coverage_on_risk: 11_000_000 },
      claims: { filed: 3, approved: 3, paid: 2, reversed: 0, denied: 0 },
    })
    // 4,000 + 80,000 + 1,000 incurred; 80,000 of it is not paid yet.
    expect(found.total).toMatchObject({ paid: 500_000, case_reserves: 8_000_000, ceded: 3_000_000 })
    expect(found.triangles.incurred.rows).toEqual([{ origin: '2026-10', cumulative: [8_500_000] }])
    // Basic: all of 31 days less one, half of 30; enterprise: 21 of 90 days; what is cancelled has earned what it has.
    expect(found.total.earned_premium).toBe(Math.round(10 + (10 * 16) / 30 + (50 * 21) / 90 + 25))
    expect(found.total.ultimate).toBe(
      found.total.paid + found.total.case_reserves + found.total.ibnr - found.total.ceded,
    )
    const earned = found.total.earned_premium + found.total.earned_subsidy
    expect(found.total.loss_ratio).toBeCloseTo(found.total.ultimate / earned, 1)
    expect(found.total.loss_ratio_of_premium! > 1_000).toBe(true)
  })

  test('reserves for the cover of its last ten days', async () => {
    const { ibnr, total } = await readReview(core.ctx(), '2026-10')
    expect(ibnr).toMatchObject({
      pattern: 'prior',
      cohorts: [{ origin: '2026-10', method: 'bornhuetter_ferguson' }],
    })
    // $40 a policy at 2 % of $2,000: basic 0 (over, but for its last days) … at most ten days of each.
    expect(total.ibnr).toBeGreaterThan(0)
    expect(total.ibnr).toBeLessThan(3 * 4_000)
    expect(ibnr.change).toBe(ibnr.total)
    expect(await ibnrJournals()).toEqual(['ibnr/2026-10/1'])
  })

  test('that cannot be stored posts nothing', async () => {
    const before = await ibnrJournals()
    const reviews = await core.db.owner`SELECT * FROM actuarial_reviews ORDER BY 1`
    const settle = async () => Promise.reject(new Error('gone'))
    await expect(runReview(core.ctx(at('2026-11-03')), '2026-11', { ...UNCLAIMED, settle })).rejects.toThrow(
      'gone',
    )
    expect(await ibnrJournals()).toEqual(before)
    expect(await core.db.owner`SELECT * FROM actuarial_reviews ORDER BY 1`).toEqual(reviews)
  })

  test('adds up by tier and by risk', async () => {
    const { by_tier, by_bucket, total } = await readReview(core.ctx(), '2026-10')
    for (const segments of [by_tier, by_bucket]) {
      for (const member of ['paid', 'case_reserves', 'ceded'] as const) {
        expect(segments.reduce((sum, segment) => sum + segment[member], 0)).toBe(total[member])
      }
      const reserved = segments.reduce((sum, segment) => sum + segment.ibnr, 0)
      expect(Math.abs(reserved - total.ibnr)).toBeLessThanOrEqual(segments.length)
    }
    expect(by_tier.map(({ name, policies, claims }) => [name, policies, claims])).toEqual([
      ['basic', 2, 1],
      ['pro', 1, 0],
      ['enterprise', 1, 1],
    ])
    expect(by_bucket.find(({ name }) => name === 'CRITICAL')).toMatchObject({ ceded: 3_000_000, claims: 1 })
  })

  test('reviewed again, at the same time or later, comes to the same and posts nothing', async () => {
    const before = await readReview(core.ctx(), '2026-10')
    const [one, two] = await Promise.all([review(NOVEMBER), review(at('2026-11-20'), '2026-10')])
    expect(one).toEqual({ ...before, ibnr: { ...before.ibnr, change: 0 } })
    expect(two).toEqual(one)
    expect(await ibnrJournals()).toEqual(['ibnr/2026-10/1'])
    expect(
      (await core.db.owner`SELECT version FROM pricing_tables ORDER BY 1`).map((row) => row.version),
    ).toEqual([1])
  })

  test('posts the difference under a revision when it comes to something else', async () => {
    await sell(core, owner, certificate, { boundAt: at('2026-10-15'), tier: 'pro', bucket: 'HIGH' })
    const before = await ibnrInBooks()
    const found = await review(at('2026-11-02'), '2026-10')
    expect(found.revision).toBe(2)
    expect(found.ibnr.change).toBeGreaterThan(0)
    expect(await ibnrJournals()).toEqual(['ibnr/2026-10/1', 'ibnr/2026-10/2'])
    const change = (await ibnrInBooks()) - before
    expect(Number(change) / 10_000).toBeCloseTo(found.ibnr.change, 0)
  })
})

describe('November', () => {
  test('replaces the reserve, and shows what was taken back and what is open', async () => {
    const found = await review(DECEMBER)
    expect(found.claims).toMatchObject({ filed: 1, approved: 0, paid: 1, reversed: 1 })
    expect(found.triangles.paid.rows).toEqual([
      { origin: '2026-10', cumulative: [500_000, 8_400_000] },
      { origin: '2026-11', cumulative: [0] },
    ])
    expect(found.triangles.incurred.rows[0]!.cumulative).toEqual([8_500_000, 8_430_000])
    expect(found.total).toMatchObject({ paid: 8_400_000, case_reserves: 30_000, ceded: 3_000_000 })
    expect(found.ibnr.cohorts.map(({ origin }) => origin)).toEqual(['2026-10', '2026-11'])
    expect(Number(await ibnrInBooks()) / 10_000).toBeCloseTo(found.ibnr.total, 0)
  })

  test('a month before the newest is stored and moves nothing', async () => {
    const reserved = await ibnrInBooks()
    const found = await review(DECEMBER, '2026-10')
    expect(found.ibnr.change).toBe(0)
    expect(await ibnrInBooks()).toBe(reserved)
  })

  test('is asked for once for one Idempotency-Key', async () => {
    const claim = { route: 'POST /v1/actuarial/reviews', key: 'k', rawBody: utf8('{}') }
    const run = () =>
      once(core.ctx(DECEMBER), operator, claim, (c) => runReview(core.ctx(DECEMBER), undefined, c))
    const first = await run()
    expect(first.status).toBe(201)
    expect(await run()).toEqual({ ...first, replayed: true })
    expect((await runReview(core.ctx(DECEMBER), '2026-11', UNCLAIMED)).status).toBe(201)
  })

  test('is made up for on any night, once', async () => {
    const reviews = async () => await core.db.owner`SELECT month, document FROM actuarial_reviews ORDER BY 1`
    const before = await reviews()
    await reviewDueMonth(core.ctx(at('2026-12-09')))
    expect(await reviews()).toEqual(before)
    await core.db.owner`DELETE FROM actuarial_reviews WHERE month = '2026-11'`
    await reviewDueMonth(core.ctx(at('2026-12-09')))
    expect((await reviews()).map(({ month }) => month)).toEqual(['2026-09', '2026-10', '2026-11'])
  })

  test('is listed, newest first, and drawn in the loss ratio', async () => {
    const { data } = actuarialReviewListSchema.parse(await listReviews(core.ctx()))
    expect(data.map(({ month }) => month)).toEqual(['2026-11', '2026-10', '2026-09'])
    const asReviewed = lossRatioSchema.parse(await readLossRatio(core.ctx(), '2026-10'))
    expect(asReviewed.months.map(({ month }) => month)).toEqual(['2026-09', '2026-10'])
    expect(asReviewed.total.loss_ratio).toBe(data[1]!.loss_ratio)
    const present = lossRatioSchema.parse(await readLossRatio(core.ctx(at('2026-12-10'))))
    expect(present).toMatchObject({ month: '2026-12', valued_at: at('2026-12-10').toISOString() })
    expect(present.months).toHaveLength(3)
  })

  test('has a triangle as it stands in the middle of a month, with factors of whole months', async () => {
    const triangle = triangleSchema.parse(await readTriangle(core.ctx(at('2026-12-10')), 'incurred'))
    expect(triangle.rows.map(({ cumulative }) => cumulative.length)).toEqual([3, 2, 1])
    expect(triangle.factors).toHaveLength(1)
    expect(triangle.factors[0]).toBeCloseTo(8_430 / 8_500, 4)
  })

  test('agrees with the books', async () => {
    const summary = actuarialSummarySchema.parse(await readSummary(core.ctx(DECEMBER)))
    const { total } = await readReview(core.ctx(), '2026-11')
    expect(summary.books).toMatchObject({
      paid: total.paid,
      case_reserves: total.case_reserves,
      payable: 0,
      ceded: total.ceded,
    })
    expect(Math.abs(summary.books.ibnr - total.ibnr)).toBeLessThanOrEqual(1)
    expect(summary).toMatchObject({
      latest_review: '2026-11',
      breaker: 'open',
      claims: { total: 4, open: 1, approved: 2 },
    })
    expect(summary.policies).toMatchObject({ active: 5, cancelled: 1, voided: 1 })
  })
})

describe('the bordereau', () => {
  const rows = async (month: string) =>
    (await readBordereau(core.ctx(), month)).trimEnd().split('\r\n').slice(1)

  test('has a row for each claim with a ceded part, and none for others', async () => {
    const [row, ...more] = await rows('2026-10')
    expect(more).toEqual([])
    expect(row).toMatch(
      new RegExp(
        `^${ceded},INS-[^,]+,enterprise,CRITICAL,2026-10-25,2026-10-25,,80000.00,50000.00,30000.00,0.00,0.00,paid$`,
      ),
    )
    expect(row).not.toContain(owner.organisationId)
    expect(`${paid}${takenBack}`).not.toContain(row!.split(',')[0]!)
  })

  test('of a month in which nothing moved has its header alone', async () => {
    expect(await rows('2026-11')).toEqual([])
    expect(await readBordereau(core.ctx(), '2026-11')).toMatch(/^claim,policy,[^\r\n]+\r\n$/)
  })

  test('shows in its month what was taken back', async () => {
    const policy = await sell(core, owner, certificate, { boundAt: at('2026-11-02'), tier: 'enterprise' })
    await lose(core, owner, policy, {
      cost: usd(60_000),
      at: at('2026-11-05'),
      paidAt: at('2026-11-06'),
      reversedAt: at('2026-12-05'),
    })
    expect((await rows('2026-11')).join()).toMatch(/2026-11-06,60000.00,50000.00,10000.00,0.00,0.00,closed$/)
    expect((await rows('2026-12')).join()).toMatch(
      /2026-11-06,60000.00,50000.00,10000.00,0.00,10000.00,closed$/,
    )
  })
})
