import type { Node } from 'web-tree-sitter'

/** A call's arguments without comments. */
export function argumentsOf(call: Node): Node[] {
  const list = call.childForFieldName('arguments')
  return list === null ? [] : list.namedChildren.filter(({ type }) => !type.endsWith('comment'))
}

export function argumentAt(call: Node, index: number): Node | null {
  return argumentsOf(call)[index] ?? null
}

/** The name of what is called, without what it belongs to: `Query` of `db.Query(…)`, `exec` of `runtime.exec(…)`. */
export function calledName(call: Node): string {
  const name = call.childForFieldName('name')
  if (name !== null) return name.text
  const called = call.childForFieldName('function')
  return (called?.childForFieldName('field') ?? called)?.text ?? ''
}

/** What the called method belongs to; null for a bare function. */
export function calledOn(call: Node): Node | null {
  const object = call.childForFieldName('object')
  if (object !== null) return object
  const called = call.childForFieldName('function')
  return called?.type === 'selector_expression' ? called.childForFieldName('operand') : null
}

/** The end of how a node is written: chains of calls are long, and asked for at each of their calls. */
export function tailOf(node: Node | null): string {
  return node?.text.slice(-MAX_TAIL) ?? ''
}

/** What a called method belongs to, as it is written; empty for a bare function. */
export function receiverText(call: Node): string {
  return tailOf(calledOn(call))
}

const MAX_TAIL = 120
const STRINGS = new Set(['interpreted_string_literal', 'raw_string_literal', 'string_literal'])

export function isString(node: Node): boolean {
  return STRINGS.has(node.type)
}

/** What a string literal says, its escapes as they are written; null for what is none. */
export function stringOf(node: Node | null): string | null {
  if (node === null || !isString(node)) return null
  return node.text.replace(/^(?:"""|["`])|(?:"""|["`])$/g, '')
}

/** The value of an integer literal (`2_048`, `0o777`, `0777`, `0x1f`, `1 << 14`); null for what is none. */
export function integerOf(node: Node | null): number | null {
  if (node === null) return null
  if (node.type === 'binary_expression') {
    const left = integerOf(node.childForFieldName('left'))
    const right = integerOf(node.childForFieldName('right'))
    if (left === null || right === null) return null
    switch (node.childForFieldName('operator')?.text) {
      case '<<':
        return left * 2 ** right
      case '*':
        return left * right
      default:
        return null
    }
  }
  if (!/^(?:int_literal|(?:decimal|hex|octal|binary)_integer_literal)$/.test(node.type)) return null
  const text = node.text.replace(/_|[lL]$/g, '').toLowerCase()
  const value = Number(/^0\d+$/.test(text) ? `0o${text.slice(1)}` : text)
  return Number.isNaN(value) ? null : value
}

/**
 * What a node is known by: the function that is called, the type that is made, the field or variable that is given a
 * value, the annotation. Empty for what has no name.
 */
export function nameOf(node: Node): string {
  switch (node.type) {
    case 'call_expression':
    case 'method_invocation':
      return calledName(node)
    case 'object_creation_expression':
    case 'composite_literal':
      return plainType(node.childForFieldName('type')?.text ?? '')
    case 'keyed_element':
      return (node.firstNamedChild?.text ?? '').slice(0, MAX_NAME).replace(/^"|"$/g, '')
    case 'field_access':
    case 'selector_expression':
      return node.childForFieldName('field')?.text ?? ''
    case 'assignment_statement':
    case 'assignment_expression': {
      const left = node.childForFieldName('left')
      return left === null
        ? ''
        : lastName(left.type === 'expression_list' ? (left.firstNamedChild ?? left) : left)
    }
    case 'short_var_declaration':
      return node.childForFieldName('left')?.firstNamedChild?.text ?? ''
    case 'annotation':
    case 'method_declaration':
    case 'variable_declarator':
    case 'const_spec':
    case 'var_spec':
      return node.childForFieldName('name')?.text.split('.').at(-1) ?? ''
    default:
      return ''
  }
}

const MAX_NAME = 200

/** `Token` of `user.Token`, `buffer` of `buffer[i]`, `sign` of `sign(x)`. */
export function lastName(node: Node): string {
  switch (node.type) {
    case 'field_access':
    case 'selector_expression':
      return node.childForFieldName('field')?.text ?? ''
    case 'call_expression':
    case 'method_invocation':
      return calledName(node)
    case 'index_expression':
    case 'slice_expression':
    case 'unary_expression':
    case 'type_conversion_expression':
      return lastName(node.childForFieldName('operand') ?? node.firstNamedChild ?? node.child(0)!)
    case 'array_access':
      return lastName(node.childForFieldName('array')!)
    case 'cast_expression':
      return lastName(node.childForFieldName('value')!)
    default:
      return node.text.slice(0, MAX_NAME)
  }
}

/** A type without its package, its parameters, its dimensions and its pointer. */
export function plainType(type: string): string {
  return type
    .slice(0, MAX_NAME)
    .replace(/[<[].*/s, '')
    .replace(/^\*/, '')
    .split('.')
    .at(-1)!
    .trim()
}
