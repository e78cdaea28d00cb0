import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { isFunction, parentOf } from './nodes.ts'

/** A parameter of a function. */
export interface Parameter {
  /** The function. */
  readonly of: Node
  /** All of the parameter: with its type, its decorator, and the pattern that takes it apart. */
  readonly whole: Node
  /** Where the name is introduced. */
  readonly name: Node
}

/** What is known of the functions of a file: rules ask for it again at every place within them. */
interface Scopes {
  readonly around: Map<number, Node | null>
  readonly parameters: Map<number, ReadonlyMap<string, Parameter>>
}

const known = new WeakMap<SourceView, Scopes>()

/** The innermost function around a node, not the node itself; null at the top of a file. */
export function functionAround(source: SourceView, node: Node): Node | null {
  const { around } = scopesOf(source)
  const found = around.get(node.id)
  if (found !== undefined) return found
  let candidate = parentOf(source, node)
  while (candidate !== null && !isFunction(candidate)) {
    candidate = parentOf(source, candidate)
  }
  around.set(node.id, candidate)
  return candidate
}

/** The parameter that a name stands for, of the innermost function that has one of that name. */
export function parameterOf(source: SourceView, name: Node): Parameter | null {
  for (let of = functionAround(source, name); of !== null; of = functionAround(source, of)) {
    const parameter = source.spend(1) ? parametersOf(source, of).get(name.text) : undefined
    if (parameter !== undefined) return parameter
  }
  return null
}

const PARAMETER_NAMES = ['identifier', 'shorthand_property_identifier_pattern']

function parametersOf(source: SourceView, of: Node): ReadonlyMap<string, Parameter> {
  const { parameters } = scopesOf(source)
  const found = parameters.get(of.id)
  if (found !== undefined) return found
  const named = new Map<string, Parameter>()
  parameters.set(of.id, named)
  const list = of.childForFieldName('parameters') ?? of.childForFieldName('parameter')
  if (list === null || !source.spend(list.descendantCount)) return named
  for (const whole of list.type === 'identifier' ? [list] : list.namedChildren) {
    for (const name of [whole, ...whole.descendantsOfType(PARAMETER_NAMES)]) {
      if (PARAMETER_NAMES.includes(name.type) && !named.has(name.text))
        named.set(name.text, { of, whole, name })
    }
  }
  return named
}

function scopesOf(source: SourceView): Scopes {
  const found = known.get(source)
  if (found !== undefined) return found
  const made: Scopes = { around: new Map(), parameters: new Map() }
  known.set(source, made)
  return made
}
