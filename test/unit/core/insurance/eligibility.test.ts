import { describe, expect, test } from 'vitest'
import { type Application, judgeEligibility } from '../../../../core/insurance/eligibility.ts'
import { offeredTiers, type TierOffer } from '../../../../core/insurance/tiers.ts'
import { fromCents } from '../../../../core/money.ts'
import type { IneligibilityCode } from '../../../../schema/wire/insurance.ts'

const NOW = new Date('2026-11-21T12:00:00.000Z')
const usd = (dollars: number) => fromCents(dollars * 100)
const GOOD = {
  revoked: false,
  expiresAt: new Date(NOW.getTime() + 1),
  commitSha: 'c0ffee',
  riskScore: 499,
  policies: 0,
}
const OWN = {
  name: 'startup',
  listPremium: fromCents(12),
  coverage: usd(50_000),
  days: 10,
  riskScoreBelow: 600,
  slaCostPerMinuteCap: usd(1),
}

function judge(
  certificate: Partial<Application['certificate']>,
  name = 'basic',
  coverage?: bigint,
  offered: readonly TierOffer[] = offeredTiers([]),
) {
  const tier = offered.find((candidate) => candidate.name === name)!
  const { reasons, acceptingTier } = judgeEligibility(
    { certificate: { ...GOOD, ...certificate }, tier, coverage },
    offered,
    NOW,
  )
  return { codes: reasons.map(({ code }) => code), acceptingTier }
}

test.each([
  [249, []],
  [250, ['too_many_policies']],
])('%i policies on risk on its commit: %j', (policies, codes) => {
  expect(judge({ policies }).codes).toEqual(codes)
})

describe('eligible', () => {
  test.each<[string, number, string]>([
    ['below five', 499, 'basic'],
    ['below seven', 699, 'pro'],
    ['any score', 1000, 'enterprise'],
  ])('%s: %i in %s', (_, riskScore, tier) => {
    expect(judge({ riskScore }, tier)).toEqual({ codes: [], acceptingTier: null })
  })

  test("coverage up to the tier's limit", () => {
    expect(judge({}, 'basic', usd(5_000)).codes).toEqual([])
  })
})

describe('refused', () => {
  test.each<
    [
      string,
      Partial<Application['certificate']>,
      string,
      bigint | undefined,
      IneligibilityCode[],
      string | null,
    ]
  >([
    ['the limit is below, not at', { riskScore: 500 }, 'basic', undefined, ['risk_score_too_high'], 'pro'],
    ['a critical score', { riskScore: 700 }, 'pro', undefined, ['risk_score_too_high'], 'enterprise'],
    ['too much coverage', {}, 'basic', usd(5_000) + 1n, ['coverage_above_tier'], 'pro'],
    ['more than any tier covers', {}, 'basic', usd(100_001), ['coverage_above_tier'], null],
    [
      'both',
      { riskScore: 700 },
      'basic',
      usd(6_000),
      ['risk_score_too_high', 'coverage_above_tier'],
      'enterprise',
    ],
    ['at the moment of expiry', { expiresAt: NOW }, 'basic', undefined, ['certificate_expired'], null],
    ['revoked', { revoked: true }, 'basic', undefined, ['certificate_revoked'], null],
    ['no commit', { commitSha: null }, 'basic', undefined, ['commit_sha_missing'], null],
  ])('%s', (_, certificate, tier, coverage, codes, acceptingTier) => {
    expect(judge(certificate, tier, coverage)).toEqual({ codes, acceptingTier })
  })

  test('with every reason at once, and no tier that would help', () => {
    const all = { revoked: true, expiresAt: NOW, commitSha: null, riskScore: 1000 }
    expect(judge(all, 'basic', usd(1_000_000))).toEqual({
      codes: [
        'certificate_revoked',
        'certificate_expired',
        'commit_sha_missing',
        'risk_score_too_high',
        'coverage_above_tier',
      ],
      acceptingTier: null,
    })
  })
})

describe('tiers of its own', () => {
  test('are offered by their price', () => {
    expect(offeredTiers([OWN]).map(({ name, own }) => [name, own])).toEqual([
      ['basic', false],
      ['startup', true],
      ['pro', false],
      ['enterprise', false],
    ])
  })

  test('accept before dearer ones do', () => {
    expect(judge({ riskScore: 599 }, 'basic', undefined, offeredTiers([OWN])).acceptingTier).toBe('startup')
    expect(judge({ riskScore: 600 }, 'basic', undefined, offeredTiers([OWN])).acceptingTier).toBe('pro')
  })

  test('replace the general tier of their name', () => {
    const offered = offeredTiers([{ ...OWN, name: 'basic' }])
    expect(offered.filter(({ name }) => name === 'basic')).toHaveLength(1)
    expect(judge({ riskScore: 599 }, 'basic', usd(50_000), offered).codes).toEqual([])
  })
})
