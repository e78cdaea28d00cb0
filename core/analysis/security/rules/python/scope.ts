import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'

/** Outside of all functions. */
export const MODULE = -1
/** From a value up to the block that its statement is in. */
const MAX_CLIMB = 8
/** Nodes that tree-sitter goes through in the time that a rule takes for one. */
export const NODES_PER_STEP = 16

/** The functions of a source, and which names mean what in them. Functions are numbered in the order of the source. */
export class Scopes {
  readonly #source: SourceView
  readonly #functions: readonly Node[]
  readonly #starts: number[]
  readonly #ends: number[]
  readonly #outer: number[] = []
  readonly #parameters = new Map<number, Map<string, Node>>()
  #named: Map<string, number> | undefined
  readonly #returned = new Map<number, Node[]>()

  constructor(source: SourceView) {
    this.#source = source
    this.#functions = source.root.descendantsOfType(['function_definition', 'lambda'])
    source.spend(this.#functions.length * 4)
    this.#starts = this.#functions.map(({ startIndex }) => startIndex)
    this.#ends = this.#functions.map(({ endIndex }) => endIndex)
    const open: number[] = []
    for (const [index, start] of this.#starts.entries()) {
      while (open.length > 0 && this.#ends[open.at(-1)!]! <= start) open.pop()
      this.#outer.push(open.at(-1) ?? MODULE)
      open.push(index)
    }
  }

  /** The innermost function around an offset. */
  at(offset: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = middle + 1
      else high = middle
    }
    let scope = low - 1
    while (scope !== MODULE && this.#ends[scope]! <= offset) scope = this.#outer[scope]!
    return scope
  }

  outer(scope: number): number {
    return this.#outer[scope] ?? MODULE
  }

  /** The function's node; the whole source for what is outside of all functions. */
  node(scope: number): Node {
    return this.#functions[scope] ?? this.#source.root
  }

  /** The parameters of a function by name: the nodes of their declarations. */
  parameters(scope: number): ReadonlyMap<string, Node> {
    const known = this.#parameters.get(scope)
    if (known !== undefined) return known
    const made = new Map<string, Node>()
    const declared = this.#functions[scope]?.childForFieldName('parameters')?.namedChildren ?? []
    for (const parameter of declared) {
      const name = parameterName(parameter)
      if (name !== null) made.set(name, parameter)
    }
    this.#parameters.set(scope, made)
    return made
  }

  /** The one function of that name; null when there is none or several. */
  named(name: string): number | null {
    if (this.#named === undefined) {
      this.#named = new Map()
      for (const [scope, node] of this.#functions.entries()) {
        const known = node.childForFieldName('name')?.text
        if (known !== undefined) this.#named.set(known, this.#named.has(known) ? MODULE : scope)
      }
    }
    const scope = this.#named.get(name) ?? MODULE
    return scope === MODULE ? null : scope
  }

  /** What a function returns: the expressions of its return statements. */
  returned(scope: number): readonly Node[] {
    const known = this.#returned.get(scope)
    if (known !== undefined) return known
    const node = this.node(scope)
    const isAffordable = this.#source.spend(node.descendantCount / NODES_PER_STEP)
    const statements = isAffordable ? node.descendantsOfType('return_statement') : []
    const made = statements
      .filter(({ startIndex }) => this.at(startIndex) === scope)
      .flatMap((statement) => statement.namedChildren[0] ?? [])
    this.#returned.set(scope, made)
    return made
  }

  /**
   * What a name may stand for at a place, by the bindings of one function: from the last one before the place back to
   * the first that nothing leads past. `isAll` tells that one was found that does.
   */
  bindings(name: string, scope: number, use: Node): { values: Node[]; isAll: boolean } {
    const bound = this.#source.valuesOf(name)
    if (!this.#source.spend(bound.length)) return { values: [], isAll: false }
    const here = bound.filter(({ startIndex }) => this.at(startIndex) === scope)
    const isInside = this.at(use.startIndex) === scope
    const before = isInside ? here.filter(({ endIndex }) => endIndex <= use.startIndex) : here
    if (before.length === 0) {
      return { values: here.filter((value) => !contains(value, use)), isAll: false }
    }
    const values: Node[] = []
    for (const value of before.reverse()) {
      values.push(value)
      if (isInside && !isPartial(value) && leadsTo(value, use)) return { values, isAll: true }
    }
    return { values, isAll: false }
  }
}

const known = new WeakMap<SourceView, Scopes>()

export function scopesOf(source: SourceView): Scopes {
  const found = known.get(source)
  if (found !== undefined) return found
  const made = new Scopes(source)
  known.set(source, made)
  return made
}

/** Of the text of a function, or of another node, that a rule searches: characters. */
const MAX_SEARCHED = 20_000
/** What a search goes through in the time that a rule takes for a node. */
const CHARACTERS_PER_NODE = 64

/** The text of a node for a search: its beginning, or nothing when the budget is used up. */
export function searchable(node: Node, source: SourceView): string {
  const text = node.text.slice(0, MAX_SEARCHED)
  return source.spend(text.length / CHARACTERS_PER_NODE) ? text : ''
}

/** The text of the function around a node. */
export function textAround(node: Node, source: SourceView): string {
  const scopes = scopesOf(source)
  return searchable(scopes.node(scopes.at(node.startIndex)), source)
}

export function contains(outer: Node, inner: Node): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex
}

/** The block that a node's statement is in, or the module. */
export function blockOf(node: Node): Node | null {
  let part = node.parent
  for (let climbed = 0; part !== null && climbed < MAX_CLIMB; climbed++) {
    if (part.type === 'block' || part.type === 'module') return part
    part = part.parent
  }
  return null
}

function parameterName(parameter: Node): string | null {
  if (parameter.type === 'identifier') return parameter.text
  const name = parameter.childForFieldName('name') ?? parameter.namedChildren[0]
  if (name?.type === 'identifier') return name.text
  return name?.namedChildren[0]?.type === 'identifier' ? name.namedChildren[0].text : null
}

/** Whether a binding adds to what the name stood for: `x += …`, `x.append(…)`, `x[…] = …`. */
function isPartial(value: Node): boolean {
  const parent = value.parent
  if (parent?.type === 'augmented_assignment' || parent?.type === 'argument_list') return true
  return parent?.type === 'assignment' && parent.childForFieldName('left')?.type === 'subscript'
}

function leadsTo(value: Node, use: Node): boolean {
  const block = blockOf(value)
  return block !== null && contains(block, use)
}
