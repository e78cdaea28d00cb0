import {
  delimitedEnd,
  isDigit,
  isSpace,
  isWordStart,
  Lexicon,
  lineCommentEnd,
  numberEnd,
  quotedEnd,
  wordEnd,
} from './tokens-lexicon.ts'
import {
  GO_KEYWORDS,
  GO_OPERATORS,
  JAVA_KEYWORDS,
  JAVA_OPERATORS,
  PYTHON_KEYWORDS,
  PYTHON_OPERATORS,
} from './tokens-vocabulary.ts'
import { TokenKind, type TokenWriter } from './tokens-writer.ts'

/** What sets one of the languages apart whose tokens do not depend on the tokens before them. */
interface Rules {
  readonly lexicon: Lexicon
  /** `#` in Python; elsewhere `//`, and then also block comments. */
  readonly hashComments: boolean
  /** Three double quotes open a string of several lines: always in Java, with single quotes also in Python. */
  readonly tripleQuotes: string
  /** Backticks hold raw strings. */
  readonly rawStrings: boolean
  readonly isStringPrefix: (content: string, start: number, end: number) => boolean
}

const never = () => false

export const GO: Rules = {
  lexicon: new Lexicon(GO_KEYWORDS, GO_OPERATORS),
  hashComments: false,
  tripleQuotes: '',
  rawStrings: true,
  isStringPrefix: never,
}

export const JAVA: Rules = {
  lexicon: new Lexicon(JAVA_KEYWORDS, JAVA_OPERATORS),
  hashComments: false,
  tripleQuotes: '"',
  rawStrings: false,
  isStringPrefix: never,
}

export const PYTHON: Rules = {
  lexicon: new Lexicon(PYTHON_KEYWORDS, PYTHON_OPERATORS),
  hashComments: true,
  tripleQuotes: `"'`,
  rawStrings: false,
  // r, b, u, f, t and their pairs, in any case.
  isStringPrefix: (content, start, end) =>
    end - start <= 2 && /^(?:[bfrtu]|[bft]r|r[bft])$/i.test(content.slice(start, end)),
}

/** Writes the tokens of Python, Go or Java. */
export function scanPlain(content: string, rules: Rules, out: TokenWriter): void {
  let at = 0
  let depth = 0
  while (at < content.length) {
    const code = content.charCodeAt(at)
    if (isSpace(code)) at++
    else if (isWordStart(code)) at = scanWord(content, at, rules, out)
    else if (isDigit(code)) at = out.push(TokenKind.number, at, numberEnd(content, at))
    else if (code === 0x22 || code === 0x27) {
      at = out.push(TokenKind.string, at, stringEnd(content, at, rules))
    } else {
      if (code === 0x28 || code === 0x5b || code === 0x7b) out.reach(++depth)
      else if ((code === 0x29 || code === 0x5d || code === 0x7d) && depth > 0) depth--
      at = scanMark(content, at, code, rules, out)
    }
  }
}

/** A word after a point is a member's name, whatever it is. */
function scanWord(content: string, at: number, rules: Rules, out: TokenWriter): number {
  const end = wordEnd(content, at)
  const next = content.charCodeAt(end)
  if ((next === 0x22 || next === 0x27) && rules.isStringPrefix(content, at, end)) {
    return out.push(TokenKind.string, at, stringEnd(content, end, rules))
  }
  const isKeyword = content.charCodeAt(at - 1) !== 0x2e && rules.lexicon.isKeyword(content, at, end)
  return out.push(isKeyword ? TokenKind.keyword : TokenKind.identifier, at, end)
}

function stringEnd(content: string, at: number, rules: Rules): number {
  const quote = content[at]!
  if (!rules.tripleQuotes.includes(quote) || !content.startsWith(quote.repeat(3), at)) {
    return quotedEnd(content, at)
  }
  return delimitedEnd(content, at + 3, quote.repeat(3), true)
}

function scanMark(content: string, at: number, code: number, rules: Rules, out: TokenWriter): number {
  const next = content.charCodeAt(at + 1)
  if (rules.hashComments) {
    if (code === 0x23) return lineCommentEnd(content, at)
    // A backslash before the end of a line joins it to the next.
    if (code === 0x5c && (next === 0x0a || next === 0x0d)) return at + 2
  } else if (code === 0x2f) {
    if (next === 0x2f) return lineCommentEnd(content, at)
    if (next === 0x2a) return delimitedEnd(content, at + 2, '*/', false)
  }
  if (code === 0x60 && rules.rawStrings) {
    return out.push(TokenKind.string, at, delimitedEnd(content, at + 1, '`', false))
  }
  if (code === 0x2e && isDigit(next)) return out.push(TokenKind.number, at, numberEnd(content, at))
  return rules.lexicon.pushOperator(content, at, out)
}
