import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import {
  argumentAt,
  calledName,
  calledOn,
  integerOf,
  isString,
  lastName,
  plainType,
  stringOf,
  tailOf,
} from '../go-java/nodes.ts'
import { nodes, type Subject } from '../go-java/rule.ts'
import { declarationAround, textOf, visibleValues } from '../go-java/scope.ts'

/** Longer arrays are no nonce, salt or key; what is cut off does not end as an array does. */
const MAX_BYTES = 4_000
/** Names that stand for names. */
const MAX_DEPTH = 6

/** Calls of methods of these names, whatever they belong to. */
export function methodsNamed(...names: readonly string[]): Subject {
  return nodes('method_invocation', ...names)
}

/** `new` with one of these types. */
export function created(...types: readonly string[]): Subject {
  return nodes('object_creation_expression', ...types)
}

/** `File` of `new java.io.File(…)`, `ArrayList` of `new ArrayList<>()`. */
export function createdType(creation: Node): string {
  return plainType(creation.childForFieldName('type')?.text ?? '')
}

/** The declared type of a name, or that of what is made for it; empty when neither is in this source. */
export function typeOf(name: Node | null, source: SourceView): string {
  if (name === null) return ''
  if (name.type === 'object_creation_expression') return createdType(name)
  const looked = name.type === 'field_access' ? name.childForFieldName('field')! : name
  if (looked.type !== 'identifier') return ''
  for (const value of visibleValues(looked, source)) {
    const declared = declaredType(value)
    if (declared !== '' && declared !== 'var') return declared
    if (value.type === 'object_creation_expression') return createdType(value)
  }
  return ''
}

/** The type with which a value's variable is declared, parameters and all. */
export function declaredType(value: Node): string {
  if (value.type === 'formal_parameter') return value.childForFieldName('type')?.text ?? ''
  const declarator = value.type === 'variable_declarator' ? value : value.parent
  if (declarator?.type === 'variable_declarator')
    return declarator.parent?.childForFieldName('type')?.text ?? ''
  if (declarator?.type === 'resource' || declarator?.type === 'enhanced_for_statement') {
    return declarator.childForFieldName('type')?.text ?? ''
  }
  return ''
}

/** The names of a declaration's annotations, and their arguments as text. */
export function annotationsOf(declaration: Node): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const modifiers = declaration.namedChildren.find(({ type }) => type === 'modifiers')
  for (const part of modifiers?.namedChildren ?? []) {
    if (!part.type.endsWith('annotation')) continue
    const name = part.childForFieldName('name')?.text.split('.').at(-1) ?? ''
    found.set(name, part.childForFieldName('arguments')?.text ?? '')
  }
  return found
}

/** The text of the method around a node; of the class when it is in none. */
export function methodText(node: Node, source: SourceView): string {
  return textOf(declarationAround(node, source) ?? classAround(node), source)
}

export function classText(node: Node, source: SourceView): string {
  return textOf(classAround(node), source)
}

export function classAround(node: Node): Node | null {
  let part = node.parent
  for (let i = 0; part !== null && i < 100; i++) {
    if (/^(?:class|record|enum|interface)_declaration$/.test(part.type)) return part
    part = part.parent
  }
  return null
}

/** The names that a value is given at once: of a variable, of a field, or of what sets it. */
export function namesGiven(value: Node): string[] {
  let part = value
  for (let i = 0; i < 12; i++) {
    const parent = part.parent
    if (parent === null) return []
    switch (parent.type) {
      case 'variable_declarator':
        return [parent.childForFieldName('name')?.text ?? '']
      case 'assignment_expression':
        return [lastName(parent.childForFieldName('left')!)]
      case 'argument_list': {
        const call = parent.parent
        if (call?.type === 'method_invocation' && /^set[A-Z]/.test(calledName(call)))
          return [calledName(call).slice(3)]
        break
      }
      case 'block':
      case 'class_body':
        return []
    }
    part = parent
  }
  return []
}

/** The text that an expression is known to be: a literal, or a name for one. */
export function literalText(node: Node | null, source: SourceView, depth = MAX_DEPTH): string | null {
  if (node === null || depth === 0 || !source.spend(1)) return null
  if (isString(node)) return stringOf(node)
  if (node.type === 'parenthesized_expression') return literalText(node.firstNamedChild, source, depth - 1)
  if (node.type === 'binary_expression') {
    const sides = ['left', 'right'].map((side) =>
      literalText(node.childForFieldName(side), source, depth - 1),
    )
    return sides.every((side) => side !== null) ? sides.join('') : null
  }
  const name = node.type === 'field_access' ? node.childForFieldName('field') : node
  if (name?.type !== 'identifier') return null
  const [value, other] = visibleValues(name, source)
  return value !== undefined && other === undefined ? literalText(value, source, depth - 1) : null
}

/** The integer that an expression is known to be. */
export function numberOf(node: Node | null, source: SourceView, depth = MAX_DEPTH): number | null {
  if (node === null || depth === 0) return null
  const value = integerOf(node)
  if (value !== null || node.type !== 'identifier') return value
  const [bound, other] = visibleValues(node, source)
  return bound !== undefined && other === undefined ? numberOf(bound, source, depth - 1) : null
}

/** Whether a static method of this class is called: `MessageDigest.getInstance(…)`. */
export function isStaticCall(call: Node, type: string): boolean {
  const object = calledOn(call)
  return object !== null && (tailOf(object) === type || tailOf(object).endsWith(`.${type}`))
}

/** The call of a chain that is made last: `build()` of `Cookie.from(…).secure(true).build()`. */
export function endOfChain(call: Node): Node {
  let end = call
  for (let i = 0; i < 40; i++) {
    const parent = end.parent
    if (parent?.type !== 'method_invocation' || parent.childForFieldName('object')?.id !== end.id) return end
    end = parent
  }
  return end
}

/** Whether bytes are the same at every run: written in the source, or made and never filled with anything. */
export function isStaticBytes(node: Node | null, source: SourceView, depth = MAX_DEPTH): boolean {
  if (node === null || depth === 0 || !source.spend(1)) return false
  switch (node.type) {
    case 'method_invocation': {
      const name = calledName(node)
      const from = /^(?:getBytes|toCharArray)$/.test(name) ? calledOn(node) : argumentAt(node, 0)
      return (
        /^(?:getBytes|toCharArray|decode\w*|parseHex|hexStringToByteArray)$/.test(name) &&
        literalText(from, source) !== null
      )
    }
    case 'array_creation_expression':
      return isPlainArray(node)
    case 'array_initializer':
      return /^\{[\s\d,()xXa-fA-FL+-]*\}$/.test(node.text.slice(0, MAX_BYTES).replaceAll('(byte)', ''))
    case 'identifier': {
      const values = visibleValues(node, source)
      if (values.length === 0 || !values.every((value) => isStaticBytes(value, source, depth - 1)))
        return false
      return !isFilled(node, source)
    }
    default:
      return false
  }
}

function isPlainArray(creation: Node): boolean {
  const values = creation.childForFieldName('value')
  return (
    plainType(creation.text.replace(/^new\s+/, '')) === 'byte' &&
    (values === null || !/[a-zA-Z]\w*\(|[g-wyzG-Z]/.test(values.text.replaceAll('(byte)', '')))
  )
}

function isFilled(name: Node, source: SourceView): boolean {
  const { text } = name
  if (!/^\w+$/.test(text)) return true
  const within = methodText(name, source)
  const calls = within.matchAll(new RegExp(`\\b(\\w{1,60})\\([^\\n;{}]{0,200}?\\b${text}\\b`, 'g'))
  if ([...calls].some(([, called]) => !READING.test(called!))) return true
  return new RegExp(`\\b${text}\\[[^\\n\\]]{0,80}\\]\\s{0,4}[+^|]?=[^=]`).test(within)
}

/** What takes bytes and leaves them as they are. */
const READING =
  /^(?:IvParameterSpec|GCMParameterSpec|SecretKeySpec|PBEKeySpec|PBEParameterSpec|doFinal|init|encodeToString|encode|toHex|wrap|of|equals|copyOf|write|put|concat|print|println|if|return|assertEquals|hmacShaKeyFor)$/
