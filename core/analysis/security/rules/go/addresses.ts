import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { isDecided, MAX_PART_DEPTH, type Parts, partsOfFormat, partsOfName } from '../go-java/addresses.ts'
import { argumentsOf, calledName, calledOn, stringOf } from '../go-java/nodes.ts'
import { isInput } from './flow.ts'
import { calledPackage } from './nodes.ts'

/** Whether what an expression begins with is not the input, and is enough to decide where it leads. */
export function beginsFixed(node: Node, source: SourceView, enough: RegExp): boolean {
  return isDecided(partsOf(node, source, MAX_PART_DEPTH), enough, (part) => isInput(part, source))
}

function* partsOf(node: Node, source: SourceView, depth: number): Parts {
  const on = (next: Node) => partsOf(next, source, depth - 1)
  if (depth === 0 || !source.spend(1)) {
    yield node
    return
  }
  switch (node.type) {
    case 'binary_expression':
    case 'parenthesized_expression':
      for (const child of node.namedChildren) yield* on(child)
      return
    case 'unary_expression':
    case 'type_conversion_expression':
      yield* on(node.childForFieldName('operand')!)
      return
    case 'identifier':
      yield* partsOfName(node, source, on)
      return
    case 'call_expression':
      yield* partsOfCall(node, source, on)
      return
    default:
      yield node
  }
}

function* partsOfCall(call: Node, source: SourceView, on: (next: Node) => Parts): Parts {
  const [first, ...rest] = argumentsOf(call)
  const isFunction = calledPackage(call, source) !== null
  const object = calledOn(call)
  switch (calledName(call)) {
    case 'Sprintf': {
      const format = stringOf(first ?? null)
      if (format === null) yield call
      else yield* partsOfFormat(format, rest, on)
      return
    }
    case 'Parse':
    case 'ParseRequestURI':
    case 'TrimSpace':
    case 'Sprint':
    case 'JoinPath':
      if (isFunction && first !== undefined) yield* on(first)
      else yield* on(object ?? call)
      return
    case 'String':
      if (object === null) yield call
      else yield* on(object)
      return
    default:
      yield call
  }
}
