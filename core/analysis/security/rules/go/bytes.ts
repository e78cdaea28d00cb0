import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { argumentAt, argumentsOf, calledName, integerOf, isString } from '../go-java/nodes.ts'
import { functionText, visibleValues } from '../go-java/scope.ts'

/** Names that stand for names. */
const MAX_DEPTH = 6

/** The integer that an expression is known to be; null for what is not known. */
export function numberOf(node: Node | null, source: SourceView, depth = MAX_DEPTH): number | null {
  if (node === null || depth === 0) return null
  const value = integerOf(node)
  if (value !== null || node.type !== 'identifier') return value
  const [bound, other] = visibleValues(node, source)
  return bound !== undefined && other === undefined ? numberOf(bound, source, depth - 1) : null
}

/** A text or bytes that are written in the source: `"…"`, `[]byte("…")`, `[]byte{1, 2}`, or a name for these. */
export function literalBytes(node: Node | null, source: SourceView, depth = MAX_DEPTH): Node | null {
  if (node === null || depth === 0 || !source.spend(1)) return null
  const on = (next: Node | null | undefined) => literalBytes(next ?? null, source, depth - 1)
  if (isString(node)) return node
  switch (node.type) {
    case 'type_conversion_expression':
    case 'unary_expression':
    case 'slice_expression':
      return on(node.childForFieldName('operand'))
    case 'parenthesized_expression':
      return on(node.firstNamedChild)
    case 'call_expression':
      return /^(?:string|byte|DecodeString|Unhex|MustDecode)$/.test(calledName(node))
        ? on(argumentAt(node, 0))
        : null
    case 'composite_literal':
      return /^(?:byte_|slice|array|implicit)/.test(node.childForFieldName('type')?.type ?? '') &&
        /^\{[\s\d,a-fA-Fx']*\}$/.test(node.childForFieldName('body')?.text.slice(0, 4_000) ?? '')
        ? node
        : null
    case 'identifier': {
      const values = visibleValues(node, source).map(on)
      return values.length > 0 && values.every((value) => value !== null) ? values[0]! : null
    }
    default:
      return null
  }
}

/** Whether bytes are the same at every run: written in the source, or made and never filled with anything. */
export function isStaticBytes(node: Node, source: SourceView): boolean {
  const inner = /^(?:unary|slice)_expression$/.test(node.type)
    ? (node.childForFieldName('operand') ?? node)
    : node
  if (inner.type !== 'identifier') return literalBytes(node, source) !== null || isEmpty(node)
  const values = visibleValues(inner, source)
  if (values.length === 0) return false
  if (!values.every((value) => literalBytes(value, source) !== null || isEmpty(value))) return false
  return !isFilled(inner, source)
}

/** `make([]byte, n)`, `var nonce [24]byte`. */
function isEmpty(node: Node): boolean {
  if (node.type === 'var_spec') return /\]byte$/.test(node.childForFieldName('type')?.text ?? '')
  return node.type === 'call_expression' && calledName(node) === 'make' && argumentsOf(node).length >= 2
}

function isFilled(name: Node, source: SourceView): boolean {
  const within = functionText(name, source)
  const { text } = name
  if (!/^\w+$/.test(text)) return true
  const calls = within.matchAll(new RegExp(`\\b(\\w{1,60})\\([^\\n;{}]{0,200}?\\b${text}\\b`, 'g'))
  if ([...calls].some(([, called]) => !READING.test(called!))) return true
  return new RegExp(
    `\\b${text}(?:\\[[^\\n\\]]{0,80}\\])?(?:\\+\\+|\\s{0,4}[+^|]?=[^=][^\\n]{0,200}\\[)|\\b${text}\\[[^\\n\\]]{0,80}\\]\\s{0,4}=[^=]`,
  ).test(within)
}

/** What takes bytes and leaves them as they are. */
const READING =
  /^(?:NewCBCEncrypter|NewCTR|NewCFBEncrypter|NewOFB|NewGCM|Seal|Key|IDKey|NewUnauthenticatedCipher|append|len|cap|string|EncodeToString|Println|Printf|Equal|if|return|func)$/
