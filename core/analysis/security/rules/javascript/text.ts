import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { removesMuch, resolve, trace } from './flow.ts'
import { ancestorOf, argumentOf, argumentsOf, calleeOf, childrenOf, isFunction, nameOf } from './nodes.ts'
import { parameterOf } from './scope.ts'

/** A text as it is put together: what the source says, and what is only known when it runs. */
export interface BuiltText {
  /** The text, with {@link HOLE} where a value goes. */
  readonly text: string
  readonly holes: readonly Hole[]
}

export interface Hole {
  readonly value: Node
  /** The text up to the hole. */
  readonly before: string
}

export const HOLE = '\u0000'

const MAX_PIECES = 120
/** Longer texts are cut: what decides is near the start, or near a hole. */
const MAX_CHARACTERS = 8_000
const MAX_DEPTH = 12
/** Names and operators that are followed to see whether a value is fixed. */
const MAX_FIXED_DEPTH = 6
/** A part of a value costs as much as so many nodes that are parsed. */
const NODES_PER_PART = 3

/**
 * Takes apart an expression that makes a text: a template, a concatenation, `+=`, `join`, `concat`, `format`, and the
 * names that such are bound to. What is none of these is a hole.
 */
export function textBuiltBy(source: SourceView, expression: Node): BuiltText {
  const holes: Hole[] = []
  const seen = new Set<string>()
  let text = ''
  let left = MAX_PIECES
  const say = (more: string) => {
    text = (text + more).slice(0, MAX_CHARACTERS)
  }
  const leave = (value: Node) => {
    holes.push({ value, before: text })
    say(HOLE)
  }
  const build = (node: Node, depth: number): void => {
    if (--left < 0 || !source.spend(NODES_PER_PART)) return
    const parts = depth > MAX_DEPTH ? null : piecesOf(source, node, seen)
    if (parts === null) leave(node)
    for (const part of parts ?? []) {
      if (typeof part === 'string') say(part)
      else build(part, depth + 1)
    }
  }
  build(expression, 0)
  return { text, holes }
}

function piecesOf(source: SourceView, node: Node, seen: Set<string>): readonly (string | Node)[] | null {
  switch (node.type) {
    case 'string':
      return [node.text.slice(1, -1)]
    case 'template_string':
      return templatePieces(source, node)
    case 'template_substitution':
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
      return node.firstNamedChild === null ? null : [node.firstNamedChild]
    case 'binary_expression':
      return node.childForFieldName('operator')?.text === '+'
        ? ['left', 'right'].map((side) => node.childForFieldName(side)).filter((part) => part !== null)
        : null
    case 'identifier': {
      if (seen.has(node.text)) return null
      const values = resolve(source, node)
      if (!values.some(isText)) return null
      seen.add(node.text)
      return values
    }
    case 'call_expression':
      return callPieces(source, node)
    default:
      return null
  }
}

/** Whether a bound value is a text: a name without such is a hole itself. */
function isText(value: Node): boolean {
  return /^(?:string|template_string|binary_expression|call_expression|parenthesized_expression|as_expression)$/.test(
    value.type,
  )
}

function templatePieces(source: SourceView, node: Node): (string | Node)[] {
  return childrenOf(source, node).map((child) =>
    child.type === 'string_fragment' || child.type === 'escape_sequence' ? child.text : child,
  )
}

function callPieces(source: SourceView, call: Node): readonly (string | Node)[] | null {
  const { name, object } = calleeOf(call)
  const list = argumentsOf(source, call)
  if (object === null) return null
  switch (name) {
    case 'concat':
      return [object, ...list]
    case 'join': {
      const separator = list[0]?.type === 'string' ? list[0].text.slice(1, -1) : ','
      const parts = elementsOf(source, object)
      return parts?.flatMap((part, index) => (index === 0 ? [part] : [separator, part])) ?? null
    }
    case 'format':
      return nameOf(object) === 'util' ? list : null
    case 'replace':
    case 'replaceAll':
      if (isFunction(list[1] ?? call) || (list[0]?.type === 'regex' && removesMuch(list[0].text))) return null
      return [object, ' ', ...list.slice(1)]
    case 'trim':
    case 'toString':
      return [object]
    default:
      return null
  }
}

/** The elements of an array literal, or of a name that such is bound to, with what is pushed to it. */
function elementsOf(source: SourceView, list: Node): readonly Node[] | null {
  if (list.type === 'array') return childrenOf(source, list)
  const values = list.type === 'identifier' ? resolve(source, list) : []
  if (!values.some(({ type }) => type === 'array')) return null
  return values.flatMap((value) => (value.type === 'array' ? childrenOf(source, value) : [value]))
}

const FIXED_TYPES =
  /^(?:string|number|true|false|null|undefined|regex|unary_expression|update_expression|meta_property)$/
const NUMERIC_CALLS =
  /^(?:Number|parseInt|parseFloat|BigInt|toFixed|now|getTime|indexOf|floor|round|ceil|min|max)$/
const NUMERIC_NAMES =
  /^(?:i|j|idx|index|count|length|size|port|pid|len|num|offset|limit|page(?:Size)?|execPath)$/
const CONSTANT_NAME = /^_*[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_*$/

/**
 * Whether a value is none that somebody else chooses: constant, one of a few constants, a number, an environment
 * variable, a look-up in a table of the source, or a name written as constants are.
 */
export function isFixed(source: SourceView, node: Node, depth = 0): boolean {
  if (depth > MAX_FIXED_DEPTH || !source.spend(NODES_PER_PART)) return false
  if (FIXED_TYPES.test(node.type)) return true
  const every = (...parts: (Node | null)[]) =>
    parts.every((part) => part !== null && isFixed(source, part, depth + 1))
  switch (node.type) {
    case 'template_string':
    case 'array':
    case 'object':
      return childrenOf(source, node)
        .filter(({ type }) => type !== 'string_fragment' && type !== 'escape_sequence')
        .every((child) => every(child))
    case 'pair':
      return every(node.childForFieldName('value'))
    case 'template_substitution':
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
      return every(node.firstNamedChild)
    case 'ternary_expression':
      return every(node.childForFieldName('consequence'), node.childForFieldName('alternative'))
    case 'binary_expression':
      return isArithmetic(node) || every(node.childForFieldName('left'), node.childForFieldName('right'))
    case 'subscript_expression':
      return every(node.childForFieldName('object'))
    case 'member_expression':
      return isFixedMember(source, node, depth)
    case 'call_expression':
      return isFixedCall(source, node, depth)
    case 'identifier':
      return isFixedName(source, node, depth)
    default:
      return false
  }
}

function isArithmetic(node: Node): boolean {
  return !/^(?:\+|\|\||&&|\?\?)$/.test(node.childForFieldName('operator')?.text ?? '+')
}

function isFixedMember(source: SourceView, node: Node, depth: number): boolean {
  const name = nameOf(node)
  if (CONSTANT_NAME.test(name) || NUMERIC_NAMES.test(name)) return true
  const object = node.childForFieldName('object')
  if (object === null || object.type === 'this') return false
  return object.text === 'process' || isFixed(source, object, depth + 1)
}

function isFixedCall(source: SourceView, node: Node, depth: number): boolean {
  const { name, object } = calleeOf(node)
  if (NUMERIC_CALLS.test(name)) return true
  if (object === null) return false
  if (/^(?:cwd|tmpdir|homedir|platform|hostname)$/.test(name)) return true
  if (nameOf(object) === 'path')
    return argumentsOf(source, node).every((part) => isFixed(source, part, depth + 1))
  const isOfText = /^(?:join|map|filter|trim|toLowerCase|toUpperCase|toString|split|slice|keys|values)$/.test(
    name,
  )
  return isOfText && isFixed(source, object, depth + 1)
}

const OVER_A_LIST = /^(?:map|flatMap|filter|forEach|some|every|find|findIndex)$/

function isFixedName(source: SourceView, node: Node, depth: number): boolean {
  const { text } = node
  if (CONSTANT_NAME.test(text) || NUMERIC_NAMES.test(text) || /^__(?:dir|file)name$/.test(text)) return true
  const values = resolve(source, node)
  if (values.length > 0) return values.every((value) => isFixed(source, value, depth + 1))
  const parameter = parameterOf(source, node)
  if (parameter === null) return false
  const { of, whole } = parameter
  // NAMES.map((name) => …)
  const call = ancestorOf(source, of, 2)
  const list = call?.type === 'call_expression' ? calleeOf(call).object : null
  if (list !== null && OVER_A_LIST.test(calleeOf(call!).name)) return isFixed(source, list, depth + 1)
  return /:\s*(?:number|boolean|bigint|Date)\s*(?:=|$)/.test(whole.text)
}

/** Readers that make nothing harmless, whatever their name says. */
const READING = /^(?:JSON|qs|querystring|url|URL|path)\.parse\(/

/** Whether a value goes through a function whose name says that it makes texts harmless. */
export function isNeutralised(source: SourceView, value: Node, names: RegExp): boolean {
  const isNeutral = (part: Node) =>
    part.type === 'call_expression' &&
    !READING.test(part.text.slice(0, 24)) &&
    (names.test(calleeOf(part).name) || names.test(nameOf(calleeOf(part).object)))
  if (isNeutral(value)) return true
  if (value.type === 'identifier') return resolve(source, value).some(isNeutral)
  const inner = value.type === 'call_expression' ? calleeOf(value).object : null
  if (inner !== null && isNeutral(inner)) return true
  const first = value.type === 'call_expression' ? argumentOf(source, value, 0) : null
  return first !== null && trace(source, first, isNeutral) !== null
}
