import type { Language } from '../../../../../core/analysis/source/language.ts'
import { FIRST_OPERATOR, TokenKind, tokenise, tokenText } from '../../../../../core/analysis/source/tokens.ts'

const LETTERS: Readonly<Record<number, string>> = {
  [TokenKind.identifier]: 'i',
  [TokenKind.keyword]: 'k',
  [TokenKind.number]: 'n',
  [TokenKind.string]: 's',
  [TokenKind.template]: 't',
  [TokenKind.regex]: 'r',
  [TokenKind.jsxText]: 'x',
  [TokenKind.unknown]: '?',
}

/** The tokens of a source in one line: `k:if ( i:x )`. */
export function texts(source: string, language: Language): string {
  const tokens = tokenise(source, language)
  return Array.from({ length: tokens.count }, (_, index) => {
    const kind = tokens.kind[index]!
    const text = tokenText(source, tokens, index)
    return kind >= FIRST_OPERATOR ? text : `${LETTERS[kind]}:${text}`
  }).join(' ')
}
