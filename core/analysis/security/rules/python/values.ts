import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { judge } from './flow.ts'
import { FIXED } from './input.ts'
import { lastName, literalText } from './names.ts'
import { MODULE, scopesOf } from './scope.ts'

/** Nodes looked at to judge one expression. */
const MAX_NODES = 600

/** Whether a part of an expression, or of what the names in it stand for at that place, passes a test. */
export function derives(node: Node, source: SourceView, test: (part: Node) => boolean): boolean {
  let left = MAX_NODES
  const seen = new Set<number>()
  const look = (part: Node): boolean => {
    if (--left < 0 || !source.spend(1)) return false
    if (test(part)) return true
    if (part.type !== 'identifier') return part.namedChildren.some(look)
    return boundValues(part, source).some((value) => {
      if (seen.has(value.id)) return false
      seen.add(value.id)
      return look(value)
    })
  }
  return look(node)
}

/** What a name stands for, where that is one thing only; else the expression itself. */
export function resolve(node: Node, source: SourceView, depth = 4): Node {
  if (depth === 0 || !source.spend(1)) return node
  if (node.type === 'parenthesized_expression' || node.type === 'await') {
    const inner = node.namedChildren[0]
    return inner === undefined ? node : resolve(inner, source, depth - 1)
  }
  if (node.type !== 'identifier') return node
  const values = boundValues(node, source)
  return values.length === 1 ? resolve(values[0]!, source, depth - 1) : node
}

/** What is bound to a name, by the innermost function that binds it. */
function boundValues(name: Node, source: SourceView): readonly Node[] {
  const scopes = scopesOf(source)
  for (let scope = scopes.at(name.startIndex); ; scope = scopes.outer(scope)) {
    const { values } = scopes.bindings(name.text, scope, name)
    if (values.length > 0 || scope === MODULE || scopes.parameters(scope).has(name.text)) return values
  }
}

/**
 * What an expression begins with: its literal beginning, or null when that is not known here but fixed
 * (`BASE_URL + path`). Empty when a value that is not fixed comes first.
 */
export function beginningOf(node: Node, source: SourceView, depth = 10): string | null {
  if (depth === 0) return ''
  if (node.type === 'string') return beginningOfString(node, source, depth)
  const literal = literalText(node)
  if (literal !== null) return literal
  if (node.type === 'parenthesized_expression' || node.type === 'concatenated_string') {
    return beginningOf(node.namedChildren[0]!, source, depth - 1)
  }
  if (node.type === 'binary_operator') return beginningOf(node.childForFieldName('left')!, source, depth - 1)
  if (node.type === 'call' && lastName(node.childForFieldName('function')) === 'format') {
    const object = node.childForFieldName('function')!.childForFieldName('object')
    const beginning = (object === null ? '' : beginningOf(object, source, depth - 1))?.split('{')[0] ?? null
    const first = node.childForFieldName('arguments')?.namedChildren[0]
    return beginning === '' && first !== undefined ? beginningOf(first, source, depth - 1) : beginning
  }
  if (judge(node, source).origin === FIXED) return null
  if (node.type !== 'identifier') return ''
  const scopes = scopesOf(source)
  const { values, isAll } = scopes.bindings(node.text, scopes.at(node.startIndex), node)
  return isAll && values.length === 1 ? beginningOf(values[0]!, source, depth - 1) : ''
}

function beginningOfString(node: Node, source: SourceView, depth: number): string | null {
  let beginning = ''
  for (const part of node.namedChildren) {
    if (part.type === 'string_content') beginning += part.text
    if (part.type !== 'interpolation') continue
    if (beginning !== '') return beginning
    const value = part.childForFieldName('expression') ?? part.namedChildren[0]
    return value === undefined ? '' : beginningOf(value, source, depth - 1)
  }
  return beginning
}

/** `'text'.encode()`, `bytes(16)` and `bytes.fromhex('…')` are as constant as what they are made of. */
export function unencoded(node: Node): Node {
  if (node.type !== 'call') return node
  const called = node.childForFieldName('function')
  const first = node.childForFieldName('arguments')?.namedChildren[0]
  const isBytes =
    /^(?:bytes|bytearray|bytes\.fromhex|bytearray\.fromhex|(?:\w+\.)?(?:unhexlify|b64decode))$/.test(
      called?.text ?? '',
    )
  if (isBytes) return first ?? node
  return lastName(called) === 'encode' ? (called?.childForFieldName('object') ?? node) : node
}

/** Whether a number that is known is too small: `1024`, `2**10`, or a name of such. */
export function isBelow(node: Node | undefined, least: number, source: SourceView): boolean {
  if (node === undefined) return false
  const value = resolve(node, source)
  if (value.type === 'binary_operator') {
    const [base, exponent] = value.namedChildren
    const isPower =
      value.childForFieldName('operator')?.type === '**' &&
      base?.type === 'integer' &&
      exponent?.type === 'integer'
    return isPower && Number(base.text) ** Number(exponent.text) < least
  }
  return value.type === 'integer' && Number(value.text.replaceAll('_', '')) < least
}
