import type { Language } from '../source/language.ts'
import { OPERATOR, TokenKind, type Tokens, tokenText } from '../source/tokens.ts'
import { pythonImports } from './imports-python.ts'

/** UTF-16 code units of a name; what is longer is not understood. One long name may stand before many short ones. */
const MAX_SPECIFIER = 256

export interface Import {
  /** As it is written. */
  readonly name: string
  /** Nothing of it is there when the program runs: `import type`, and what stands under `if TYPE_CHECKING:`. */
  readonly typeOnly: boolean
}

/**
 * What a file imports, each name once, in their order. Names that only exist when the program runs are not
 * known.
 *
 * - JavaScript, TypeScript: the strings of `import`, `export … from`, `import(…)` and `require(…)`
 * - Python: dotted names with the dots of a relative import before them; `from .a import b` is `.a.b`, `from .a
 *   import *` `.a`
 * - Go: import paths
 * - Java: dotted names; those of a whole package end with `.*`, while `import static a.B.*` is `a.B`
 *
 * @param budget how many may still be read, repeated ones included; what was read is taken from it
 * @returns null when there are more
 */
export function importsOf(
  content: string,
  language: Language,
  tokens: Tokens,
  budget: ImportBudget,
): Import[] | null {
  const found = new Map<string, Import>()
  for (const read of READERS[language](content, tokens)) {
    const { length } = read.name
    if (--budget.imports < 0) return null
    if (length === 0 || length > MAX_SPECIFIER) continue
    if (!read.typeOnly || !found.has(read.name)) found.set(read.name, read)
  }
  return [...found.values()]
}

export interface ImportBudget {
  imports: number
}

type Reader = (content: string, tokens: Tokens) => Iterable<Import>

const READERS: Readonly<Record<Language, Reader>> = {
  javascript: javaScriptImports,
  typescript: javaScriptImports,
  tsx: javaScriptImports,
  python: pythonImports,
  go: goImports,
  java: javaImports,
}

const QUOTED = /^(["'`])(.*)\1$/s

function* javaScriptImports(content: string, tokens: Tokens): Generator<Import> {
  const { count, kind } = tokens
  let declaration = 0
  for (let i = 0; i < count; i++) {
    if (kind[i] === TokenKind.keyword) {
      const begins = isWord(content, tokens, i, 'import') || isWord(content, tokens, i, 'export')
      if (begins) declaration = i
    } else if (kind[i] === TokenKind.string || kind[i] === TokenKind.template) {
      if (isAfterFrom(content, tokens, i)) {
        yield* unquote(tokenText(content, tokens, i), isOfTypes(content, tokens, declaration, i))
      } else if (isArgumentOfImport(content, tokens, i)) yield* unquote(tokenText(content, tokens, i))
    }
  }
}

/** `from 'x'` and `import 'x'`: nowhere else does a string follow these words. */
function isAfterFrom(content: string, tokens: Tokens, index: number): boolean {
  if (index === 0 || tokens.kind[index] !== TokenKind.string) return false
  const before = tokens.kind[index - 1]
  if (before !== TokenKind.keyword && before !== TokenKind.identifier) return false
  return isWord(content, tokens, index - 1, 'from') || isWord(content, tokens, index - 1, 'import')
}

/** `import type … from 'x'`, but not `import type from 'x'`, which has that name for what it imports. */
function isOfTypes(content: string, tokens: Tokens, declaration: number, index: number): boolean {
  return isWord(content, tokens, declaration + 1, 'type') && declaration + 3 < index
}

/** `import('x')` and `require('x')`, but not `loader.require('x')`. */
function isArgumentOfImport(content: string, tokens: Tokens, index: number): boolean {
  const { kind } = tokens
  if (index < 2 || kind[index - 1] !== OPERATOR['(']) return false
  if (kind[index - 2] === TokenKind.keyword) return isWord(content, tokens, index - 2, 'import')
  if (kind[index - 2] !== TokenKind.identifier || !isWord(content, tokens, index - 2, 'require')) return false
  const before = index < 3 ? 0 : kind[index - 3]
  return before !== OPERATOR['.'] && before !== OPERATOR['?.']
}

function* goImports(content: string, tokens: Tokens): Generator<Import> {
  const { count, kind } = tokens
  let inside = false
  for (let i = 0; i < count; i++) {
    if (kind[i] === TokenKind.keyword) inside = isWord(content, tokens, i, 'import')
    else if (kind[i] === OPERATOR[')']) inside = false
    else if (inside && kind[i] === TokenKind.string) yield* unquote(tokenText(content, tokens, i))
  }
}

/** Imports come before the first brace. */
function* javaImports(content: string, tokens: Tokens): Generator<Import> {
  const { count, kind } = tokens
  for (let i = 0; i < count && kind[i] !== OPERATOR['{']; i++) {
    if (kind[i] !== TokenKind.keyword || !isWord(content, tokens, i, 'import')) continue
    const isStatic = kind[i + 1] === TokenKind.keyword && isWord(content, tokens, i + 1, 'static')
    const parts: string[] = []
    for (i += isStatic ? 2 : 1; i < count && kind[i] !== OPERATOR[';'] && kind[i] !== OPERATOR['{']; i++) {
      parts.push(tokenText(content, tokens, i))
    }
    const name = parts.join('')
    yield { name: isStatic && name.endsWith('.*') ? name.slice(0, -2) : name, typeOnly: false }
  }
}

function isWord(content: string, { start, end }: Tokens, index: number, word: string): boolean {
  return end[index]! - start[index]! === word.length && content.startsWith(word, start[index])
}

/** Nothing for a template with holes, nor for a string that is not closed. */
function* unquote(literal: string, typeOnly = false): Generator<Import> {
  const name = QUOTED.exec(literal)?.[2]
  if (name !== undefined) yield { name, typeOnly }
}
