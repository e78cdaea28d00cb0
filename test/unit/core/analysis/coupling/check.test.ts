import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_HINTED_IMPORTS, MAX_IMPORTS } from '../../../../../core/analysis/coupling/build.ts'
import { type CouplingInput, checkCoupling } from '../../../../../core/analysis/coupling/check.ts'
import { MAX_CYCLE_PATHS, MAX_SIGNALS } from '../../../../../core/analysis/coupling/signals.ts'
import { languageOf } from '../../../../../core/analysis/source/language.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'
import { certificateReportSchema } from '../../../../../schema/wire/report.ts'

const file = (path: string, ...imports: string[]) => {
  const content = imports.map((name) => `import '${name}'\n`).join('')
  return { path, content, language: languageOf(path) }
}
const commits = (count: number, paths: readonly string[]) => Array.from({ length: count }, () => ({ paths }))

function check(input: Partial<CouplingInput>) {
  const files = input.files ?? []
  return checkCoupling({
    files,
    changedPaths: files.map(({ path }) => path),
    history: undefined,
    hints: undefined,
    threshold: 8,
    level: 'E1',
    ...input,
  })
}

const ONE = [file('a.ts', './b.ts')]
const TWO = [file('a.ts', './b.ts'), file('b.ts')]
const RING = Array.from({ length: 12 }, (_, index) => file(`r${index}.ts`, `./r${(index + 1) % 12}.ts`))
const HUB = Array.from({ length: 60 }, (_, index) => {
  return index === 0
    ? file('r0.ts', ...Array.from({ length: 59 }, (_unused, to) => `./r${to + 1}.ts`))
    : file(`r${index}.ts`, './r0.ts')
})
const TOGETHER = [
  ...commits(5, ['a.ts', 'c.ts']),
  ...commits(10, ['a.ts', 'd.ts']),
  ...commits(5, ['a.ts', 'c.ts']),
  ...commits(2, ['c.ts']),
]
const ALONE = commits(20, ['a.ts'])
const HINTS = [{ path: 'z.ts', imports: ['a.ts'] }]

describe('what is evaluated', () => {
  test.each<[string, Partial<CouplingInput>, string, string[], string | null]>([
    ['nothing', {}, 'not_evaluated', ['no_history_or_import_graph'], null],
    ['one file', { files: ONE }, 'not_evaluated', ['no_history_or_import_graph'], null],
    [
      'two files, one of them not understood',
      { files: [...ONE, file('README.md')] },
      'not_evaluated',
      ['no_history_or_import_graph'],
      null,
    ],
    ['two files', { files: TWO }, 'passed', ['no_history'], 'E3'],
    ['history', { files: ONE, history: ALONE }, 'passed', ['no_import_graph'], 'E1'],
    [
      'history of no file that is understood',
      { changedPaths: ['a.ts'], history: ALONE },
      'passed',
      ['no_import_graph'],
      'E1',
    ],
    ['history and two files', { files: TWO, history: ALONE, level: 'E2' }, 'passed', [], 'E2'],
    [
      'too little history',
      { files: ONE, history: ALONE.slice(1) },
      'not_evaluated',
      ['too_little_history', 'no_import_graph'],
      null,
    ],
    ['too little history, two files', { files: TWO, history: [] }, 'passed', ['too_little_history'], 'E3'],
    [
      'history of other files',
      { files: ONE, history: commits(30, ['x.ts', 'y.ts']) },
      'not_evaluated',
      ['too_little_history', 'no_import_graph'],
      null,
    ],
    ['hints', { files: ONE, hints: HINTS, level: 'E2' }, 'passed', ['no_history'], 'E2'],
    [
      'hints of what is not understood',
      { files: [file('a.rb')], hints: [{ path: 'a.rb', imports: [] }] },
      'passed',
      ['no_history'],
      'E1',
    ],
    ['no hints', { files: ONE, hints: [] }, 'not_evaluated', ['no_history_or_import_graph'], null],
    [
      'hints of other files',
      { files: ONE, hints: [{ path: 'x.ts', imports: ['y.ts'] }] },
      'not_evaluated',
      ['no_history_or_import_graph'],
      null,
    ],
    ['hints and history', { files: ONE, hints: HINTS, history: ALONE }, 'passed', [], 'E1'],
  ])('%s', (_, input, result, reasons, evidence) => {
    const found = check(input)
    expect(found).toMatchObject({ result, passed: result === 'passed', reasons, evidence, threshold: 8 })
    expect(found.coupling_score === null).toBe(result === 'not_evaluated')
  })

  test('what is deleted is in the change though it was not submitted', () => {
    const history = commits(20, ['a.ts', 'gone.ts'])
    expect(check({ files: ONE, history }).result).toBe('failed')
    expect(check({ files: ONE, history, changedPaths: ['a.ts', 'gone.ts'] }).result).toBe('passed')
  })

  test('given tokens are what is read', () => {
    const tokens = tokenise(ONE[0]!.content, 'typescript')
    const files = [{ ...ONE[0]!, tokens }, TWO[1]!]
    expect(check({ files })).toEqual(check({ files: TWO }))
  })
})

describe('the score', () => {
  test('is the highest that is known', () => {
    const found = check({ files: TWO, history: TOGETHER, hints: [{ path: 'b.ts', imports: ['a.ts'] }] })
    expect(found).toMatchObject({
      coupling_score: 7.8,
      components: { history: 7.8, own_graph: 0.5, hinted_graph: 2.7 },
      result: 'passed',
    })
    const { history, hinted_graph } = check({ files: TWO }).components
    expect([history, hinted_graph]).toEqual([null, null])
  })

  test.each([
    ['a forgotten file', { files: ONE, history: commits(20, ['a.ts', 'c.ts']) }, 10, 'E1'],
    ['a hub within a large cycle', { files: HUB }, 8.8, 'E3'],
  ])('above the threshold it fails: %s', (_, input, score, evidence) => {
    const found = check(input)
    expect(found).toMatchObject({ result: 'failed', passed: false, coupling_score: score, evidence })
    expect(found.reasons[0]).toBe(`coupling_above_threshold: ${score}`)
    expect(check({ ...input, threshold: score })).toMatchObject({ result: 'passed', threshold: score })
  })

  test('is rounded up: what is above the threshold does not look as if it were not', () => {
    // 200 × 401 ÷ 1002 = 80.04 %
    const history = [...commits(401, ['a.ts', 'c.ts']), ...commits(200, ['c.ts'])]
    expect(check({ files: ONE, history })).toMatchObject({ coupling_score: 8.1, result: 'failed' })
    const even = [...commits(400, ['a.ts', 'c.ts']), ...commits(200, ['c.ts'])]
    expect(check({ files: ONE, history: even })).toMatchObject({ coupling_score: 8, result: 'passed' })
  })
})

test('types close no cycle, whatever the hints say of a submitted file', () => {
  const typed = { path: 'a.ts', content: "import type { B } from './b.ts'", language: 'typescript' as const }
  const back = file('b.ts', './a.ts')
  const hints = [{ path: 'a.ts', imports: ['b.ts'] }]
  expect(check({ files: [typed, back], hints }).components).toEqual({
    history: null,
    own_graph: 0.5,
    hinted_graph: 0.5,
  })
  expect(check({ files: [back], hints }).components.hinted_graph).toBe(2.7)
})

test('files that hints only name as imported are known too', () => {
  const files = [file('a.ts', './b', './b.ts')]
  const hints = (imported: string) => [{ path: 'z.ts', imports: ['a.ts', imported] }]
  expect(check({ files, hints: hints('b.ts') }).components.hinted_graph).toBe(0.5)
  expect(check({ files, hints: hints('c.ts') }).components.hinted_graph).toBe(0.7)
})

describe('signals', () => {
  test('the strongest comes first and is the headline', () => {
    const found = check({ files: TWO, history: TOGETHER, hints: [{ path: 'b.ts', imports: ['a.ts'] }] })
    expect(found.signals).toEqual([
      { kind: 'change_coupling', path: 'a.ts', with: 'd.ts', degree: 66.7, shared: 10 },
      { kind: 'change_coupling', path: 'a.ts', with: 'c.ts', degree: 62.5, shared: 10 },
      { kind: 'cycle', paths: ['a.ts', 'b.ts'] },
    ])
    expect(found.headline).toBe('`d.ts` changes with `a.ts` 67 % of the time and is not in this change')
  })

  test.each([
    [
      'two files',
      { files: RING.slice(0, 1), hints: [{ path: 'r1.ts', imports: ['r0.ts'] }] },
      '`r0.ts` and `r1.ts` import each other',
    ],
    [
      'a cycle',
      { files: RING },
      /^`r\d+\.ts` is in a cycle of 12 files that import each other, over `r\d+\.ts`$/,
    ],
    ['imports', { files: [file('a.ts', 'b', 'c', 'd', 'e', 'f')] }, '`a.ts` imports 5 others'],
    [
      'importers',
      {
        files: [file('a.ts')],
        hints: Array.from({ length: 7 }, (_, index) => ({ path: `${index}.ts`, imports: ['a.ts'] })),
      },
      '`a.ts` is imported by 7 others',
    ],
  ])('in words: %s', (_, input, words) => {
    expect(check(input).headline).toEqual(typeof words === 'string' ? words : expect.stringMatching(words))
  })

  test('none without anything to say', () => {
    expect(check({ files: [file('a.ts', 'b', 'c', 'd', 'e')] })).toMatchObject({
      signals: [],
      headline: null,
    })
  })

  test('fan-in and fan-out come with the instability', () => {
    const found = check({
      files: [file('a.ts', 'b', 'c', 'd', 'e', 'f')],
      hints: Array.from({ length: 9 }, (_, index) => ({ path: `${index}.ts`, imports: ['a.ts'] })),
    })
    expect(found.signals).toEqual([
      { kind: 'fan_in', path: 'a.ts', count: 9, instability: 0.36 },
      { kind: 'fan_out', path: 'a.ts', count: 5, instability: 0.36 },
    ])
  })

  test('are bounded, and no longer than a cycle can be read', () => {
    const files = Array.from({ length: 100 }, (_, index) => file(`${index}.ts`, `./${(index + 1) % 100}.ts`))
    const [cycle] = check({ files }).signals
    expect(cycle).toMatchObject({ kind: 'cycle', paths: { length: MAX_CYCLE_PATHS } })
    const pairs = Array.from({ length: 100 }, (_, index) => file(`${index}.ts`, `./${index ^ 1}.ts`))
    expect(check({ files: pairs }).signals).toHaveLength(MAX_SIGNALS)
  })

  test('have the shape that the report promises', () => {
    const files = [...TWO, file('e.ts', 'b', 'c', 'd', 'e', 'f'), ...RING]
    const { headline, signals } = check({ files, history: TOGETHER })
    const shape = certificateReportSchema.shape.coupling
    expect(shape.parse({ headline, signals })).toEqual({ headline, signals })
    expect(new Set(signals.map(({ kind }) => kind))).toEqual(new Set(['change_coupling', 'cycle', 'fan_out']))
  })
})

describe('budgets', () => {
  test('imports: what is too much to read passes nothing, whatever the history says', () => {
    const names = Array.from({ length: MAX_IMPORTS }, (_, index) => `${index}`)
    const fits = [file('a.ts', ...names)]
    expect(check({ files: fits, history: ALONE })).toMatchObject({ result: 'passed' })
    const files = [...fits, file('b.ts', 'x')]
    expect(check({ files, history: ALONE, hints: HINTS })).toMatchObject({
      result: 'not_evaluated',
      reasons: ['budget'],
      components: { history: 0, own_graph: null, hinted_graph: null },
    })
  })

  test('characters of files that come without tokens', () => {
    const files = [
      ...TWO,
      { path: 'c.ts', content: ' '.repeat(2 * 1024 * 1024), language: 'typescript' as const },
    ]
    expect(check({ files })).toMatchObject({ result: 'not_evaluated', reasons: ['no_history', 'budget'] })
  })

  test('hints: too many count for none', () => {
    const hint = (imports: number) => [
      { path: 'a.ts', imports: Array.from({ length: imports }, (_, index) => `${index % 7}.ts`) },
    ]
    expect(check({ files: TWO, hints: hint(MAX_HINTED_IMPORTS) })).toMatchObject({ evidence: 'E1' })
    expect(check({ files: TWO, hints: hint(MAX_HINTED_IMPORTS + 1) })).toMatchObject({
      result: 'passed',
      evidence: 'E3',
      reasons: ['no_history', 'budget'],
      components: { hinted_graph: null },
    })
  })
})

describe('whatever comes', () => {
  const path = fc.constantFrom('a.ts', 'b.ts', 'c.py', 'd.go', 'e.java', '__proto__', 'x/y.ts', 'README.md')
  const source = fc
    .tuple(
      path,
      fc.array(fc.constantFrom("import './b'\n", 'import c\n', 'from . import c\n', '`${', '"', 'import'), {
        maxLength: 6,
      }),
    )
    .map(([name, parts]) => ({ path: name, content: parts.join(''), language: languageOf(name) }))
  const files = fc.uniqueArray(source, { selector: (given) => given.path, maxLength: 5 })
  const history = fc.array(fc.record({ paths: fc.array(path, { maxLength: 4 }) }), {
    minLength: 15,
    maxLength: 40,
  })
  const hints = fc.array(fc.record({ path, imports: fc.array(path, { maxLength: 4 }) }), { maxLength: 6 })

  test('it says what it should, and never throws', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(files, fc.option(history), fc.option(hints), (given, commitsGiven, hintsGiven) => {
        const found = check({
          files: given,
          history: commitsGiven ?? undefined,
          hints: hintsGiven ?? undefined,
          threshold: 4,
        })
        seen.add(found.result)
        expect(found.passed).toBe(found.result === 'passed')
        expect(found.evidence === null).toBe(found.result === 'not_evaluated')
        for (const reason of found.reasons) {
          expect(reason).toMatch(
            /^(?:no_history|too_little_history|no_import_graph|no_history_or_import_graph|coupling_above_threshold: [\d.]+)$/,
          )
        }
        if (found.coupling_score === null) return
        expect(found.coupling_score).toBe(
          Math.max(...Object.values(found.components).map((component) => component ?? 0)),
        )
        expect(found.passed).toBe(found.coupling_score <= 4)
        expect(Number.isInteger(Math.round(found.coupling_score * 1e6) / 1e5)).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect([...seen].sort()).toEqual(['failed', 'not_evaluated', 'passed'])
  })

  test('evidence that is left out never makes it pass, nor one more import the score lower', () => {
    fc.assert(
      fc.property(files, history, hints, (given, commitsGiven, hintsGiven) => {
        const all = check({ files: given, history: commitsGiven, hints: hintsGiven })
        for (const less of [
          check({ files: given, hints: hintsGiven }),
          check({ files: given, history: commitsGiven }),
        ]) {
          expect(less.coupling_score ?? 0).toBeLessThanOrEqual(all.coupling_score ?? 0)
        }
        if (all.result === 'not_evaluated') expect(check({ files: given }).result).toBe('not_evaluated')
        const more = check({
          files: given,
          history: commitsGiven,
          hints: [...hintsGiven, { path: 'b.ts', imports: ['a.ts'] }],
        })
        expect(more.components.history).toBe(all.components.history)
        if (all.components.hinted_graph === null) return
        expect(more.components.hinted_graph).toBeGreaterThanOrEqual(all.components.hinted_graph)
      }),
      { numRuns: 300 },
    )
  })
})
