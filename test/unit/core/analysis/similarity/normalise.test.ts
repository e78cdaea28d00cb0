import { describe, expect, test } from 'vitest'
import { normalise } from '../../../../../core/analysis/similarity/normalise.ts'
import type { Language } from '../../../../../core/analysis/source/language.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'

function codes(code: string, language: Language = 'typescript'): number[] {
  return [...normalise(tokenise(code, language), code).code]
}

describe('normalised alike', () => {
  test.each<[string, string, string, Language]>([
    ['names', 'const a = b.c(d)', 'const x = yy.zzz($0)', 'typescript'],
    ['numbers', 'f(1)', 'f(0xff)', 'typescript'],
    ['strings', `f('a')`, 'f("bb")', 'typescript'],
    ['semicolons', 'a(); b()', 'a()\nb()', 'typescript'],
    ['commas before a closing bracket', 'f(a, [b,], { c, },)', 'f(a, [b], { c })', 'typescript'],
    ['parentheses of an only parameter', 'f((a) => b)', 'f(a => b)', 'typescript'],
    ['the same of Java', 'f((a) -> b)', 'f(a -> b)', 'java'],
    ['layout and comments', 'if (a) { b() }', 'if (a)\n\n{ // c\n  b()\n}', 'typescript'],
    [
      'tables and columns in SQL',
      `q('SELECT a, b FROM t WHERE c = 1')`,
      `q('select x from u where y = $2')`,
      'go',
    ],
    ['a plain API word as a variable', 'const client = pool', 'const a = b', 'typescript'],
  ])('%s', (_, a, b, language) => {
    expect(codes(a, language)).toEqual(codes(b, language))
  })

  test('TypeScript, TSX and JavaScript', () => {
    expect(codes('await f(a)', 'tsx')).toEqual(codes('await f(a)', 'javascript'))
    expect(codes('await f(a)', 'tsx')).toEqual(codes('await f(a)', 'typescript'))
  })
})

describe('told apart', () => {
  test.each<[string, string, string, Language]>([
    ['keywords', 'if (a) b()', 'while (a) b()', 'typescript'],
    ['operators', 'a + b', 'a - b', 'typescript'],
    ['names of APIs', 'setTimeout(a)', 'a(a)', 'typescript'],
    ['members of APIs', 'a.commit()', 'a.b()', 'typescript'],
    ['called functions', 'sleep(1)', 'a(1)', 'python'],
    ['options', 'f(timeout=1)', 'f(a=1)', 'python'],
    ['options in an object', '({ timeout: 1 })', '({ a: 1 })', 'typescript'],
    [
      'SQL statements',
      `q('CREATE INDEX a ON b (c)')`,
      `q('CREATE INDEX CONCURRENTLY a ON b (c)')`,
      'typescript',
    ],
    ['SQL in triple quotes', 'q("""\n      ALTER TABLE a\n""")', 'q("""\n      DROP TABLE a\n""")', 'python'],
    ['SQL and text', `q('SELECT a FROM b')`, `q('Selected a from b')`, 'typescript'],
    ['a number and a string', 'f(1)', 'f("1")', 'typescript'],
  ])('%s', (_, a, b, language) => {
    expect(codes(a, language)).not.toEqual(codes(b, language))
  })

  test('languages of different families', () => {
    const code = 'if (a.get(b)) { return c; }'
    const families = (['typescript', 'python', 'go', 'java'] as const).map((language) =>
      codes(code, language),
    )
    expect(new Set(families.flat()).size).toBe(
      families.reduce((sum, family) => sum + new Set(family).size, 0),
    )
  })
})

test('each code knows its token, the words of a statement that of their string', () => {
  const source = `q('SELECT a FROM b');c`
  const { code, token, count } = normalise(tokenise(source, 'typescript'), source)
  expect([...token]).toEqual([0, 1, 2, 2, 2, 3, 5])
  expect(code).toHaveLength(count)
})
