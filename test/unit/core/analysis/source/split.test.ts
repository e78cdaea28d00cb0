// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Language } from '../../../../../core/analysis/source/language.ts'
import { LANGUAGES } from '../../../../../core/analysis/source/language.ts'
import { type SourcePiece, splitSource } from '../../../../../core/analysis/source/split.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'
import { syntaxForTests } from '../../../../support/grammars.ts'

const split = (content: string, language: Language = 'typescript') =>
  splitSource(content, tokenise(content, language))

const PIECE = 48 * 1024
const DECLARATIONS: Readonly<Record<Language, string>> = {
  javascript:
    'function f(a) {\n  if (a) {\n    return `x${a + `y${a}`}`\n  } else {\n    return [1]\n  }\n}\n',
  typescript: 'export function f(a: number): string {\n  return `x${a}` satisfies string\n}\n',
  tsx: 'export const F = ({ a }: { a: string }) => (\n  <p className="b">\n{a} isn\'t {`b${a}`}\n</p>\n)\n',
  python: '@decorated(1)\n@other\ndef f(a):\n    try:\n        return f"{a}"\n    except E:\n        pass\n',
  go: 'func f(a int) string {\n\tif a > 1 {\n\t\treturn "x"\n\t}\n\treturn `y\n`\n}\n',
  java: 'class A {\n  @Override\n  String f(int a) { return a > 1 ? "x" : "y"; }\n}\n',
}

/** Together they are the source, and their lines follow one another. */
function expectWhole(pieces: readonly SourcePiece[], content: string): void {
  expect(pieces.map(({ text }) => text).join('')).toBe(content)
  let line = 1
  for (const [index, piece] of pieces.entries()) {
    expect(piece.firstLine).toBe(line)
    if (index === pieces.length - 1) expect(piece.lastLine).toBe(Number.POSITIVE_INFINITY)
    else {
      line += piece.text.split('\n').length - 1
      expect(piece.lastLine).toBe(line - 1)
      expect(piece.text.endsWith('\n')).toBe(true)
    }
  }
}

test.each(['', 'x', 'const a = 1\n', DECLARATIONS.tsx])('what is short is one piece: %j', (content) => {
  expect(split(content)).toEqual([
    { text: content, firstLine: 1, lastLine: Number.POSITIVE_INFINITY, prefixLines: 0 },
  ])
})

describe.each(LANGUAGES)('%s', (language) => {
  const declaration = DECLARATIONS[language]
  const content = declaration.repeat(Math.ceil((PIECE * 5) / declaration.length))

  test('is split at declarations', () => {
    const pieces = split(content, language)!
    expectWhole(pieces, content)
    expect(pieces.length).toBeGreaterThanOrEqual(4)
    for (const { text } of pieces.slice(0, -1)) {
      expect(text.length).toBeGreaterThanOrEqual(PIECE)
      expect(text.length).toBeLessThan(PIECE + 2 * declaration.length)
    }
    for (const { text } of pieces) expect(text.startsWith(declaration.split('\n')[0]!)).toBe(true)
  })

  test('has pieces that can each be parsed by themselves', async () => {
    const syntax = await syntaxForTests()
    for (const { text } of split(content, language)!) {
      const parsed = syntax.parse(text, language, { steps: 10_000, nodes: 500_000 })!
      expect(parsed.root.hasError).toBe(false)
      parsed.free()
    }
  })
})

describe('it is not split', () => {
  const filler = (characters: number) => 'x = 1\n'.repeat(Math.ceil(characters / 6))

  test.each<[string, string, Language]>([
    ['within brackets', `f(\n${filler(PIECE * 2)})\n`, 'typescript'],
    ['within a template', `a = \`\n${filler(PIECE * 2)}\`\n`, 'typescript'],
    ['within the hole of a template', `a = \`\${[\n${filler(PIECE * 2)}]}\`\n`, 'typescript'],
    ['within a comment', `/*\n${filler(PIECE * 2)}*/\n`, 'typescript'],
    ['within a text of several lines', `a = """\n${filler(PIECE * 2)}"""\n`, 'python'],
    ['at indented lines', `if a:\n${filler(PIECE * 2).replaceAll('x', ' x')}`, 'python'],
    ['before words that go on', `if (a) {}\n${'else if (a) {}\n'.repeat(PIECE / 8)}`, 'typescript'],
  ])('%s', (_, content, language) => {
    expect(split(content, language)).toHaveLength(1)
  })
})

test('a decorator stays with what it decorates', () => {
  const before = 'x = 1\n'.repeat(PIECE / 6)
  const decorated = '@a(1)\n@b\ndef f():\n    pass\n'
  expect(split(before + decorated, 'python')!.map(({ text }) => text)).toEqual([before, decorated])
})

describe('it is given up', () => {
  test.each<[string, string, Language]>([
    ['nested too deep', `${'['.repeat(257)}${']'.repeat(257)}`, 'typescript'],
    ['nested too deep in another way', '{('.repeat(129), 'go'],
    ['a declaration without an end', `a = [\n${'1,\n'.repeat(PIECE * 2)}]\n`, 'typescript'],
    [
      'a last declaration without an end',
      `${'x = 1\n'.repeat(PIECE)}a = [\n${'1,\n'.repeat(PIECE * 2)}]\n`,
      'python',
    ],
    ['a comment without an end', `/*${'x\n'.repeat(PIECE * 2)}`, 'java'],
  ])('%s', (_, content, language) => {
    expect(split(content, language)).toBeNull()
  })

  test('and nesting that people may write is not', () => {
    expect(split(`${'['.repeat(256)}${']'.repeat(256)}`)).toHaveLength(1)
  })
})

test('whatever the text, its pieces are the text, or there are none', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(...Object.values(DECLARATIONS), '}', '{', '`', '${', '"', "'", '/*', '*/', '"""', '\n'),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.constantFrom(...LANGUAGES), (parts, language) => {
      const content = parts.join('').repeat(200)
      const pieces = split(content, language)
      if (pieces !== null) expectWhole(pieces, content)
    }),
    { numRuns: 60 },
  )
})

describe('what was not changed', () => {
  const long = (name: string) => `function ${name}() {\n${'  f()\n'.repeat(10)}}\n`
  const content = `import a from 'a'\n${long('g')}const b = 1\n${long('h')}`
  const changedOf = (lines: readonly number[]) =>
    splitSource(content, tokenise(content, 'typescript'), new Set(lines))!

  test('is left empty where it is long, and every line stays where it was', () => {
    const [piece, ...more] = changedOf([18])
    expect(more).toEqual([])
    expect(piece!.text.split('\n')).toHaveLength(content.split('\n').length)
    const lines = content.split('\n')
    for (const [index, line] of piece!.text.split('\n').entries()) expect(['', lines[index]]).toContain(line)
    expect(piece!.text).toContain("import a from 'a'")
    expect(piece!.text).toContain('const b = 1')
    expect(piece!.text).toContain('function h()')
    expect(piece!.text).not.toContain('function g()')
  })

  test('stays where it is all changed, or nothing is known', () => {
    const all = content.split('\n').map((_, index) => index + 1)
    expect(changedOf(all)[0]!.text).toBe(content)
    expect(split(content)![0]!.text).toBe(content)
  })

  test.each([2, 7, 13])('keeps a declaration whose line %i was changed', (line) => {
    expect(changedOf([line])[0]!.text).toContain('function g()')
    expect(changedOf([line])[0]!.text).not.toContain('function h()')
  })

  test.each(LANGUAGES)('%s: the rest can be parsed by itself', async (language) => {
    const source = DECLARATIONS[language].repeat(20)
    const middle = Math.floor(source.split('\n').length / 2)
    const pieces = splitSource(source, tokenise(source, language), new Set([middle]))!
    const parsed = (await syntaxForTests()).parse(pieces[0]!.text, language, {
      steps: 10_000,
      nodes: 300_000,
    })!
    expect(parsed.root.hasError).toBe(false)
    parsed.free()
  })
})

test('every piece knows the imports before it, and its lines are counted without them', () => {
  const imports = "import { a } from 'a'\nimport {\n  b,\n  c,\n  d,\n  e,\n  f,\n  g,\n} from 'b'\n"
  const content = imports + DECLARATIONS.typescript.repeat(1_200)
  const pieces = split(content)!
  expect(pieces.length).toBeGreaterThan(1)
  for (const piece of pieces.slice(1)) {
    expect(piece.text.startsWith(imports)).toBe(true)
    expect(piece.prefixLines).toBe(9)
    const own = piece.text.split('\n')[piece.prefixLines]
    expect(content.split('\n')[piece.firstLine + piece.prefixLines - 1]).toBe(own)
  }
})
