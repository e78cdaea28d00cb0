import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'

/** From a node up to the function that it is in. */
const MAX_CLIMB = 120
/** Values of one name that are looked at: those nearest before its use. */
const MAX_VALUES = 24
/** Nodes looked at to find a part of an expression. */
const MAX_INVOLVED = 400

/** Nodes of a source that make it one more node's cost to ask for a parent. */
const NODES_PER_COST = 2_048

const set = (words: string) => new Set(words.split(' '))
const FUNCTIONS = set(
  'function_declaration method_declaration func_literal constructor_declaration compact_constructor_declaration ' +
    'static_initializer lambda_expression',
)
const BLOCKS = set(
  'statement_list block constructor_body switch_block_statement_group class_body source_file program',
)
const DECLARATIONS = set('short_var_declaration var_spec variable_declarator resource')
const PARAMETERS = set(
  'parameter_declaration variadic_parameter_declaration formal_parameter spread_parameter',
)

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type)
}

export function isParameter(node: Node): boolean {
  return PARAMETERS.has(node.type)
}

/** What is known of a source's functions and names. Nodes are costly to ask: each is asked once. */
interface Known {
  readonly parents: Map<number, Node | null>
  /** What it costs to ask for a parent, in nodes that are only counted: it is looked for from the root. */
  readonly parentCost: number
  /** The function around a node, by the node's id. */
  readonly around: Map<number, Node | null>
  readonly bindings: Map<string, readonly Binding[]>
  readonly visible: Map<number, readonly Node[]>
}

interface Binding {
  readonly value: Node
  readonly start: number
  readonly end: number
  /** The function that it is in. */
  readonly scope: Node | null
  /** Where the name is known: its block, or all of the function for a parameter. */
  readonly from: number
  readonly to: number
  readonly isDeclared: boolean
  readonly isAdded: boolean
}

const knownBySource = new WeakMap<SourceView, Known>()

function knownOf(source: SourceView): Known {
  let known = knownBySource.get(source)
  if (known === undefined) {
    known = {
      parents: new Map(),
      parentCost: 2 + Math.floor(source.root.descendantCount / NODES_PER_COST),
      around: new Map(),
      bindings: new Map(),
      visible: new Map(),
    }
    knownBySource.set(source, known)
  }
  return known
}

/** The parent of a node; null for the root, and when the budget is used up. */
export function parentOf(node: Node, source: SourceView): Node | null {
  const { parents, parentCost } = knownOf(source)
  const known = parents.get(node.id)
  if (known !== undefined) return known
  const parent = source.spend(parentCost) ? node.parent : null
  parents.set(node.id, parent)
  return parent
}

/** The innermost function around a node; null outside of all. Of a method of a class within a function: the method. */
export function functionAround(node: Node, source: SourceView): Node | null {
  const { around } = knownOf(source)
  const passed: number[] = []
  let found: Node | null = null
  for (let part: Node | null = node, i = 0; part !== null && i < MAX_CLIMB; i++) {
    const known = around.get(part.id)
    if (known !== undefined) {
      found = known
      break
    }
    passed.push(part.id)
    part = parentOf(part, source)
    if (part !== null && isFunction(part)) {
      found = part
      break
    }
  }
  for (const id of passed) around.set(id, found)
  return found
}

/** The function with a name of its own around a node: not a literal or lambda. */
export function declarationAround(node: Node, source: SourceView): Node | null {
  let around = functionAround(node, source)
  while (around !== null && !/^(?:function|method|constructor)_declaration$/.test(around.type)) {
    around = functionAround(around, source)
  }
  return around
}

/** Characters of a function that are searched for what else it does, and how many of them cost as much as a node. */
const MAX_READ = 20_000
const CHARACTERS_PER_NODE = 16

/** The text of a node to be searched, which is taken off the budget; empty once that is used up. */
export function textOf(node: Node | null, source: SourceView): string {
  const text = node?.text.slice(0, MAX_READ) ?? ''
  return source.spend(Math.ceil(text.length / CHARACTERS_PER_NODE)) ? text : ''
}

/** The text of the innermost function around a node. */
export function functionText(node: Node, source: SourceView): string {
  return textOf(functionAround(node, source), source)
}

/**
 * What a name may stand for at a place: within the innermost function that binds it, from the last value before the
 * place back to the first that nothing leads past.
 */
export function visibleValues(name: Node, source: SourceView): readonly Node[] {
  const { visible } = knownOf(source)
  const known = visible.get(name.id)
  if (known !== undefined) return known
  const found = findVisible(name, source)
  visible.set(name.id, found)
  return found
}

function findVisible(name: Node, source: SourceView): readonly Node[] {
  const { startIndex, endIndex } = name
  const all = bindingsOf(name.text, source).filter(({ start, end }) => start > startIndex || end < endIndex)
  if (all.length === 0 || !source.spend(Math.ceil(all.length / 8))) return []
  const innermost = functionAround(name, source)
  for (let scope = innermost; ; scope = functionAround(scope, source)) {
    const own = all.filter((binding) => binding.scope?.id === scope?.id)
    if (own.length > 0) {
      const isHere = scope !== null && scope.id === innermost?.id
      return (isHere ? lastBefore(own, startIndex) : own.slice(-MAX_VALUES)).map(({ value }) => value)
    }
    if (scope === null) return []
  }
}

function lastBefore(bindings: readonly Binding[], at: number): readonly Binding[] {
  const before = bindings.filter(({ start }) => start <= at)
  if (before.length === 0) return bindings.slice(-MAX_VALUES)
  const last: Binding[] = []
  for (const binding of before.reverse().slice(0, MAX_VALUES)) {
    const isKnownHere = binding.from <= at && at < binding.to
    // Declared in a block that the place is not in: another variable of the same name.
    if (!isKnownHere && binding.isDeclared) continue
    last.push(binding)
    if (isKnownHere && !binding.isAdded) break
  }
  return last
}

function bindingsOf(name: string, source: SourceView): readonly Binding[] {
  const { bindings } = knownOf(source)
  let known = bindings.get(name)
  if (known === undefined) {
    const values = source.valuesOf(name).filter((value) => !isCallOf(value, name))
    known = source.spend(values.length * 4) ? values.map((value) => describe(value, source)) : []
    bindings.set(name, known)
  }
  return known
}

function describe(value: Node, source: SourceView): Binding {
  const scope = functionAround(value, source)
  const isIntroduced = isParameter(value)
  const block = isIntroduced ? scope : blockAround(value, source)
  return {
    value,
    start: value.startIndex,
    end: value.endIndex,
    scope,
    from: block?.startIndex ?? Number.POSITIVE_INFINITY,
    to: block?.endIndex ?? 0,
    isDeclared: DECLARATIONS.has(bindingOf(value)?.type ?? ''),
    isAdded: isBuiltUp(value),
  }
}

function blockAround(value: Node, source: SourceView): Node | null {
  let part = parentOf(value, source)
  for (let i = 0; part !== null && i < 12; i++) {
    if (BLOCKS.has(part.type)) return part
    part = parentOf(part, source)
  }
  return null
}

/** The declaration or assignment of a value. */
function bindingOf(value: Node): Node | null {
  const parent = value.parent
  return parent?.type === 'expression_list' ? parent.parent : parent
}

/** Whether a value is added to what the name stood for: `x += …`, `x.append(…)`, `x[i] = …`, `copy(x, …)`. */
export function isBuiltUp(value: Node): boolean {
  const type = value.parent?.type
  if (type === 'argument_list' || type === 'expression_statement') return true
  const assignment = bindingOf(value)
  if (!/^assignment_(?:statement|expression)$/.test(assignment?.type ?? '')) return false
  if (assignment!.childForFieldName('operator')?.text !== '=') return true
  const left = assignment!.childForFieldName('left')
  const target = left?.type === 'expression_list' ? left.firstNamedChild : left
  return /^(?:index_expression|array_access)$/.test(target?.type ?? '')
}

/** Calls of a function of this source by its bare name. */
export function callsOf(name: string, source: SourceView): readonly Node[] {
  const values = source.valuesOf(name)
  return source.spend(values.length) ? values.filter((value) => isCallOf(value, name)) : []
}

function isCallOf(value: Node, name: string): boolean {
  if (value.type !== 'call_expression' && value.type !== 'method_invocation') return false
  const called = value.childForFieldName('function') ?? value.childForFieldName('name')
  if (called?.text !== name) return false
  // `x = x()` binds it all the same.
  const binding = bindingOf(value)
  const bound = binding?.childForFieldName('left') ?? binding?.childForFieldName('name')
  return bound?.text.split(/\W+/).includes(name) !== true
}

/** Whether an expression, or what the names in it stand for where they are used, has a part for which `test` holds. */
export function involves(node: Node, source: SourceView, test: (part: Node) => boolean): boolean {
  const seen = new Set<number>()
  const look = (part: Node): boolean => {
    if (seen.size >= MAX_INVOLVED || seen.has(part.id) || !source.spend(1)) return false
    seen.add(part.id)
    if (test(part)) return true
    if (part.type === 'identifier') return visibleValues(part, source).some(look)
    return part.namedChildren.some(look)
  }
  return look(node)
}
