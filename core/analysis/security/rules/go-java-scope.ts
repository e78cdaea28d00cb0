import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../source-view.ts'

/** From a node up to the function that it is in. */
const MAX_CLIMB = 120
/** Values of one name that are looked at: those nearest before its use. */
const MAX_VALUES = 24

const FUNCTIONS = new Set([
  'function_declaration',
  'method_declaration',
  'func_literal',
  'constructor_declaration',
  'compact_constructor_declaration',
  'static_initializer',
  'lambda_expression',
])
const BLOCKS = new Set([
  'statement_list',
  'block',
  'constructor_body',
  'switch_block_statement_group',
  'class_body',
  'source_file',
  'program',
])
const DECLARATIONS = new Set(['short_var_declaration', 'var_spec', 'variable_declarator', 'resource'])
const PARAMETERS = new Set([
  'parameter_declaration',
  'variadic_parameter_declaration',
  'formal_parameter',
  'spread_parameter',
])

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type)
}

export function isParameter(node: Node): boolean {
  return PARAMETERS.has(node.type)
}

/** The innermost function around a node; null outside of all. Of a method of a class within a function: the method. */
export function functionAround(node: Node, source: SourceView): Node | null {
  return climb(node, source, isFunction)
}

/** The function with a name of its own around a node: not a literal or lambda. */
export function declarationAround(node: Node, source: SourceView): Node | null {
  return climb(node, source, ({ type }) => /^(?:function|method|constructor)_declaration$/.test(type))
}

function climb(node: Node, source: SourceView, test: (node: Node) => boolean): Node | null {
  let part = node.parent
  for (let i = 0; part !== null && i < MAX_CLIMB; i++) {
    if (!source.spend(1)) return null
    if (test(part)) return part
    part = part.parent
  }
  return null
}

export function contains(outer: Node, inner: Node): boolean {
  return outer.startIndex <= inner.startIndex && inner.endIndex <= outer.endIndex
}

/**
 * What a name may stand for at a place: within the innermost function that binds it, from the last value before the
 * place back to the first that nothing leads past.
 */
export function visibleValues(name: Node, source: SourceView): readonly Node[] {
  const text = name.text
  const all = source.valuesOf(text).filter((value) => !isCallOf(value, text) && !contains(value, name))
  if (all.length === 0 || !source.spend(all.length)) return []
  let inner: Node | null = name
  for (;;) {
    const scope: Node | null = functionAround(inner, source)
    const here = all.filter((value) => scope === null || contains(scope, value))
    const own = here.filter((value) => functionAround(value, source)?.id === scope?.id)
    if (own.length > 0)
      return inner === name && scope !== null ? lastBefore(own, name) : own.slice(-MAX_VALUES)
    if (scope === null) return []
    inner = scope
  }
}

/** Calls of a function of this source by its bare name. */
export function callsOf(name: string, source: SourceView): readonly Node[] {
  return source.valuesOf(name).filter((value) => isCallOf(value, name))
}

function isCallOf(value: Node, name: string): boolean {
  if (value.type !== 'call_expression' && value.type !== 'method_invocation') return false
  const called = value.childForFieldName('function') ?? value.childForFieldName('name')
  if (called?.text !== name) return false
  // `x = x()` binds it all the same.
  const binding = value.parent?.type === 'expression_list' ? value.parent.parent : value.parent
  const bound = binding?.childForFieldName('left') ?? binding?.childForFieldName('name')
  return bound?.text.split(/\W+/).includes(name) !== true
}

function lastBefore(values: readonly Node[], use: Node): readonly Node[] {
  const before = values.filter(({ startIndex }) => startIndex <= use.startIndex)
  if (before.length === 0) return values.slice(-MAX_VALUES)
  const last: Node[] = []
  for (const value of before.reverse().slice(0, MAX_VALUES)) {
    const isInBlock = isParameter(value) || leadsTo(value, use)
    // Declared in a block that the place is not in: another variable of the same name.
    if (!isInBlock && isDeclaration(value)) continue
    last.push(value)
    if (isInBlock && !isPartial(value)) break
  }
  return last
}

function leadsTo(value: Node, use: Node): boolean {
  let part = value.parent
  for (let i = 0; part !== null && i < 12; i++) {
    if (BLOCKS.has(part.type)) return contains(part, use)
    part = part.parent
  }
  return false
}

function isDeclaration(value: Node): boolean {
  const parent = value.parent
  return DECLARATIONS.has((parent?.type === 'expression_list' ? parent.parent : parent)?.type ?? '')
}

/** Whether a value is added to what the name stood for: `x += …`, `x.append(…)`, `x[i] = …`, `copy(x, …)`. */
function isPartial(value: Node): boolean {
  const parent = value.parent
  if (parent === null) return false
  if (parent.type === 'argument_list' || parent.type === 'expression_statement') return true
  const assignment = parent.type === 'expression_list' ? parent.parent : parent
  if (!/^assignment_(?:statement|expression)$/.test(assignment?.type ?? '')) return false
  const left = assignment!.childForFieldName('left')
  return (
    assignment!.childForFieldName('operator')?.text !== '=' ||
    /^(?:index_expression|array_access)$/.test(
      (left?.type === 'expression_list' ? left.firstNamedChild : left)?.type ?? '',
    )
  )
}
