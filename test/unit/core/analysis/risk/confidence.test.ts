import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confidence } from '../../../../../core/analysis/risk/confidence.ts'
import type { Checks } from '../../../../../schema/wire/certificate.ts'
import { EVIDENCE_LEVELS, type EvidenceLevel } from '../../../../../schema/wire/vocabulary.ts'

const NAMES = ['test_coverage', 'security_scan', 'coupling_analysis', 'incident_similarity'] as const
/** The level of each check's evidence, in the order of `NAMES`; null: not evaluated. */
type Levels = readonly (EvidenceLevel | null)[]

function checksOf(levels: Levels, failed: readonly boolean[] = []): Checks {
  const state = (index: number) => {
    const evidence = levels[index]!
    if (evidence === null)
      return { passed: false, result: 'not_evaluated' as const, evidence, reasons: ['budget'] }
    const passed = !(failed[index] ?? false)
    return { passed, result: passed ? ('passed' as const) : ('failed' as const), evidence, reasons: [] }
  }
  return {
    test_coverage: { ...state(0), value: null, threshold: 0.7 },
    security_scan: { ...state(1), issues_found: null },
    coupling_analysis: { ...state(2), coupling_score: null, threshold: 8 },
    incident_similarity: { ...state(3), arc_matches: null, max_similarity: null },
  }
}

describe('the figures', () => {
  test.each<[Levels, number, boolean, number]>([
    [['E3', 'E3', 'E3', 'E3'], 0, true, 1],
    [['E3', 'E3', 'E3', 'E3'], 1, true, 0.8],
    [['E3', 'E3', 'E3', 'E3'], 0, false, 0.9],
    [['E1', 'E3', 'E1', 'E3'], 0, true, 0.84],
    [['E2', 'E3', 'E2', 'E3'], 0, true, 0.96],
    [['E0', 'E0', 'E0', 'E0'], 0, true, 0.28],
    [[null, 'E3', 'E3', 'E3'], 0, true, 0.8],
    [[null, 'E3', null, 'E3'], 0, true, 0.6],
    [[null, 'E3', null, 'E3'], 0.3, true, 0.54],
    [[null, null, null, null], 0, true, 0.2],
    [[null, null, null, null], 1, false, 0],
  ])('%j, uncertainty %d, size known %s: %d', (levels, uncertainty, sizeKnown, expected) => {
    expect(confidence(checksOf(levels), uncertainty, sizeKnown)).toBe(expected)
  })
})

const levels = fc.array(fc.option(fc.constantFrom(...EVIDENCE_LEVELS)), {
  minLength: NAMES.length,
  maxLength: NAMES.length,
})
const uncertainty = fc.double({ min: 0, max: 1, noNaN: true })
const known = fc.boolean()

describe('for whatever is known, it', () => {
  test('is 0 to 1 with two decimals, and at most 0.6 while two checks are not evaluated', () => {
    fc.assert(
      fc.property(levels, uncertainty, known, (given, unsure, sizeKnown) => {
        const value = confidence(checksOf(given), unsure, sizeKnown)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(given.filter((level) => level === null).length >= 2 ? 0.6 : 1)
        expect(Number(value.toFixed(2))).toBe(value)
      }),
    )
  })

  test('does not fall when evidence is worth more', () => {
    fc.assert(
      fc.property(levels, fc.nat(3), uncertainty, known, (given, index, unsure, sizeKnown) => {
        const ranks = [null, ...EVIDENCE_LEVELS]
        const values = ranks.map((level) => confidence(checksOf(given.with(index, level)), unsure, sizeKnown))
        expect(values).toEqual([...values].sort((a, b) => a - b))
        expect(values.at(-1)).toBeGreaterThan(values[0]!)
      }),
    )
  })

  test('does not rise with the uncertainty of the model, nor without what files were before', () => {
    fc.assert(
      fc.property(levels, uncertainty, uncertainty, (given, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one]
        const at = (unsure: number, sizeKnown: boolean) => confidence(checksOf(given), unsure, sizeKnown)
        expect(at(high, true)).toBeLessThanOrEqual(at(low, true))
        expect(at(low, false)).toBeLessThanOrEqual(at(low, true))
      }),
    )
  })

  test('says nothing of how good the code is', () => {
    fc.assert(
      fc.property(levels, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (given, failed) => {
        expect(confidence(checksOf(given, failed), 0.2, true)).toBe(confidence(checksOf(given), 0.2, true))
      }),
    )
  })
})
