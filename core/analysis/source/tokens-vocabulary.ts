// The operators and keywords of the languages, as their specifications list them: ECMA-262 with TypeScript's, The
// Python Language Reference, The Go Programming Language Specification, The Java Language Specification.

/**
 * All operators and punctuation marks; the place in this list is the code. Each prefix of one is in it too (`..` for the
 * sake of `...`), so that the longest is found one character at a time.
 */
export const OPERATORS = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ';',
    '.',
    ':',
    '?',
    '@',
    '~',
    '!',
    '=',
    '<',
    '>',
    '+',
    '-',
    '*',
    '/',
    '%',
  ],
  ...[
    '&',
    '|',
    '^',
    '..',
    '...',
    '==',
    '===',
    '!=',
    '!==',
    '<=',
    '>=',
    '<>',
    '=>',
    '->',
    '<-',
    '::',
    ':=',
    '&&',
  ],
  ...[
    '||',
    '??',
    '?.',
    '++',
    '--',
    '**',
    '//',
    '<<',
    '>>',
    '>>>',
    '&^',
    '+=',
    '-=',
    '*=',
    '/=',
    '%=',
    '&=',
    '|=',
  ],
  ...['^=', '@=', '**=', '//=', '<<=', '>>=', '>>>=', '&^=', '&&=', '||=', '??=', '#', '\\', '`'],
] as const

const EVERYWHERE =
  '( ) [ ] { } , ; . : ~ ! = < > + - * / % & | ^ == != <= >= << >> += -= *= /= %= &= |= ^= <<= >>='

export const JAVASCRIPT_OPERATORS = `${EVERYWHERE} ? @ .. ... === !== => && || ?? ?. ++ -- ** >>> **= >>>= &&= ||= ??=`
export const PYTHON_OPERATORS = `${EVERYWHERE} @ .. ... <> -> := ** // @= **= //=`
export const GO_OPERATORS = `${EVERYWHERE} .. ... <- := && || ++ -- &^ &^=`
export const JAVA_OPERATORS = `${EVERYWHERE} ? @ .. ... -> :: && || ++ -- >>> >>>=`

/** Words that are more often names than not (`get`, `set`, `type`, `is`) are left out. */
export const JAVASCRIPT_KEYWORDS = `
  abstract as asserts async await break case catch class const continue debugger declare default delete do else enum
  export extends false finally for from function if implements import in infer instanceof interface keyof let
  namespace new null of private protected public readonly return satisfies static super switch this throw true
  try typeof undefined var void while with yield`

export const PYTHON_KEYWORDS = `
  False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`

export const GO_KEYWORDS = `
  break case chan const continue default defer else fallthrough false for func go goto if import interface map nil
  package range return select struct switch true type var`

export const JAVA_KEYWORDS = `
  abstract assert boolean break byte case catch char class const continue default do double else enum extends false
  final finally float for goto if implements import instanceof int interface long native new null package private
  protected public return short static strictfp super switch synchronized this throw throws transient true
  try var void volatile while yield`
