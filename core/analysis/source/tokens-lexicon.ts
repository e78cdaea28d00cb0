import { OPERATORS } from './tokens-vocabulary.ts'
import { FIRST_OPERATOR, TokenKind, type TokenWriter } from './tokens-writer.ts'

const ASCII = 128
const WORD_START = 1
const DIGIT = 2
const SPACE = 4
const CLASS = classifyAscii()

/** White space and line ends beyond Latin-1 in ECMA-262, which has the most of them. */
const WIDE_SPACE = /[\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/

/** The keywords and operators of one language, laid out for looking up one character at a time. */
export class Lexicon {
  private readonly keywords: ReadonlySet<string>
  /** For each first letter, a bit for each length that a keyword with it has. */
  private readonly keywordLengths = new Uint32Array(ASCII)
  /** From an operator (its place in `OPERATORS`, plus 1; 0 for none yet) and a character to the longer operator. */
  private readonly longer = new Uint8Array((OPERATORS.length + 1) * ASCII)

  constructor(keywords: string, operators: string) {
    this.keywords = new Set(keywords.trim().split(/\s+/))
    for (const word of this.keywords) this.keywordLengths[word.charCodeAt(0)]! |= 1 << word.length
    for (const operator of operators.split(' ')) {
      const prefix = operator.slice(0, -1)
      const from = prefix === '' ? 0 : placeOf(prefix)
      this.longer[from * ASCII + operator.charCodeAt(operator.length - 1)] = placeOf(operator)
    }
  }

  isKeyword(content: string, start: number, end: number): boolean {
    const first = content.charCodeAt(start)
    const length = end - start
    if (first >= ASCII || length > 31 || (this.keywordLengths[first]! & (1 << length)) === 0) return false
    return this.keywords.has(content.slice(start, end))
  }

  /** The code of an operator of one character, which it must be. */
  codeOf(character: number): number {
    return FIRST_OPERATOR + this.longer[character]! - 1
  }

  /** Writes the longest operator at `at`, or the character as an unknown token. */
  pushOperator(content: string, at: number, out: TokenWriter): number {
    let place = 0
    let end = at
    while (end < content.length) {
      const code = content.charCodeAt(end)
      const next = code < ASCII ? this.longer[place * ASCII + code]! : 0
      if (next === 0) break
      place = next
      end++
    }
    if (place === 0) return out.push(TokenKind.unknown, at, at + 1)
    return out.push(FIRST_OPERATOR + place - 1, at, end)
  }
}

/** Letters, `_`, `$`, and everything beyond ASCII that is not white space. */
export function isWordStart(code: number): boolean {
  return code < ASCII ? CLASS[code] === WORD_START : code >= ASCII && !isWideSpace(code)
}

export function isDigit(code: number): boolean {
  return code < ASCII && CLASS[code] === DIGIT
}

export function isSpace(code: number): boolean {
  return code < ASCII ? CLASS[code] === SPACE : isWideSpace(code)
}

/** The end of the word, of letters, digits and what else may begin one, that goes on at `at`. */
export function wordEnd(content: string, at: number): number {
  let end = at
  while (end < content.length) {
    const code = content.charCodeAt(end)
    if (code < ASCII ? (CLASS[code]! & (WORD_START | DIGIT)) === 0 : isWideSpace(code)) break
    end++
  }
  return end
}

/** The end of the number at `at`: digits in any base with separators, one point, an exponent, a suffix. */
export function numberEnd(content: string, at: number): number {
  const hexadecimal = content.charCodeAt(at) === 0x30 && (content.charCodeAt(at + 1) | 0x20) === 0x78
  let pointSeen = false
  let end = at
  while (end < content.length) {
    const code = content.charCodeAt(end)
    if (code === 0x2e) {
      if (pointSeen) break
      pointSeen = true
    } else if (code === 0x2b || code === 0x2d) {
      if (hexadecimal || (content.charCodeAt(end - 1) | 0x20) !== 0x65) break
    } else if (code >= ASCII || (CLASS[code]! & (WORD_START | DIGIT)) === 0) break
    end++
  }
  return end
}

/** The end of the string whose opening quote is at `at`: after its closing quote, or before the end of the line. */
export function quotedEnd(content: string, at: number): number {
  const quote = content.charCodeAt(at)
  let end = at + 1
  while (end < content.length) {
    const code = content.charCodeAt(end)
    if (code === quote) return end + 1
    if (code === 0x0a || code === 0x0d) return end
    if (code !== 0x5c) end++
    // A backslash takes the line end after it along, both characters of it.
    else end += content.startsWith('\r\n', end + 1) ? 3 : 2
  }
  return content.length
}

/** The end of what goes on until `closing`, backslashes escaping it when `escapes`, or of the file. */
export function delimitedEnd(content: string, from: number, closing: string, escapes: boolean): number {
  let search = from
  while (search < content.length) {
    const found = content.indexOf(closing, search)
    if (found === -1) return content.length
    if (!escapes || !isEscaped(content, found, search)) return found + closing.length
    search = found + 1
  }
  return content.length
}

/** The end of a comment that goes to the end of its line. A carriage return ends a line where code is read. */
export function lineCommentEnd(content: string, at: number): number {
  let end = at
  while (end < content.length) {
    const code = content.charCodeAt(end)
    if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) break
    end++
  }
  return end
}

function isEscaped(content: string, at: number, from: number): boolean {
  let backslashes = 0
  while (at - backslashes > from && content.charCodeAt(at - backslashes - 1) === 0x5c) backslashes++
  return backslashes % 2 === 1
}

function isWideSpace(code: number): boolean {
  if (code < 0x1680) return code === 0xa0 || code === 0x85
  return WIDE_SPACE.test(String.fromCharCode(code))
}

function placeOf(operator: string): number {
  const index = (OPERATORS as readonly string[]).indexOf(operator)
  if (index === -1) throw new Error(`${operator} is not in OPERATORS`)
  return index + 1
}

function classifyAscii(): Uint8Array {
  return Uint8Array.from({ length: ASCII }, (_, code) => {
    const text = String.fromCharCode(code)
    if (/[A-Za-z_$]/.test(text)) return WORD_START
    if (/[0-9]/.test(text)) return DIGIT
    return code <= 0x20 || code === 0x7f ? SPACE : 0
  })
}
