import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { checkedNames, isGuarded } from './guards.ts'
import { FIXED, INPUT, isRequestInput, type Origin, parameterOrigin, UNKNOWN } from './input.ts'
import { lastName, literalText, namesIn, qualifiedName } from './names.ts'
import { MODULE, scopesOf } from './scope.ts'
import {
  FIXED_TYPES,
  FORMATTING,
  HARMLESS_CALLS,
  NUMERIC,
  OUTSIDE,
  PASSING,
  SANITISING,
} from './vocabulary.ts'

/** Nodes looked at to judge one expression. */
const MAX_NODES = 600
/** Expressions within expressions, and names that stand for them. */
const MAX_DEPTH = 40
/** Characters of literals that are kept of one expression. */
const MAX_TEXT = 2_000

export interface Judgement {
  readonly origin: Origin
  /** The literals that the expression is built of, in order. */
  readonly text: string
}

export interface FlowOptions {
  /** Names of functions and methods that make a value harmless for the purpose: `quote`, `escape`. */
  readonly safe?: ReadonlySet<string>
  /** Whether a value that is written as a literal, `!r`, is harmless. */
  readonly isReprSafe?: boolean
}

/** Where the parts of an expression come from, through names, functions that pass values on, and checks. */
export function judge(node: Node, source: SourceView, options: FlowOptions = {}): Judgement {
  const judging = new Judging(source, options)
  const origin = judging.origin(node)
  return { origin, text: judging.text }
}

/** Whether somebody outside chooses a part of an expression. */
export function isInput(node: Node, source: SourceView, options: FlowOptions = {}): boolean {
  return judge(node, source, options).origin === INPUT
}

/** Whether a part of an expression is not known to be the same, or one of a few, at every run. */
export function isDynamic(node: Node, source: SourceView, options: FlowOptions = {}): boolean {
  return judge(node, source, options).origin !== FIXED
}

class Judging {
  text = ''
  readonly #source: SourceView
  readonly #options: FlowOptions
  readonly #loops = new Map<string, Node>()
  /** The functions whose results are being looked at, and where what they were given comes from. */
  readonly #entered = new Map<number, Origin>()
  #left = MAX_NODES

  constructor(source: SourceView, options: FlowOptions) {
    this.#source = source
    this.#options = options
  }

  origin(node: Node, depth = MAX_DEPTH): Origin {
    if (depth === 0 || --this.#left < 0 || !this.#source.spend(1)) return UNKNOWN
    if (FIXED_TYPES.has(node.type)) return FIXED
    switch (node.type) {
      case 'string':
        return this.#string(node, depth)
      case 'identifier':
        return this.#named(node, depth)
      case 'attribute':
        return this.#attribute(node, depth)
      case 'call':
        return this.#call(node, depth)
      case 'subscript':
      case 'keyword_argument':
      case 'named_expression':
        return this.#field(node, 'value', depth)
      case 'binary_operator':
        return this.#binary(node, depth)
      case 'conditional_expression':
        return this.#conditional(node, depth)
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.#comprehension(node, depth)
      default:
        return this.#worst(node.namedChildren, depth)
    }
  }

  #worst(nodes: readonly Node[], depth: number): Origin {
    let worst: Origin = FIXED
    for (const node of nodes) {
      const origin = this.origin(node, depth - 1)
      if (origin > worst) worst = origin
    }
    return worst
  }

  #field(node: Node, field: string, depth: number): Origin {
    if (isRequestInput(node, this.#source)) return this.#unlessGuarded(node, INPUT)
    const value = node.childForFieldName(field)
    const origin = value === null ? UNKNOWN : this.origin(value, depth - 1)
    return origin === FIXED ? FIXED : this.#unlessGuarded(node, origin)
  }

  #unlessGuarded(node: Node, origin: Origin): Origin {
    return isGuarded(node.text.slice(0, 100), node, this.#source) ? FIXED : origin
  }

  #string(node: Node, depth: number): Origin {
    let worst: Origin = FIXED
    for (const part of node.namedChildren) {
      if (part.type === 'string_content') this.#keep(part.text)
      if (part.type !== 'interpolation') continue
      const parts = part.namedChildren
      if (parts.some(({ type, text }) => type === 'format_specifier' && /[dfxXeEgGn%]$/.test(text))) continue
      if (this.#options.isReprSafe && parts.some(({ type }) => type === 'type_conversion')) continue
      const value = part.childForFieldName('expression') ?? parts[0]
      const origin = value === undefined ? FIXED : this.origin(value, depth - 1)
      if (origin > worst) worst = origin
    }
    return worst
  }

  #keep(text: string): void {
    if (this.text.length < MAX_TEXT) this.text += ` ${text.slice(0, MAX_TEXT)}`
  }

  #binary(node: Node, depth: number): Origin {
    const operator = node.childForFieldName('operator')?.type ?? ''
    if (NUMERIC.has(operator)) return FIXED
    if (operator === '%' && formatsNumbers(node.childForFieldName('left'))) return FIXED
    const origins = node.namedChildren.map((child) => this.origin(child, depth - 1))
    // What is repeated matters, not how often.
    if (operator === '*' && origins.includes(FIXED)) return FIXED
    return Math.max(...origins) as Origin
  }

  #conditional(node: Node, depth: number): Origin {
    const [yes, condition, no] = node.namedChildren
    if (yes === undefined || condition === undefined || no === undefined) return UNKNOWN
    const checked = checkedNames(condition, this.#source)
    const isChecked = checked.has(yes.text.slice(0, 100)) || namesIn(yes).some((name) => checked.has(name))
    return isChecked ? this.origin(no, depth - 1) : this.#worst([yes, no], depth)
  }

  #comprehension(node: Node, depth: number): Origin {
    for (const clause of node.namedChildren) {
      if (clause.type !== 'for_in_clause') continue
      const left = clause.childForFieldName('left')
      const right = clause.childForFieldName('right')
      if (left === null || right === null) continue
      for (const name of namesIn(left)) this.#loops.set(name, right)
    }
    return this.#field(node, 'body', depth)
  }

  #attribute(node: Node, depth: number): Origin {
    if (isRequestInput(node, this.#source)) return this.#unlessGuarded(node, INPUT)
    const name = lastName(node)
    if (isConstantName(name) || this.#options.safe?.has(`.${name}`)) return FIXED
    const object = node.childForFieldName('object')!
    if (object.text === 'self' || object.text === 'cls') {
      return this.#worst(this.#source.valuesOf(node.text.slice(0, 100)), depth)
    }
    if (name === 'argv' && qualifiedName(node, this.#source) === 'sys.argv') return UNKNOWN
    // What numbers rows is a number.
    if (name === 'id' || name === 'pk') return FIXED
    return this.origin(object, depth - 1)
  }

  #call(node: Node, depth: number): Origin {
    if (isRequestInput(node, this.#source)) return this.#unlessGuarded(node, INPUT)
    const called = node.childForFieldName('function')!
    const name = lastName(called)
    if (HARMLESS_CALLS.has(name) || SANITISING.test(name) || this.#options.safe?.has(name)) return FIXED
    if (name === 'input' || name === 'recv' || name === 'recvfrom') return UNKNOWN
    const list = node.childForFieldName('arguments')
    const given = list?.type === 'argument_list' ? list.namedChildren : list === null ? [] : [list]
    const isMethod = called.type === 'attribute'
    const receiver = isMethod ? this.origin(called.childForFieldName('object')!, depth - 1) : FIXED
    if (isMethod && FORMATTING.has(name)) return this.#formatted(name, receiver, given, depth)
    if (receiver !== FIXED) return receiver
    const passed = this.#worst(given, depth)
    if (PASSING.has(name)) return passed
    const isOwn = !isMethod || called.text.startsWith('self.')
    return (isOwn ? this.#returned(name, passed, depth) : null) ?? (Math.min(passed, UNKNOWN) as Origin)
  }

  /** What a function of this source returns for what it is given; null when it is not one, or is being looked at. */
  #returned(name: string, passed: Origin, depth: number): Origin | null {
    const scopes = scopesOf(this.#source)
    const scope = scopes.named(name)
    if (scope === null || this.#entered.has(scope)) return null
    const values = scopes.returned(scope)
    if (values.length === 0) return null
    this.#entered.set(scope, passed)
    const returned = this.#worst(values, depth)
    this.#entered.delete(scope)
    return returned
  }

  #formatted(name: string, receiver: Origin, given: readonly Node[], depth: number): Origin {
    // A table of what is allowed: the key does not matter, what is returned without one does.
    const isLookup = name === 'get' || name === 'pop' || name === 'setdefault'
    if (isLookup && receiver !== FIXED) return receiver
    return Math.max(receiver, this.#worst(isLookup ? given.slice(1) : given, depth)) as Origin
  }

  #named(node: Node, depth: number): Origin {
    const name = node.text
    const loop = this.#loops.get(name)
    if (loop !== undefined) {
      this.#loops.delete(name)
      const origin = this.origin(loop, depth - 1)
      this.#loops.set(name, loop)
      return origin
    }
    const origin = this.#bound(node, name, depth)
    return origin === FIXED ? FIXED : this.#unlessGuarded(node, origin)
  }

  #bound(node: Node, name: string, depth: number): Origin {
    const scopes = scopesOf(this.#source)
    const from = scopes.at(node.startIndex)
    for (let scope = from; ; scope = scopes.outer(scope)) {
      const parameter = scopes.parameters(scope).get(name)
      const { values, isAll } = scopes.bindings(name, scope, node)
      if (values.length > 0 || parameter !== undefined) {
        const bound = this.#worst(values, depth)
        if (isAll || parameter === undefined || bound === INPUT) return bound
        const own = parameterOrigin(parameter, scope, this.#source)
        const given = own === FIXED ? FIXED : (this.#entered.get(scope) ?? own)
        return Math.max(bound, given) as Origin
      }
      if (scope === MODULE) return this.#unbound(name)
    }
  }

  /** Imported, a class, or built in; what is left is bound somewhere else. */
  #unbound(name: string): Origin {
    const isKnown = this.#source.importOf(name) !== null || isConstantName(name) || /^(?:[A-Z]|__)/.test(name)
    return isKnown || OUTSIDE.has(name) ? FIXED : UNKNOWN
  }
}

/** `'%d of %d'`: what is put in must be numbers. */
export function formatsNumbers(format: Node | null): boolean {
  const text = literalText(format)
  return text !== null && !/%[^%diufFeEgGxX\d.+ -]/.test(text)
}

function isConstantName(name: string): boolean {
  return /^_*[A-Z][A-Z\d_]+$/.test(name)
}
