import type { Language } from '../source/language.ts'
import { OPERATOR, TokenKind, type Tokens, tokenText } from '../source/tokens.ts'
import {
  GO_KEYWORDS,
  JAVA_KEYWORDS,
  JAVASCRIPT_KEYWORDS,
  PYTHON_KEYWORDS,
} from '../source/tokens-vocabulary.ts'
import { API_NAMES, API_WORDS } from './api-names.ts'
import { sqlWords } from './sql-words.ts'

/** The tokens of a source as they are compared: without what an author is free to choose. */
export interface NormalisedTokens {
  readonly count: number
  /** What the token says, as 32 mixed bits. */
  readonly code: Uint32Array
  /** Its index in the source's tokens; the SQL words of a string have the string's. */
  readonly token: Uint32Array
}

/** JavaScript, TypeScript and TSX are one family: a pattern written in one of them is found in the others. */
const FAMILY: Readonly<Record<Language, number>> = {
  javascript: 0,
  typescript: 0,
  tsx: 0,
  python: 1,
  go: 2,
  java: 3,
}
const KEYWORDS = [JAVASCRIPT_KEYWORDS, PYTHON_KEYWORDS, GO_KEYWORDS, JAVA_KEYWORDS]
/** The codes of SQL words come after those of the kinds of tokens. */
const SQL_FROM = 256
/** Room made for the SQL words of strings before the arrays have to grow. */
const SPARE = 64

/**
 * Keywords, operators and the names of APIs (`API_NAMES`, and `API_WORDS` in their places) stand for themselves; other names, numbers, strings and regular
 * expressions are each like any other of their kind. Semicolons, commas before a closing bracket and the parentheses
 * of an only arrow parameter are left out, as formatters differ in them. A string of SQL is followed by its keywords. The
 * same code in languages of different families has nothing in common.
 */
export function normalise(tokens: Tokens, content: string): NormalisedTokens {
  const family = FAMILY[tokens.language]
  const { anywhere, inApiPlaces } = wordCodes(family)
  const out = new CodeWriter(tokens.count + SPARE)
  const identifier = codeOf(family, TokenKind.identifier)
  for (let index = 0; index < tokens.count; index++) {
    const kind = tokens.kind[index]!
    if (kind === TokenKind.identifier || kind === TokenKind.keyword) {
      const text = tokenText(content, tokens, index)
      const code = anywhere.get(text) ?? (isApiPlace(tokens, index) ? inApiPlaces.get(text) : undefined)
      out.push(code ?? identifier, index)
    } else if (kind === TokenKind.string || kind === TokenKind.template) {
      out.push(codeOf(family, TokenKind.string), index)
      const sql = sqlWords(content, tokens.start[index]!, tokens.end[index]!)
      for (const word of sql) out.push(codeOf(family, SQL_FROM + word), index)
    } else if (!isFormatting(tokens, index)) {
      out.push(codeOf(family, kind), index)
    }
  }
  return out.finish()
}

interface WordCodes {
  readonly anywhere: ReadonlyMap<string, number>
  readonly inApiPlaces: ReadonlyMap<string, number>
}

const codesOfFamilies: (WordCodes | undefined)[] = []

/** The codes of the names and keywords that stand for themselves. They depend on nothing else, so they are kept. */
function wordCodes(family: number): WordCodes {
  const known = codesOfFamilies[family]
  if (known !== undefined) return known
  const keywords = KEYWORDS[family]!.trim().split(/\s+/)
  const codes = (words: Iterable<string>) =>
    new Map(Array.from(words, (word) => [word, hashText(word, family)] as const))
  const made = { anywhere: codes([...keywords, ...API_NAMES]), inApiPlaces: codes(API_WORDS) }
  codesOfFamilies[family] = made
  return made
}

/** A member, what is called, or the name of an option: `x.name`, `name(`, `{ name:`, `(name=`. */
function isApiPlace({ kind }: Tokens, index: number): boolean {
  const before = kind[index - 1]
  const after = kind[index + 1]
  if (before === OPERATOR['.'] || before === OPERATOR['?.'] || before === OPERATOR['@']) return true
  if (after === OPERATOR['(']) return true
  if (after !== OPERATOR[':'] && after !== OPERATOR['=']) return false
  return before === OPERATOR['{'] || before === OPERATOR['('] || before === OPERATOR[',']
}

function isFormatting(tokens: Tokens, index: number): boolean {
  const { kind } = tokens
  const next = kind[index + 1]
  switch (kind[index]) {
    case OPERATOR[';']:
      return true
    case OPERATOR[',']:
      return next === OPERATOR[')'] || next === OPERATOR[']'] || next === OPERATOR['}']
    case OPERATOR['(']:
      return isOnlyParameter(tokens, index + 1)
    case OPERATOR[')']:
      return kind[index - 2] === OPERATOR['('] && isOnlyParameter(tokens, index - 1)
    default:
      return false
  }
}

/** `name) =>` or `name) ->`. */
function isOnlyParameter({ kind }: Tokens, index: number): boolean {
  if (kind[index] !== TokenKind.identifier || kind[index + 1] !== OPERATOR[')']) return false
  return kind[index + 2] === OPERATOR['=>'] || kind[index + 2] === OPERATOR['->']
}

/** FNV-1a over UTF-16 code units, mixed. */
function hashText(text: string, family: number): number {
  let hash = 0x811c9dc5 ^ family
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash)
}

function codeOf(family: number, meaning: number): number {
  return mix(0x9e3779b9 ^ (family << 16) ^ meaning)
}

/** The finaliser of MurmurHash3 (Appleby): each bit of the input turns about half of the output's. */
export function mix(value: number): number {
  let hash = value ^ (value >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

class CodeWriter {
  private code: Uint32Array
  private token: Uint32Array
  private count = 0

  constructor(capacity: number) {
    this.code = new Uint32Array(capacity)
    this.token = new Uint32Array(capacity)
  }

  push(code: number, token: number): void {
    if (this.count === this.code.length) this.grow()
    this.code[this.count] = code
    this.token[this.count++] = token
  }

  finish(): NormalisedTokens {
    const { count } = this
    return { count, code: this.code.subarray(0, count), token: this.token.subarray(0, count) }
  }

  private grow(): void {
    const { code, token } = this
    this.code = new Uint32Array(Math.ceil(code.length * 1.5))
    this.token = new Uint32Array(this.code.length)
    this.code.set(code)
    this.token.set(token)
  }
}
