import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PathEnds } from '../../../../../core/analysis/coverage/path-ends.ts'
import { matchPaths } from '../../../../../core/analysis/coverage/paths.ts'
import type { CoverageReport } from '../../../../../core/analysis/coverage/report.ts'

type Report = Pick<CoverageReport, 'format' | 'files' | 'name' | 'packageRelative'>

function report(format: CoverageReport['format'], paths: readonly string[], name?: string): Report {
  const files = new Map(paths.map((path) => [path, { hits: new Map<number, number>() }]))
  return {
    format,
    files,
    ...(name === undefined ? {} : { name }),
    ...(format === 'jacoco' ? { packageRelative: true } : {}),
  }
}

const match = (given: Report, ...changed: string[]) => Object.fromEntries(matchPaths(given, changed))
const lcov = (...paths: string[]) => report('lcov', paths)
const go = (...paths: string[]) => report('go', paths)
const jacoco = (...paths: string[]) => report('jacoco', paths)
const GITHUB = '/home/runner/work/shop/shop'

describe('a changed file is found', () => {
  test.each<[string, Report, string, string]>([
    ['by its very path', lcov('src/a.ts', 'lib/src/a.ts'), 'src/a.ts', 'src/a.ts'],
    [
      'below an absolute root',
      lcov(`${GITHUB}/src/a.ts`, `${GITHUB}/b.ts`),
      'src/a.ts',
      `${GITHUB}/src/a.ts`,
    ],
    ['on Windows', lcov('D:/a/shop/shop/src/a.ts'), 'src/a.ts', 'D:/a/shop/shop/src/a.ts'],
    ["in the top folder of GitHub's checkout", lcov(`${GITHUB}/a.ts`), 'a.ts', `${GITHUB}/a.ts`],
    ['on Windows, likewise', lcov('D:/a/shop/shop/a.ts'), 'a.ts', 'D:/a/shop/shop/a.ts'],
    ['in a Go module', go('github.com/o/r/pkg/f.go'), 'pkg/f.go', 'github.com/o/r/pkg/f.go'],
    ['in the top package of one', go('github.com/o/r/f.go'), 'f.go', 'github.com/o/r/f.go'],
    ['in that of a major version', go('github.com/o/r/v2/f.go'), 'f.go', 'github.com/o/r/v2/f.go'],
    ['in that of another host', go('go.example.org/r/f.go'), 'f.go', 'go.example.org/r/f.go'],
    ['in that of no host', go('shop/f.go', 'shop/pay/f.go'), 'f.go', 'shop/f.go'],
    ['in a Go module, converted', lcov('github.com/o/r/pkg/f.go'), 'pkg/f.go', 'github.com/o/r/pkg/f.go'],
    [
      'in a module whose path has its folder',
      go('example.com/mono/svc/a/f.go'),
      'svc/a/f.go',
      'example.com/mono/svc/a/f.go',
    ],
    ['by package', jacoco('com/x/A.java'), 'app/src/main/java/com/x/A.java', 'com/x/A.java'],
    ['by the longest package', jacoco('x/A.java', 'com/x/A.java'), 'src/com/x/A.java', 'com/x/A.java'],
    ['of no package', jacoco('A.java'), 'A.java', 'A.java'],
    [
      'relative to the folder that the report was in',
      report('lcov', ['src/a.ts'], 'packages/p/coverage/lcov.info'),
      'packages/p/src/a.ts',
      'src/a.ts',
    ],
    [
      'relative to the folder that its name speaks of',
      report('lcov', ['src/a.ts'], 'coverage/packages/p/lcov.info'),
      'packages/p/src/a.ts',
      'src/a.ts',
    ],
  ])('%s', (_, given, changed, expected) => {
    expect(match(given, changed)).toEqual({ [changed]: expected })
  })
})

describe('a file is not taken for another', () => {
  test.each<[string, Report, ...string[]]>([
    ['of the same name', lcov('src/b/index.ts'), 'src/a/index.ts'],
    ['with a name that only ends alike', lcov('/w/xsrc/a.ts'), 'src/a.ts'],
    ['deeper in', lcov('src/index.ts'), 'index.ts'],
    ['deeper in a relative report', lcov('packages/p/src/a.ts'), 'src/a.ts'],
    ['below an unknown root, in the top folder', lcov('/w/src/index.ts'), 'index.ts'],
    ['in a package of a Go module', go('github.com/o/r/cmd/main.go'), 'main.go'],
    ['in a package of one without host', go('shop/cmd/main.go'), 'main.go'],
    ['further out', lcov('a.ts', 'src/a.ts'), 'packages/p/src/a.ts'],
    ['a bare name', jacoco('A.java'), 'src/main/java/com/x/A.java'],
    ['of another package', jacoco('com/y/A.java'), 'src/main/java/com/x/A.java'],
    ['one of two', lcov('/w/p/src/a.ts', '/w/q/src/a.ts'), 'src/a.ts'],
    ['one of two, at different depths', lcov('/w/p/src/a.ts', '/w/x/q/src/a.ts'), 'src/a.ts'],
    [
      'one of many folders that are alike',
      lcov('/w/p/src/a.ts', '/w/q/src/b.ts', '/w/r/src/c.ts', '/w/s/src/d.ts'),
      'src/a.ts',
    ],
    [
      'of two modules with the same package',
      jacoco('com/x/A.java'),
      'm/src/main/java/com/x/A.java',
      'n/src/main/java/com/x/A.java',
    ],
    [
      'in another folder than the report was in',
      report('lcov', ['src/a.ts'], 'packages/p/coverage/lcov.info'),
      'packages/q/src/a.ts',
    ],
    [
      'that a report without a folder is relative to',
      report('lcov', ['src/a.ts'], 'lcov.info'),
      'p/src/a.ts',
    ],
    ['out of the repository', lcov('../src/a.ts'), 'src/a.ts'],
    ['in other case', lcov('src/A.ts'), 'src/a.ts'],
  ])('%s', (_, given, ...changed) => {
    expect(match(given, ...changed)).toEqual({})
  })
})

describe('one root holds for all files', () => {
  const nested = ['/w/r/src/a.ts', '/w/r/p/src/a.ts', '/w/r/p/src/b.ts']
  test.each([nested, nested.toReversed()])(
    'the outermost, whatever an inner one explains: %#',
    (...paths) => {
      expect(match(lcov(...paths), 'src/a.ts')).toEqual({ 'src/a.ts': '/w/r/src/a.ts' })
      expect(match(lcov(...paths), 'src/a.ts', 'src/b.ts')).toEqual({ 'src/a.ts': '/w/r/src/a.ts' })
      expect(match(lcov(...paths), 'p/src/b.ts', 'src/b.ts')).toEqual({ 'p/src/b.ts': '/w/r/p/src/b.ts' })
    },
  )

  test('a folder that the name of the report speaks of, if it explains most', () => {
    const given = report('lcov', ['src/a.ts', 'src/b.ts', 'src/c.ts'], 'packages/p/coverage/lcov.info')
    expect(match(given, 'packages/p/src/a.ts', 'src/b.ts', 'src/c.ts')).toEqual({
      'src/b.ts': 'src/b.ts',
      'src/c.ts': 'src/c.ts',
    })
  })

  test('two folders that the name of the report speaks of are none', () => {
    const given = report('lcov', ['src/a.ts'], 'packages/p/coverage/lcov.info')
    expect(match(given, 'packages/p/src/a.ts', 'p/src/a.ts')).toEqual({})
  })

  test('a file of the top folder follows from the others', () => {
    const given = lcov('/w/r/index.ts', '/w/r/src/a.ts', '/w/r/src/index.ts')
    expect(match(given, 'index.ts')).toEqual({})
    expect(match(given, 'index.ts', 'src/a.ts')).toEqual({
      'index.ts': '/w/r/index.ts',
      'src/a.ts': '/w/r/src/a.ts',
    })
  })

  test('of two folders that the name speaks of, the one that explains more', () => {
    const given = report('lcov', ['src/a.ts', 'src/b.ts'], 'packages/p/coverage/lcov.info')
    expect(match(given, 'p/src/a.ts', 'packages/p/src/a.ts', 'packages/p/src/b.ts')).toEqual({
      'packages/p/src/a.ts': 'src/a.ts',
      'packages/p/src/b.ts': 'src/b.ts',
    })
  })

  test('the very path before the end of another', () => {
    const given = report('lcov', ['src/a.ts'], 'coverage/lcov.info')
    expect(match(given, 'src/a.ts', 'packages/p/src/a.ts')).toEqual({ 'src/a.ts': 'src/a.ts' })
  })

  test('the folder of the report before the very path', () => {
    const given = report('lcov', ['src/a.ts'], 'packages/p/coverage/lcov.info')
    expect(match(given, 'src/a.ts', 'packages/p/src/a.ts')).toEqual({ 'packages/p/src/a.ts': 'src/a.ts' })
  })

  test('files outside of the repository do not hide it', () => {
    const given = lcov('/usr/lib/x.ts', '/w/r/src/a.ts', '/w/r/src/b.ts')
    expect(match(given, 'src/a.ts')).toEqual({ 'src/a.ts': '/w/r/src/a.ts' })
  })
})

const segment = fc.constantFrom('src', 'lib', 'a', 'b', 'p')
const path = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('a.ts', 'index.ts', 'b.go'))
  .map(([folders, name]) => [...folders, name].join('/'))
const root = fc.constantFrom('', '/w/', '/w/src/', '/home/runner/work/r/r/', 'github.com/o/r/')

test('what is matched agrees in all segments of the shorter path, and no file of the report stands for two', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(root, path), { maxLength: 12 }),
      fc.uniqueArray(path, { maxLength: 6 }),
      fc.constantFrom<CoverageReport['format']>('lcov', 'go', 'jacoco', 'cobertura'),
      fc.option(fc.constantFrom('lcov.info', 'p/lcov.info', 'src/a/coverage.xml'), { nil: undefined }),
      (reported, changed, format, name) => {
        const given = report(
          format,
          reported.map(([before, rest]) => before + rest),
          name,
        )
        const matches = matchPaths(given, changed)
        for (const [own, theirs] of matches) {
          expect(given.files.has(theirs) && changed.includes(own)).toBe(true)
          expect(`/${own}`.endsWith(`/${theirs}`) || `/${theirs}`.endsWith(`/${own}`)).toBe(true)
        }
        expect(new Set(matches.values()).size).toBe(matches.size)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('ends of a path: what a naive search finds', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 10 }), path, (paths, whole) => {
      const expected = paths.filter((end) => whole === end || whole.endsWith(`/${end}`))
      expect(new PathEnds(paths).of(whole)).toEqual(
        [...new Set(expected)].sort((a, b) => b.length - a.length),
      )
    }),
  )
})
