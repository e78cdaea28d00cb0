import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'

/** What is called: `run` and null, or `exec` and the object that it is called on. */
export function calleeOf(call: Node): { name: string; object: Node | null } {
  const callee = call.childForFieldName('function') ?? call.childForFieldName('constructor')
  if (callee === null) return { name: '', object: null }
  const isMember = callee.type === 'member_expression'
  return { name: nameOf(callee), object: isMember ? callee.childForFieldName('object') : null }
}

/** The arguments of a call; none for a tagged template. */
export function argumentsOf(source: SourceView, call: Node): Node[] {
  const list = call.childForFieldName('arguments')
  return list?.type === 'arguments' ? childrenOf(source, list) : []
}

export function argumentOf(source: SourceView, call: Node, index: number): Node | null {
  return argumentsOf(source, call)[index] ?? null
}

/** What is set by `headers: { name: value }` and by `res.set('name', value)`; the name in lower case. */
export function headerOf(source: SourceView, node: Node): { header: string; value: Node | null } {
  if (node.type === 'pair') {
    return {
      header: nameOf(node.childForFieldName('key')).toLowerCase(),
      value: node.childForFieldName('value'),
    }
  }
  const [name, value] = argumentsOf(source, node)
  return { header: stringOf(name ?? null)?.toLowerCase() ?? '', value: value ?? null }
}

/** What is on the right of a declaration, a member or an assignment. */
export function assignedTo(node: Node): Node | null {
  return node.childForFieldName('value') ?? node.childForFieldName('right')
}

/** Named children without comments; what they cost is taken off the budget. */
export function childrenOf(source: SourceView, node: Node): Node[] {
  if (!source.spend(node.namedChildCount)) return []
  return node.namedChildren.filter((child) => child.type !== 'comment')
}

/** The value of a member of an object literal; the name itself in `{ secret }`. Null for what is no object. */
export function memberOf(source: SourceView, object: Node | null, name: string): Node | null {
  if (object?.type !== 'object') return null
  for (const child of childrenOf(source, object)) {
    if (child.type === 'shorthand_property_identifier' && child.text === name) return child
    if (child.type !== 'pair') continue
    const key = child.childForFieldName('key')
    if (key !== null && unquoted(key.text) === name) return child.childForFieldName('value')
  }
  return null
}

/** What something is called: `secret` for `secret`, `config.secret`, `config['secret']` and `config.secret!`. */
export function nameOf(node: Node | null): string {
  switch (node?.type) {
    case 'identifier':
    case 'property_identifier':
    case 'private_property_identifier':
    case 'shorthand_property_identifier':
      return node.text
    case 'string':
      return unquoted(node.text)
    case 'member_expression':
      return nameOf(node.childForFieldName('property'))
    case 'subscript_expression':
      return nameOf(node.childForFieldName('index'))
    case 'non_null_expression':
    case 'parenthesized_expression':
    case 'as_expression':
    case 'await_expression':
      return nameOf(node.firstNamedChild)
    default:
      return ''
  }
}

/** The text of a string or of a template without holes; null for anything else. */
export function stringOf(node: Node | null): string | null {
  if (node?.type !== 'string' && node?.type !== 'template_string') return null
  if (node.type === 'template_string' && node.text.includes('${')) return null
  return unquoted(node.text)
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'arrow_function',
  'function_declaration',
  'function_expression',
  'generator_function',
  'generator_function_declaration',
  'method_definition',
])

/** tree-sitter finds a parent by going down from the top, past all that stands before: a node for so many characters. */
const CHARACTERS_PER_PARENT_NODE = 8_192
const sizes = new WeakMap<SourceView, number>()

/** The parent of a node; null at the top, and when the budget is not enough. */
export function parentOf(source: SourceView, node: Node): Node | null {
  let cost = sizes.get(source)
  if (cost === undefined) {
    cost = 1 + Math.ceil(source.root.endIndex / CHARACTERS_PER_PARENT_NODE)
    sizes.set(source, cost)
  }
  return source.spend(cost) ? node.parent : null
}

/** The parent of a parent, and so on. */
export function ancestorOf(source: SourceView, node: Node, levels: number): Node | null {
  let ancestor: Node | null = node
  for (let level = 0; level < levels && ancestor !== null; level++) ancestor = parentOf(source, ancestor)
  return ancestor
}

/** What a function is called, by itself or by the variable that it is bound to. */
export function functionNameOf(source: SourceView, of: Node): string {
  return (
    nameOf(of.childForFieldName('name')) || nameOf(parentOf(source, of)?.childForFieldName('name') ?? null)
  )
}

/** Whether a node is a function, of whichever form. */
export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type)
}

/** How many characters of source cost as much as a node. */
const CHARACTERS_PER_NODE = 8

/** Of a longer node only the start is read. */
const MAX_TEXT_CHARACTERS = 16_000

/** The source of a node, to look for words in; empty when the budget is not enough. */
export function textOf(source: SourceView, node: Node): string {
  const length = Math.min(node.endIndex - node.startIndex, MAX_TEXT_CHARACTERS)
  return source.spend(Math.ceil(length / CHARACTERS_PER_NODE)) ? node.text.slice(0, length) : ''
}

/** The module of what a call calls: `child_process` for `exec()`, `cp.exec()`, `require('child_process').exec()`. */
export function moduleOf(source: SourceView, call: Node): string | null {
  let root = call.childForFieldName('function') ?? call.childForFieldName('constructor')
  while (root?.type === 'member_expression' || root?.type === 'await_expression') {
    if (!source.spend(1)) return null
    root = root.childForFieldName('object') ?? root.firstNamedChild
  }
  if (root?.type === 'call_expression') {
    const { name } = calleeOf(root)
    return name === 'require' ? plainModule(stringOf(argumentOf(source, root, 0))) : null
  }
  return root?.type === 'identifier' ? moduleOfName(source, root.text) : null
}

function moduleOfName(source: SourceView, name: string): string | null {
  const imported = source.importOf(name)
  if (imported !== null) return imported.module
  const [value] = source.valuesOf(name)
  // const { exec } = cp, const fsp = fs.promises, const run = promisify(exec)
  const root = value?.type === 'call_expression' ? argumentOf(source, value, 0) : value
  const start = root?.text.slice(0, 80) ?? ''
  const required = /^require\(\s*['"]([^'"]+)['"]\s*\)/.exec(start)?.[1]
  if (required !== undefined) return plainModule(required)
  const word = /^[\w$]+/.exec(start)?.[0]
  return word === undefined ? null : (source.importOf(word)?.module ?? null)
}

function plainModule(name: string | null): string | null {
  return name?.replace(/^node:/, '') ?? null
}

function unquoted(text: string): string {
  return text.replace(/^["'`]|["'`]$/g, '')
}
