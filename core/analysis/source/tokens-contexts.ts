/** What a scan of JavaScript is inside of. */
export const Context = {
  none: 0,
  /** `(` of a call, of parameters or of grouping, or `[`. */
  bracket: 1,
  /** `(` after `if`, `for`, `while` or `with`: what follows its `)` is a statement. */
  condition: 2,
  /** `{` of statements or of a class. */
  block: 3,
  /** `{` of an object literal, of a JSX attribute or child. */
  object: 4,
  /** `${` in a template literal. */
  hole: 5,
  /** From `<` of an opening tag to its `>`. */
  tag: 6,
  /** Between an opening and a closing tag. */
  children: 7,
  /** From `</` to `>`. */
  closingTag: 8,
  /** Type arguments inside of a tag. */
  typeArguments: 9,
} as const

/** Deeper ones are counted, but not told apart. */
const MAX_CONTEXTS = 4096

/** The stack of contexts. Brackets that do not match are set right at the next closing brace. */
export class Contexts {
  private readonly stack = new Uint8Array(MAX_CONTEXTS)
  depth = 0
  private braces = 0

  get top(): number {
    if (this.depth === 0) return Context.none
    return this.depth > MAX_CONTEXTS ? Context.bracket : this.stack[this.depth - 1]!
  }

  get isFull(): boolean {
    return this.depth >= MAX_CONTEXTS
  }

  push(context: number): void {
    if (this.depth < MAX_CONTEXTS) {
      this.stack[this.depth] = context
      if (isBrace(context)) this.braces++
    }
    this.depth++
  }

  pop(): number {
    const context = this.top
    if (this.depth > 0) this.depth--
    if (this.depth < MAX_CONTEXTS && isBrace(context)) this.braces--
    return context
  }

  /** `)` or `]`: closes what it can close, else nothing. */
  closeBracket(): number {
    const { top } = this
    return top === Context.bracket || top === Context.condition ? this.pop() : Context.none
  }

  /** `}`: closes the nearest brace with all that was left open in it. */
  closeBrace(): number {
    if (this.depth > MAX_CONTEXTS) return this.pop()
    if (this.braces === 0) return Context.none
    let closed = this.pop()
    while (!isBrace(closed)) closed = this.pop()
    return closed
  }

  /** It was no JSX after all: goes on in what is around it. */
  abandonTags(): void {
    while (this.top >= Context.tag) this.pop()
  }
}

function isBrace(context: number): boolean {
  return context === Context.block || context === Context.object || context === Context.hole
}
