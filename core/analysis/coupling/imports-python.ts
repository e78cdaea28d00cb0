import { OPERATOR, TokenKind, type Tokens, tokenText } from '../source/tokens.ts'
import type { Import } from './imports.ts'

/** `import a.b as c, d` gives `a.b` and `d`; `from ..a import (b, c as d)` gives `..a.b` and `..a.c`. */
export function* pythonImports(content: string, tokens: Tokens): Generator<Import> {
  const { count, kind } = tokens
  let guard = -1
  for (let i = 0; i < count; i++) {
    if (guard >= 0 && beginsLine(tokens, i) && columnOf(content, tokens, i) <= guard) guard = -1
    if (kind[i] !== TokenKind.keyword || !beginsStatement(tokens, i)) continue
    const word = tokenText(content, tokens, i)
    if (word === 'import') i = yield* plainImports(content, tokens, i + 1, guard >= 0)
    else if (word === 'from') i = yield* fromImports(content, tokens, i + 1, guard >= 0)
    else if (word === 'if' && asksForTypeChecking(content, tokens, i + 1))
      guard = columnOf(content, tokens, i)
  }
}

/**
 * The first of its line, or after the mark that ends a statement or opens a block. So is not `yield from` or `raise …
 * from`.
 */
function beginsStatement(tokens: Tokens, index: number): boolean {
  const before = tokens.kind[index - 1]
  return beginsLine(tokens, index) || before === OPERATOR[';'] || before === OPERATOR[':']
}

function beginsLine({ line }: Tokens, index: number): boolean {
  return index === 0 || line[index] !== line[index - 1]
}

function columnOf(content: string, { start }: Tokens, index: number): number {
  const at = start[index]!
  return at === 0 ? 0 : at - content.lastIndexOf('\n', at - 1) - 1
}

/**
 * `if TYPE_CHECKING:` and `if typing.TYPE_CHECKING:`, which holds for type checkers and never when the program runs.
 */
function asksForTypeChecking(content: string, tokens: Tokens, from: number): boolean {
  const { text, next } = readName(content, tokens, from)
  return /(?:^|\.)TYPE_CHECKING$/.test(text) && tokens.kind[next] === OPERATOR[':']
}

/** Gives the index of the last token of the statement, at least the one before `from`. */
function* plainImports(
  content: string,
  tokens: Tokens,
  from: number,
  typeOnly: boolean,
): Generator<Import, number> {
  for (let at = from; ; at++) {
    const name = readName(content, tokens, at)
    if (name.text === '' || name.text.startsWith('.')) return at - 1
    yield { name: name.text, typeOnly }
    at = skipAlias(content, tokens, name.next)
    if (tokens.kind[at] !== OPERATOR[',']) return at - 1
  }
}

/** Likewise. */
function* fromImports(
  content: string,
  tokens: Tokens,
  from: number,
  typeOnly: boolean,
): Generator<Import, number> {
  const origin = readName(content, tokens, from)
  let at = origin.next
  // After a dot without a space the word is an identifier to the lexer: `from .import a`.
  if (origin.text === '' || at >= tokens.count || tokenText(content, tokens, at) !== 'import') return from - 1
  at++
  if (tokens.kind[at] === OPERATOR['*']) yield { name: origin.text, typeOnly }
  if (tokens.kind[at] === OPERATOR['(']) at++
  const prefix = origin.text.endsWith('.') ? origin.text : `${origin.text}.`
  for (; at < tokens.count && isName(tokens.kind[at]!); at++) {
    yield { name: prefix + tokenText(content, tokens, at), typeOnly }
    at = skipAlias(content, tokens, at + 1)
    if (tokens.kind[at] !== OPERATOR[',']) break
  }
  return at - 1
}

interface Name {
  readonly text: string
  /** The index of the token after it. */
  readonly next: number
}

/** Dots, then words with a dot between them, up to the word `import`. */
function readName(content: string, tokens: Tokens, from: number): Name {
  const parts: string[] = []
  let at = from
  let afterWord = false
  for (; at < tokens.count; at++) {
    const kind = tokens.kind[at]!
    const isDots = kind === OPERATOR['.'] || kind === OPERATOR['..'] || kind === OPERATOR['...']
    if (!isDots && (afterWord || !isName(kind))) break
    const text = tokenText(content, tokens, at)
    if (text === 'import') break
    parts.push(text)
    afterWord = !isDots
  }
  return { text: parts.join(''), next: at }
}

function skipAlias(content: string, tokens: Tokens, at: number): number {
  const isAlias = tokens.kind[at] === TokenKind.keyword && tokenText(content, tokens, at) === 'as'
  return isAlias ? at + 2 : at
}

function isName(kind: number): boolean {
  return kind === TokenKind.identifier || kind === TokenKind.keyword
}
