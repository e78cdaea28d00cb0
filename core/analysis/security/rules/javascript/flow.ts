import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import {
  argumentOf,
  argumentsOf,
  calleeOf,
  childrenOf,
  functionNameOf,
  isFunction,
  nameOf,
  parentOf,
} from './nodes.ts'
import { functionAround, parameterOf } from './scope.ts'

/** Where a value comes from, and the names that it went through on its way. */
export interface Trace {
  readonly origin: Node
  readonly names: ReadonlySet<string>
  /** Where it was used on its way. */
  readonly places: readonly Node[]
}

/** Nodes looked at to trace one value. */
const MAX_TRACE_NODES = 200
/** A part of a value costs as much as so many nodes that are parsed. */
const NODES_PER_PART = 3
/** Values of one name that are looked at. */
const MAX_VALUES = 16

/**
 * Follows a value back to a node for which `test` holds: through names that are bound within the file and in scope,
 * concatenation, branches and functions of texts. What turns a value into a number, a truth or a text that is safe,
 * and what looks something up by it, ends the way.
 */
export function trace(source: SourceView, node: Node, test: (part: Node) => boolean): Trace | null {
  const names = new Set<string>()
  const places: Node[] = []
  const seen = new Set<string>()
  let origin: Node | null = null
  let left = MAX_TRACE_NODES
  const follow = (part: Node): boolean => {
    if (--left < 0 || !source.spend(NODES_PER_PART)) return false
    if (test(part)) {
      origin = part
      return true
    }
    if (part.type !== 'identifier' && part.type !== 'shorthand_property_identifier') {
      return originsOf(source, part).some(follow)
    }
    if (seen.has(part.text)) return false
    seen.add(part.text)
    if (!resolve(source, part).some(follow) && !argumentsFor(source, part).some(follow)) return false
    names.add(part.text)
    places.push(part)
    return true
  }
  if (!follow(node) || origin === null) return null
  names.add((origin as Node).text)
  return { origin, names, places: [...places, origin] }
}

/** Calls of one function that are looked at. */
const MAX_CALLS = 8

/** What is given for a parameter, where its function is called by its name in the same file. */
function argumentsFor(source: SourceView, name: Node): Node[] {
  const parameter = parameterOf(source, name)
  if (parameter === null) return []
  const { of, whole } = parameter
  if (parameter.name.id !== whole.id && whole.childForFieldName('pattern')?.id !== parameter.name.id)
    return []
  const called = functionNameOf(source, of)
  const list = of.childForFieldName('parameters')
  const position = list?.namedChildren.findIndex(({ id }) => id === whole.id) ?? 0
  if (called === '' || position < 0) return []
  return (callsIn(source).get(called) ?? [])
    .slice(0, MAX_CALLS)
    .map((call) => argumentOf(source, call, position))
    .filter((argument) => argument !== null)
}

const callsOf = new WeakMap<SourceView, ReadonlyMap<string, readonly Node[]>>()
/** Nodes that the runtime goes through by itself at the cost of one. */
const NODES_PER_NODE = 8

/** The calls of a file, by the last name of what they call. */
function callsIn(source: SourceView): ReadonlyMap<string, readonly Node[]> {
  const known = callsOf.get(source)
  if (known !== undefined) return known
  const isAffordable = source.spend(Math.ceil(source.root.descendantCount / NODES_PER_NODE))
  const calls = Map.groupBy(
    isAffordable ? source.root.descendantsOfType('call_expression') : [],
    (call) => calleeOf(call).name,
  )
  callsOf.set(source, calls)
  return calls
}

/** What is bound to a name, where it can be seen from a place. */
export function resolve(source: SourceView, name: Node): readonly Node[] {
  const values = source.valuesOf(name.text).slice(0, MAX_VALUES)
  if (values.length === 0) return values
  const parameter = parameterOf(source, name)
  return values.filter((value) => {
    const scope = functionAround(source, value)
    if (scope !== null && !contains(scope, name)) return false
    return parameter === null || contains(parameter.of, value)
  })
}

function contains(outer: Node, inner: Node): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex
}

/** The parts of an expression that its value is made of. */
function originsOf(source: SourceView, node: Node): readonly Node[] {
  if (isFunction(node)) return []
  switch (node.type) {
    case 'member_expression':
      return /^(?:length|size)$/.test(nameOf(node)) ? [] : fields(node, 'object')
    case 'subscript_expression':
      return fields(node, 'object')
    case 'ternary_expression':
      return fields(node, 'consequence', 'alternative')
    case 'assignment_expression':
      return fields(node, 'right')
    case 'pair':
      return fields(node, 'value')
    case 'binary_expression':
      return operandsOf(node)
    case 'call_expression':
      return throughCall(source, node)
    case 'new_expression':
      return /^(?:URL|URLSearchParams|String|Request)$/.test(calleeOf(node).name)
        ? argumentsOf(source, node)
        : []
    case 'await_expression':
      return childrenOf(source, node)
    case 'unary_expression':
    case 'update_expression':
    case 'class':
      return []
    default:
      return childrenOf(source, node)
  }
}

function operandsOf(node: Node): Node[] {
  switch (node.childForFieldName('operator')?.text) {
    case '+':
    case '||':
    case '??':
      return fields(node, 'left', 'right')
    case '&&':
      return fields(node, 'right')
    default:
      return []
  }
}

/** Functions whose result is no text of the caller's, or one that can do no harm where it goes. */
const ENDING =
  /sanit|escap|encode|purif|clean|valid|verif|quote|strip|slug|allow|safe|hash|digest|find|look|fetch|load|query|pick|select|count|^basename$|^is[A-Z]|^has|^includes$|^test$|^indexOf$|^some$|^every$|^Number$|^BigInt$|^Boolean$|^parse(?:Int|Float|Number)$|^to(?:Fixed|Number|ISOString)$|render|template|^sql$/i
/** Methods whose result is made of their arguments. */
const TEXT_METHODS =
  /^(?:join|resolve|normalize|format|concat|assign|from|stringify|decode|replace|replaceAll|padStart|padEnd|fromEntries|push|unshift)$/
const PARSERS = /^(?:JSON|qs|querystring|queryString|url|URL|path)$/

function throughCall(source: SourceView, call: Node): Node[] {
  const { name, object } = calleeOf(call)
  if (ENDING.test(name) && !/^(?:decode|unescape)/.test(name)) return []
  // What is waited for was looked up by its arguments, more often than made of them.
  if (parentOf(source, call)?.type === 'await_expression') return object === null ? [] : [object]
  if (object === null) {
    return name === '' ? [] : argumentsOf(source, call).filter(({ type }) => type !== 'object')
  }
  if (name === 'replace' || name === 'replaceAll') {
    const pattern = argumentOf(source, call, 0)
    if (pattern?.type === 'regex' && removesMuch(pattern.text)) return []
  }
  const takesArguments = TEXT_METHODS.test(name) || (name === 'parse' && PARSERS.test(nameOf(object)))
  return takesArguments ? [object, ...argumentsOf(source, call)] : [object]
}

/** A pattern of all but a few characters, of line ends, of markup or of separators; not one of `../`. */
export function removesMuch(pattern: string): boolean {
  return /\[\^|\\W|\\[rn]|[<>]|\[[^\]]*[\\/'"][^\]]*\]/.test(pattern)
}

function fields(node: Node, ...names: readonly string[]): Node[] {
  return names.map((name) => node.childForFieldName(name)).filter((child) => child !== null)
}
