import fc from 'fast-check'
import type { Log, Result, Run } from 'sarif'
import { describe, expect, test } from 'vitest'
import { EvidenceError } from '../../../../../core/analysis/evidence-error.ts'
import {
  MAX_IDENTIFIER,
  MAX_MESSAGE,
  MAX_SARIF_RESULTS,
  MAX_SARIF_RUNS,
  readSarif,
  type SarifFinding,
  type SarifReport,
} from '../../../../../core/analysis/sarif/read.ts'
import { AT, only, RESULT, read, TOOL } from './log.ts'
import { SAMPLES } from './samples.ts'

describe('what tools write', () => {
  test.each<[keyof typeof SAMPLES, string, boolean, Partial<SarifFinding>]>([
    [
      'SEMGREP',
      'Semgrep OSS',
      true,
      {
        ruleId: 'python.exec-of-input',
        path: 'app/views.py',
        base: null,
        startLine: 12,
        endLine: 14,
        level: 'error',
        securitySeverity: null,
        severity: 'high',
        fingerprints: [],
        cwe: ['CWE-95'],
        message: 'What a user sends is executed.',
        suppressed: false,
        baselineState: null,
      },
    ],
    [
      'CODEQL',
      'CodeQL',
      true,
      {
        ruleId: 'js/sql-injection',
        path: 'src/users.js',
        base: '/home/runner/work/shop/shop',
        startLine: 31,
        endLine: 31,
        level: 'error',
        securitySeverity: 8.8,
        severity: 'high',
        fingerprints: [
          'primaryLocationLineHash=1b2c3d4e5f607182:1',
          'primaryLocationStartColumnFingerprint=4',
        ],
        cwe: ['CWE-89', 'CWE-90'],
      },
    ],
    [
      'GOSEC',
      'gosec',
      false,
      { ruleId: 'G401', path: 'internal/hash.go', severity: 'high', cwe: ['CWE-328'] },
    ],
    [
      'BANDIT',
      'Bandit',
      true,
      { ruleId: 'B602', path: 'tools/run it.py', startLine: 4, endLine: 6, cwe: ['CWE-78'] },
    ],
    [
      'ESLINT',
      'ESLint',
      false,
      { ruleId: 'no-eval', path: '/C:/work/shop/src/run.js', base: null, severity: 'medium', cwe: [] },
    ],
  ])('%s', (name, tool, ranSuccessfully, expected) => {
    const report = readSarif(SAMPLES[name])
    expect(report).toMatchObject({ tool, ranSuccessfully, unlocated: 0 })
    expect(report.findings).toHaveLength(1)
    expect(report.findings[0]).toMatchObject(expected)
    expect(readSarif(`\ufeff${SAMPLES[name]}`)).toEqual(report)
  })
})

describe('whether the tool ran', () => {
  const yes = { executionSuccessful: true }
  const no = { executionSuccessful: false }
  test.each<[string, Partial<Run>[], boolean]>([
    ['no run', [], false],
    ['no invocation', [{ results: [] }], false],
    ['nothing found', [{ invocations: [yes], results: [] }], true],
    ['no results were looked for', [{ invocations: [yes] }], false],
    ['it failed', [{ invocations: [no], results: [] }], false],
    ['it failed once', [{ invocations: [yes, no], results: [] }], false],
    ['one run of two says so', [{ invocations: [yes], results: [] }, { results: [] }], true],
    ['one run of two failed', [{ invocations: [yes], results: [] }, { invocations: [no] }], false],
  ])('%s', (_, runs, expected) => {
    const log: Log = { version: '2.1.0', runs: runs.map((run) => ({ tool: TOOL, ...run })) }
    expect(readSarif(JSON.stringify(log)).ranSuccessfully).toBe(expected)
  })

  test('a log that failed to be made has no runs', () => {
    expect(readSarif('{"version":"2.1.0","runs":null}')).toEqual({
      tool: '',
      ranSuccessfully: false,
      findings: [],
      unlocated: 0,
    })
  })
})

describe('which results are findings', () => {
  test.each<[Result.kind | undefined, number]>([
    [undefined, 1],
    ['fail', 1],
    ['pass', 0],
    ['open', 0],
    ['review', 0],
    ['informational', 0],
    ['notApplicable', 0],
  ])('kind %s: %i', (kind, count) => {
    const result = kind === undefined ? RESULT : { ...RESULT, kind }
    expect(read({ results: [result] }).findings).toHaveLength(count)
  })

  test('each of its places is one', () => {
    const other = { physicalLocation: { artifactLocation: { uri: 'b.ts' }, region: { startLine: 2 } } }
    const { findings } = read({ results: [{ ...RESULT, locations: [AT, other] }] })
    expect(findings.map(({ path, startLine }) => [path, startLine])).toEqual([
      ['a.ts', 1],
      ['b.ts', 2],
    ])
  })

  test('without a place it is counted', () => {
    const results = [{ ...RESULT, locations: [] }, { ...RESULT, locations: [{}] }, { message: { text: '' } }]
    expect(read({ results })).toMatchObject({ findings: [], unlocated: 3 })
  })

  test.each<[string, Result['suppressions'], boolean]>([
    ['none', [], false],
    ['without a status', [{ kind: 'inSource' }], true],
    ['accepted', [{ kind: 'external', status: 'accepted' }], true],
    ['under review', [{ kind: 'external', status: 'underReview' }], false],
    ['one of two rejected', [{ kind: 'inSource' }, { kind: 'external', status: 'rejected' }], false],
  ])('suppressions: %s', (_, suppressions, suppressed) => {
    expect(only({ results: [{ ...RESULT, suppressions: suppressions! }] }).suppressed).toBe(suppressed)
  })
})

describe('lines', () => {
  const whole = { startLine: 1, endLine: Number.MAX_SAFE_INTEGER }
  test.each([
    [{ startLine: 3 }, { startLine: 3, endLine: 3 }],
    [
      { startLine: 3, endLine: 5 },
      { startLine: 3, endLine: 5 },
    ],
    [
      { startLine: 3, endLine: 1 },
      { startLine: 3, endLine: 3 },
    ],
    [{ charOffset: 10, charLength: 3 }, whole],
    [{ startLine: 0 }, whole],
    [{ startLine: 1.5 }, whole],
    [undefined, whole],
  ])('%j', (region, expected) => {
    const physicalLocation = { artifactLocation: { uri: 'a' }, ...(region === undefined ? {} : { region }) }
    expect(only({ results: [{ ...RESULT, locations: [{ physicalLocation }] }] })).toMatchObject(expected)
  })
})

test('what is long is cut, and never within a character', () => {
  const found = only({
    results: [
      {
        ...RESULT,
        ruleId: 'r'.repeat(1_000),
        message: { text: `${'m'.repeat(MAX_MESSAGE - 1)}😀` },
        fingerprints: { f: 'x'.repeat(1_000) },
      },
    ],
  })
  expect(found.message).toBe('m'.repeat(MAX_MESSAGE - 1))
  expect([found.ruleId.length, found.fingerprints[0]!.length]).toEqual([MAX_IDENTIFIER, MAX_IDENTIFIER])
})

test('null is no member', () => {
  const text = JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 't', rules: null }, extensions: null },
        invocations: null,
        artifacts: null,
        results: [{ ...RESULT, level: null, kind: null, suppressions: null, rule: null, taxa: null }],
      },
    ],
  })
  expect(readSarif(text).findings).toMatchObject([{ level: 'warning', suppressed: false }])
})

describe('what is no SARIF 2.1.0 is refused', () => {
  const run = (members: object) => JSON.stringify({ version: '2.1.0', runs: [{ tool: TOOL, ...members }] })
  const result = (members: object) => run({ results: [{ ...RESULT, ...members }] })
  test.each<[string, string, RegExp, number | null]>([
    ['nothing', '', /not valid JSON/, 1],
    ['words', 'No issues found', /not valid JSON/, 1],
    ['a cut log', '{\n"version": "2.1.0",\n"runs": [', /not valid JSON/, 3],
    ['a list', '[]', /no SARIF log/, null],
    ['another JSON', '{"results":[]}', /of version 2\.1\.0/, null],
    ['an older version', '{"version":"2.0.0","runs":[]}', /of version 2\.1\.0/, null],
    ['a version as number', '{"version":2.1,"runs":[]}', /of version 2\.1\.0/, null],
    ['no runs', '{"version":"2.1.0"}', /no runs/, null],
    ['runs that are none', '{"version":"2.1.0","runs":{}}', /runs is no array/, null],
    ['a run that is none', '{"version":"2.1.0","runs":[1]}', /runs\[0\] is no object/, null],
    ['no tool', '{"version":"2.1.0","runs":[{}]}', /runs\[0\] is without tool/, null],
    ['no driver', run({ tool: {} }), /runs\[0\]\.tool is without driver/, null],
    ['no name', run({ tool: { driver: {} } }), /driver is without name/, null],
    ['results that are none', run({ results: 'none' }), /results is no array/, null],
    ['a result that is none', run({ results: [RESULT, null] }), /results\[1\] is no object/, null],
    ['a rule as number', result({ ruleId: 7 }), /results\[0\]\.ruleId is no string/, null],
    ['success as text', run({ invocations: [{ executionSuccessful: 'true' }] }), /is no boolean/, null],
    [
      'a line as text',
      result({ locations: [{ physicalLocation: { region: { startLine: '1' } } }] }),
      /no number/,
      null,
    ],
    ['a fingerprint as number', result({ partialFingerprints: { a: 1 } }), /no string/, null],
    [
      'results in other files',
      run({ externalPropertyFileReferences: { results: [{ location: { uri: 'x' } }] } }),
      /in other files/,
      null,
    ],
    [
      'too many runs',
      JSON.stringify({ version: '2.1.0', runs: Array(MAX_SARIF_RUNS + 1).fill({ tool: TOOL }) }),
      /more than 1000 runs/,
      null,
    ],
    [
      'too many results',
      run({ results: Array(MAX_SARIF_RESULTS + 1).fill(RESULT) }),
      /more than 25000/,
      null,
    ],
    [
      'too many places',
      result({ locations: Array(MAX_SARIF_RESULTS + 1).fill(AT) }),
      /more than 25000/,
      null,
    ],
  ])('%s', (_, content, problem, line) => {
    expect(() => readSarif(content)).toThrow(EvidenceError)
    expect(() => readSarif(content)).toThrow(
      expect.objectContaining({ problem: expect.stringMatching(problem), line }),
    )
  })
})

describe.each(Object.entries(SAMPLES))('a damaged log: %s', (_, sample) => {
  test('cut anywhere it is refused', () => {
    for (let end = 0; end < sample.length; end++) {
      expect(() => readSarif(sample.slice(0, end))).toThrow(EvidenceError)
    }
  })

  test('with any part replaced it is refused, or has findings that make sense', () => {
    const paths = leaves(JSON.parse(sample))
    const junk = fc.constantFrom(
      null,
      0,
      -1,
      1e308,
      '',
      '..',
      'x',
      true,
      [],
      {},
      [null],
      { a: 1 },
      [[]],
      '\0',
      NaN,
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 3 }), (edits) => {
        const log = JSON.parse(sample)
        for (const [which, value] of edits) replace(log, paths[which % paths.length]!, value)
        let report: SarifReport
        try {
          report = readSarif(JSON.stringify(log))
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError)
          return
        }
        for (const found of report.findings) {
          expect(found.startLine >= 1 && found.endLine >= found.startLine).toBe(true)
          expect(found.path.split('/').includes('..')).toBe(false)
          expect(['low', 'medium', 'high', 'critical']).toContain(found.severity)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

type Path = readonly (string | number)[]

/** Paths to everything in a value. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value)
  const inner = [...keys].flatMap((key) => leaves((value as Record<string, unknown>)[key], [...path, key]))
  return path.length === 0 ? inner : [path, ...inner]
}

function replace(root: unknown, path: Path, value: unknown): void {
  let at = root as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) {
    const next = at[key]
    if (typeof next !== 'object' || next === null) return
    at = next as Record<string | number, unknown>
  }
  at[path.at(-1)!] = value
}
