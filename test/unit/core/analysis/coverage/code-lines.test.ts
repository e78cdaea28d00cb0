import { describe, expect, test } from 'vitest'
import {
  codeLines,
  executesSomething,
  hasNothingToCount,
} from '../../../../../core/analysis/coverage/code-lines.ts'
import type { Language } from '../../../../../core/analysis/source/language.ts'

function all(content: string): ReadonlySet<number> {
  return new Set(content.split('\n').map((_, index) => index + 1))
}

test.each<[string, Language | null, string, number[]]>([
  ['comments and brackets', 'typescript', 'a()\n// b\n\n/* c\n d */\n})\n];\nb() // c\n', [1, 8]],
  ['a template over lines', 'typescript', 'const a = `\n// not a comment\n\nx \x24{b} `\n', [1, 2, 4]],
  ['what looks like a comment in a regular expression', 'javascript', 'const a = /[/*]/\nf()\n', [1, 2]],
  ['a docstring', 'python', 'def f():\n    """A.\n\n    B."""\n    # c\n    return 1\n', [1, 2, 4, 6]],
  ['a raw string', 'go', 'var a = `x\n/* y\n`\nf()\n', [1, 2, 3, 4]],
  ['a text block', 'java', 'String a = """\n  // b\n  """;\n', [1, 2, 3]],
  ['an unknown language', null, '# a\n\n}\nputs 1\n', [1, 4]],
])('lines with code: %s', (_, language, content, expected) => {
  expect([...codeLines({ content, language }, all(content))]).toEqual(expected)
})

test('only lines that were asked for, and that there are', () => {
  expect([...codeLines({ content: 'a()\nb()\n', language: 'typescript' }, new Set([2, 3, 4, 99]))]).toEqual([
    2,
  ])
})

test('Go counts nothing outside of functions', () => {
  expect(hasNothingToCount({ content: 'package a\n\n// func f\ntype A struct{}\n', language: 'go' })).toBe(
    true,
  )
  expect(hasNothingToCount({ content: 'package a\n\nfunc f() {}\n', language: 'go' })).toBe(false)
  expect(hasNothingToCount({ content: 'type A = string\n', language: 'typescript' })).toBe(false)
})

describe('surely executes', () => {
  test.each<[boolean, Language | null, string]>([
    [true, 'typescript', 'export const a = 1\n'],
    [true, 'typescript', 'function f() {\n  return 1\n}\n'],
    [false, 'typescript', 'export interface A {\n  readonly b: string\n}\nexport type C = A | null\n'],
    [false, 'typescript', 'declare function f(): void\nexport const enum A {}\n'],
    [true, 'python', 'x = 1\n'],
    [false, 'python', '"""Words."""\n'],
    [false, 'java', 'public interface A {\n  int b();\n  @C(D.class) void e();\n}\n'],
    [true, 'java', 'class A {\n  int b() { return 1; }\n}\n'],
    [true, null, 'anything\n'],
  ])('%s: %s %j', (expected, language, content) => {
    expect(executesSomething({ content, language }, all(content))).toBe(expected)
  })

  test('on the lines that were asked for', () => {
    expect(
      executesSomething(
        { content: 'type A = B\nf(() => { return 1 })\n', language: 'typescript' },
        new Set([1]),
      ),
    ).toBe(false)
  })
})
