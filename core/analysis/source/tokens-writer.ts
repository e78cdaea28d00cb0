/** What a token is, where that is not an operator or punctuation mark. */
export const TokenKind = {
  identifier: 1,
  keyword: 2,
  number: 3,
  /** A string or character literal with its quotes and prefix; f-strings are not looked into. */
  string: 4,
  /** A part of a template literal with its delimiters: `` `a${ ``, `}b${` or `` }c` ``. */
  template: 5,
  regex: 6,
  /** Text between the tags of JSX. */
  jsxText: 7,
  /** A character that no token of the language begins with. */
  unknown: 8,
} as const

/** Kinds from here on are operators and punctuation marks. */
export const FIRST_OPERATOR = 16

const CHARS_PER_TOKEN = 5
const MIN_CAPACITY = 64

/** Collects tokens in arrays that grow, counts lines as it goes, and the depth of brackets. */
export class TokenWriter {
  count = 0
  /** Kind of the last token, 0 before the first. */
  lastKind = 0
  private kind: Uint8Array
  private start: Uint32Array
  private end: Uint32Array
  private line: Uint32Array
  private maxDepth = 0
  private currentLine = 1
  private lineEnd: number
  private readonly content: string

  constructor(content: string) {
    this.content = content
    const capacity = MIN_CAPACITY + Math.ceil(content.length / CHARS_PER_TOKEN)
    this.kind = new Uint8Array(capacity)
    this.start = new Uint32Array(capacity)
    this.end = new Uint32Array(capacity)
    this.line = new Uint32Array(capacity)
    this.lineEnd = lineEndFrom(content, 0)
  }

  /** Tokens come in the order of the source. Gives `end`, where the scan goes on. */
  push(kind: number, start: number, end: number): number {
    if (this.count === this.kind.length) this.grow()
    while (this.lineEnd < start) {
      this.currentLine++
      this.lineEnd = lineEndFrom(this.content, this.lineEnd + 1)
    }
    this.kind[this.count] = kind
    this.start[this.count] = start
    this.end[this.count] = end
    this.line[this.count] = this.currentLine
    this.count++
    this.lastKind = kind
    return end
  }

  /** Says how deep in brackets the scan is now. */
  reach(depth: number): void {
    if (depth > this.maxDepth) this.maxDepth = depth
  }

  finish() {
    return {
      count: this.count,
      kind: this.kind.subarray(0, this.count),
      start: this.start.subarray(0, this.count),
      end: this.end.subarray(0, this.count),
      line: this.line.subarray(0, this.count),
      maxNesting: this.maxDepth,
    }
  }

  private grow(): void {
    const capacity = Math.ceil(this.kind.length * 1.5)
    this.kind = enlarge(this.kind, new Uint8Array(capacity))
    this.start = enlarge(this.start, new Uint32Array(capacity))
    this.end = enlarge(this.end, new Uint32Array(capacity))
    this.line = enlarge(this.line, new Uint32Array(capacity))
  }
}

function lineEndFrom(content: string, from: number): number {
  const at = content.indexOf('\n', from)
  return at === -1 ? Number.POSITIVE_INFINITY : at
}

function enlarge<Numbers extends Uint8Array | Uint32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
