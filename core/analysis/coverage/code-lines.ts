import { splitLines } from '../change.ts'
import type { Language } from '../source/language.ts'
import { TokenKind, type Tokens, tokenise, tokenText } from '../source/tokens.ts'

/** Nothing but what closes or opens a block. */
const BRACKETS_ONLY = /^[\s{}()[\],;]*$/

export interface Source {
  readonly content: string
  readonly language: Language | null
  /** Where they are known already. */
  readonly tokens?: Tokens | null
}

function tokensOf({ content, language, tokens }: Source): Tokens | null {
  return tokens ?? (language === null ? null : tokenise(content, language))
}

/**
 * The lines of `lines` that hold code: not blank, not comments, not brackets alone. Reports by blocks (Go) or by bytes (V8)
 * mark such lines as executed with what is around them, so that a long comment would raise the coverage of a change. Of a
 * language that is not known, every line that is more than brackets is code.
 */
export function codeLines(source: Source, lines: ReadonlySet<number>): ReadonlySet<number> {
  const texts = splitLines(source.content)
  const tokens = tokensOf(source)
  const withTokens = tokens === null ? null : linesWithTokens(source.content, tokens, texts.length)
  const code = new Set<number>()
  for (const line of lines) {
    const text = texts[line - 1]
    if (text === undefined || BRACKETS_ONLY.test(text)) continue
    if (withTokens === null || withTokens[line] === 1) code.add(line)
  }
  return code
}

/** A Go file without a function has no statement that `go test` could count: profiles never name it. */
export function hasNothingToCount(source: Source): boolean {
  const tokens = tokensOf(source)
  if (source.language !== 'go' || tokens === null) return false
  const { content } = source
  for (let i = 0; i < tokens.count; i++) {
    if (tokenText(content, tokens, i) === 'func') return false
  }
  return true
}

/** Words of statements that execute; types and interfaces do without them. */
const EXECUTING = new Set(
  'return if for while do switch throw try await yield const let var function class go defer select'.split(
    ' ',
  ),
)
/** `declare const`, `as const`, `Some.class`: those that do not. */
const BEFORE_NONE = new Set(['declare', 'as', '.'])

/**
 * Whether some of `lines` surely holds what executes, by its words. Types, interfaces and constants of an interface do not; in
 * Python everything does but a string (a docstring), and in an unknown language everything.
 */
export function executesSomething(source: Source, lines: ReadonlySet<number>): boolean {
  const tokens = tokensOf(source)
  if (tokens === null) return lines.size > 0
  const { content, language } = source
  for (let i = 0; i < tokens.count; i++) {
    if (!lines.has(tokens.line[i]!)) continue
    if (language === 'python') {
      if (tokens.kind[i] !== TokenKind.string) return true
    } else if (EXECUTING.has(tokenText(content, tokens, i))) {
      const before = i === 0 ? '' : tokenText(content, tokens, i - 1)
      const after = i + 1 < tokens.count ? tokenText(content, tokens, i + 1) : ''
      if (!BEFORE_NONE.has(before) && after !== 'enum') return true
    }
  }
  return false
}

/** 1 for each line, from 1, that a token begins on or goes over. */
function linesWithTokens(content: string, tokens: Tokens, lineCount: number): Uint8Array {
  const marks = new Uint8Array(lineCount + 2)
  for (let i = 0; i < tokens.count; i++) {
    const line = tokens.line[i]!
    marks[line] = 1
    // Only the last token of its line can go over more: each newline is looked for once.
    if (i + 1 < tokens.count && tokens.line[i + 1] === line) continue
    const end = tokens.end[i]!
    let over = line
    for (let at = content.indexOf('\n', tokens.start[i]); at !== -1 && at < end; ) {
      marks[++over] = 1
      at = content.indexOf('\n', at + 1)
    }
  }
  return marks
}
