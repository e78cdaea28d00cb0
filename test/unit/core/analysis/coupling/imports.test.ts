import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importsOf } from '../../../../../core/analysis/coupling/imports.ts'
import { LANGUAGES, type Language } from '../../../../../core/analysis/source/language.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'

function read(language: Language, content: string, imports = 1000): string[] | null {
  const found = importsOf(content, language, tokenise(content, language), { imports })
  return found?.map(({ name }) => name) ?? null
}

function readTypes(language: Language, content: string): string[] {
  const found = importsOf(content, language, tokenise(content, language), { imports: 1000 })!
  return found.filter(({ typeOnly }) => typeOnly).map(({ name }) => name)
}

describe('JavaScript and TypeScript', () => {
  test.each([
    [`import a from './a.ts'`, ['./a.ts']],
    [`import * as a from "a"; import { b as c, type D } from 'b'`, ['a', 'b']],
    [`import './effect.js'`, ['./effect.js']],
    [`import type { A } from './types'`, ['./types']],
    [`import data from './data.json' with { type: 'json' }`, ['./data.json']],
    [`export * from './a'; export { b } from './b'; export * as c from './c'`, ['./a', './b', './c']],
    [`const a = await import('./a'); const b = import(\`./b\`)`, ['./a', './b']],
    [`const a = require('a'), b = require("./b")`, ['a', './b']],
    [`import fs = require('fs')`, ['fs']],
    [`type A = import('./a').A`, ['./a']],
    [`import from from 'from'`, ['from']],
    [`import a from './a'; import b from './a'`, ['./a']],
    [`import {\n  a, // from 'x'\n  b,\n} from\n  './a'`, ['./a']],
    [`module.require('a'); loader?.require('b'); import.meta.resolve('c')`, []],
    [`import(\`./\${name}\`); require(name); import(base + './a')`, []],
    [`const from = 'x'; const s = "import a from 'b'"; // import 'c'\n/* require('d') */`, []],
    [`import a from ''`, []],
    [`import a from 'unclosed`, []],
    ['from`tagged`', []],
  ])('%s', (content, expected) => {
    expect(read('typescript', content)).toEqual(expected)
    expect(read('javascript', content)).toEqual(expected)
    expect(read('tsx', content)).toEqual(expected)
  })

  test('the text of elements is none', () => {
    expect(
      read('tsx', `import a from 'a'\nconst e = <p title="x">import from 'b' {import('c')}</p>`),
    ).toEqual(['a', 'c'])
  })
})

describe('Python', () => {
  test.each([
    ['import a', ['a']],
    ['import a.b.c as d, e', ['a.b.c', 'e']],
    ['from a.b import c', ['a.b.c']],
    ['from a import (b,\n  c as d,\n)', ['a.b', 'a.c']],
    ['from . import a', ['.a']],
    ['from .import a', ['.a']],
    ['from .a import b', ['.a.b']],
    ['from ..a.b import c', ['..a.b.c']],
    ['from .... import a', ['....a']],
    ['from .a import *', ['.a']],
    ['from . import *', ['.']],
    ['if x: import a; import b', ['a', 'b']],
    ['def f():\n    from a import b\n', ['a.b']],
    ['from a \\\n  import b', ['a.b']],
    ['import a\nb.c()\nfrom d import e', ['a', 'd.e']],
    ['import a; from b import c', ['a', 'b.c']],
    ['raise X from e\nimport a', ['a']],
    ['raise X(\n) from e\nimport a', ['a']],
    ['def f():\n    yield from g\nimport a', ['a']],
    ['"""\nimport a\n"""\n# import b\nx = "import c"', []],
    ['import', []],
    ['from', []],
    ['from a', []],
    ['from a import', []],
    ['import .a', []],
    ['importlib.import_module("a")', []],
  ])('%j', (content, expected) => expect(read('python', content)).toEqual(expected))
})

describe('Go', () => {
  test.each([
    ['package a\nimport "fmt"', ['fmt']],
    [
      'package a\nimport (\n\t"fmt"\n\tx "a/b"\n\t_ "c"\n\t. "d"\n)\nfunc f() { g("e") }',
      ['fmt', 'a/b', 'c', 'd'],
    ],
    ['package a\nimport `raw`\nimport ("a"; "b")\nimport ()', ['raw', 'a', 'b']],
    ['package a\n// import "b"\nvar x = "c"\n', []],
    ['package a\nimport (\n"a"', ['a']],
    ['package a\nconst x = (\n"a")', []],
  ])('%j', (content, expected) => expect(read('go', content)).toEqual(expected))
})

describe('Java', () => {
  test.each([
    ['package a;\nimport b.C;\nimport d.*;\nclass E { String s = "import x.Y;"; }', ['b.C', 'd.*']],
    ['import static a.B.c;\nimport static a.B.*;\n', ['a.B.c', 'a.B']],
    ['import a . b\n . C ;', ['a.b.C']],
    ['@A({}) class B {} import c.D;', []],
    ['import a.B', ['a.B']],
    ['import ;', []],
  ])('%j', (content, expected) => expect(read('java', content)).toEqual(expected))
})

describe('what is imported for its types alone', () => {
  test.each<[string, string[]]>([
    [`import type { A } from 'a'; export type { B } from 'b'; export type * from 'c'`, ['a', 'b', 'c']],
    [`import type A from 'a'; import type, { B } from 'b'`, ['a', 'b']],
    [`import type from 'a'; import { type B } from 'b'; import c from 'c'`, []],
    [`import type { A } from 'a'; import { a } from 'a'`, []],
    [`import { a } from 'a'; import type { A } from 'a'`, []],
    [`import type { A } from 'a'; export const b = import('b'); require('c')`, ['a']],
    [`import type { A } from 'a'; import 'b'`, ['a']],
    [`export type A = 'a'; export { b } from 'b'`, []],
  ])('TypeScript: %s', (content, expected) => expect(readTypes('typescript', content)).toEqual(expected))

  test.each<[string, string[]]>([
    ['if TYPE_CHECKING:\n    import a\n    from b import c\nimport d', ['a', 'b.c']],
    ['if typing.TYPE_CHECKING: import a\nimport b', ['a']],
    ['if x:\n  if TYPE_CHECKING:\n    import a\n  import b', ['a']],
    ['if TYPE_CHECKING:\n    from a import (\n  b,\nc)\n    import d\n', ['a.b', 'a.c', 'd']],
    ['if TYPE_CHECKING:\n    import a\nelse:\n    import b', ['a']],
    ['if not TYPE_CHECKING:\n    import a', []],
    ['if TYPE_CHECKING or x:\n    import a', []],
    ['if NO_TYPE_CHECKING:\n    import a', []],
    ['x = TYPE_CHECKING\nimport a', []],
  ])('Python: %j', (content, expected) => expect(readTypes('python', content)).toEqual(expected))
})

describe('limits', () => {
  test('more imports than allowed give none, repeated ones included', () => {
    expect(read('typescript', `import 'a'; import 'b'`, 2)).toEqual(['a', 'b'])
    expect(read('typescript', `import 'a'; import 'b'`, 1)).toBeNull()
    expect(read('python', 'from a import b, b, b', 2)).toBeNull()
  })

  test('the budget is that of all files', () => {
    const budget = { imports: 3 }
    const content = `import 'a'; import 'b'`
    const tokens = tokenise(content, 'typescript')
    expect(importsOf(content, 'typescript', tokens, budget)).toHaveLength(2)
    expect(importsOf(content, 'typescript', tokens, budget)).toBeNull()
  })

  test('a name that is too long is passed over', () => {
    expect(read('typescript', `import '${'x'.repeat(257)}'; import '${'y'.repeat(256)}'`)).toEqual([
      'y'.repeat(256),
    ])
    expect(read('python', `import a.${'b.'.repeat(500)}c, d`)).toEqual(['d'])
  })
})

const WORDS = [
  ...[
    'import',
    'from',
    'export',
    'require',
    'static',
    'as',
    'package',
    'func',
    'class',
    'yield',
    '*',
    '.',
    '..',
  ],
  ...[
    '...',
    ',',
    ';',
    ':',
    '(',
    ')',
    '{',
    '}',
    '\n',
    ' ',
    '\\\n',
    "'a'",
    '"b/c"',
    '`d`',
    '`e${',
    '"',
    "'",
    '`',
  ],
  ...['a', 'b', '_', '/*', '*/', '//', '#', '"""', '<', '>', '=', '\u2028', '\ud800'],
]

test.each(LANGUAGES)('%s: whatever is there, names come out, each once and not empty', (language) => {
  const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(''))
  fc.assert(
    fc.property(
      fc.oneof(soup, fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)) })),
      (content) => {
        const names = read(language, content)!
        expect(new Set(names).size).toBe(names.length)
        for (const name of names) {
          expect(name).not.toBe('')
          expect(name.length).toBeLessThanOrEqual(256)
        }
      },
    ),
    { numRuns: 300 },
  )
})
