import fc from 'fast-check'
import { type Grams, gramsOf } from '../../../../../core/analysis/similarity/winnow.ts'
import type { Language } from '../../../../../core/analysis/source/language.ts'
import { tokenise } from '../../../../../core/analysis/source/tokens.ts'

export function grams(code: string, lines?: ReadonlySet<number>, language: Language = 'typescript'): Grams {
  return gramsOf(tokenise(code, language), code, lines)
}

export function hashes(code: string, language: Language = 'typescript'): number[] {
  return [...grams(code, undefined, language).hash]
}

/** Grams with these hashes, one after the other. */
export function gramsWith(hash: readonly number[], first = 0): Grams {
  const at = Uint32Array.from(hash, (_, index) => first + index)
  return {
    count: hash.length,
    hash: Uint32Array.from(hash),
    line: at.map((place) => place + 1),
    at,
    tokensSeen: hash.length,
  }
}

/** Tokens that normalisation keeps as they are. */
export const keptToken = fc.constantFrom(
  ...[
    'if',
    'for',
    'return',
    'await',
    'new',
    '+',
    '-',
    '*',
    '=',
    '==',
    '&&',
    '||',
    '!',
    '[',
    ']',
    '{',
    '}',
    '.',
    ':',
  ],
  ...['Promise', 'setTimeout', 'JSON', 'name', '1', '"text"'],
)
