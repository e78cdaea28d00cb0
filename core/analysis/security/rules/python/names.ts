import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'

/** Dotted names are followed this far; longer ones stand for nothing that a rule knows. */
const MAX_NAME_PARTS = 8
/** From an expression up to the statement that uses it. */
const MAX_CLIMB = 12
/** A parent is looked for from the root of the tree. */
const NODES_PER_CLIMB = 2

/**
 * The dotted name of an expression by what was imported: with `import subprocess as sp`, `sp.run` is
 * `subprocess.run`. A call in between is `()`; what has no name is `?`.
 */
export function qualifiedName(node: Node, source: SourceView, depth = MAX_NAME_PARTS): string {
  if (depth === 0) return '?'
  if (node.type === 'identifier') {
    const found = source.importOf(node.text)
    if (found === null) return node.text
    return found.imported === null ? found.module : `${found.module}.${found.imported}`
  }
  if (node.type === 'attribute') {
    const object = node.childForFieldName('object')
    const attribute = node.childForFieldName('attribute')
    if (object === null || attribute === null) return '?'
    return `${qualifiedName(object, source, depth - 1)}.${attribute.text}`
  }
  if (node.type === 'call') {
    const called = node.childForFieldName('function')
    return called === null ? '?' : `${qualifiedName(called, source, depth - 1)}()`
  }
  if (node.type === 'subscript') {
    const value = node.childForFieldName('value')
    return value === null ? '?' : `${qualifiedName(value, source, depth - 1)}[]`
  }
  return '?'
}

/** The name behind the last dot: `run` of `subprocess.run`. Empty when there is none. */
export function lastName(node: Node | null): string {
  if (node?.type === 'identifier') return node.text
  return node?.type === 'attribute' ? (node.childForFieldName('attribute')?.text ?? '') : ''
}

/** The words of an identifier in lower case with a space around each: ` reset token ` of `resetToken`. */
export function wordsOf(name: string): string {
  const words = name
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[^A-Za-z\d]+/g, ' ')
    .trim()
  return ` ${words.toLowerCase()} `
}

const PASSWORD_WORDS = / (?:passwords?|passwd|pwd|passphrase|passcode|pw) /

/** Whether a name is that of a password: `db_password`, `newPasswd`. */
export function nameSuggestsPassword(name: string): boolean {
  return PASSWORD_WORDS.test(wordsOf(name))
}

/** The names that stand in an expression, up to `limit` nodes into it. */
export function namesIn(node: Node, limit = 80): string[] {
  const names: string[] = []
  const queue = [node]
  for (let part = queue.shift(); part !== undefined && limit-- > 0; part = queue.shift()) {
    if (part.type === 'identifier') names.push(part.text)
    else queue.push(...part.namedChildren)
  }
  return names
}

/**
 * What an expression is for, as the names around it tell: what it is assigned or passed to, the key it is stored
 * under, and the function that it is in.
 */
export function purposesOf(node: Node, source: SourceView): string[] {
  const purposes: string[] = []
  let part: Node | null = node
  for (let climbed = 0; part !== null && climbed < MAX_CLIMB; climbed++) {
    if (!source.spend(NODES_PER_CLIMB)) break
    const label = labelOf(part)
    if (label !== null) purposes.push(label)
    if (part.type === 'function_definition') break
    part = part.parent
  }
  return purposes
}

function labelOf(node: Node): string | null {
  if (node.type === 'assignment') return node.childForFieldName('left')?.text ?? null
  if (node.type === 'pair') return node.childForFieldName('key')?.text ?? null
  if (node.type === 'keyword_argument' || node.type === 'function_definition') {
    return node.childForFieldName('name')?.text ?? null
  }
  return null
}

/** The text of a string without anything interpolated, or of adjacent ones; null for everything else. */
export function literalText(node: Node | null): string | null {
  if (node?.type === 'parenthesized_expression') return literalText(node.namedChildren[0] ?? null)
  if (node?.type === 'concatenated_string') {
    const parts = node.namedChildren.map(literalText)
    return parts.every((part) => part !== null) ? parts.join('') : null
  }
  if (node?.type !== 'string') return null
  const parts = node.namedChildren
  if (parts.some(({ type }) => type === 'interpolation')) return null
  return parts
    .filter(({ type }) => type === 'string_content')
    .map(({ text }) => text)
    .join('')
}
