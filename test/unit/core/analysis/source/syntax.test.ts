// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../../../../../core/analysis/source/language.ts'
import { SYNTAX_BUDGET, type Syntax, type SyntaxBudget } from '../../../../../core/analysis/source/syntax.ts'
import { syntaxForTests } from '../../../../support/grammars.ts'

const SOURCES: Readonly<Record<Language, string>> = {
  javascript: 'const a = (b) => `x${b}`\n',
  typescript: 'const a = (b: string): string => b as string\n',
  tsx: 'const A = (b: { c: string }) => <p>{b.c}</p>\n',
  python: 'def a(b):\n    return f"x{b}"\n',
  go: 'package a\n\nfunc a(b string) string { return b }\n',
  java: 'class A { String a(String b) { return b; } }\n',
}
const IDENTIFIERS = '(identifier) @name'

/** Whether it was parsed. What is parsed is freed. */
function parses(syntax: Syntax, content: string, language: Language, budget?: SyntaxBudget): boolean {
  const parsed = syntax.parse(content, language, budget ?? { ...SYNTAX_BUDGET })
  parsed?.free()
  return parsed !== null
}

describe.each(LANGUAGES)('%s', (language) => {
  test('is parsed, and its tree can be asked', async () => {
    const syntax = await syntaxForTests()
    const budget = { ...SYNTAX_BUDGET }
    const parsed = syntax.parse(SOURCES[language], language, budget)!
    expect(parsed.root.hasError).toBe(false)
    const matches = parsed.matches(syntax.query(language, IDENTIFIERS), budget)!
    expect(matches.map(({ captures }) => captures[0]!.node.text)).toContain('b')
    expect(budget.nodes).toBeLessThan(SYNTAX_BUDGET.nodes)
    parsed.free()
  })

  test.each([
    ['random characters', fc.string({ unit: 'binary' })],
    [
      'pieces of source',
      fc
        .array(fc.constantFrom(...Object.values(SOURCES), '{', '}', '(', '`', '"', '\n'))
        .map((parts) => parts.join('')),
    ],
  ])('survives %s', async (_, content) => {
    const syntax = await syntaxForTests()
    fc.assert(
      fc.property(content, (text) => {
        parses(syntax, text, language)
      }),
      { numRuns: 50 },
    )
    expect(parses(syntax, SOURCES[language], language)).toBe(true)
  })
})

test('the same query is compiled once for a language', async () => {
  const syntax = await syntaxForTests()
  expect(syntax.query('go', IDENTIFIERS)).toBe(syntax.query('go', IDENTIFIERS))
  expect(syntax.query('java', IDENTIFIERS)).not.toBe(syntax.query('go', IDENTIFIERS))
})

test('a malformed query is a bug, and not passed over', async () => {
  const syntax = await syntaxForTests()
  expect(() => syntax.query('go', '(no_such_node) @x')).toThrow()
})

test('only the matches on the lines asked for are given', async () => {
  const syntax = await syntaxForTests()
  const budget = { ...SYNTAX_BUDGET }
  const parsed = syntax.parse('a\nb\nc\n', 'javascript', budget)!
  const query = syntax.query('javascript', IDENTIFIERS)
  const names = (lines: { first: number; last: number }) =>
    parsed.matches(query, budget, lines)!.map(({ captures }) => captures[0]!.node.text)
  expect(names({ first: 2, last: 2 })).toEqual(['b'])
  expect(names({ first: 1, last: 2 })).toEqual(['a', 'b'])
  parsed.free()
})

describe('the budget', () => {
  test('goes down with what is parsed, and ends it', async () => {
    const syntax = await syntaxForTests()
    const content = SOURCES.typescript.repeat(500)
    const budget = { ...SYNTAX_BUDGET }
    expect(parses(syntax, content, 'typescript', budget)).toBe(true)
    const cost = { steps: SYNTAX_BUDGET.steps - budget.steps, nodes: SYNTAX_BUDGET.nodes - budget.nodes }
    expect(cost.steps).toBeGreaterThan(0)
    expect(parses(syntax, content, 'typescript', { ...SYNTAX_BUDGET, steps: cost.steps - 1 })).toBe(false)
    expect(parses(syntax, content, 'typescript', { ...SYNTAX_BUDGET, nodes: cost.nodes - 1 })).toBe(false)
    expect(parses(syntax, content, 'typescript', { ...cost })).toBe(true)
  })

  test('ends a query too', async () => {
    const syntax = await syntaxForTests()
    const parsed = syntax.parse(SOURCES.javascript.repeat(2_000), 'javascript', { ...SYNTAX_BUDGET })!
    const query = syntax.query('javascript', '(_) @node')
    expect(parsed.matches(query, { steps: 0, nodes: 0 })).toBeNull()
    parsed.free()
  })

  test.each<[string, Language, string]>([
    ['an endless line', 'javascript', `a${'+a'.repeat(30_000)}`],
    ['an endless line behind others', 'python', `a = 1\n${'a+'.repeat(30_000)}a\n`],
    ['brackets in brackets', 'typescript', `${'[\n'.repeat(10_000)}${']\n'.repeat(10_000)}`],
    ['brackets that never close', 'typescript', '(\n'.repeat(10_000)],
    ['operators in a row', 'javascript', `a\n${'+ a\n'.repeat(20_000)}`],
    ['type arguments that never close', 'tsx', 'a<\n'.repeat(10_000)],
    ['blocks in blocks', 'go', `package a\nfunc f() ${'{\n'.repeat(10_000)}`],
    ['lambdas in lambdas', 'java', `class A { Object o = ${'x -> (\n'.repeat(10_000)}`],
    ['nothing but mistakes', 'java', '} ) ; <- @ \n'.repeat(20_000)],
  ])('is not enough for %s, and the parser works on', { timeout: 60_000 }, async (_, language, content) => {
    const syntax = await syntaxForTests()
    expect(parses(syntax, content, language)).toBe(false)
    expect(parses(syntax, SOURCES[language], language)).toBe(true)
  })
})

test('memory has a limit: what reaches it is given up, and the next is parsed as before', {
  timeout: 120_000,
}, async () => {
  const syntax = await syntaxForTests()
  const endless = { steps: Number.MAX_SAFE_INTEGER, nodes: Number.MAX_SAFE_INTEGER }
  const trees = []
  for (let i = 0; i < 200; i++) {
    const parsed = syntax.parse('a = [1, 2, 3]\n'.repeat(8_000), 'javascript', endless)
    if (parsed === null) break
    trees.push(parsed)
  }
  expect(trees.length).toBeLessThan(200)
  for (const language of LANGUAGES) expect(parses(syntax, SOURCES[language], language)).toBe(true)
})
