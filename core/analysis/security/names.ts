import { OPERATOR, TokenKind, type Tokens, tokenText } from '../source/tokens.ts'

/** The names in a source, by what they may be names of. More may be in the sets than is true, never less. */
export interface SourceNames {
  /** Of what may be called or made: names before a bracket, and imported ones that get another name. */
  readonly called: ReadonlySet<string>
  /** All, and the texts of short strings, which name members as well. */
  readonly named: ReadonlySet<string>
}

/** A rule about nodes of certain names; they are `called`, or `named` in any other way. */
export interface NameCondition {
  readonly as: keyof SourceNames
  readonly names: readonly string[] | RegExp
}

const MAX_NAME_CHARACTERS = 64

/** What follows a name that is called: `f(x)`, `f<T>(x)`, `f?.(x)`, `f!(x)`, and a template. */
const BEFORE_ARGUMENTS = new Set([
  OPERATOR['('],
  OPERATOR['<'],
  OPERATOR['?.'],
  OPERATOR['!'],
  TokenKind.template,
])

export function collectNames(tokens: Tokens, content: string): SourceNames {
  const called = new Set<string>()
  const named = new Set<string>()
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i]!
    const length = tokens.end[i]! - tokens.start[i]!
    if (length > MAX_NAME_CHARACTERS) continue
    if (kind === TokenKind.identifier || kind === TokenKind.keyword) {
      const name = tokenText(content, tokens, i)
      named.add(name)
      if (isCalled(tokens, content, i)) called.add(name)
    } else if (kind === TokenKind.string) {
      const name = content.slice(tokens.start[i]! + 1, tokens.end[i]! - 1)
      named.add(name)
      called.add(name)
    }
  }
  return { called, named }
}

/** Whether a rule with these conditions can find anything: one of them is enough. */
export function meetsSome(names: SourceNames, conditions: readonly NameCondition[]): boolean {
  return conditions.some(({ as, names: wanted }) => {
    const known = names[as]
    if (!(wanted instanceof RegExp)) return wanted.some((name) => known.has(name))
    for (const name of known) if (wanted.test(name)) return true
    return false
  })
}

function isCalled(tokens: Tokens, content: string, index: number): boolean {
  const next = tokens.kind[index + 1]
  if (next === undefined) return false
  if (BEFORE_ARGUMENTS.has(next)) return true
  // `(f)(x)`, and `import { f as g }`.
  if (next === OPERATOR[')']) return tokens.kind[index + 2] === OPERATOR['(']
  return tokens.kind[index] !== TokenKind.keyword && tokenText(content, tokens, index + 1) === 'as'
}
