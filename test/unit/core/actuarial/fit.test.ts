import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ClaimCell, PolicyCell } from '../../../../core/actuarial/cells.ts'
import { fitPricing, pricingParameters } from '../../../../core/actuarial/fit.ts'
import { currentPrices, suggestPrices } from '../../../../core/actuarial/prices.ts'
import { allocate } from '../../../../core/actuarial/reserve.ts'
import { DEFAULTS } from '../../../../core/insurance/defaults.ts'
import { riskLevel } from '../../../../core/insurance/price.ts'
import { PRIOR_PRICING } from '../../../../core/insurance/pricing.ts'
import { fromCents } from '../../../../core/money.ts'

const dollars = (amount: number) => fromCents(amount * 100)
const policies = (more: Partial<PolicyCell> = {}): PolicyCell => ({
  origin: 24_320,
  tier: 'basic',
  bucket: 'LOW',
  policies: 100,
  coverage: dollars(5_000),
  earnedPremium: 0n,
  earnedSubsidy: 0n,
  exposure: 100,
  known: 100,
  full: 100,
  ...more,
})
const claims = (more: Partial<ClaimCell> = {}): ClaimCell => ({
  origin: 24_320,
  tier: 'basic',
  bucket: 'LOW',
  claims: 2,
  limited: dollars(4_000),
  retained: dollars(4_000),
  ...more,
})

/** Two buckets over two months: one has a claim for each twentieth policy, the other for each second. */
const APART = {
  policies: [24_320, 24_321].flatMap((origin) => [
    policies({ origin, exposure: 1_000 }),
    policies({ origin, exposure: 1_000, bucket: 'MEDIUM' }),
  ]),
  claims: [
    claims({ origin: 24_320, claims: 40 }),
    claims({ origin: 24_321, claims: 60 }),
    claims({ origin: 24_320, claims: 480, bucket: 'MEDIUM' }),
    claims({ origin: 24_321, claims: 520, bucket: 'MEDIUM' }),
  ],
}
const frequencyOf = (measured: typeof APART, key: string) =>
  pricingParameters(fitPricing(measured), 1).frequencies[key]!

describe('prices', () => {
  test('of nothing known are the prior ones', () => {
    expect(pricingParameters(fitPricing({ policies: [], claims: [] }), 0)).toEqual(PRIOR_PRICING)
  })

  test('of buckets that nothing tells apart have the base rate', () => {
    const measured = {
      policies: [policies(), policies({ bucket: 'MEDIUM' })],
      claims: [claims({ claims: 90 })],
    }
    expect(fitPricing(measured).frequency.m).toBeNull()
    expect(frequencyOf(measured, 'LOW:basic')).toBe(Number(DEFAULTS.baseFrequencyPpb))
  })

  test('follow buckets that differ, by (m · 0.02 + x) / (m + n)', () => {
    const { m, buckets } = fitPricing(APART).frequency
    expect(m).toBeGreaterThan(0)
    const medium = buckets.find(({ bucket, tier }) => bucket === 'MEDIUM' && tier === 'basic')!
    expect(medium).toMatchObject({ exposure: 2_000, claims: 1_000, observed: 0.5 })
    expect(medium.frequency / 1e9).toBeCloseTo((m! * 0.02 + 1_000) / (m! + 2_000), 8)
    expect(frequencyOf(APART, 'LOW:basic')).toBeLessThan(frequencyOf(APART, 'MEDIUM:basic'))
    // Nothing was seen of it.
    expect(frequencyOf(APART, 'CRITICAL:enterprise')).toBe(Number(DEFAULTS.baseFrequencyPpb))
  })

  test('limit severities to the coverage, and part what the reinsurer bears', () => {
    const months = [24_320, 24_321]
    const measured = {
      policies: [],
      claims: months.flatMap((origin, index) => [
        claims({ origin, claims: 10, limited: dollars(10_000 + index), retained: dollars(10_000 + index) }),
        claims({
          origin,
          claims: 10,
          tier: 'enterprise',
          limited: dollars(800_000),
          retained: dollars(450_000),
        }),
      ]),
    }
    const fit = fitPricing(measured)
    const [basic, , enterprise] = fit.severity.tiers
    expect(basic!.observed).toBe(dollars(1_000) + fromCents(5))
    expect(enterprise!.limited).toBeGreaterThan(dollars(70_000))
    expect(enterprise!.limited).toBeLessThanOrEqual(dollars(80_000))
    expect(enterprise!.net + enterprise!.ceded).toBe(enterprise!.limited)
    expect(enterprise!.ceded).toBeGreaterThan(dollars(30_000))
    expect(basic!.ceded).toBe(0n)
  })

  test('know tiers of organisations own, by the most that they cover', () => {
    const measured = {
      policies: [policies({ tier: 'gold', coverage: 7n }), policies({ tier: 'gold', coverage: 9n })],
      claims: [],
    }
    expect(pricingParameters(fitPricing(measured), 1).severities.gold).toBe('9')
    const gold = suggestPrices(fitPricing(measured)).filter(({ tier }) => tier === 'gold')
    expect(gold.map(({ list_premium, offered }) => [list_premium, offered])).toEqual(
      Array(4).fill([null, true]),
    )
  })

  test('say what the seeds sell for a tenth of a dollar', () => {
    const basic = suggestPrices(fitPricing({ policies: [], claims: [] })).find(
      ({ tier, bucket }) => tier === 'basic' && bucket === 'LOW',
    )
    // 2 % of $2,000, times 1.5.
    expect(basic).toMatchObject({
      list_premium: 10,
      technical_premium: 6_000,
      severity: 200_000,
      frequency: 0.02,
    })
  })

  test('are offered for the risks that a tier takes', () => {
    const offered = currentPrices(PRIOR_PRICING).filter((price) => price.offered)
    expect(offered.map(({ tier, bucket }) => `${tier} ${bucket}`)).toEqual([
      'basic LOW',
      'basic MEDIUM',
      'pro LOW',
      'pro MEDIUM',
      'pro HIGH',
      'enterprise LOW',
      'enterprise MEDIUM',
      'enterprise HIGH',
      'enterprise CRITICAL',
    ])
    expect([349, 350, 499, 500, 699, 700].map(riskLevel)).toEqual([
      'LOW',
      'MEDIUM',
      'MEDIUM',
      'HIGH',
      'HIGH',
      'CRITICAL',
    ])
  })

  test('are whole numbers within what was seen and the prior, whatever was seen', () => {
    const policyCell = fc.record({
      origin: fc.integer({ min: 1, max: 6 }),
      bucket: fc.constantFrom('LOW', 'MEDIUM', 'HIGH', 'CRITICAL'),
      exposure: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e7, noNaN: true })),
    })
    const claimCell = fc.record({
      origin: fc.integer({ min: 1, max: 6 }),
      bucket: fc.constantFrom('LOW', 'HIGH'),
      tier: fc.constantFrom('basic', 'pro'),
      claims: fc.integer({ min: 0, max: 1_000 }),
      limited: fc.bigInt({ min: 0n, max: 10n ** 13n }),
    })
    fc.assert(
      fc.property(fc.array(policyCell), fc.array(claimCell), (sold, lost) => {
        const fit = fitPricing({
          policies: sold.map((cell) => policies(cell)),
          claims: lost.map((cell) => claims({ ...cell, retained: cell.limited / 2n })),
        })
        for (const { frequency, credibility } of fit.frequency.buckets) {
          expect(Number.isSafeInteger(frequency) && frequency >= 0).toBe(true)
          expect(credibility >= 0 && credibility <= 1).toBe(true)
        }
        for (const { limited, net, ceded } of fit.severity.tiers) {
          expect(net + ceded).toBe(limited)
          expect(net >= 0n && ceded >= 0n).toBe(true)
        }
      }),
    )
  })
})

describe('allocating', () => {
  test('loses nothing and makes no part negative', () => {
    const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e12, noNaN: true })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), weights, (total, shares) => {
        const parts = allocate(total, shares)
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(total)
        expect(parts.every((part) => part >= 0n)).toBe(true)
      }),
    )
  })

  test('gives in proportion', () => {
    expect(allocate(100n, [1, 3])).toEqual([25n, 75n])
    expect(allocate(100n, [0, 0])).toEqual([0n, 100n])
    expect(allocate(5n, [])).toEqual([])
  })
})
