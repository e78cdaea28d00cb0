import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { type FlowOptions, INPUT } from '../go-java/flow.ts'
import {
  argumentAt,
  argumentsOf,
  calledName,
  calledOn,
  receiverText,
  stringOf,
  tailOf,
} from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { beginsFixed } from './addresses.ts'
import { isInput, judge } from './flow.ts'
import { isContext } from './input.ts'
import { calledPackage, callsNamed, importsPackage, isCallOf, isPackage, typeOf } from './nodes.ts'

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

/** Requests that the input leads somewhere else (CWE-918, CWE-601). */
export const REQUEST_RULES: readonly Rule[] = [
  rule({
    id: 'go-request-to-input-address',
    title: 'The server requests an address that comes from the request: allow only hosts of a list',
    cwe: ['CWE-918'],
    severity: 'high',
    needs: [['net/http', 'http.', 'resty', 'net.', 'fasthttp', 'websocket', 'httputil', 'lient.']],
    on: [callsNamed(...FETCHING, ...DIALLING)],
    accept: ({ finding, source }) => {
      const address = addressOf(finding, source)
      return (
        address !== null && isInput(address, source, ADDRESS) && !beginsFixed(address, source, FIXED_HOST)
      )
    },
  }),
  rule({
    id: 'go-redirect-to-input',
    title: 'A redirect leads where the request says: allow only paths of this site, or hosts of a list',
    cwe: ['CWE-601'],
    severity: 'medium',
    needs: [['Redirect(', '"Location"', '"location"']],
    on: [callsNamed('Redirect', 'Set', 'Add', 'Header', 'To')],
    accept: ({ finding, source }) => {
      const target = targetOf(finding, source)
      return target !== null && isInput(target, source, TARGET) && !beginsFixed(target, source, FIXED_TARGET)
    },
  }),
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
    (/\.(?:R|NewRequest)\(/.test(tailOf(object)) && importsPackage(source, /resty/))
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
  if (name === 'To') return receiverText(call).endsWith('Redirect()') ? (given[0] ?? null) : null
  return /^location$/i.test(stringOf(argumentAt(call, 0)) ?? '') ? (given[1] ?? null) : null
}
