import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ChangedSource,
  type CoverageInput,
  checkCoverage,
  MAX_UNCOVERED_RANGES,
} from '../../../../../core/analysis/coverage/check.ts'
import { readCoverage } from '../../../../../core/analysis/coverage/read.ts'
import type { CoverageReport } from '../../../../../core/analysis/coverage/report.ts'
import { languageOf } from '../../../../../core/analysis/source/language.ts'
import { SAMPLES } from './samples.ts'

const COMMIT = 'a'.repeat(40)

/** A file whose lines are all new, unless `added` says which are. */
function file(path: string, content = code(10), added?: readonly number[]): ChangedSource {
  const lines = content.split('\n').map((_, index) => index + 1)
  return { path, content, addedLines: new Set(added ?? lines), language: languageOf(path) }
}

/** So many lines of code. */
function code(lines: number): string {
  return Array.from({ length: lines }, (_, index) => `call(${index})\n`).join('')
}

/** LCOV with the executions of the lines of each file. */
function lcov(files: Readonly<Record<string, Readonly<Record<number, number>>>>): CoverageReport {
  const records = Object.entries(files).map(
    ([path, lines]) =>
      `SF:${path}\n${Object.entries(lines)
        .map(([line, count]) => `DA:${line},${count}\n`)
        .join('')}end_of_record\n`,
  )
  return readCoverage(`TN:\n${records.join('')}`)
}

function check(
  reports: readonly CoverageReport[],
  changed: readonly ChangedSource[],
  more?: Partial<CoverageInput>,
) {
  return checkCoverage({ reports, changed, commitSha: COMMIT, threshold: 0.7, level: 'E1', ...more })
}

describe('patch coverage is covered changed executable lines by changed executable lines', () => {
  test('of the changed lines alone, with the whole project beside it', () => {
    const report = lcov({ 'src/a.ts': { 1: 0, 2: 0, 3: 1, 4: 5, 5: 0, 6: 1 }, 'src/b.ts': { 1: 1 } })
    expect(check([report], [file('src/a.ts', code(10), [3, 4, 5, 6, 7])])).toEqual({
      result: 'passed',
      passed: true,
      evidence: 'E1',
      reasons: [],
      value: 0.75,
      threshold: 0.7,
      project_value: 0.5714,
      covered_lines: 3,
      executable_lines: 4,
      files: [{ path: 'src/a.ts', status: 'counted', covered: 3, executable: 4, uncovered: [[5, 5]] }],
    })
  })

  test.each<[number, number, number, number, boolean]>([
    [7, 10, 0.7, 0.7, true],
    [6_999, 10_000, 0.7, 0.6999, false],
    [69_999, 100_000, 0.7, 0.6999, false],
    [57, 100, 0.57, 0.57, true],
    [29, 100, 0.29, 0.29, true],
    [2, 3, 0.6667, 0.6666, false],
    [0, 1, 0.7, 0, false],
    [0, 1, 0, 0, true],
    [1, 1, 1, 1, true],
  ])('%i of %i at %f: %f', (covered, executable, threshold, value, passed) => {
    const hits = Object.fromEntries(
      Array.from({ length: executable }, (_, i) => [i + 1, i < covered ? 1 : 0]),
    )
    const found = check([lcov({ 'a.ts': hits })], [file('a.ts', code(executable))], { threshold })
    expect(found).toMatchObject({ value, passed, result: passed ? 'passed' : 'failed' })
    expect(found.reasons).toEqual(passed ? [] : [`coverage_below_threshold: ${value}`])
  })

  test('each format, with its own kind of paths', () => {
    const changed = {
      lcov: 'src/pay.ts',
      cobertura: 'src/shop/pay.py',
      jacoco: 'app/src/main/java/com/example/shop/Pay.java',
      istanbul: 'src/pay.ts',
      go: 'pay/pay.go',
    }
    for (const [format, path] of Object.entries(changed)) {
      const report = readCoverage(SAMPLES[format as keyof typeof SAMPLES])
      // Without a function Go counts nothing.
      const content = format === 'go' ? code(10).replace('call(9)', 'func f() {}') : code(10)
      expect(check([report], [file(path, content)])).toMatchObject({ value: 0.6666, result: 'failed' })
    }
  })

  test('what one report says is executed is, whatever the other says', () => {
    const reports = [lcov({ 'a.ts': { 1: 0, 2: 1 } }), lcov({ 'a.ts': { 1: 1, 2: 0, 3: 0 } })]
    expect(check(reports, [file('a.ts')])).toMatchObject({ covered_lines: 2, executable_lines: 3 })
  })

  test('lines that hold no code are not counted: neither blank, nor comments, nor brackets', () => {
    const content = 'f(\n  1,\n)\n\n// a\n/* b\n c */ g()\n{\n});\n"x"\n'
    const report = lcov({ 'a.js': Object.fromEntries(Array.from({ length: 10 }, (_, i) => [i + 1, 1])) })
    const found = check([report], [file('a.js', content)])
    // 1 `f(`, 2 `1,`, 7 `g()` and 10 `"x"`.
    expect(found).toMatchObject({ covered_lines: 4, executable_lines: 4 })
  })

  test('a comment does not raise the coverage of a Go function', () => {
    const content = `package a\n\nfunc f() {\n${'\t// padding\n'.repeat(50)}\tg()\n}\n\nfunc h() {\n\tg()\n}\n`
    const report = readCoverage('mode: set\nx/a/a.go:3.10,55.2 1 1\nx/a/a.go:57.10,59.2 1 0\n')
    expect(check([report], [file('a/a.go', content)])).toMatchObject({
      covered_lines: 2,
      executable_lines: 4,
    })
  })

  test('the owner sees where, within bounds', () => {
    const hits = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i + 1, i % 3 === 0 ? 1 : 0]))
    const [detail] = check([lcov({ 'a.ts': hits })], [file('a.ts', code(100))]).files
    expect(detail!.uncovered).toHaveLength(MAX_UNCOVERED_RANGES)
    expect(detail!.uncovered.slice(0, 2)).toEqual([
      [2, 3],
      [5, 6],
    ])
  })

  test('the level is that of the reports', () => {
    const found = check([lcov({ 'a.ts': { 1: 1 } })], [file('a.ts')], { level: 'E2' })
    expect(found).toMatchObject({ result: 'passed', evidence: 'E2' })
  })
})

describe('without the right evidence it is not evaluated', () => {
  const full = { 1: 1, 2: 1 }
  test.each<[string, CoverageReport[], ChangedSource[], string]>([
    ['no report', [], [file('a.ts')], 'no_coverage_report'],
    [
      'a report of something else',
      [lcov({ 'b.ts': full })],
      [file('a.ts')],
      'report_without_changed_files: 1',
    ],
    [
      'a report of one of two files',
      [lcov({ 'a.ts': full })],
      [file('a.ts'), file('b.ts')],
      'report_without_changed_files: 1',
    ],
    ['an empty report', [readCoverage('{}')], [file('a.ts')], 'report_without_changed_files: 1'],
    [
      'a file of the same name',
      [lcov({ 'x/a.ts': full })],
      [file('y/a.ts')],
      'report_without_changed_files: 1',
    ],
    [
      'a file that the report names and says nothing of',
      [lcov({ 'a.ts': {} })],
      [file('a.ts', 'export const a = f()\n')],
      'report_without_changed_files: 1',
    ],
    [
      'a language that is not known',
      [lcov({ 'a.ts': full })],
      [file('a.ts'), file('b.rs')],
      'report_without_changed_files: 1',
    ],
    ['a script without an extension', [], [file('bin/run')], 'no_coverage_report'],
    [
      'another commit',
      [{ ...lcov({ 'a.ts': full }), commitSha: 'b'.repeat(40) }],
      [file('a.ts')],
      'report_of_another_commit',
    ],
    [
      'another commit in one of two',
      [lcov({ 'a.ts': full }), { ...lcov({ 'a.ts': full }), commitSha: 'b'.repeat(40) }],
      [file('a.ts')],
      'report_of_another_commit',
    ],
    [
      'lines that the file does not have',
      [lcov({ 'a.ts': { 1: 1, 12: 1 } })],
      [file('a.ts')],
      'report_does_not_fit_contents',
    ],
  ])('%s', (_, reports, changed, reason) => {
    expect(check(reports, changed)).toMatchObject({
      result: 'not_evaluated',
      passed: false,
      evidence: null,
      reasons: [reason],
      value: null,
      project_value: null,
      covered_lines: null,
      executable_lines: null,
    })
  })

  test('the same commit is the same in capitals, and none is no other', () => {
    const report = { ...lcov({ 'a.ts': full }), commitSha: COMMIT.toUpperCase() }
    expect(check([report], [file('a.ts')]).result).toBe('passed')
    expect(check([report], [file('a.ts')], { commitSha: undefined }).result).toBe('passed')
    const lower = { ...report, commitSha: COMMIT }
    expect(check([lower], [file('a.ts')], { commitSha: COMMIT.toUpperCase() }).result).toBe('passed')
  })

  test('the line after a last newline is one that tools count', () => {
    expect(check([lcov({ 'a.ts': { 11: 1 } })], [file('a.ts', code(10))]).result).toBe('passed')
    expect(check([lcov({ 'a.ts': { 11: 1 } })], [file('a.ts', code(10).trimEnd())]).result).toBe(
      'not_evaluated',
    )
  })
})

describe('with nothing to execute it passes, and says so', () => {
  const nothing = 'no_changed_executable_lines'
  test.each<[string, CoverageReport[], ChangedSource[], string[], string]>([
    [
      'documents, without a report',
      [],
      [file('README.md'), file('package.json'), file('LICENSE')],
      [nothing],
      'E3',
    ],
    ['no added line', [], [file('a.ts', code(5), [])], [nothing], 'E3'],
    ['comments alone', [], [file('a.ts', '// a\n\n/*\n b\n*/\n')], [nothing], 'E3'],
    ['comments in Python', [], [file('a.py', '# a\n\n')], [nothing], 'E3'],
    ['a Go file without functions', [], [file('a.go', 'package a\n\nconst B = 1\n')], [nothing], 'E3'],
    [
      'lines that the report does not call executable',
      [lcov({ 'a.ts': { 9: 0 } })],
      [file('a.ts', code(10), [1, 2])],
      [nothing],
      'E1',
    ],
    [
      'types, which a report may name without lines',
      [lcov({ 'a.ts': {} })],
      [file('a.ts', 'export interface A {\n  b: string\n}\ndeclare const c: A\n')],
      [nothing],
      'E1',
    ],
    ['tests', [], [file('src/a.test.ts')], [nothing, 'test_files_not_counted: 1'], 'E3'],
    ['declarations', [], [file('a.d.ts')], [nothing, 'declarations_not_counted: 1'], 'E3'],
    [
      'documents, with a report of another commit',
      [{ ...lcov({ 'a.ts': { 1: 1 } }), commitSha: 'b'.repeat(40) }],
      [file('README.md')],
      [nothing],
      'E3',
    ],
  ])('%s', (_, reports, changed, reasons, evidence) => {
    expect(check(reports, changed)).toMatchObject({
      result: 'passed',
      passed: true,
      evidence,
      reasons,
      value: null,
      covered_lines: 0,
      executable_lines: 0,
    })
  })

  test('the figure of the project is of the same commit, or there is none', () => {
    const report = lcov({ 'a.ts': { 1: 1 } })
    const of = (commitSha: string) => check([{ ...report, commitSha }], [file('README.md')]).project_value
    expect([of(COMMIT), of('b'.repeat(40))]).toEqual([1, null])
  })

  test('tests do not stand for what they do not test, even if the report has them', () => {
    const report = lcov({ 'a.py': { 1: 0, 2: 0 }, 'tests/test_a.py': { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 } })
    const found = check([report], [file('a.py'), file('tests/test_a.py')])
    expect(found).toMatchObject({ value: 0, result: 'failed' })
    expect(found.reasons).toEqual(['coverage_below_threshold: 0', 'test_files_not_counted: 1'])
  })
})

const NAMES = ['a.ts', 'src/b.ts', 'lib/c.py'] as const
const hits = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(3)), { minLength: 1, maxLength: 12 })
const scene = fc.record({
  hits: fc.tuple(hits, hits, hits),
  added: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
  threshold: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
})

function build(each: readonly (readonly (readonly [number, number])[])[]): CoverageReport {
  return lcov(Object.fromEntries(each.map((lines, index) => [NAMES[index]!, Object.fromEntries(lines)])))
}

describe('whatever the report', () => {
  test('it passes exactly if the value reaches the threshold', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const changed = NAMES.map((name) => file(name, code(12), given.added))
        const found = check([build(given.hits)], changed, { threshold: given.threshold })
        if (found.value === null) {
          expect(['no_changed_executable_lines', 'report_does_not_fit_contents']).toContain(found.reasons[0])
        } else expect(found.passed).toBe(found.value >= given.threshold)
        expect(found.passed).toBe(found.result === 'passed')
      }),
    )
  })

  test('another execution never lowers the value, and one less never raises it', () => {
    fc.assert(
      fc.property(scene, fc.nat(2), fc.nat(11), (given, which, at) => {
        const changed = NAMES.map((name) => file(name, code(12), given.added))
        const lines = given.hits[which]!
        const [line] = lines[at % lines.length]!
        const withCount = (count: number) =>
          build(given.hits.map((own, index) => (index === which ? [...own, [line, count] as const] : own)))
        const without = check([withCount(0)], changed).value
        const executed = check([withCount(1)], changed).value
        expect(executed === null || executed >= without!).toBe(true)
        // A further report only ever adds executions to lines that are known.
        const both = check([withCount(0), withCount(1)], changed).value
        expect(both).toBe(executed)
      }),
    )
  })

  test('it never passes with a file left out', () => {
    fc.assert(
      fc.property(scene, fc.nat(2), (given, which) => {
        const changed = NAMES.map((name) => file(name, code(12), given.added))
        const files = new Map(build(given.hits).files)
        files.delete(NAMES[which]!)
        expect(check([{ format: 'lcov', files }], changed).result).toBe('not_evaluated')
      }),
    )
  })
})

test('a report that knows the file and none of its new lines is of what it was before', () => {
  const content =
    "import a from 'a'\nexport const b = 1\n\nexport function c(x) {\n  a(x)\n  return x + 1\n}\n"
  const earlier = lcov({ 'src/a.ts': { 1: 1, 2: 1 } })
  expect(check([earlier], [file('src/a.ts', content, [4, 5, 6, 7])])).toMatchObject({
    result: 'not_evaluated',
    reasons: ['report_does_not_fit_contents'],
  })
})
