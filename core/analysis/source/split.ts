import { OPERATOR, TokenKind, type Tokens, tokenText } from './tokens.ts'

/** A part of a source that can be parsed by itself. */
export interface SourcePiece {
  readonly text: string
  /** In the whole, from 1: the line that `text` would begin on without a gap, and the last; the last piece has none. */
  readonly firstLine: number
  readonly lastLine: number
  /** Lines that `text` has before its own: the imports of the pieces before, by which names are known. */
  readonly prefixLines: number
}

/** A piece ends with the first declaration that begins after this many characters, some 1,200 lines. */
const PIECE_CHARACTERS = 48 * 1024
/** A single declaration that is longer is not looked at: what hostile source costs to parse grows with its length. */
const MAX_PIECE_CHARACTERS = 160 * 1024
/** Deeper brackets are no code that people write. */
export const MAX_NESTING = 256

const OPENING = new Set([OPERATOR['('], OPERATOR['['], OPERATOR['{']])
const CLOSING = new Set([OPERATOR[')'], OPERATOR[']'], OPERATOR['}']])
/** Words at the start of a line that go on with what stands before it. */
const CONTINUING = /^(?:else|elif|except|finally|catch|case|while|and|or|in|is|as|of|instanceof|satisfies)$/

/** Imports and constants are shorter: what they say of names is wanted, whatever was changed. */
const MAX_KEPT_LINES = 6

/** A declaration that says what names stand for: kept whatever its length, and known in every piece behind it. */
const IMPORT = /^(?:import|from|package)\b|^(?:const|let|var)\b[^;]{0,2000}\brequire\s*\(/
const MAX_IMPORT_CHARACTERS = 16 * 1024

/**
 * Splits a source at declarations, so that what it costs to parse is bounded by a piece and not by the file. Of what was
 * not changed only short declarations are kept: for the others their lines stand empty.
 *
 * @param changed lines, from 1; without them everything is kept
 * @returns null when it cannot be split small enough, or is nested too deep
 */
export function splitSource(
  content: string,
  tokens: Tokens,
  changed?: ReadonlySet<number>,
): SourcePiece[] | null {
  if (tokens.maxNesting > MAX_NESTING) return null
  const isChanged = changed === undefined ? () => true : inRanges(changed)
  const pieces: SourcePiece[] = []
  let imports = ''
  let piece = { text: '', start: 0, firstLine: 1, prefix: '' }
  let from = { offset: 0, line: 1 }
  for (const next of [
    ...declarations(content, tokens),
    { offset: content.length, line: Number.POSITIVE_INFINITY },
  ]) {
    const text = content.slice(from.offset, next.offset)
    const lines = countNewlines(text)
    const isImport = IMPORT.test(text) && imports.length + text.length <= MAX_IMPORT_CHARACTERS
    if (isImport) imports += text.endsWith('\n') ? text : `${text}\n`
    const isKept = isImport || lines <= MAX_KEPT_LINES || isChanged(from.line, from.line + lines)
    piece.text += isKept ? text : '\n'.repeat(lines)
    if (next.offset === content.length || next.offset - piece.start >= PIECE_CHARACTERS) {
      const prefixLines = countNewlines(piece.prefix)
      pieces.push({
        text: piece.prefix + piece.text,
        firstLine: piece.firstLine - prefixLines,
        lastLine: next.line - 1,
        prefixLines,
      })
      piece = { text: '', start: next.offset, firstLine: next.line, prefix: imports }
    }
    from = next
    if (next.offset === content.length) break
  }
  return pieces.every(({ text }) => text.length <= MAX_PIECE_CHARACTERS) ? pieces : null
}

/** Whether one of the lines is between two, both included. */
function inRanges(lines: ReadonlySet<number>): (first: number, last: number) => boolean {
  const sorted = Uint32Array.from(lines).sort()
  return (first, last) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[middle]! < first) low = middle + 1
      else high = middle
    }
    return low < sorted.length && sorted[low]! <= last
  }
}

function countNewlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** Where a declaration may begin: a word in the first column, outside all brackets and templates. */
function* declarations(content: string, tokens: Tokens): Generator<{ offset: number; line: number }> {
  let depth = 0
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i]!
    const offset = tokens.start[i]!
    if (OPENING.has(kind)) depth++
    else if (CLOSING.has(kind)) depth = Math.max(0, depth - 1)
    else if (kind === TokenKind.template) {
      // `a${ opens a hole, }b${ closes one and opens another, }c` closes it.
      if (content[offset] === '}') depth--
      if (content.startsWith('${', tokens.end[i]! - 2)) depth++
    } else if (
      depth === 0 &&
      (offset === 0 || content[offset - 1] === '\n') &&
      beginsDeclaration(content, tokens, i)
    ) {
      yield { offset, line: tokens.line[i]! }
    }
  }
}

function beginsDeclaration(content: string, tokens: Tokens, index: number): boolean {
  const kind = tokens.kind[index]!
  if (kind === OPERATOR['@']) return true
  if (kind !== TokenKind.identifier && kind !== TokenKind.keyword) return false
  // A decorator belongs to what it decorates.
  if (tokens.line[index]! > 1 && startsWithAt(content, tokens, index)) return false
  return !CONTINUING.test(tokenText(content, tokens, index))
}

/** Whether the token before ends a line that begins with `@`. */
function startsWithAt(content: string, tokens: Tokens, index: number): boolean {
  if (index === 0) return false
  const lineStart = content.lastIndexOf('\n', tokens.start[index - 1]!) + 1
  return content[lineStart] === '@'
}
