import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { riskLevel, score } from '../../../../core/analysis/score.ts'
import type { ChangeMetrics, Checks } from '../../../../schema/wire/certificate.ts'

type CheckName = keyof Checks
const NAMES: readonly CheckName[] = [
  'test_coverage',
  'security_scan',
  'coupling_analysis',
  'incident_similarity',
]

const SMALL: ChangeMetrics = {
  files: 1,
  directories: 1,
  subsystems: 1,
  lines_added: 1,
  lines_deleted: 0,
  entropy: 0,
}

/** Checks of which those in `missing` were not evaluated, and the scan found `issues`. */
function makeChecks(missing: readonly CheckName[], issues: number): Checks {
  const state = (name: CheckName, passed: boolean) =>
    missing.includes(name)
      ? { passed: false, result: 'not_evaluated' as const, evidence: null, reasons: [] }
      : {
          passed,
          result: passed ? ('passed' as const) : ('failed' as const),
          evidence: 'E3' as const,
          reasons: [],
        }
  return {
    test_coverage: { ...state('test_coverage', true), value: null, threshold: 0.7 },
    security_scan: {
      ...state('security_scan', issues === 0),
      issues_found: missing.includes('security_scan') ? null : issues,
    },
    coupling_analysis: { ...state('coupling_analysis', true), coupling_score: null, threshold: 8 },
    incident_similarity: { ...state('incident_similarity', true), arc_matches: null, max_similarity: null },
  }
}

const metrics = fc.record({
  files: fc.nat(500),
  directories: fc.nat(500),
  subsystems: fc.nat(50),
  lines_added: fc.nat(100_000),
  lines_deleted: fc.nat(100_000),
  entropy: fc.double({ min: 0, max: 1, noNaN: true }),
})
const missing = fc.subarray([...NAMES])
const issues = fc.nat(30)

describe('the score only grows', () => {
  test.each(['files', 'directories', 'subsystems', 'lines_added', 'lines_deleted', 'entropy'] as const)(
    'with %s',
    (name) => {
      fc.assert(
        fc.property(
          metrics,
          missing,
          issues,
          fc.double({ min: 0, max: 1, noNaN: true }),
          (change, gaps, found, more) => {
            const larger = {
              ...change,
              [name]:
                name === 'entropy'
                  ? Math.min(1, change.entropy + more)
                  : change[name] + Math.ceil(more * 1000),
            }
            const checks = makeChecks(gaps, found)
            expect(score(larger, checks, true).riskScore).toBeGreaterThanOrEqual(
              score(change, checks, true).riskScore,
            )
          },
        ),
      )
    },
  )

  test('with findings', () => {
    fc.assert(
      fc.property(
        metrics,
        fc.subarray(NAMES.filter((name) => name !== 'security_scan')),
        issues,
        fc.nat(5),
        (change, gaps, found, more) => {
          const before = score(change, makeChecks(gaps, found), true).riskScore
          expect(score(change, makeChecks(gaps, found + more), true).riskScore).toBeGreaterThanOrEqual(before)
        },
      ),
    )
  })

  test('with missing evidence of checks that had nothing to say against the change', () => {
    fc.assert(
      fc.property(metrics, missing, fc.constantFrom(...NAMES), (change, gaps, withheld) => {
        const before = score(change, makeChecks(gaps, 0), true).riskScore
        const after = score(change, makeChecks([...new Set([...gaps, withheld])], 0), true).riskScore
        expect(after).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  test('and a first finding, a size and a gap each move it', () => {
    const base = score(SMALL, makeChecks([], 0), true).riskScore
    expect(score(SMALL, makeChecks([], 1), true).riskScore).toBeGreaterThanOrEqual(base + 3.5)
    expect(score({ ...SMALL, lines_added: 1_000 }, makeChecks([], 0), true).riskScore).toBeGreaterThan(base)
    expect(score({ ...SMALL, lines_deleted: 1_000 }, makeChecks([], 0), true).riskScore).toBeGreaterThan(base)
    expect(score({ ...SMALL, files: 16 }, makeChecks([], 0), true).riskScore).toBeGreaterThan(base)
    expect(score({ ...SMALL, entropy: 1 }, makeChecks([], 0), true).riskScore).toBeGreaterThan(base)
    for (const name of NAMES)
      expect(score(SMALL, makeChecks([name], 0), true).riskScore).toBeGreaterThan(base)
  })
})

test('the score is of ten, with one decimal, and its level is the one of the bounds', () => {
  fc.assert(
    fc.property(metrics, missing, issues, fc.boolean(), (change, gaps, found, known) => {
      const { riskScore, riskLevel: level } = score(change, makeChecks(gaps, found), known)
      expect(riskScore).toBeGreaterThanOrEqual(0)
      expect(riskScore).toBeLessThanOrEqual(10)
      expect(Number(riskScore.toFixed(1))).toBe(riskScore)
      expect(level).toBe(riskLevel(riskScore))
    }),
  )
})

test('the worst of everything is 10, and CRITICAL', () => {
  const worst = {
    files: 500,
    directories: 500,
    subsystems: 50,
    lines_added: 1e6,
    lines_deleted: 1e6,
    entropy: 1,
  }
  const gaps = NAMES.filter((name) => name !== 'security_scan')
  expect(score(worst, makeChecks(gaps, 100), false)).toMatchObject({ riskScore: 10, riskLevel: 'CRITICAL' })
})

test('a hundred lines with a secret in them are no less than HIGH', () => {
  const gaps = NAMES.filter((name) => name !== 'security_scan')
  expect(score({ ...SMALL, lines_added: 100 }, makeChecks(gaps, 1), true).riskLevel).toMatch(
    /^(HIGH|CRITICAL)$/,
  )
})

test.each([
  [0, 'LOW'],
  [3.4, 'LOW'],
  [3.49999, 'LOW'],
  [3.5, 'MEDIUM'],
  [4.9, 'MEDIUM'],
  [5, 'HIGH'],
  [6.9, 'HIGH'],
  [7, 'CRITICAL'],
  [10, 'CRITICAL'],
])('%d is %s', (value, level) => {
  expect(riskLevel(value)).toBe(level)
})

describe('confidence', () => {
  test.each<[CheckName[], boolean, number]>([
    [[], true, 1],
    [[], false, 0.8],
    [['test_coverage'], true, 0.8],
    [['test_coverage', 'coupling_analysis'], true, 0.6],
    [['test_coverage', 'coupling_analysis', 'incident_similarity'], true, 0.4],
    [['test_coverage', 'coupling_analysis', 'incident_similarity'], false, 0.2],
    [[...NAMES], false, 0],
  ])('without %j, previous content known: %s, is %d', (gaps, known, expected) => {
    expect(score(SMALL, makeChecks(gaps, 0), known).confidence).toBe(expected)
  })

  test('is at most 0.6 with two checks or more not evaluated, and never grows with a gap', () => {
    fc.assert(
      fc.property(metrics, missing, issues, fc.boolean(), (change, gaps, found, known) => {
        const { confidence } = score(change, makeChecks(gaps, found), known)
        if (gaps.length >= 2) expect(confidence).toBeLessThanOrEqual(0.6)
        for (const name of NAMES) {
          const more = makeChecks([...new Set([...gaps, name])], found)
          expect(score(change, more, known).confidence).toBeLessThanOrEqual(confidence)
        }
      }),
    )
  })

  test('says nothing of how good the code is', () => {
    expect(score(SMALL, makeChecks([], 9), true).confidence).toBe(
      score(SMALL, makeChecks([], 0), true).confidence,
    )
  })
})

test('the explanation has the points of the score, the largest first', () => {
  fc.assert(
    fc.property(metrics, missing, issues, (change, gaps, found) => {
      const { explanation, riskScore } = score(change, makeChecks(gaps, found), true)
      const points = explanation.map((line) => {
        expect(line).toMatch(/^(size|diffusion|missing_evidence|security_issues): \d+(\.\d)?$/)
        return Number(line.split(': ')[1])
      })
      expect(points).toEqual([...points].sort((a, b) => b - a))
      const total = points.reduce((sum, value) => sum + value, 0)
      expect(Math.abs(Math.min(10, total) - riskScore)).toBeLessThanOrEqual(0.31)
    }),
  )
})
