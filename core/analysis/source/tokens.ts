import type { Language } from './language.ts'
import { scanJavaScript } from './tokens-javascript.ts'
import { GO, JAVA, PYTHON, scanPlain } from './tokens-plain.ts'
import { OPERATORS } from './tokens-vocabulary.ts'
import { FIRST_OPERATOR, TokenWriter } from './tokens-writer.ts'

export { FIRST_OPERATOR, TokenKind } from './tokens-writer.ts'

/** The tokens of a source, one per index below `count`; comments and white space are none. */
export interface Tokens {
  readonly language: Language
  readonly count: number
  /** A `TokenKind`, or for an operator or punctuation mark its code, from `FIRST_OPERATOR`: see `OPERATOR`. */
  readonly kind: Uint8Array
  /** Where the token begins in the source, in UTF-16 code units. */
  readonly start: Uint32Array
  /** Where it ends, exclusive. */
  readonly end: Uint32Array
  /** The line of its first character, from 1; lines end at "\n" alone. */
  readonly line: Uint32Array
  /** The deepest nesting of brackets, template holes and JSX elements, which bounds what a parser would recurse. */
  readonly maxNesting: number
}

/** The code of each operator and punctuation mark of any of the languages: `tokens.kind[i] === OPERATOR['=>']`. */
export const OPERATOR: Readonly<Record<(typeof OPERATORS)[number], number>> = Object.fromEntries(
  OPERATORS.map((text, index) => [text, FIRST_OPERATOR + index]),
) as Record<(typeof OPERATORS)[number], number>

/**
 * Splits a source into tokens in one pass, whose time and memory grow with the source's length alone. It never throws:
 * what is not the language gives some tokens all the same, and a string, regular expression or character that
 * is not closed ends with its line (a raw string, template or comment with the file).
 *
 * The caller limits the length: a token takes 13 bytes and there is at most one per character.
 */
export function tokenise(content: string, language: Language): Tokens {
  const out = new TokenWriter(content)
  SCANNERS[language](content, out)
  return { language, ...out.finish() }
}

/** The text of the token at `index` of the tokens of `content`. */
export function tokenText(content: string, tokens: Tokens, index: number): string {
  return content.slice(tokens.start[index], tokens.end[index])
}

const SCANNERS: Readonly<Record<Language, (content: string, out: TokenWriter) => void>> = {
  javascript: (content, out) => scanJavaScript(content, out, true),
  typescript: (content, out) => scanJavaScript(content, out, false),
  tsx: (content, out) => scanJavaScript(content, out, true),
  python: (content, out) => scanPlain(content, PYTHON, out),
  go: (content, out) => scanPlain(content, GO, out),
  java: (content, out) => scanPlain(content, JAVA, out),
}
