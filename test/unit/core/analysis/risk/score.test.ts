import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_POINTS, riskLevel, type ScoreInput, score } from '../../../../../core/analysis/risk/score.ts'
import { SEVERITIES, type Severity } from '../../../../../schema/wire/vocabulary.ts'

/** All that could be known is known, and nothing speaks against the change. */
const HARMLESS: ScoreInput = {
  percentile: 0,
  findings: [],
  reported: [],
  coverage: 1,
  coupling: { history: 0, ownGraph: 0, hintedGraph: 0 },
  similarity: 0,
}
const NOTHING_KNOWN: ScoreInput = {
  percentile: 1,
  findings: null,
  reported: null,
  coverage: null,
  coupling: { history: null, ownGraph: null, hintedGraph: null },
  similarity: null,
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true })
const ofTen = fc.double({ min: 0, max: 10, noNaN: true })
const severity = fc.constantFrom(...SEVERITIES)
const severities = fc.array(severity, { maxLength: 30 })
const inputs: fc.Arbitrary<ScoreInput> = fc.record({
  percentile: fraction,
  findings: fc.option(severities),
  reported: fc.option(severities),
  coverage: fc.option(fraction),
  coupling: fc.record({
    history: fc.option(ofTen),
    ownGraph: fc.option(ofTen),
    hintedGraph: fc.option(ofTen),
  }),
  similarity: fc.option(fraction),
})

/** The same input once as it is and once worse: neither the score nor its level may be lower then. */
function expectNoLower(before: ScoreInput, after: ScoreInput): void {
  const [one, other] = [score(before), score(after)]
  expect(other.riskScore).toBeGreaterThanOrEqual(one.riskScore)
  const order = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']
  expect(order.indexOf(other.riskLevel)).toBeGreaterThanOrEqual(order.indexOf(one.riskLevel))
}

const more = (value: number | null, by: number, most: number) =>
  value === null ? null : Math.min(most, value + by)

describe('never lowered by', () => {
  test.each(['findings', 'reported'] as const)(
    'one more of its %s, of any severity, at any place',
    (name) => {
      fc.assert(
        fc.property(inputs, severity, fc.nat(), (input, added, at) => {
          const list = [...(input[name] ?? [])]
          const before = { ...input, [name]: list }
          const after = { ...input, [name]: list.toSpliced(at % (list.length + 1), 0, added) }
          expectNoLower(before, after)
        }),
      )
    },
  )

  test.each(['findings', 'reported'] as const)('a graver one among its %s', (name) => {
    fc.assert(
      fc.property(
        inputs,
        fc.array(severity, { minLength: 1, maxLength: 30 }),
        fc.nat(),
        (input, list, at) => {
          const index = at % list.length
          const graver = SEVERITIES[Math.min(SEVERITIES.length - 1, SEVERITIES.indexOf(list[index]!) + 1)]!
          expectNoLower({ ...input, [name]: list }, { ...input, [name]: list.with(index, graver) })
        },
      ),
    )
  })

  const rising: [string, (input: ScoreInput, by: number) => ScoreInput][] = [
    ['a higher percentile', (input, by) => ({ ...input, percentile: more(input.percentile, by, 1)! })],
    [
      'less coverage',
      (input, by) => ({
        ...input,
        coverage: input.coverage === null ? null : Math.max(0, input.coverage - by),
      }),
    ],
    ['a closer match', (input, by) => ({ ...input, similarity: more(input.similarity, by, 1) })],
    ...(['history', 'ownGraph', 'hintedGraph'] as const).map(
      (name): [string, (input: ScoreInput, by: number) => ScoreInput] => [
        `more coupling (${name})`,
        (input, by) => ({
          ...input,
          coupling: { ...input.coupling, [name]: more(input.coupling[name], by * 10, 10) },
        }),
      ],
    ),
  ]
  test.each(rising)('%s', (_, worsen) => {
    fc.assert(fc.property(inputs, fraction, (input, by) => expectNoLower(input, worsen(input, by))))
  })

  test.each(['findings', 'reported', 'coverage', 'similarity'] as const)('%s being left out', (name) => {
    fc.assert(fc.property(inputs, (input) => expectNoLower(input, { ...input, [name]: null })))
  })

  test.each(['history', 'hintedGraph'] as const)('coupling from %s being left out', (name) => {
    fc.assert(
      fc.property(inputs, (input) =>
        expectNoLower(input, { ...input, coupling: { ...input.coupling, [name]: null } }),
      ),
    )
  })
})

describe('moved by each thing that it is made of', () => {
  test.each<[string, Partial<ScoreInput>, string, number]>([
    ['the percentile', { percentile: 1 }, 'change_risk', 3.5],
    ['half of it', { percentile: 0.5 }, 'change_risk', 1.75],
    ['a low finding', { findings: ['low'] }, 'security_findings', 0.5],
    ['a medium finding', { findings: ['medium'] }, 'security_findings', 2],
    ['a high finding', { findings: ['high'] }, 'security_findings', 3.5],
    ['a critical finding', { findings: ['critical'] }, 'security_findings', 5],
    ['the worst finding, and each further one', { findings: ['low', 'high', 'low'] }, 'security_findings', 4],
    ['a hundred findings', { findings: Array<Severity>(100).fill('low') }, 'security_findings', 6],
    ['a scan that was too much', { findings: null }, 'not_scanned', 6],
    ['a reported finding', { reported: ['low'] }, 'reported_findings', 0.1],
    ['the worst that is reported', { reported: ['low', 'critical'] }, 'reported_findings', 0.5],
    ['no report of a scan', { reported: null }, 'missing_static_analysis', 0.5],
    ['half of the lines covered', { coverage: 0.5 }, 'uncovered_changes', 0.75],
    ['none of the lines covered', { coverage: 0 }, 'uncovered_changes', 1.5],
    ['no report of coverage', { coverage: null }, 'missing_coverage', 1.5],
    ['the closest match', { similarity: 1 }, 'incident_similarity', 2],
    ['a match like that of twins', { similarity: 0.6 }, 'incident_similarity', 2],
    ['half way there', { similarity: 0.35 }, 'incident_similarity', 1],
    ['a comparison that was too much', { similarity: null }, 'not_compared', 2],
    ['change coupling', { coupling: { history: 10, ownGraph: 0, hintedGraph: 0 } }, 'change_coupling', 0.7],
    ['its own graph', { coupling: { history: 0, ownGraph: 10, hintedGraph: 0 } }, 'dependencies', 0.15],
    ['both graphs', { coupling: { history: 0, ownGraph: 10, hintedGraph: 10 } }, 'dependencies', 0.3],
    ['no history', { coupling: { history: null, ownGraph: 0, hintedGraph: 0 } }, 'missing_history', 0.7],
    [
      'no graph around it',
      { coupling: { history: 0, ownGraph: 0, hintedGraph: null } },
      'missing_import_graph',
      0.15,
    ],
  ])('%s', (_, change, code, points) => {
    const { contributions, riskScore } = score({ ...HARMLESS, ...change })
    expect(contributions).toEqual([{ code, points }])
    expect(riskScore).toBe(Math.round(points * 10) / 10)
  })

  test('and not by what any two pieces of code have in common', () => {
    expect(score({ ...HARMLESS, similarity: 0.1 }).contributions).toEqual([])
  })

  test('no graph of its own is none of its fault', () => {
    expect(score({ ...HARMLESS, coupling: { ...HARMLESS.coupling, ownGraph: null } }).riskScore).toBe(0)
  })
})

test.each<[keyof typeof MAX_POINTS, keyof typeof MAX_POINTS]>([
  ['missing_static_analysis', 'reported_findings'],
  ['missing_coverage', 'uncovered_changes'],
  ['missing_history', 'change_coupling'],
  ['not_scanned', 'security_findings'],
  ['not_compared', 'incident_similarity'],
])('%s costs no less than the worst that %s can', (missing, worst) => {
  expect(MAX_POINTS[missing]).toBeGreaterThanOrEqual(MAX_POINTS[worst])
})

test('is of ten, with one decimal, and its level is the one of the bounds', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { riskScore, riskLevel: level } = score(input)
      expect(riskScore).toBeGreaterThanOrEqual(0)
      expect(riskScore).toBeLessThanOrEqual(10)
      expect(Number(riskScore.toFixed(1))).toBe(riskScore)
      expect(level).toBe(riskLevel(riskScore))
    }),
  )
})

test('nothing against it is 0, and LOW; nothing known is 10, and CRITICAL', () => {
  expect(score(HARMLESS)).toEqual({ riskScore: 0, riskLevel: 'LOW', contributions: [] })
  expect(score(NOTHING_KNOWN)).toMatchObject({ riskScore: 10, riskLevel: 'CRITICAL' })
})

test.each([
  [0, 'LOW'],
  [3.4, 'LOW'],
  [3.49999, 'LOW'],
  [3.5, 'MEDIUM'],
  [4.9, 'MEDIUM'],
  [4.99999, 'MEDIUM'],
  [5, 'HIGH'],
  [6.9, 'HIGH'],
  [6.99999, 'HIGH'],
  [7, 'CRITICAL'],
  [10, 'CRITICAL'],
])('%d is %s', (value, level) => {
  expect(riskLevel(value)).toBe(level)
})

test('its contributions are its points, the largest first, none of them 0, each code once', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { contributions, riskScore } = score(input)
      const points = contributions.map((contribution) => contribution.points)
      expect(points).toEqual([...points].sort((a, b) => b - a))
      expect(points.every((value) => value > 0 && Number(value.toFixed(2)) === value)).toBe(true)
      expect(new Set(contributions.map(({ code }) => code)).size).toBe(contributions.length)
      for (const { code, points: shown } of contributions) {
        expect(shown).toBeLessThanOrEqual(MAX_POINTS[code])
      }
      const total = points.reduce((sum, value) => sum + value, 0)
      // The score is rounded to a tenth, and each of at most eight parts to a hundredth.
      expect(Math.abs(Math.min(10, total) - riskScore)).toBeLessThanOrEqual(0.05 + 8 * 0.005 + 1e-9)
    }),
  )
})
