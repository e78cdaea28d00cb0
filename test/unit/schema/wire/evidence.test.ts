import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evidenceSchema } from '../../../../schema/wire/evidence.ts'
import { relativePath } from '../../../../schema/wire/text.ts'

const TIME = '2026-11-21T02:48:23Z'
const COMMIT = 'a'.repeat(40)
const REPORT = { name: 'x', content: 'y' }

/** Where the faults are. */
function faults(evidence: unknown): string[] {
  const { error } = evidenceSchema.safeParse(evidence)
  return (error?.issues ?? []).map(({ path }) => path.join('.'))
}

describe('evidence is', () => {
  test.each<[string, unknown]>([
    ['nothing', {}],
    ['empty lists', { coverage: [], sarif: [], history: [], imports: [] }],
    ['reports', { coverage: [{ ...REPORT, commit_sha: COMMIT }], sarif: [REPORT] }],
    ['reports without a word', { coverage: [{ name: 'x', content: '' }] }],
    ['a commit of SHA-256', { coverage: [{ ...REPORT, commit_sha: 'a'.repeat(64) }] }],
    [
      'times with and without a zone',
      {
        history: [
          { time: TIME, paths: [] },
          { time: '2026-11-21T02:48:23+05:30', paths: [] },
        ],
      },
    ],
    [
      'paths of any language',
      { imports: [{ path: 'größe/日本.ts', imports: ['.github/a b.yml', '@scope/x', '-'] }] },
    ],
    ['a token', { ci_token: 'x' }],
  ])('%s', (_, evidence) => {
    expect(faults(evidence)).toEqual([])
  })
})

describe('evidence is not', () => {
  test.each<[string, unknown, string]>([
    ['null', null, ''],
    ['a list', [], ''],
    ['something else too', { other: 1 }, ''],
    ['a report with more to it', { sarif: [{ ...REPORT, commit_sha: COMMIT }] }, 'sarif.0'],
    ['a report without a name', { coverage: [{ content: 'x' }] }, 'coverage.0.name'],
    ['a report with an empty name', { coverage: [{ ...REPORT, name: '' }] }, 'coverage.0.name'],
    ['half a character', { sarif: [{ ...REPORT, content: '\ud800' }] }, 'sarif.0.content'],
    ['a short commit', { coverage: [{ ...REPORT, commit_sha: 'abc' }] }, 'coverage.0.commit_sha'],
    [
      'a commit in capitals',
      { coverage: [{ ...REPORT, commit_sha: COMMIT.toUpperCase() }] },
      'coverage.0.commit_sha',
    ],
    ['21 reports', { sarif: Array(21).fill(REPORT) }, 'sarif'],
    ['2,001 commits', { history: Array(2_001).fill({ time: TIME, paths: [] }) }, 'history'],
    ['a day', { history: [{ time: '2026-11-21', paths: [] }] }, 'history.0.time'],
    ['201 paths', { history: [{ time: TIME, paths: Array(201).fill('a') }] }, 'history.0.paths'],
    ['a number for a path', { history: [{ time: TIME, paths: ['a', 7] }] }, 'history.0.paths.1'],
    ['5,001 hints', { imports: Array(5_001).fill({ path: 'a', imports: [] }) }, 'imports'],
    ['1,001 imports', { imports: [{ path: 'a', imports: Array(1_001).fill('a') }] }, 'imports.0.imports'],
    ['a path that leaves', { imports: [{ path: '../a', imports: [] }] }, 'imports.0.path'],
    ['an empty token', { ci_token: '' }, 'ci_token'],
  ])('%s', (_, evidence, path) => {
    expect(faults(evidence)).toEqual([path])
  })
})

test('a path in a list is one exactly if it is a relative path', () => {
  const segment = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom(
      '',
      '.',
      '..',
      'a',
      'a.b',
      '.git',
      'C:',
      '\\',
      'é',
      'e\u0301',
      '\u202e',
      '\n',
      '\0',
      '\ud800',
      'x'.repeat(1_100),
    ),
  )
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
      const path = segments.join('/')
      const inList = faults({ history: [{ time: TIME, paths: ['a', path] }] })
      const byItself = relativePath.safeParse(path)
      expect(inList.length === 0).toBe(byItself.success)
      expect(new Set(inList)).toEqual(new Set(byItself.success ? [] : ['history.0.paths.1']))
    }),
    { numRuns: 500 },
  )
})

test('of many faults of a list the first are told', () => {
  const found = faults({ history: [{ time: TIME, paths: Array(200).fill('..') }] })
  expect(found.length).toBeGreaterThanOrEqual(50)
  expect(found.length).toBeLessThan(60)
})
