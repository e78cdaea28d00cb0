import type { Node } from 'web-tree-sitter'
import type { Rule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { isInput, judge } from './go-flow.ts'
import { isContext } from './go-input.ts'
import { type FlowOptions, INPUT } from './go-java-flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn, stringOf } from './go-java-nodes.ts'
import { visibleValues } from './go-java-scope.ts'
import { calledPackage, callsNamed, importsPackage, isCallOf, isPackage, typeOf } from './go-nodes.ts'

const FETCHING = [
  'Get',
  'Head',
  'Post',
  'PostForm',
  'Put',
  'Patch',
  'Delete',
  'NewRequest',
  'NewRequestWithContext',
  'Do',
]
const DIALLING = ['Dial', 'DialTimeout', 'DialContext', 'NewSingleHostReverseProxy', 'DefaultDialer']
/** How deep the beginning of a text is looked for. */
const MAX_DEPTH = 12

/** Requests that the input leads somewhere else (CWE-918, CWE-601). */
export const REQUEST_RULES: readonly Rule[] = [
  {
    id: 'go-request-to-input-address',
    title: 'The server requests an address that comes from the request: allow only hosts of a list',
    cwe: ['CWE-918'],
    severity: 'high',
    needs: [['net/http', 'http.', 'resty', 'net.', 'fasthttp', 'websocket', 'httputil', 'lient.']],
    query: callsNamed(...FETCHING, ...DIALLING),
    accept: ({ node, source }) => {
      const address = addressOf(node('finding'), source)
      return (
        address !== null && isInput(address, source, ADDRESS) && !beginsFixed(address, source, FIXED_HOST)
      )
    },
  },
  {
    id: 'go-redirect-to-input',
    title: 'A redirect leads where the request says: allow only paths of this site, or hosts of a list',
    cwe: ['CWE-601'],
    severity: 'medium',
    needs: [['Redirect(', '"Location"', '"location"']],
    query: callsNamed('Redirect', 'Set', 'Add', 'Header', 'To'),
    accept: ({ node, source }) => {
      const target = targetOf(node('finding'), source)
      return target !== null && isInput(target, source, TARGET) && !beginsFixed(target, source, FIXED_TARGET)
    },
  },
]

/** A whole host, or a path. */
const FIXED_HOST = /^[a-z][a-z\d+]*:\/\/[^\s/%@]+(?:[/?#]|$)|^[\w.-]+:\d+$/i
const FIXED_TARGET = /^[a-z][a-z\d+]*:\/\/[^\s/%@]+[/?#]|^\/(?![/\\])[^%]|^[?#]|^[a-z]+\//i
const ADDRESS: FlowOptions = { safe: /^(?:Atoi|ParseIP)$/, unchecked: /^(?:HasSuffix)$/ }
const TARGET: FlowOptions = {
  // Where the request came to is no choice of somebody else's; nor is a caller's own page.
  isHarmless: ({ type, text, parent }) =>
    (text.endsWith('.URL') && parent?.type !== 'selector_expression') ||
    (/^(?:selector_expression|call_expression)$/.test(type) &&
      text.length < 80 &&
      /\.(?:Host|RequestURI|URL\.Path|URL\.RawPath|URL\.RawQuery|URL\.String\(\)|URL\.RequestURI\(\)|URL\.EscapedPath\(\)|Referer\(\)|Header\.Get\("(?:Referer|referer)"\))$/.test(
        text,
      )),
}

function addressOf(call: Node, source: SourceView): Node | null {
  const name = calledName(call)
  const given = argumentsOf(call)
  const path = calledPackage(call, source)
  if (path !== null) {
    if (isPackage(path, 'net/http'))
      return given[{ NewRequest: 1, NewRequestWithContext: 2 }[name] ?? 0] ?? null
    if (isPackage(path, 'net') || isPackage(path, 'crypto/tls'))
      return /^Dial/.test(name) ? (given[1] ?? null) : null
    if (name === 'NewSingleHostReverseProxy') return given[0] ?? null
    return /resty|fasthttp|websocket|req$/.test(path) ? (given.find(isNoContext) ?? null) : null
  }
  const object = calledOn(call)
  if (object === null || isContext(object, source)) return null
  const isClient =
    (object.type === 'identifier' && /^(?:http\.Client|resty\.Client)$/.test(typeOf(object, source))) ||
    /(?:client|dialer)(?:\(\))?$/i.test(object.text.slice(-30)) ||
    (/\.(?:R|NewRequest)\(/.test(object.text) && importsPackage(source, /resty/))
  if (!isClient || name === 'Do') return null
  return given.find((part) => isNoContext(part) && !/^"tcp\d?"$/.test(part.text)) ?? null
}

function isNoContext({ text }: Node): boolean {
  return !/^(?:ctx|.*\.Context\(\)|context\.\w+\(\))$/.test(text.slice(0, 60))
}

function targetOf(call: Node, source: SourceView): Node | null {
  const name = calledName(call)
  const given = argumentsOf(call)
  if (name === 'Redirect') {
    if (isCallOf(call, source, 'net/http')) return given[2] ?? null
    if (!isContext(calledOn(call), source)) return null
    // gin and echo have the status first, fiber the target.
    return given.find((part) => judge(part, source).origin === INPUT) ?? null
  }
  if (name === 'To') return calledOn(call)?.text.endsWith('Redirect()') === true ? (given[0] ?? null) : null
  return /^location$/i.test(stringOf(argumentAt(call, 0)) ?? '') ? (given[1] ?? null) : null
}

/** Whether what an expression begins with is known not to be the input, and is enough to decide where it leads. */
function beginsFixed(node: Node, source: SourceView, enough: RegExp): boolean {
  const first = beginningOf(node, source, MAX_DEPTH)
  if (first === null) return false
  const text = stringOf(first)
  if (text === null) return !isInput(first, source)
  const constant = text.split('%')[0]!
  return (
    enough.test(constant) ||
    (constant !== '' && !/^[a-z][a-z\d+]*:\/\//i.test(constant) && enough.test(`${constant}`))
  )
}

/** The leftmost part of what a text is made of. */
function beginningOf(node: Node, source: SourceView, depth: number): Node | null {
  if (depth === 0 || !source.spend(1)) return null
  const on = (next: Node | null | undefined) => (next == null ? null : beginningOf(next, source, depth - 1))
  switch (node.type) {
    case 'binary_expression':
      return on(node.childForFieldName('left'))
    case 'parenthesized_expression':
      return on(node.firstNamedChild)
    case 'unary_expression':
    case 'type_conversion_expression':
      return on(node.childForFieldName('operand'))
    case 'identifier': {
      const values = visibleValues(node, source)
      return values.length === 1 && values[0]!.type !== 'parameter_declaration' ? on(values[0]) : node
    }
    case 'call_expression':
      return beginningOfCall(node, source, depth)
    default:
      return node
  }
}

function beginningOfCall(call: Node, source: SourceView, depth: number): Node | null {
  const given = argumentsOf(call)
  const on = (next: Node | null | undefined) => (next == null ? null : beginningOf(next, source, depth - 1))
  switch (calledName(call)) {
    case 'Sprintf': {
      const format = on(given[0])
      return format !== null && stringOf(format)?.startsWith('%') === true ? on(given[1]) : format
    }
    case 'Parse':
    case 'ParseRequestURI':
    case 'Sprint':
    case 'TrimSpace':
      return calledPackage(call, source) === null ? call : on(given[0])
    case 'JoinPath':
      return on(calledPackage(call, source) === null ? calledOn(call) : given[0])
    case 'String':
      return on(calledOn(call))
    default:
      return call
  }
}
