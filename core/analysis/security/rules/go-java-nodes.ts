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
