import fc from 'fast-check'
import type { Result } from 'sarif'
import { describe, expect, test } from 'vitest'
import { readSarif, type SarifFinding, type SarifReport } from '../../../../../core/analysis/sarif/read.ts'
import { mergeFindings, type OwnFinding } from '../../../../../core/analysis/security/merge.ts'
import { SAMPLES } from '../sarif/samples.ts'

function finding(more: Partial<SarifFinding> = {}): SarifFinding {
  return {
    ruleId: 'rule',
    path: 'src/a.ts',
    base: null,
    startLine: 10,
    endLine: 10,
    level: 'warning',
    securitySeverity: null,
    severity: 'medium',
    fingerprints: [],
    cwe: [],
    message: 'text',
    suppressed: false,
    baselineState: null,
    run: 0,
    ...more,
  }
}

function report(...findings: readonly Partial<SarifFinding>[]): SarifReport {
  return { tool: 'tool', ranSuccessfully: true, findings: findings.map(finding), unlocated: 0 }
}

function merge(
  reports: readonly SarifReport[],
  changed: Readonly<Record<string, readonly number[]>>,
  own: readonly OwnFinding[] = [],
) {
  const files = Object.entries(changed).map(([path, lines]) => ({ path, addedLines: new Set(lines) }))
  return mergeFindings({ own, reports, changed: files })
}

const OWN: OwnFinding = { path: 'src/a.ts', line: 10, rule: 'js-eval', cwe: ['CWE-95'], severity: 'medium' }

describe('a finding counts on a changed line', () => {
  test.each<[string, Partial<SarifFinding>, number[], number | null]>([
    ['on it', {}, [10], 10],
    ['before it', {}, [11], null],
    ['after it', {}, [9], null],
    ['around it', { startLine: 5, endLine: 15 }, [12, 9, 40], 9],
    ['around others', { startLine: 5, endLine: 15 }, [4, 16], null],
    ['in the file as a whole', { startLine: 1, endLine: Number.MAX_SAFE_INTEGER }, [7], 7],
    ['in a file without changed lines', { startLine: 1, endLine: Number.MAX_SAFE_INTEGER }, [], null],
    ['suppressed by its author', { suppressed: true }, [10], 10],
    ['that was there before', { baselineState: 'unchanged' }, [10], 10],
    ['that is not there any more', { baselineState: 'absent' }, [10], null],
  ])('%s', (_, given, lines, line) => {
    const { findings } = merge([report(given)], { 'src/a.ts': lines })
    expect(findings.map((found) => [found.path, found.line])).toEqual(
      line === null ? [] : [['src/a.ts', line]],
    )
  })

  test('it says what the report says', () => {
    const given = report({ cwe: ['CWE-79'], severity: 'critical' })
    expect(merge([given], { 'src/a.ts': [10] }).findings).toEqual([
      {
        path: 'src/a.ts',
        line: 10,
        rule: 'rule',
        cwe: ['CWE-79'],
        severity: 'critical',
        source: 'sarif',
        message: 'text',
      },
    ])
  })
})

describe('which changed file a path means', () => {
  test.each<[string, Partial<SarifFinding>, string[], string | null]>([
    ['the same', {}, ['src/a.ts', 'p/src/a.ts', 'a.ts'], 'src/a.ts'],
    ['below its base', { base: '/w/r' }, ['a.ts', 'src/a.ts'], 'src/a.ts'],
    ['below a base inside of the repository', { base: '/w/r/p' }, ['src/a.ts', 'p/src/a.ts'], 'p/src/a.ts'],
    ['deeper below its base than what changed', { base: '/w/r' }, ['a.ts'], null],
    ['an absolute path', { path: '/w/r/src/a.ts' }, ['a.ts', 'src/a.ts', 'r/a.ts'], 'src/a.ts'],
    ['an absolute path, in the top folder', { path: '/w/r/a.ts' }, ['a.ts'], 'a.ts'],
    ['relative to a folder', {}, ['packages/p/src/a.ts'], 'packages/p/src/a.ts'],
    ['relative, deeper than what changed', {}, ['a.ts'], null],
    ['relative to a folder above', { path: 'repository/src/a.ts' }, ['a.ts', 'src/a.ts'], 'src/a.ts'],
    ['a bare name', { path: 'a.ts' }, ['src/a.ts'], null],
    ['a name that ends alike', {}, ['xsrc/a.ts', 'src/aa.ts'], null],
    ['another extension', {}, ['src/a.tsx'], null],
  ])('%s', (_, given, changed, expected) => {
    const lines = Object.fromEntries(changed.map((path) => [path, [10]]))
    const { findings } = merge([report(given)], lines)
    expect(findings.map(({ path }) => path)).toEqual(expected === null ? [] : [expected])
  })

  test('of two that it may mean, the one whose line it touches', () => {
    const { findings } = merge([report({})], { 'p/src/a.ts': [3], 'q/src/a.ts': [10] })
    expect(findings.map(({ path, line }) => [path, line])).toEqual([['q/src/a.ts', 10]])
  })
})

describe('what was found twice counts once', () => {
  const lines = { 'src/a.ts': [10, 11, 12], 'src/b.ts': [10] }
  const hash = { fingerprints: ['primaryLocationLineHash=1:1', 'primaryLocationStartColumnFingerprint=4'] }
  test.each<[string, SarifReport[], number]>([
    ['the same rule on the same line', [report({}), report({})], 1],
    ['twice in one report', [report({}, {})], 1],
    ['two rules on one line', [report({}, { ruleId: 'other' })], 2],
    ['one rule on two lines', [report({}, { startLine: 11, endLine: 11 })], 2],
    ['one rule in two files', [report({}, { path: 'src/b.ts' })], 2],
    [
      'the same fingerprints on a moved line',
      [report(hash), report({ ...hash, startLine: 12, endLine: 12 })],
      1,
    ],
    ['in two runs of one report', [report(hash, { ...hash, startLine: 12, endLine: 12, run: 1 })], 1],
    ['the same fingerprints in one run', [report(hash, { ...hash, startLine: 12, endLine: 12 })], 2],
    ['of another rule', [report(hash), report({ ...hash, ruleId: 'other', startLine: 12, endLine: 12 })], 2],
    ['in another file', [report(hash), report({ ...hash, path: 'src/b.ts' })], 2],
    [
      'only the column alike',
      [report(hash), report({ fingerprints: ['x=2', hash.fingerprints[1]!], startLine: 12, endLine: 12 })],
      2,
    ],
    ['no fingerprints', [report({}), report({ startLine: 12, endLine: 12 })], 2],
  ])('%s', (_, reports, count) => {
    expect(merge(reports, lines).findings).toHaveLength(count)
  })

  test.each<[string, Partial<SarifFinding>, string[]]>([
    ['the same weakness', { cwe: ['CWE-94', 'CWE-95'] }, ['js-eval']],
    ['in other letters', { cwe: ['cwe-95'] }, ['js-eval']],
    ['another weakness', { cwe: ['CWE-79'] }, ['js-eval', 'rule']],
    ['no weakness', {}, ['js-eval', 'rule']],
    ['the next line', { cwe: ['CWE-95'], startLine: 11, endLine: 11 }, ['js-eval', 'rule']],
  ])('as one of ours: %s', (_, given, rules) => {
    const { findings } = merge([report(given)], lines, [OWN])
    expect(findings.map(({ rule }) => rule)).toEqual(rules)
    expect(findings[0]!.source).toBe('coderisk')
  })

  test.each<[OwnFinding[], SarifFinding['severity'][], string]>([
    [[OWN], ['critical'], 'critical'],
    [[OWN], ['low'], 'medium'],
    [[], ['low', 'high', 'medium'], 'high'],
  ])('the graver severity stays: %#', (own, severities, expected) => {
    const reports = severities.map((severity) => report({ cwe: ['CWE-95'], severity }))
    expect(merge(reports, lines, own).findings.map(({ severity }) => severity)).toEqual([expected])
  })

  test('ours stay as they are, also two on a line', () => {
    expect(merge([], lines, [OWN, OWN]).findings).toEqual(
      [OWN, OWN].map((own) => ({ ...own, source: 'coderisk', message: '' })),
    )
  })
})

describe('whether a tool is known to have run', () => {
  const good = report()
  const bad = { ...good, ranSuccessfully: false }
  test.each<[string, SarifReport[], boolean, number]>([
    ['no report', [], false, 0],
    ['one that did', [good], true, 0],
    ['one that does not say', [bad], false, 1],
    ['both', [good, bad, bad], true, 2],
  ])('%s', (_, reports, sarifClean, sarifWithoutSuccessfulRun) => {
    expect(merge(reports, {})).toEqual({ findings: [], sarifClean, sarifWithoutSuccessfulRun, unlocated: 0 })
  })
})

test('what real tools write reaches the line', () => {
  const reports = Object.values(SAMPLES).map(readSarif)
  const changed = {
    'app/views.py': [13],
    'src/users.js': [31],
    'internal/hash.go': [9],
    'tools/run it.py': [6],
    'src/run.js': [3],
  }
  expect(merge(reports, changed).findings.map(({ path, line }) => [path, [line]])).toEqual(
    Object.entries(changed),
  )
})

test('semgrep’s placeholder for a fingerprint joins nothing', () => {
  const log = JSON.parse(SAMPLES.SEMGREP)
  const [result] = log.runs[0].results as [Result]
  const later: Result = structuredClone(result)
  later.locations![0]!.physicalLocation!.region = { startLine: 40 }
  const other = structuredClone(log)
  other.runs[0].results = [later]
  const reports = [log, other].map((each) => readSarif(JSON.stringify(each)))
  expect(merge(reports, { 'app/views.py': [12, 40] }).findings).toHaveLength(2)
})

test('one more finding never makes them fewer or less grave', () => {
  const some = fc.record({
    ruleId: fc.constantFrom('a', 'b'),
    path: fc.constantFrom('src/a.ts', '/w/src/a.ts', 'b.ts'),
    startLine: fc.integer({ min: 1, max: 4 }),
    endLine: fc.integer({ min: 4, max: 6 }),
    cwe: fc.subarray(['CWE-79', 'CWE-95']),
    severity: fc.constantFrom<SarifFinding['severity']>('low', 'medium', 'high', 'critical'),
    fingerprints: fc.subarray(['x=1', 'y=2']),
    run: fc.nat(1),
  })
  const lines = { 'src/a.ts': [1, 3, 5], 'b.ts': [2, 4] }
  const grave = (found: ReturnType<typeof merge>) => [
    found.findings.length,
    ...['medium', 'high', 'critical'].map(
      (_, index) =>
        found.findings.filter(
          ({ severity }) => ['low', 'medium', 'high', 'critical'].indexOf(severity) > index,
        ).length,
    ),
  ]
  const own = [
    { ...OWN, line: 1 },
    { ...OWN, line: 3, cwe: ['CWE-79'] },
  ]
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), some, (findings, one) => {
      const before = grave(merge([report(...findings)], lines, own))
      const after = grave(merge([report(...findings, one)], lines, own))
      after.forEach((count, index) => {
        expect(count).toBeGreaterThanOrEqual(before[index]!)
      })
      expect(before[0]).toBeGreaterThanOrEqual(own.length)
    }),
  )
})
