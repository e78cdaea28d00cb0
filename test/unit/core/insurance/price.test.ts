import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULTS } from '../../../../core/insurance/defaults.ts'
import { findTechnicalPremium, price, riskLevel } from '../../../../core/insurance/price.ts'
import { PRIOR_PRICING, type PricingParameters } from '../../../../core/insurance/pricing.ts'
import { GENERAL_TIERS } from '../../../../core/insurance/tiers.ts'
import { fromCents, maximum } from '../../../../core/money.ts'
import { PRICING_MODES, TIERS, type Tier } from '../../../../schema/wire/money.ts'

const usd = (dollars: number) => fromCents(Math.round(dollars * 100))
const tier = (name: Tier) => GENERAL_TIERS.find((candidate) => candidate.name === name)!

/** The same frequency, severity and reinsurance for every tier and risk. */
function table(frequencyPpb: number, net: bigint, reinsurance = 0n): PricingParameters {
  const each = (value: bigint) => Object.fromEntries(TIERS.map((name) => [name, String(value)]))
  return {
    version: 7,
    frequencies: Object.fromEntries(Object.keys(PRIOR_PRICING.frequencies).map((key) => [key, frequencyPpb])),
    severities: each(net + reinsurance),
    netSeverities: each(net),
    reinsurance: each(reinsurance),
  }
}

describe('the risk level', () => {
  test.each([
    [0, 'LOW'],
    [349, 'LOW'],
    [350, 'MEDIUM'],
    [499, 'MEDIUM'],
    [500, 'HIGH'],
    [699, 'HIGH'],
    [700, 'CRITICAL'],
    [1000, 'CRITICAL'],
  ])('of %i hundredths is %s', (score, level) => expect(riskLevel(score)).toBe(level))
})

describe('before anything is known', () => {
  test.each<[Tier, number]>([
    ['basic', 0.1],
    ['pro', 0.25],
    ['enterprise', 0.5],
  ])('%s costs $60 technically: 2 %% × $2,000 × 1.5', (name, list) => {
    const terms = { coverage: tier(name).coverage, riskScore: 200 }
    expect(price(tier(name), { ...terms, mode: 'pilot' }, PRIOR_PRICING)).toMatchObject({
      listPremium: usd(list),
      technicalPremium: usd(60),
      premium: usd(list),
      subsidy: usd(60) - usd(list),
    })
    expect(price(tier(name), { ...terms, mode: 'technical' }, PRIOR_PRICING)).toMatchObject({
      listPremium: usd(list),
      technicalPremium: usd(60),
      premium: usd(60),
      subsidy: 0n,
    })
  })
})

describe('the technical premium', () => {
  const of = (coverage: bigint, pricing: PricingParameters, name: Tier = 'enterprise') =>
    price(tier(name), { coverage, riskScore: 200, mode: 'pilot' }, pricing)

  test("on the seeds' own figures shows the loss: $500 × 1 % is 5,000 % of the list premium", () => {
    const seeds = table(10_000_000, usd(500))
    const { listPremium, technicalPremium, subsidy } = of(usd(5_000), seeds, 'basic')
    expect(usd(500) / 100n).toBe(50n * listPremium)
    expect(technicalPremium).toBe(usd(7.5))
    expect(subsidy).toBe(usd(7.4))
  })

  test('follows coverage below the limit, and the list premium does not', () => {
    expect(of(usd(500), PRIOR_PRICING)).toMatchObject({ listPremium: usd(0.5), technicalPremium: usd(15) })
    expect(of(usd(2_000), PRIOR_PRICING).technicalPremium).toBe(usd(60))
    expect(of(usd(99_999), PRIOR_PRICING).technicalPremium).toBe(usd(60))
  })

  test('has the cost of reinsurance in it, as far as coverage reaches above the threshold', () => {
    const pricing = table(100_000_000, usd(10_000), usd(3_000))
    expect(of(usd(100_000), pricing).technicalPremium).toBe(usd(1_950))
    expect(of(usd(51_000), pricing).technicalPremium).toBe(usd(1_650))
    expect(of(usd(50_000), pricing).technicalPremium).toBe(usd(1_500))
  })

  test('is at least five cents', () => {
    expect(of(usd(1), table(1, usd(1))).technicalPremium).toBe(fromCents(5))
  })

  test('keeps fractions of a cent, and what is charged does not', () => {
    const pricing = table(33_333_333, usd(9))
    const { technicalPremium } = of(usd(100_000), pricing)
    // 0.033333333 × $9 × 1.5 = $0.4499999955
    expect(technicalPremium).toBe(450_000n)
    const odd = table(33_333_333, usd(13))
    const charged = price(tier('basic'), { coverage: usd(5_000), riskScore: 0, mode: 'technical' }, odd)
    expect(charged).toMatchObject({ technicalPremium: 650_000n, premium: 650_000n })
    const fraction = findTechnicalPremium({
      tableVersion: 1,
      frequencyPpb: 1_234_567n,
      severity: usd(1_000),
      reinsurance: 0n,
    })
    expect(fraction).toBe(1_851_850n)
    expect(fraction % 10_000n).not.toBe(0n)
  })

  test('of a tier of its own is found by the smallest general tier that covers as much', () => {
    const pricing = {
      ...PRIOR_PRICING,
      frequencies: { ...PRIOR_PRICING.frequencies, 'LOW:pro': 40_000_000 },
    }
    const own = { ...tier('pro'), name: 'startup', own: true, coverage: usd(20_000) }
    const terms = { coverage: usd(20_000), riskScore: 200, mode: 'pilot' as const }
    expect(price(own, terms, pricing).technicalPremium).toBe(usd(120))
    expect(price({ ...own, coverage: usd(5_000) }, terms, pricing).technicalPremium).toBe(usd(60))
    expect(price({ ...own, coverage: usd(400_000) }, terms, pricing).technicalPremium).toBe(usd(60))
  })
})

test('whatever the figures: nobody pays less than the list, and the subsidy is what is missing', () => {
  const amounts = fc.bigInt({ min: 0n, max: usd(500_000) })
  fc.assert(
    fc.property(
      fc.record({
        name: fc.constantFrom(...TIERS),
        mode: fc.constantFrom(...PRICING_MODES),
        score: fc.integer({ min: 0, max: 1000 }),
        frequency: fc.integer({ min: 0, max: 1_000_000_000 }),
        net: amounts,
        ceded: amounts,
        coverage: fc.bigInt({ min: fromCents(100), max: usd(500_000) }),
        more: fc.bigInt({ min: 0n, max: usd(1_000) }),
      }),
      ({ name, mode, score, frequency, net, ceded, coverage, more }) => {
        const pricing = table(frequency, net, ceded)
        const at = (cover: bigint) => price(tier(name), { coverage: cover, riskScore: score, mode }, pricing)
        const found = at(coverage)
        expect(found.listPremium).toBe(DEFAULTS.tiers[name].listPremium)
        expect(found.premium).toBeGreaterThanOrEqual(found.listPremium)
        expect(found.premium % fromCents(1)).toBe(0n)
        expect(found.technicalPremium).toBeGreaterThanOrEqual(DEFAULTS.minimumPremium)
        if (mode === 'technical') {
          expect(found.subsidy).toBe(0n)
          expect(found.premium - found.technicalPremium).toBeGreaterThanOrEqual(-fromCents(1) / 2n)
        } else {
          expect(found.premium).toBe(found.listPremium)
          expect(found.subsidy).toBe(maximum(0n, found.technicalPremium - found.listPremium))
        }
        expect(at(coverage + more).technicalPremium).toBeGreaterThanOrEqual(found.technicalPremium)
      },
    ),
  )
})
