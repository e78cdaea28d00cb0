import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { resolve, type Trace } from './flow.ts'
import { isGuarded } from './guards.ts'
import { REQUEST_WORDS, traceBrowser, traceRequest } from './input.ts'
import {
  argumentOf,
  argumentsOf,
  calleeOf,
  headerOf,
  memberOf,
  moduleOf,
  nameOf,
  stringOf,
  textOf,
} from './nodes.ts'
import { assignments, calls, functions, members, methods, rule } from './rule.ts'
import { HOLE, isNeutralised, textBuiltBy } from './text.ts'

const CLIENTS =
  /^(?:axios|got|needle|superagent|request|request-promise(?:-native)?|node-fetch|undici|https?|http2|ky|ofetch|phin|bent|cross-fetch|follow-redirects|urllib|wreck)$/
const CLIENT_WORDS = [
  ...[
    'etch(',
    'axios',
    'got(',
    'got.',
    "'got'",
    '"got"',
    'needle',
    'superagent',
    'request(',
    "'request",
    '"request',
  ],
  ...[
    'undici',
    'http.',
    'https.',
    "http'",
    "https'",
    'http"',
    'https"',
    'http2',
    'ky(',
    'ky.',
    "'ky'",
    '"ky"',
    'ofetch',
  ],
  ...[
    'phin',
    'bent',
    'rp(',
    'urllib',
    'wreck',
    'goto(',
    'httpService',
    'httpClient',
    'follow-redirects',
    'undiciFetch',
  ],
]
const ADDRESSES = ['url', 'uri', 'host', 'hostname', 'baseURL', 'baseUrl', 'prefixUrl', 'origin']
const CHECKED = /allow|valid|safe|sanit|trusted|local|relative|^assert/i

/** Addresses that a client chooses: of what a server asks (CWE-918) and where a browser goes (CWE-601). */
export const ADDRESS_RULES: readonly Rule[] = [
  rule({
    id: 'js-request-to-input',
    title: 'A client chooses which address the server asks: compare the host with a list of allowed ones',
    cwe: ['CWE-918'],
    severity: 'high',
    needs: [REQUEST_WORDS, CLIENT_WORDS],
    on: [
      functions([
        'fetch',
        'axios',
        'got',
        'needle',
        'request',
        'superagent',
        'ky',
        '$fetch',
        'ofetch',
        'phin',
        'rp',
        'bent',
        'undiciFetch',
        'nodeFetch',
      ]),
      calls([
        'get',
        'post',
        'put',
        'patch',
        'delete',
        'head',
        'request',
        'stream',
        'connect',
        'goto',
        'fetch',
      ]),
    ],
    accept: ({ source, finding: call }) => {
      if (!isClient(source, call)) return false
      const [first, second] = argumentsOf(source, call)
      const target =
        calleeOf(call).object !== null &&
        nameOf(calleeOf(call).object) === 'needle' &&
        first?.type === 'string'
          ? second
          : first
      return target !== undefined && addressesIn(source, target).some((part) => isChosen(source, part, call))
    },
  }),
  rule({
    id: 'js-open-redirect',
    title: 'A client chooses where the browser is sent: allow only paths or hosts of a list',
    cwe: ['CWE-601'],
    severity: 'medium',
    needs: [REQUEST_WORDS, ['edirect(', 'Location', 'location:', "location'", 'location"']],
    on: [
      calls(['redirect', 'permanentRedirect', 'sendRedirect']),
      methods(['setHeader', 'header', 'set', 'append']),
      members(/^location$/i),
    ],
    accept: ({ source, finding, name }) => {
      if (/redirect$/i.test(name)) {
        const target = targetOf(argumentsOf(source, finding))
        return target !== undefined && isForeign(source, target, finding)
      }
      const { header, value } = headerOf(source, finding)
      return header === 'location' && value !== null && isForeign(source, value, finding)
    },
  }),
  rule({
    id: 'js-dom-redirect',
    title:
      'A link chooses where the page goes, which may be a javascript: address: allow only paths of the site',
    cwe: ['CWE-601', 'CWE-79'],
    severity: 'medium',
    needs: ['location'],
    on: [assignments(['href', 'location']), methods(['assign', 'replace'])],
    accept: ({ source, finding }) => {
      const left = finding.childForFieldName('left') ?? calleeOf(finding).object
      if (left === null || !/(?:^|\.)location(?:\.href)?$/.test(left.text.slice(-40))) return false
      const target = finding.childForFieldName('right') ?? argumentOf(source, finding, 0)
      if (target === null) return false
      const [hole] = textBuiltBy(source, target).holes
      if (hole === undefined || hole.before !== '' || isNeutralised(source, hole.value, CHECKED)) return false
      const traced = traceBrowser(source, hole.value)
      // Its own address in another form, `location.href.replace(…)`, stays on the site.
      if (traced === null || /location\.(?:href|pathname)$|document\.URL$/.test(traced.origin.text))
        return false
      return !isGuarded(source, traced, finding)
    },
  }),
]

/** Whether a call asks another host. */
function isClient(source: SourceView, call: Node): boolean {
  const { name, object } = calleeOf(call)
  const module = moduleOf(source, call)
  if (module !== null) return CLIENTS.test(module)
  if (object === null) return /^(?:fetch|\$fetch|axios|got|request|needle|superagent|ky)$/.test(name)
  const owner = nameOf(object)
  if (name === 'goto') return owner === 'page'
  return (
    /^(?:axios|got|needle|superagent|https?|httpService|axiosInstance|httpClient|undici)$/.test(owner) ||
    /^(?:globalThis|window)$/.test(owner)
  )
}

/** The parts of a call's argument that say which host is asked. */
function addressesIn(source: SourceView, target: Node): Node[] {
  const [value] = target.type === 'identifier' ? resolve(source, target) : [target]
  if (value?.type !== 'object') return [target]
  return ADDRESSES.map((name) => memberOf(source, value, name)).filter((part) => part !== null)
}

/** Whether input goes to where it decides about the host, past which `https://example.com/` is. */
function isChosen(source: SourceView, address: Node, place: Node): boolean {
  const { holes } = textBuiltBy(source, address)
  return holes.some(({ value, before }) => {
    if (/^[a-z]+:\/\/[^/?#\0]+[/?#]|^\/(?!\/|\0)/i.test(before) || before.includes('?')) return false
    // A base address from elsewhere stands before it.
    if (before.startsWith(HOLE)) return false
    if (isNeutralised(source, value, CHECKED)) return false
    const traced = traceTarget(source, value)
    return traced !== null && !isGuarded(source, traced, place)
  })
}

function targetOf(list: readonly Node[]): Node | undefined {
  const [first, second] = list
  return first?.type === 'number' || (second !== undefined && isStatus(first)) ? second : first
}

function isStatus(node: Node | undefined): boolean {
  return /^(?:\d{3}|.*[sS]tatus.*|.*code)$/.test(node?.text.slice(0, 60) ?? '')
}

/** Whether input decides about the host that a redirect leads to. */
function isForeign(source: SourceView, target: Node, place: Node): boolean {
  if (stringOf(target) !== null) return false
  return textBuiltBy(source, target).holes.some(({ value, before }) => {
    if (before !== '' && before !== '//' && !/^[a-z]+:\/\/$/i.test(before)) return false
    if (isNeutralised(source, value, CHECKED)) return false
    const traced = traceTarget(source, value)
    return traced !== null && !isGuarded(source, traced, place)
  })
}

/**
 * Follows an address back to a request. The address of the request itself leads nowhere else, what is read from it,
 * `new URL(request.url).searchParams.get('next')`, may.
 */
function traceTarget(source: SourceView, value: Node): Trace | null {
  const traced = traceRequest(source, value)
  if (traced === null || !OWN_ADDRESS.test(traced.origin.text)) return traced
  const isRead = [value, ...traced.places, ...resolve(source, value)].some((part) =>
    /\.get\(|searchParams|\.query\b/.test(textOf(source, part).slice(0, 200)),
  )
  return isRead ? traced : null
}

const OWN_ADDRESS = /\.(?:path|originalUrl|url|hostname|nextUrl|href)$/
