import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import {
  isDecided,
  MAX_PART_DEPTH,
  type Parts,
  partsOfArguments,
  partsOfFormat,
  partsOfName,
} from '../go-java/addresses.ts'
import { argumentsOf, calledName, calledOn, stringOf, tailOf } from '../go-java/nodes.ts'
import { isInput } from './flow.ts'
import { createdType } from './nodes.ts'

/** Whether what an expression begins with is not the input, and is enough to decide where it leads. */
export function beginsFixed(node: Node, source: SourceView, enough: RegExp): boolean {
  return isDecided(partsOf(node, source, MAX_PART_DEPTH), enough, (part) => isInput(part, source))
}

/** The constant that an expression begins with; empty when it begins with something else. */
export function constantBeginning(node: Node, source: SourceView): string {
  let text = ''
  for (const part of partsOf(node, source, MAX_PART_DEPTH)) {
    const literal = typeof part === 'string' ? part : stringOf(part)
    if (literal === null) break
    text += literal
  }
  return text
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
    case 'cast_expression':
      yield* on(node.childForFieldName('value')!)
      return
    case 'identifier':
      yield* partsOfName(node, source, on)
      return
    case 'object_creation_expression':
      if (MADE_OF_TEXT.test(createdType(node))) yield* partsOfArguments(node, on)
      else yield node
      return
    case 'method_invocation':
      yield* partsOfCall(node, on)
      return
    default:
      yield node
  }
}

const MADE_OF_TEXT = /^(?:URL|URI|String|StringBuilder|StringBuffer|HttpGet|HttpPost|URIBuilder)$/
const OF_TEXT = /^(?:create|fromHttpUrl|fromUriString|get|of|valueOf|requireNonNull)$/
const ADDING = /^(?:append|concat|path|pathSegment|resolve)$/
const SAME =
  /^(?:toString|trim|toURL|toURI|toUri|build|buildAndExpand|queryParam|encode|toUriString|expand|replace|toExternalForm|strip|normalize)$/

function* partsOfCall(call: Node, on: (next: Node) => Parts): Parts {
  const name = calledName(call)
  const object = calledOn(call)
  const [first, ...rest] = argumentsOf(call)
  const isStatic = object === null || /^[A-Z]\w*$/.test(tailOf(object))
  const format = name === 'format' && isStatic ? (first ?? null) : name === 'formatted' ? object : null
  const text = stringOf(format)
  if (text !== null) yield* partsOfFormat(text, name === 'format' ? rest : argumentsOf(call), on)
  else if (isStatic) yield* first !== undefined && OF_TEXT.test(name) ? on(first) : [call]
  else if (ADDING.test(name)) {
    yield* on(object)
    yield* partsOfArguments(call, on)
  } else if (SAME.test(name)) yield* on(object)
  else yield call
}
