import { describe, expect, test } from 'vitest'
import { fingerprintFiles } from '../../../../core/arc/fingerprints.ts'
import { checksSchema } from '../../../../schema/wire/certificate.ts'
import { lcov, sarif } from '../../../support/evidence.ts'
import { analyse, examineRequest, pointsOf, SECRET } from './analysis-support.ts'

const COMMIT = 'a'.repeat(40)
const FILES = [
  { path: 'src/hidden.ts', content: 'export function sum(a: number, b: number) {\n  return a + b\n}\n' },
]
const coverage = (hits: Record<number, number>, more: object = {}) => [
  { name: 'hidden.info', content: lcov({ 'src/hidden.ts': hits }), ...more },
]

/** 30 commits in which the file changes with a partner that the change does not have. */
const HISTORY = Array.from({ length: 30 }, (_, i) => ({
  time: '2026-11-21T02:48:23Z',
  paths: i % 2 === 0 ? ['src/hidden.ts', 'src/partner.ts'] : [`src/other-${i}.ts`],
}))

describe('without evidence', () => {
  test('nothing passes that needs some, and its figures are null', async () => {
    const { checks } = await analyse({ files: FILES })
    expect(checksSchema.parse(checks)).toEqual(checks)
    expect(checks.test_coverage).toEqual({
      passed: false,
      result: 'not_evaluated',
      evidence: null,
      reasons: ['no_coverage_report'],
      value: null,
      threshold: 0.7,
      project_value: null,
    })
    expect(checks.coupling_analysis).toEqual({
      passed: false,
      result: 'not_evaluated',
      evidence: null,
      reasons: ['no_history_or_import_graph'],
      coupling_score: null,
      threshold: 8,
    })
  })

  test('what is computed here passes on evidence of its own', async () => {
    const { checks } = await analyse({ files: FILES })
    expect(checks.security_scan).toEqual({
      passed: true,
      result: 'passed',
      evidence: 'E3',
      reasons: [],
      issues_found: 0,
    })
    expect(checks.incident_similarity).toMatchObject({
      passed: true,
      result: 'passed',
      evidence: 'E3',
      arc_matches: [],
    })
  })

  test('what is missing is said in the score, as its worst', async () => {
    const analysis = await analyse({ files: FILES })
    const codes = analysis.contributions.map(({ code }) => code)
    expect(codes).toEqual(
      expect.arrayContaining([
        'missing_coverage',
        'missing_history',
        'missing_import_graph',
        'missing_static_analysis',
      ]),
    )
    expect(analysis.confidence).toBeLessThanOrEqual(0.6)
  })

  test.each<[string, object]>([
    ['empty lists', { coverage: [], sarif: [], history: [], imports: [] }],
    ['nothing', {}],
  ])('evidence of %s is none', async (_, evidence) => {
    const [with_, without] = [await analyse({ files: FILES, evidence }), await analyse({ files: FILES })]
    expect(with_.checks.test_coverage).toEqual(without.checks.test_coverage)
    expect(with_.checks.security_scan).toEqual(without.checks.security_scan)
    expect(with_.checks.coupling_analysis.result).toBe('not_evaluated')
    expect(with_.riskScore).toBe(without.riskScore)
  })
})

describe('a change with nothing to look at', () => {
  test.each([
    ['deletes only', 'a\n', 'a\nb\n'],
    ['changes nothing', 'a\n', 'a\n'],
    ['empties a file', '', 'a\n'],
  ])('that %s has nothing scanned nor compared', async (_, content, previous_content) => {
    const { checks } = await analyse({ files: [{ path: 'a.ts', content, previous_content }] })
    expect(checks.security_scan).toMatchObject({ result: 'not_evaluated', reasons: ['no_added_lines'] })
    expect(checks.incident_similarity).toMatchObject({
      result: 'not_evaluated',
      reasons: ['no_code_to_compare'],
      arc_matches: null,
      max_similarity: null,
    })
  })

  test('of another language has no rules, and is compared with nothing', async () => {
    const { checks } = await analyse({ files: [{ path: 'a.rb', content: 'a = 1\n' }] })
    expect(checks.security_scan).toMatchObject({
      result: 'not_evaluated',
      reasons: ['rules_not_for_language: 1'],
    })
    expect(checks.incident_similarity.reasons).toEqual(['no_code_to_compare'])
  })

  test('code whose name tells no language passes nothing: nobody knows what it is written in', async () => {
    const { checks } = await analyse({
      files: undefined,
      code: 'eval(request.query.code)\n',
      files_changed: ['run'],
    })
    for (const check of Object.values(checks)) expect(check.result).toBe('not_evaluated')
  })

  test('one file with an added line is enough to look at', async () => {
    const files = [
      { path: 'a.ts', content: 'a\n', previous_content: 'a\nb\n' },
      { path: 'b.ts', content: 'b\n', previous_content: '' },
    ]
    expect((await analyse({ files })).checks.security_scan).toMatchObject({ result: 'passed' })
  })
})

describe('coverage', () => {
  test.each([
    ['all of it', { 1: 1, 2: 1 }, 'passed', 1, 0],
    ['half of it', { 1: 1, 2: 0 }, 'failed', 0.5, 0.75],
    ['none of it', { 1: 0, 2: 0 }, 'failed', 0, 1.5],
  ] as const)('of %s', async (_, hits, result, value, points) => {
    const analysis = await analyse({ files: FILES, evidence: { coverage: coverage(hits) } })
    expect(analysis.checks.test_coverage).toMatchObject({ result, value, evidence: 'E1' })
    expect(pointsOf(analysis, 'uncovered_changes')).toBe(points)
    expect(pointsOf(analysis, 'missing_coverage')).toBe(0)
  })

  test("is held against the organisation's threshold", async () => {
    const given = { files: FILES, evidence: { coverage: coverage({ 1: 1, 2: 0 }) } }
    const { checks } = await analyse(given, { coverageThreshold: 0.5 })
    expect(checks.test_coverage).toMatchObject({ result: 'passed', threshold: 0.5 })
    expect((await analyse(given, { coverageThreshold: 0.51 })).checks.test_coverage.result).toBe('failed')
  })

  test.each<[string, object, object, string]>([
    ['of another commit', { 1: 1, 2: 1 }, { commit_sha: 'b'.repeat(40) }, 'report_of_another_commit'],
    ['of other lines than there are', { 1: 1, 99: 1 }, {}, 'report_does_not_fit_contents'],
  ])('%s is not evaluated', async (_, hits, more, reason) => {
    const evidence = { coverage: coverage(hits as Record<number, number>, more) }
    const analysis = await analyse({ files: FILES, commit_sha: COMMIT, evidence })
    expect(analysis.checks.test_coverage).toMatchObject({ result: 'not_evaluated', reasons: [reason] })
    expect(pointsOf(analysis, 'missing_coverage')).toBe(1.5)
  })

  test('of this commit, or of none that is told, is', async () => {
    for (const more of [{ commit_sha: COMMIT }, {}]) {
      const evidence = { coverage: coverage({ 1: 1, 2: 1 }, more) }
      const { checks } = await analyse({ files: FILES, commit_sha: COMMIT, evidence })
      expect(checks.test_coverage.result).toBe('passed')
    }
  })

  test('without the changed file is not evaluated', async () => {
    const evidence = { coverage: [{ name: 'x', content: lcov({ 'src/other.ts': { 1: 1 } }) }] }
    expect((await analyse({ files: FILES, evidence })).checks.test_coverage).toMatchObject({
      result: 'not_evaluated',
      reasons: ['report_without_changed_files: 1'],
    })
  })
})

describe('security', () => {
  test('a secret fails it; where it is stays with the owner', async () => {
    const analysis = await analyse({
      files: [{ path: 'src/hidden.ts', content: `a\nconst t = '${SECRET}'\n` }],
    })
    expect(analysis.checks.security_scan).toMatchObject({ passed: false, result: 'failed', evidence: 'E3' })
    expect(analysis.checks.security_scan.reasons).toContain('secrets_found: 1')
    expect(analysis.details.findings).toMatchObject([
      { path: 'src/hidden.ts', line: 2, rule: 'secret-github', source: 'coderisk' },
    ])
    expect(JSON.stringify(analysis)).not.toContain(SECRET.slice(4))
    expect(pointsOf(analysis, 'security_findings')).toBe(3.5)
  })

  const reports = (...given: Parameters<typeof sarif>[]) =>
    given.map((report, i) => ({ name: `hidden-${i}.sarif`, content: sarif(...report) }))
  const FOUND = { rule: 'hidden-rule', path: 'src/hidden.ts', line: 2, message: 'hidden message' }

  test.each<[string, Parameters<typeof sarif>[], object, number]>([
    [
      'a run that succeeded, with nothing',
      [[[], true]],
      { result: 'passed', evidence: 'E3', reasons: [] },
      0,
    ],
    [
      'a run that does not say whether it succeeded',
      [[[], null]],
      { result: 'not_evaluated', reasons: ['sarif_without_successful_run: 1'] },
      0.5,
    ],
    [
      'a run that failed',
      [[[], false]],
      { result: 'not_evaluated', reasons: ['sarif_without_successful_run: 1'] },
      0.5,
    ],
    [
      'a finding on a changed line',
      [[[{ ...FOUND, score: 9.5 }], true]],
      { result: 'failed', evidence: 'E1', reasons: ['critical_findings: 1'], issues_found: 1 },
      0.5,
    ],
    [
      'a finding elsewhere',
      [[[{ ...FOUND, path: 'src/elsewhere.ts' }], true]],
      { result: 'passed', issues_found: 0 },
      0,
    ],
    [
      'the same finding by two tools',
      [
        [[{ ...FOUND, score: 5 }], true],
        [[{ ...FOUND, score: 5 }], true],
      ],
      { result: 'failed', issues_found: 1 },
      0.25,
    ],
  ])('SARIF of %s', async (_, given, expected, points) => {
    const analysis = await analyse({ files: FILES, evidence: { sarif: reports(...given) } })
    expect(analysis.checks.security_scan).toMatchObject(expected)
    const counted = pointsOf(analysis, 'reported_findings') + pointsOf(analysis, 'missing_static_analysis')
    expect(counted).toBe(points)
  })

  test('a successful run stands in for rules of a language that we have none for', async () => {
    const given = { files: [{ path: 'a.rb', content: 'a = 1\n' }], evidence: { sarif: reports([[], true]) } }
    expect((await analyse(given)).checks.security_scan).toMatchObject({ result: 'passed', evidence: 'E1' })
    expect((await analyse(given, { level: 'E2' })).checks.security_scan.evidence).toBe('E2')
  })
})

describe('coupling', () => {
  test('a file that usually changes along, and did not, counts and is named to the owner alone', async () => {
    const analysis = await analyse({ files: FILES, evidence: { history: HISTORY } })
    const { coupling_analysis: check } = analysis.checks
    expect(check).toMatchObject({ evidence: 'E1', threshold: 8 })
    expect(check.coupling_score).toBeGreaterThan(8)
    expect(check.result).toBe('failed')
    expect(analysis.details.coupling.headline).toContain('src/partner.ts')
    expect(pointsOf(analysis, 'change_coupling')).toBeGreaterThan(0.5)
    expect(JSON.stringify(analysis.checks)).not.toContain('partner')
  })

  test('passes when it did', async () => {
    const files = [...FILES, { path: 'src/partner.ts', content: 'export const b = 1\n' }]
    const analysis = await analyse({ files, evidence: { history: HISTORY } })
    expect(analysis.checks.coupling_analysis).toMatchObject({ result: 'passed', evidence: 'E1' })
    expect(pointsOf(analysis, 'missing_history')).toBe(0)
  })
})

describe('what is too much', () => {
  test('to look through is not evaluated, and costs what the worst findings do', async () => {
    const files = [{ path: 'a.js', content: `eval(x)\n${'['.repeat(10_000)}` }]
    const analysis = await analyse({ files })
    expect(analysis.checks.security_scan).toMatchObject({ result: 'not_evaluated', reasons: ['budget'] })
    expect(pointsOf(analysis, 'not_scanned')).toBe(6)
    expect(analysis.riskLevel).toBe('CRITICAL')
  })

  test('to compare is not evaluated, and costs what the closest match does', async () => {
    const files = [
      { path: 'a.py', content: 'x = 1\n'.repeat(50_001) },
      { path: 'b.py', content: 'x = 1\n' },
    ]
    const analysis = await analyse({ files })
    expect(analysis.checks.incident_similarity).toMatchObject({
      result: 'not_evaluated',
      reasons: ['budget'],
    })
    expect(pointsOf(analysis, 'not_compared')).toBe(2)
  })

  test('of imports to follow counts as the most entangled', async () => {
    const imports = Array.from({ length: 21_000 }, (_, i) => `import './m${i}.ts'\n`)
    const few = await analyse({ files: [{ path: 'a.ts', content: imports.slice(0, 100).join('') }] })
    const many = await analyse({ files: [{ path: 'a.ts', content: imports.join('') }] })
    expect(pointsOf(few, 'dependencies')).toBeLessThan(0.15)
    expect(many.checks.coupling_analysis).toMatchObject({ result: 'not_evaluated' })
    expect(many.checks.coupling_analysis.reasons).toContain('budget')
    expect(pointsOf(many, 'dependencies')).toBe(0.15)
  })
})

describe('incidents', () => {
  const content = `export async function charge(orders: Order[]) {
  for (const order of orders) {
    const customer = await database.customers.findOne({ id: order.customerId })
    const receipt = await gateway.charge(customer.card, order.total)
    await database.receipts.insert({ order: order.id, receipt: receipt.id, at: clock.now() })
  }
}
`
  const files = [{ path: 'src/hidden.ts', content }]
  const incidentOf = async (isPrivate: boolean) => [
    {
      id: 'arc_0000000000000000',
      private: isPrivate,
      fingerprints: fingerprintFiles((await examineRequest({ files })).files),
    },
  ]

  test("the organisation's own fail the check by a number, and are named to the owner alone", async () => {
    const analysis = await analyse({ files }, { incidents: await incidentOf(true) })
    expect(analysis.checks.incident_similarity).toMatchObject({ result: 'failed', evidence: 'E3' })
    expect(analysis.checks.incident_similarity.reasons).toContain('private_matches: 1')
    expect(JSON.stringify(analysis.checks)).not.toContain('arc_0')
    expect(analysis.details.matches[0]).toMatchObject({ id: 'arc_0000000000000000', private: true })
    expect(pointsOf(analysis, 'incident_similarity')).toBe(2)
  })

  test('published ones are named', async () => {
    const { checks } = await analyse({ files }, { incidents: await incidentOf(false) })
    expect(checks.incident_similarity.arc_matches).toContain('arc_0000000000000000')
    expect(checks.incident_similarity.reasons.join()).toContain('arc_matches: ')
  })

  test('without them the same code is none', async () => {
    expect((await analyse({ files })).details.matches.map(({ id }) => id)).not.toContain(
      'arc_0000000000000000',
    )
  })
})

describe('the probability', () => {
  const CALIBRATION = { method: 'platt', slope: 1, intercept: -2, outcomes: 200 } as const

  test('is recalibrated, and the score and its percentile are not', async () => {
    const [own, shipped] = [await analyse({}, { calibration: CALIBRATION }), await analyse()]
    expect(shipped.changeRisk.recalibrated).toBe(false)
    expect(own.changeRisk).toMatchObject({ recalibrated: true, percentile: shipped.changeRisk.percentile })
    expect(own.changeRisk.probability).toBeLessThan(shipped.changeRisk.probability)
    expect(own.riskScore).toBe(shipped.riskScore)
    expect(own.details.modelProbability).toBe(shipped.details.modelProbability)
  })
})

describe('confidence', () => {
  const FULL = {
    files: [{ ...FILES[0]!, previous_content: '' }],
    evidence: {
      coverage: coverage({ 1: 1, 2: 1 }),
      sarif: [{ name: 'x', content: sarif([]) }],
      history: HISTORY,
    },
  }

  test('grows with the level of the evidence', async () => {
    const [none, supplied, bound] = [
      await analyse({ files: FULL.files }),
      await analyse(FULL),
      await analyse(FULL, { level: 'E2' }),
    ]
    expect(none.confidence).toBeLessThan(supplied.confidence)
    expect(supplied.confidence).toBeLessThan(bound.confidence)
    expect(bound.checks.test_coverage.evidence).toBe('E2')
    expect(bound.checks.coupling_analysis.evidence).toBe('E2')
    expect(bound.checks.security_scan.evidence).toBe('E3')
  })

  test('is less when nobody said what the files were before', async () => {
    const sizeAssumed = await analyse({ ...FULL, files: FILES })
    expect(sizeAssumed.confidence).toBeLessThan((await analyse(FULL)).confidence)
  })
})
