// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the sources of the cases have template literals
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LANGUAGES, type Language } from '../../../../../core/analysis/source/language.ts'
import {
  FIRST_OPERATOR,
  OPERATOR,
  TokenKind,
  tokenise,
  tokenText,
} from '../../../../../core/analysis/source/tokens.ts'
import { texts } from './support.ts'

describe('tokens of Python', () => {
  test.each<[string, string, string]>([
    ['words and operators', 'if x not in y: z //= 2 ** 3', 'k:if i:x k:not k:in i:y : i:z //= n:2 ** n:3'],
    ['a comment', 'a # b "c\nd', 'i:a i:d'],
    ['strings with prefixes', `f'a' rb"b" u'c' BR'd' x'e'`, `s:f'a' s:rb"b" s:u'c' s:BR'd' i:x s:'e'`],
    ['what looks like a prefix', `abc'd'`, `i:abc s:'d'`],
    ['triple quotes over lines', 'a = """b\n"c" \\""" d""" + e', 'i:a = s:"""b\n"c" \\""" d""" + i:e'],
    ['triple single quotes', "'''a'b''' c", "s:'''a'b''' i:c"],
    ['an empty string beside another', `'' ""`, `s:'' s:""`],
    ['an escaped quote', `'a\\'b' c`, `s:'a\\'b' i:c`],
    ['a line joined to the next', 'a \\\n b \\\r\n c', 'i:a i:b i:c'],
    ['a string joined to the next line', `'a\\\nb' c`, `s:'a\\\nb' i:c`],
    ['an open string ends with its line', `'a\nb`, `s:'a i:b`],
    ['open triple quotes end with the file', '"""a\nb', 's:"""a\nb'],
    ['a keyword as a member', 'a.import', 'i:a . i:import'],
    [
      'a decorator and an annotation',
      '@a\ndef f(x: int) -> None: ...',
      '@ i:a k:def i:f ( i:x : i:int ) -> k:None : ...',
    ],
    ['the walrus', '(a := 1)', '( i:a := n:1 )'],
    ['numbers', '0x1F 1_000 1e-5 1.5j .5', 'n:0x1F n:1_000 n:1e-5 n:1.5j n:.5'],
    ['names beyond ASCII', 'größe = π', 'i:größe = i:π'],
  ])('%s', (_, source, expected) => {
    expect(texts(source, 'python')).toBe(expected)
  })
})

describe('tokens of Go', () => {
  test.each<[string, string, string]>([
    ['words and operators', 'if a := <-ch; a &^= 3', 'k:if i:a := <- i:ch ; i:a &^= n:3'],
    ['comments', 'a // b\n/* c\n */ d', 'i:a i:d'],
    ['an open comment ends with the file', 'a /* b\nc', 'i:a'],
    ['raw strings over lines without escapes', 'a(`b\\`) + `c\n"d`', 'i:a ( s:`b\\` ) + s:`c\n"d`'],
    ['an open raw string ends with the file', '`a\nb', 's:`a\nb'],
    ['runes', `'a' '\\'' '"'`, `s:'a' s:'\\'' s:'"'`],
    ['variadic parameters', 'func f(a ...int) {}', 'k:func i:f ( i:a ... i:int ) { }'],
    ['channels', 'c <- <-d', 'i:c <- <- i:d'],
    ['no keyword of another language', 'class try', 'i:class i:try'],
  ])('%s', (_, source, expected) => {
    expect(texts(source, 'go')).toBe(expected)
  })
})

describe('tokens of Java', () => {
  test.each<[string, string, string]>([
    [
      'words and operators',
      'for (int i = 0; i >>>= 1; ) {}',
      'k:for ( k:int i:i = n:0 ; i:i >>>= n:1 ; ) { }',
    ],
    ['text blocks', 'a = """\n "b" \\""" c""";', 'i:a = s:"""\n "b" \\""" c""" ;'],
    ['characters', `'"' '\\''`, `s:'"' s:'\\''`],
    ['method references and lambdas', 'a::b, (c) -> d', 'i:a :: i:b , ( i:c ) -> i:d'],
    ['annotations', '@A("b") class C {}', '@ i:A ( s:"b" ) k:class i:C { }'],
    ['a keyword as a member', 'A.class', 'i:A . i:class'],
    ['numbers', '1.0f 0xFFL 1e+9', 'n:1.0f n:0xFFL n:1e+9'],
    ['comments', 'a /** b */ // c', 'i:a'],
    ['an open string ends with its line', '"a\nb', 's:"a i:b'],
  ])('%s', (_, source, expected) => {
    expect(texts(source, 'java')).toBe(expected)
  })
})

describe('places', () => {
  test('the line of a token is that of its first character, and lines end at a newline alone', () => {
    const tokens = tokenise('a\r\nb `c\nd` e\r f', 'go')
    expect([...tokens.line]).toEqual([1, 2, 2, 3, 3])
  })

  test('start and end give the text back', () => {
    const source = 'const a = 1'
    const tokens = tokenise(source, 'typescript')
    expect(Array.from({ length: tokens.count }, (_, i) => tokenText(source, tokens, i))).toEqual([
      'const',
      'a',
      '=',
      '1',
    ])
  })

  test.each<[Language, string, number]>([
    ['python', '((a)[b]{c})', 2],
    ['go', 'a', 0],
    ['java', '))((', 2],
    ['typescript', '`a${{b: [c]}}`', 3],
    ['tsx', '<a><b>{c}</b></a>', 3],
    ['tsx', '<a/>', 1],
    ['javascript', '(((', 3],
    ['javascript', '()()()', 1],
  ])('the deepest nesting in %s of %s is %i', (language, source, depth) => {
    expect(tokenise(source, language).maxNesting).toBe(depth)
  })

  test('nesting is counted however deep it is', () => {
    expect(tokenise('['.repeat(100_000), 'javascript').maxNesting).toBe(100_000)
    expect(tokenise('`${'.repeat(10_000), 'javascript').maxNesting).toBeGreaterThan(1000)
  })
})

describe('whatever the source', () => {
  const pieces = fc.constantFrom(
    ...[
      '"',
      "'",
      '`',
      '"""',
      '${',
      '}',
      '{',
      '(',
      ')',
      '[',
      ']',
      '/',
      '//',
      '/*',
      '*/',
      '<',
      '>',
      '</',
      '/>',
      '\\',
    ],
    ...[
      '\n',
      '\r',
      ' ',
      'a',
      'if',
      'return',
      'f',
      '1',
      '.',
      '=',
      '#',
      '@',
      '=>',
      'é',
      '\u2028',
      '\ud800',
      '\0',
    ],
  )
  const source = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )

  test('tokens do not overlap, are not empty, are in order, and nothing but white space and comments is lost', () => {
    fc.assert(
      fc.property(source, fc.constantFrom(...LANGUAGES), (content, language) => {
        const tokens = tokenise(content, language)
        let end = 0
        for (let i = 0; i < tokens.count; i++) {
          expect(tokens.start[i]).toBeGreaterThanOrEqual(end)
          expect(tokens.end[i]).toBeGreaterThan(tokens.start[i]!)
          expect(tokens.line[i]).toBe(content.slice(0, tokens.start[i]).split('\n').length)
          const between = content.slice(end, tokens.start[i])
          expect(between).toMatch(/^(?:[\s\p{Cc}\ufeff\\]*$|[\s\S]*(?:\/\/|\/\*|#))/u)
          end = tokens.end[i]!
        }
        expect(end).toBeLessThanOrEqual(content.length)
      }),
    )
  })

  test('what comes before an addition on lines of its own stays as it is, where nothing is left open', () => {
    const statement = fc.constantFrom('a = b(1)', 'c.d("e")', 'f([g, h])', "i = 'j'")
    fc.assert(
      fc.property(fc.array(statement), source, fc.constantFrom(...LANGUAGES), (before, after, language) => {
        const head = `${before.join('\n')}\n`
        const alone = tokenise(head, language)
        const longer = tokenise(head + after, language)
        expect(longer.count).toBeGreaterThanOrEqual(alone.count)
        expect([...longer.kind.subarray(0, alone.count)]).toEqual([...alone.kind])
      }),
    )
  })

  test.each(LANGUAGES)('%s: code of kinds and operators are apart', (language) => {
    const tokens = tokenise('a = "b" + 1', language)
    expect([...tokens.kind]).toEqual([
      TokenKind.identifier,
      OPERATOR['='],
      TokenKind.string,
      OPERATOR['+'],
      TokenKind.number,
    ])
    expect(Math.max(...Object.values(TokenKind))).toBeLessThan(FIRST_OPERATOR)
    expect(Math.max(...Object.values(OPERATOR))).toBeLessThan(256)
  })
})
