/** Longer patterns are not looked at. */
const MAX_PATTERN_CHARACTERS = 1_000
const MAX_DEPTH = 24
/** Repetitions of one character are followed up to this length; more than one way is told from one by then. */
const LENGTH = 4
/** Counts of ways are cut off here. */
const MANY = 3
/** Characters that stand for the kinds that patterns tell apart; those of the pattern itself are tried as well. */
const CHARACTERS = [...'aZ5_-. \t"\'/<>,;:=@&#é\n']

/**
 * Whether matching a pattern may take time that is exponential in the length of the text: it repeats something that
 * matches repetitions of one character in more than one way, `(a+)+`, `(\w|\d)*`, `(\s*\w+)*`, and something that may
 * fail follows. Such a repetition of n characters can be taken apart in 2^n ways (Davis et al., "The impact of regular
 * expression denial of service (ReDoS) in practice", 2018). What grows with a power of the length is not found.
 *
 * @param pattern what stands between the slashes; what cannot be read as a pattern is no finding
 */
export function mayTakeExponentialTime(pattern: string): boolean {
  if (pattern.length > MAX_PATTERN_CHARACTERS) return false
  const tree = new Reader(pattern).read()
  if (tree === null) return false
  const characters = new Set([...CHARACTERS, ...pattern.replace(/\W/g, '')])
  return [...characters].some((character) => isAmbiguous(tree, character, false))
}

type Tree =
  | { readonly kind: 'set'; readonly has: (character: string) => boolean }
  /** An anchor or a look-around, which matches nothing. */
  | { readonly kind: 'empty'; readonly mayFail: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'choice'; readonly parts: readonly Tree[] }
  | { readonly kind: 'loop'; readonly body: Tree; readonly min: number; readonly max: number }

/** Whether there is an ambiguous loop in a pattern, after which something may fail. */
function isAmbiguous(tree: Tree, character: string, mayFailAfter: boolean): boolean {
  switch (tree.kind) {
    case 'set':
    case 'empty':
      return false
    case 'choice':
      return tree.parts.some((part) => isAmbiguous(part, character, mayFailAfter))
    case 'sequence':
      return tree.parts.some((part, index) =>
        isAmbiguous(part, character, mayFailAfter || tree.parts.slice(index + 1).some(mayFail)),
      )
    case 'loop': {
      const isEndless = tree.max === Number.POSITIVE_INFINITY
      if (isEndless && mayFailAfter && total(waysOf(tree.body, character)) > 1) return true
      return isAmbiguous(tree.body, character, mayFailAfter)
    }
  }
}

function mayFail(tree: Tree): boolean {
  switch (tree.kind) {
    case 'set':
      return true
    case 'empty':
      return tree.mayFail
    case 'loop':
      return tree.min > 0 && mayFail(tree.body)
    case 'sequence':
      return tree.parts.some(mayFail)
    case 'choice':
      return tree.parts.every(mayFail)
  }
}

/** In how many ways a pattern matches a character zero times, once, twice and so on. */
type Ways = readonly number[]
const NO_WAY: Ways = Array.from({ length: LENGTH + 1 }, () => 0)
const NOTHING: Ways = NO_WAY.with(0, 1)
const ONE: Ways = NO_WAY.with(1, 1)

function waysOf(tree: Tree, character: string): Ways {
  switch (tree.kind) {
    case 'set':
      return tree.has(character) ? ONE : NO_WAY
    case 'empty':
      return NOTHING
    case 'sequence':
      return tree.parts.reduce((ways, part) => after(ways, waysOf(part, character)), NOTHING)
    case 'choice':
      return tree.parts.map((part) => waysOf(part, character)).reduce(either, NO_WAY)
    case 'loop': {
      // A round that matches nothing is the last one.
      const round = waysOf(tree.body, character).with(0, 0)
      let power = NOTHING
      let ways = tree.min === 0 || total(round) === 0 ? NOTHING : NO_WAY
      if (total(round) === 0 && waysOf(tree.body, character)[0] === 0 && tree.min > 0) return NO_WAY
      for (let count = 1; count <= Math.min(tree.max, LENGTH); count++) {
        power = after(power, round)
        if (count >= Math.min(tree.min, LENGTH)) ways = either(ways, power)
      }
      return ways
    }
  }
}

function after(first: Ways, second: Ways): Ways {
  return NO_WAY.map((_, length) => {
    let ways = 0
    for (let i = 0; i <= length; i++) ways += first[i]! * second[length - i]!
    return Math.min(ways, MANY)
  })
}

function either(first: Ways, second: Ways): Ways {
  return first.map((ways, length) => Math.min(ways + second[length]!, MANY))
}

/** Ways to match the character at least once. */
function total(ways: Ways): number {
  return ways.slice(1).reduce((sum, count) => sum + count, 0)
}

const ESCAPES: Readonly<Record<string, RegExp>> = {
  d: /\d/,
  D: /\D/,
  w: /\w/,
  W: /\W/,
  s: /\s/,
  S: /\S/,
}
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' }

/** Reads the syntax of patterns (ECMA-262, section 22.2.1), as far as it matters here. */
class Reader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Tree | null {
    const tree = this.#choice()
    return this.#at === this.#text.length ? tree : null
  }

  #choice(): Tree | null {
    if (++this.#depth > MAX_DEPTH) return null
    const parts: Tree[] = []
    do {
      const part = this.#sequence()
      if (part === null) return null
      parts.push(part)
    } while (this.#take('|'))
    this.#depth--
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts }
  }

  #sequence(): Tree | null {
    const parts: Tree[] = []
    while (this.#at < this.#text.length && !/[|)]/.test(this.#text[this.#at]!)) {
      const atom = this.#atom()
      if (atom === null) return null
      parts.push(this.#quantified(atom))
    }
    return { kind: 'sequence', parts }
  }

  #atom(): Tree | null {
    const character = this.#text[this.#at++]!
    switch (character) {
      case '(':
        return this.#group()
      case '[':
        return this.#class()
      case '.':
        return { kind: 'set', has: (candidate) => candidate !== '\n' }
      case '^':
      case '$':
        return { kind: 'empty', mayFail: true }
      case '\\':
        return this.#escape()
      default:
        return { kind: 'set', has: (candidate) => candidate === character }
    }
  }

  #group(): Tree | null {
    const opening =
      /^\?(?:<?[=!]|:|<\w+>|[ims-]+:)/.exec(this.#text.slice(this.#at, this.#at + 80))?.[0] ?? ''
    this.#at += opening.length
    const body = this.#choice()
    if (body === null || !this.#take(')')) return null
    return /[=!]$/.test(opening) ? { kind: 'empty', mayFail: true } : body
  }

  #escape(): Tree | null {
    const character = this.#text[this.#at++]
    if (character === undefined) return null
    if (/[bB]/.test(character)) return { kind: 'empty', mayFail: true }
    if (/[1-9k]/.test(character)) {
      if (character === 'k') this.#skip(/^<\w+>/)
      return { kind: 'set', has: () => false }
    }
    const has = this.#escaped(character)
    return { kind: 'set', has }
  }

  #escaped(character: string): (candidate: string) => boolean {
    const known = ESCAPES[character]
    if (known !== undefined) return (candidate) => known.test(candidate)
    if (character === 'p' || character === 'P') {
      this.#skip(/^\{[^}]*\}/)
      return (candidate) => /\p{L}/u.test(candidate) === (character === 'p')
    }
    if (character === 'x') this.#skip(/^[0-9a-fA-F]{2}/)
    if (character === 'u') this.#skip(/^(?:[0-9a-fA-F]{4}|\{[0-9a-fA-F]+\})/)
    if (character === 'x' || character === 'u') return () => false
    const meant = CONTROLS[character] ?? character
    return (candidate) => candidate === meant
  }

  #class(): Tree | null {
    const isNegated = this.#take('^')
    const tests: ((candidate: string) => boolean)[] = []
    while (!this.#take(']')) {
      const from = this.#text[this.#at++]
      if (from === undefined) return null
      if (from === '\\') {
        const escaped = this.#text[this.#at++]
        if (escaped === undefined) return null
        tests.push(escaped === 'b' ? () => false : this.#escaped(escaped))
        continue
      }
      const to = /^-([^\]\\])/.exec(this.#text.slice(this.#at, this.#at + 2))?.[1] ?? from
      if (to !== from) this.#at += 2
      tests.push((candidate) => candidate >= from && candidate <= to)
    }
    return { kind: 'set', has: (candidate) => tests.some((test) => test(candidate)) !== isNegated }
  }

  #quantified(body: Tree): Tree {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#text.slice(this.#at, this.#at + 24))
    if (found === null) return body
    this.#at += found[0].length
    const [quantifier, least, comma, most] = found
    if (least !== undefined) {
      const min = Number(least)
      const max = comma === '' ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most)
      return { kind: 'loop', body, min, max }
    }
    return {
      kind: 'loop',
      body,
      min: quantifier.startsWith('+') ? 1 : 0,
      max: quantifier.startsWith('?') ? 1 : Number.POSITIVE_INFINITY,
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #skip(pattern: RegExp): void {
    this.#at += pattern.exec(this.#text.slice(this.#at, this.#at + 80))?.[0].length ?? 0
  }
}
