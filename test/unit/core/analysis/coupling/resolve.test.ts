import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  MAX_CANDIDATES,
  MAX_CHARACTERS_TRIED,
  MAX_EDGES,
  resolveImports,
} from '../../../../../core/analysis/coupling/resolve.ts'
import { LANGUAGES, type Language, languageOf } from '../../../../../core/analysis/source/language.ts'

const named = (...names: string[]) => names.map((name) => ({ name, typeOnly: false }))

/** The files that one import leads to, among those that are known. */
function resolve(importer: string, name: string, known: readonly string[]): string[] | null {
  const source = { path: importer, language: languageOf(importer)!, imports: named(name) }
  const resolved = resolveImports([source], new Set([importer, ...known]))
  return resolved && [...resolved[0]!.files.keys()]
}

/** What one import counts as when it leads to no file. */
function moduleOf(importer: string, name: string): string[] {
  const source = { path: importer, language: languageOf(importer)!, imports: named(name) }
  return [...resolveImports([source], new Set([importer]))![0]!.modules]
}

type Case = [importer: string, name: string, known: string[], expected: string[]]

describe('JavaScript and TypeScript', () => {
  test.each<Case>([
    ['src/a.ts', './b.ts', ['src/b.ts'], ['src/b.ts']],
    ['src/a.ts', './b.js', ['src/b.ts'], ['src/b.ts']],
    ['src/a.ts', './b.js', ['src/b.ts', 'src/b.js'], ['src/b.js']],
    ['src/a.mts', './b.mjs', ['src/b.mts'], ['src/b.mts']],
    ['src/a.tsx', './b.jsx', ['src/b.tsx'], ['src/b.tsx']],
    ['src/a.ts', './b', ['src/b.d.ts', 'src/b.js', 'src/b.tsx'], ['src/b.tsx']],
    ['src/a.ts', './b', ['src/b.d.ts'], ['src/b.d.ts']],
    ['src/a.ts', './b', ['src/b/index.js'], ['src/b/index.js']],
    ['src/a.ts', './b', ['src/b/index.ts', 'src/b.ts'], ['src/b.ts']],
    ['src/a.ts', '.', ['src/index.ts'], ['src/index.ts']],
    ['src/x/a.ts', '..', ['index.ts', 'src/index.ts'], ['src/index.ts']],
    ['src/a.ts', '../b.test', ['b.test.ts'], ['b.test.ts']],
    ['a.ts', './b.json', ['b.json'], ['b.json']],
    ['a.ts', './b.vue?raw', ['b.vue'], ['b.vue']],
    ['a.ts', './x/../b//c', ['b/c.ts'], ['b/c.ts']],
    ['packages/p/src/x/a.ts', '@/y/b', ['packages/p/src/y/b.ts', 'src/y/b.ts'], ['packages/p/src/y/b.ts']],
    ['packages/p/src/x/a.ts', '~/y', ['packages/p/src/y/index.tsx'], ['packages/p/src/y/index.tsx']],
    ['app/x/a.ts', '@/y/b.js', ['y/b.ts'], ['y/b.ts']],
    ['app/x/a.ts', '@/y/b', ['other/y/b.ts'], []],
    ['a.ts', '../b', ['b.ts'], []],
    ['a.ts', './b', ['b.py', 'b'.repeat(2)], []],
    ['a.ts', 'b', ['b.ts', 'node_modules/b/index.js'], []],
    ['a.ts', '@scope/b', ['scope/b.ts', 'b.ts'], []],
    ['a.ts', './a', [], []],
  ])('%s imports %s of %j', (importer, name, known, expected) => {
    expect(resolve(importer, name, known)).toEqual(expected)
  })

  test.each([
    ['react', 'react'],
    ['react/jsx-runtime', 'react'],
    ['@scope/name/deep', '@scope/name'],
    ['node:fs/promises', 'fs'],
    ['./b', 'src/b'],
    ['../../b', '../../b'],
    ['@/b/c', '@/b/c'],
    ['#internal/x', '#internal/x'],
  ])('%s counts as %s', (name, expected) => expect(moduleOf('src/a.ts', name)).toEqual([expected]))
})

describe('Python', () => {
  test.each<Case>([
    ['app/a.py', '.b', ['app/b.py', 'b.py'], ['app/b.py']],
    ['app/a.py', '.b.C', ['app/b.py'], ['app/b.py']],
    ['app/a.py', '.b.C', ['app/b/__init__.py'], ['app/b/__init__.py']],
    ['app/a.py', '.C', ['app/__init__.py'], ['app/__init__.py']],
    ['app/x/a.py', '..b.C', ['app/b.py'], ['app/b.py']],
    ['app/a.py', '...b', ['b.py'], []],
    ['app/a.py', '.', ['app/__init__.py'], ['app/__init__.py']],
    ['app/a.py', 'app.b.C', ['app/b.py', 'app/__init__.py'], ['app/b.py']],
    ['tests/t.py', 'app.b', ['src/app/b.py'], ['src/app/b.py']],
    ['tests/t.py', 'app.b.C', ['src/app/b/__init__.py'], ['src/app/b/__init__.py']],
    ['x/src/app/a.py', 'app.b', ['x/src/app/b.py', 'y/src/app/b.py'], ['x/src/app/b.py']],
    ['tests/t.py', 'app.b', ['x/app/b.py', 'y/app/b.py'], []],
    ['scripts/a.py', 'helper', ['scripts/helper.py'], ['scripts/helper.py']],
    ['tests/a.py', 'helper.run', ['src/helper.py'], ['src/helper.py']],
    ['tests/a.py', 'helper', ['other/helper.py'], []],
    ['app/a.py', 'logging', ['app/logging.py'], []],
    ['app/a.py', 'json.decoder', ['x/json/decoder.py'], []],
    ['app/a.py', 'a..b', ['a/b.py'], []],
    ['app/a.py', Array(13).fill('p').join('.'), [`${Array(13).fill('p').join('/')}.py`], []],
  ])('%s imports %s of %j', (importer, name, known, expected) => {
    expect(resolve(importer, name, known)).toEqual(expected)
  })

  test.each([
    ['numpy.linalg.norm', 'numpy'],
    ['.models.User', '.models'],
    ['..', '..'],
  ])('%s counts as %s', (name, expected) => expect(moduleOf('app/a.py', name)).toEqual([expected]))

  test('a name that too many files have leads to none', () => {
    const known = (count: number) => Array.from({ length: count }, (_, index) => `r${index}/app/b.py`)
    expect(resolve('r0/app/a.py', 'app.b', known(MAX_CANDIDATES))).toEqual(['r0/app/b.py'])
    expect(resolve('r0/app/a.py', 'app.b', known(MAX_CANDIDATES + 1))).toEqual([])
  })
})

describe('Go', () => {
  test.each<Case>([
    [
      'cmd/main.go',
      'github.com/o/r/pkg/db',
      ['pkg/db/a.go', 'pkg/db/b.go', 'pkg/db/b_test.go'],
      ['pkg/db/a.go', 'pkg/db/b.go'],
    ],
    ['main.go', 'example.com/shop/pkg/db', ['services/shop/pkg/db/a.go'], ['services/shop/pkg/db/a.go']],
    ['main.go', 'github.com/o/r/db', ['db/a.go'], ['db/a.go']],
    ['main.go', 'github.com/o/r/v2/db', ['db/a.go'], ['db/a.go']],
    ['main.go', 'shop/db', ['db/a.go'], ['db/a.go']],
    ['main.go', 'github.com/o/errors', ['errors/a.go'], []],
    ['main.go', 'net/http', ['http/a.go', 'net/http/a.go'], []],
    ['main.go', 'fmt', ['fmt/a.go'], []],
    ['db/a.go', 'shop/db', ['db/a.go'], []],
    ['main.go', 'shop/db', ['x/db/a.go'], []],
  ])('%s imports %s of %j', (importer, name, known, expected) => {
    expect(resolve(importer, name, known)).toEqual(expected)
  })
})

describe('Java', () => {
  const root = 'src/main/java/com/x'
  test.each<Case>([
    [`${root}/A.java`, 'com.x.y.B', [`${root}/y/B.java`], [`${root}/y/B.java`]],
    [`${root}/A.java`, 'com.x.B.Inner', [`${root}/B.java`], [`${root}/B.java`]],
    ['src/test/java/com/x/ATest.java', 'com.x.A', [`${root}/A.java`], [`${root}/A.java`]],
    [`m1/${root}/A.java`, 'com.x.B', [`m1/${root}/B.java`, `m2/${root}/B.java`], [`m1/${root}/B.java`]],
    [`${root}/A.java`, 'com.x.B.*', [`${root}/B.java`], [`${root}/B.java`]],
    [`${root}/A.java`, 'com.x.y.*', [`${root}/y/B.java`], []],
    [`${root}/A.java`, 'java.util.List', [`${root}/List.java`], []],
  ])('%s imports %s of %j', (importer, name, known, expected) => {
    expect(resolve(importer, name, known)).toEqual(expected)
  })

  test.each([
    ['java.util.List', 'java.util'],
    ['java.util.*', 'java.util'],
    ['a.B.Inner.member', 'a'],
    ['a.b', 'a'],
    ['B', 'B'],
  ])('%s counts as %s', (name, expected) => expect(moduleOf('A.java', name)).toEqual([expected]))
})

test('a file is imported for its types alone if every import of it is', () => {
  const imports = [
    { name: './b', typeOnly: true },
    { name: './b.js', typeOnly: false },
    { name: './b.ts', typeOnly: true },
    { name: './c', typeOnly: true },
    { name: './c.js', typeOnly: true },
  ]
  const source = { path: 'a.ts', language: 'typescript' as const, imports }
  const [resolved] = resolveImports([source], new Set(['a.ts', 'b.ts', 'c.ts']))!
  expect([...resolved!.files]).toEqual([
    ['b.ts', false],
    ['c.ts', true],
  ])
})

describe('limits', () => {
  test('characters: null for more than are looked at', () => {
    const path = `${'d/'.repeat(450)}a.ts`
    const sources = (count: number) => [
      {
        path,
        language: 'typescript' as const,
        imports: named(...Array.from({ length: count }, (_, i) => `./b${i}`)),
      },
    ]
    const fit = Math.floor(MAX_CHARACTERS_TRIED / (path.length * 5))
    expect(resolveImports(sources(Math.floor(fit / 2)), new Set())).not.toBeNull()
    expect(resolveImports(sources(fit * 2), new Set())).toBeNull()
  })

  test('edges: null for more than are looked at', () => {
    const known = new Set(Array.from({ length: 1000 }, (_, index) => `db/f${index}.go`))
    const sources = Array.from({ length: MAX_EDGES / 1000 + 1 }, (_, index) => {
      return { path: `m${index}.go`, language: 'go' as const, imports: named('shop/db') }
    })
    expect(resolveImports(sources.slice(1), known)).not.toBeNull()
    expect(resolveImports(sources, known)).toBeNull()
  })
})

test('only known files come out, never the importing one, and every import leads somewhere', () => {
  const folder = fc.constantFrom('a', 'b', 'src')
  const extension = fc.constantFrom('.ts', '/index.js', '.py', '/__init__.py', '/f.go', '.java', '.d.ts', '')
  const path = fc
    .tuple(fc.array(folder, { minLength: 1, maxLength: 3 }), extension)
    .map(([folders, end]) => folders.join('/') + end)
  const start = fc.constantFrom('', './', '../', '@/', '.', '..', 'x.org/r/')
  const part = fc.constantFrom('a', 'b', 'a', 'b', 'src', '..', '', '*', '__proto__')
  const dotted = fc
    .tuple(start, fc.array(part, { maxLength: 4 }), fc.constantFrom('/', '.'))
    .map(([beginning, parts, separator]) => beginning + parts.join(separator))
  const name = fc.oneof(
    { arbitrary: dotted, weight: 4 },
    { arbitrary: fc.string({ minLength: 1, maxLength: 20 }), weight: 1 },
  )
  const language = fc.constantFrom<Language>(...LANGUAGES)
  const source = fc.record({
    path,
    language,
    imports: fc.array(fc.record({ name, typeOnly: fc.boolean() }), { maxLength: 5 }),
  })
  let resolved = 0
  fc.assert(
    fc.property(
      fc.array(source, { maxLength: 5 }),
      fc.array(path, { minLength: 20, maxLength: 40 }),
      (sources, known) => {
        resolveImports(sources, new Set(known))!.forEach(({ files, modules }, index) => {
          const isWrong = (file: string) => !known.includes(file) || file === sources[index]!.path
          expect([...files.keys()].filter(isWrong)).toEqual([])
          if (sources[index]!.imports.length === 0) expect(files.size + modules.size).toBe(0)
          resolved += files.size
        })
      },
    ),
    { numRuns: 300 },
  )
  expect(resolved).toBeGreaterThan(50)
})
