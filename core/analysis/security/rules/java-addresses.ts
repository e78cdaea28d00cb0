import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../source-view.ts'
import { argumentAt, calledName, calledOn, stringOf } from './go-java-nodes.ts'
import { visibleValues } from './go-java-scope.ts'
import { isInput } from './java-flow.ts'
import { createdType } from './java-nodes.ts'

/** How deep the beginning of a text is looked for. */
const MAX_DEPTH = 14

/** Whether what an expression begins with is not the input, and is enough to decide where it leads. */
export function beginsFixed(node: Node, source: SourceView, enough: RegExp): boolean {
  const first = beginningOf(node, source, MAX_DEPTH)
  if (first === null) return false
  const text = stringOf(first)
  return text === null ? !isInput(first, source) : enough.test(text.split('%')[0]!)
}

/** The leftmost part of what a text is made of. */
export function beginningOf(node: Node, source: SourceView, depth = MAX_DEPTH): Node | null {
  if (depth === 0 || !source.spend(1)) return null
  const on = (next: Node | null | undefined) => (next == null ? null : beginningOf(next, source, depth - 1))
  switch (node.type) {
    case 'binary_expression':
      return on(node.childForFieldName('left'))
    case 'parenthesized_expression':
      return on(node.firstNamedChild)
    case 'cast_expression':
      return on(node.childForFieldName('value'))
    case 'identifier': {
      const values = visibleValues(node, source)
      return values.length === 1 && !/parameter|declarator$/.test(values[0]!.type) ? on(values[0]) : node
    }
    case 'object_creation_expression':
      return /^(?:URL|URI|String|StringBuilder|StringBuffer|HttpGet|HttpPost|URIBuilder)$/.test(
        createdType(node),
      )
        ? on(argumentAt(node, 0))
        : node
    case 'method_invocation':
      return beginningOfCall(node, source, depth)
    default:
      return node
  }
}

function beginningOfCall(call: Node, source: SourceView, depth: number): Node | null {
  const on = (next: Node | null | undefined) => (next == null ? null : beginningOf(next, source, depth - 1))
  const name = calledName(call)
  const object = calledOn(call)
  const isStatic = object === null || /^[A-Z]\w*$/.test(object.text)
  if (name === 'format' && isStatic) {
    const format = on(argumentAt(call, 0))
    return format !== null && /^%(?:1\$)?s/.test(stringOf(format) ?? '') ? on(argumentAt(call, 1)) : format
  }
  if (name === 'formatted') {
    const format = on(object)
    return format !== null && /^%(?:1\$)?s/.test(stringOf(format) ?? '') ? on(argumentAt(call, 0)) : format
  }
  if (isStatic)
    return /^(?:create|fromHttpUrl|fromUriString|get|of|valueOf|requireNonNull)$/.test(name)
      ? on(argumentAt(call, 0))
      : call
  return /^(?:append|concat|toString|trim|toURL|toURI|toUri|build|buildAndExpand|path|pathSegment|queryParam|encode|toUriString|expand|resolve|replace|uri|toExternalForm)$/.test(
    name,
  )
    ? on(object)
    : call
}
