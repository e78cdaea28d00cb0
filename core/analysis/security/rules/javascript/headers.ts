import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { REQUEST_WORDS, traceRequest } from './input.ts'
import {
  ancestorOf,
  argumentsOf,
  assignedTo,
  calleeOf,
  childrenOf,
  headerOf,
  memberOf,
  nameOf,
  parentOf,
  stringOf,
  textOf,
} from './nodes.ts'
import { assignments, functions, members, methods, rule } from './rule.ts'
import { functionAround } from './scope.ts'
import { isFixed, isNeutralised, textBuiltBy } from './text.ts'

const SESSION = /sess|token|auth|jwt|^sid$|connect\.sid|_id$|remember|login|access|refresh|credential/i
const NOT_SECRET = /csrf|xsrf/i
const SETTERS = ['setHeader', 'header', 'set', 'append', 'writeHead']
const ENCODING = /encode|escape|sanit|slug|valid|clean|serialize/i

/** What a server says in its headers: cookies, origins, and values that it was given. */
export const HEADER_RULES: readonly Rule[] = [
  rule({
    id: 'js-cookie-flags',
    title:
      'A cookie that stands for a login can be read by scripts or sent unencrypted: set httpOnly and secure',
    cwe: ['CWE-1004', 'CWE-614'],
    severity: 'medium',
    needs: [['cookie', 'Cookie']],
    on: [
      methods(['cookie', 'setCookie', 'set', 'serialize']),
      functions(['setCookie', 'serialize', 'setSignedCookie']),
      members(['httpOnly', 'secure']),
    ],
    accept: ({ source, finding }) => {
      if (finding.type === 'pair')
        return assignedTo(finding)?.type === 'false' && isCookieOption(source, finding)
      return setsOpenCookie(source, finding)
    },
  }),
  rule({
    id: 'js-cookie-header',
    title: 'A cookie that stands for a login is written without HttpOnly or Secure: add both',
    cwe: ['CWE-1004', 'CWE-614'],
    severity: 'medium',
    needs: [['Set-Cookie', 'set-cookie', 'document.cookie']],
    on: [
      methods(['setHeader', 'header', 'append', 'set']),
      members(/^set-cookie$/i),
      assignments(['cookie']),
    ],
    accept: ({ source, finding }) => {
      const isScript = finding.type === 'assignment_expression'
      if (isScript && finding.childForFieldName('left')?.text !== 'document.cookie') return false
      const { header, value } = isScript
        ? { header: 'set-cookie', value: assignedTo(finding) }
        : headerOf(source, finding)
      if (header !== 'set-cookie' || value === null) return false
      const { text } = textBuiltBy(source, value)
      const cookie = /^([^=;\0]*)=/.exec(text)?.[1] ?? ''
      if (
        !SESSION.test(cookie) ||
        NOT_SECRET.test(cookie) ||
        /max-age=0|expires=thu, 01 jan 1970/i.test(text)
      )
        return false
      return !/;\s*secure/i.test(text) || (!isScript && !/;\s*httponly/i.test(text))
    },
  }),
  rule({
    id: 'js-cors-any-origin',
    title: 'Any site may ask with the login of its visitors: allow credentials to a list of origins only',
    cwe: ['CWE-942', 'CWE-346'],
    severity: 'high',
    needs: [['credentials', 'Allow-Credentials', 'allow-credentials']],
    on: [members(/^(?:credentials|access-control-allow-credentials)$/i), methods(SETTERS)],
    accept: ({ source, finding }) => {
      const { header, value } = headerOf(source, finding)
      if (value === null || !/^['"]?true['"]?$/.test(value.text)) return false
      if (header === 'credentials') return allowsAnyOrigin(source, finding)
      return header === 'access-control-allow-credentials' && echoesOrigin(source, finding)
    },
  }),
  rule({
    id: 'js-header-from-input',
    title: 'What a client sends becomes part of a header: encode it',
    cwe: ['CWE-113'],
    severity: 'medium',
    needs: [REQUEST_WORDS, SETTERS.map((name) => `.${name}(`)],
    on: [methods(SETTERS)],
    accept: ({ source, finding }) => {
      const [header, value] = argumentsOf(source, finding)
      if (header === undefined || value === undefined) return false
      const owner = /^[\w$]+/.exec(finding.text.slice(0, 64))?.[0] ?? ''
      if (!/^_?(?:res|response|reply|resp|c|ctx|context)$/.test(owner)) return false
      if (/^(?:location|access-control-allow-origin)$/i.test(stringOf(header) ?? '')) return false
      const parts = value.type === 'object' ? childrenOf(source, value) : [header, value]
      return parts.some((part) => carriesInput(source, part, finding))
    },
  }),
]

/** Whether `httpOnly: false` or `secure: false` is among the options of a cookie. */
function isCookieOption(source: SourceView, member: Node): boolean {
  const holder = ancestorOf(source, member, 2)
  if (holder?.type === 'pair')
    return /^['"]?(?:cookie|cookieOptions|cookies)['"]?$/i.test(holder.childForFieldName('key')?.text ?? '')
  if (holder?.type === 'variable_declarator')
    return /cookie/i.test(holder.childForFieldName('name')?.text ?? '')
  const call = holder === null ? null : parentOf(source, holder)
  if (call?.type !== 'call_expression') return false
  const { name, object } = calleeOf(call)
  return (
    /cookie/i.test(name) || /cookie/i.test(nameOf(object)) || /cookie/i.test(object?.text.slice(0, 40) ?? '')
  )
}

function setsOpenCookie(source: SourceView, call: Node): boolean {
  const { name, object } = calleeOf(call)
  const isJar = /cookie/i.test(object?.text.slice(-40) ?? '')
  if ((name === 'set' || name === 'serialize') && !isJar) return false
  if (/^(?:Cookies|jsCookie)$/.test(nameOf(object))) return false
  const list = argumentsOf(source, call)
  const at = list.findIndex((part) => part.type === 'string')
  const cookie = stringOf(list[at] ?? null) ?? ''
  if (at < 0 || !SESSION.test(cookie) || NOT_SECRET.test(cookie)) return false
  const value = list[at + 1]
  if (value === undefined || value.type === 'string') return false
  const options = list[at + 2] ?? null
  if (options === null) return true
  if (options.type !== 'object') return false
  if (childrenOf(source, options).some((child) => child.type === 'spread_element')) return false
  const maxAge = memberOf(source, options, 'maxAge')
  return (
    maxAge?.text !== '0' && ['httpOnly', 'secure'].some((flag) => memberOf(source, options, flag) === null)
  )
}

/** `cors({ origin: true, credentials: true })` and the like. */
function allowsAnyOrigin(source: SourceView, member: Node): boolean {
  const options = parentOf(source, member)
  if (options?.type !== 'object' || member.childForFieldName('value')?.type !== 'true') return false
  const origin = memberOf(source, options, 'origin') ?? memberOf(source, options, 'allowOrigin')
  if (origin === null) return false
  if (origin.type === 'true' || /^['"`]\*['"`]$|^\[\s*['"]\*['"]\s*\]$/.test(origin.text.slice(0, 20)))
    return true
  if (origin.type === 'regex') return /^\/(?:\.\*|\^?\.\*\$?|\^https\?:\/\/)?\//.test(origin.text)
  if (!/function/.test(origin.type)) return traceRequest(source, origin) !== null
  const text = textOf(source, origin).replace(/\s+/g, ' ')
  return (
    /\(\s*null\s*,\s*(?:true|origin|\w*[oO]rigin)\s*\)|=>\s*(?:true|origin|\w*[oO]rigin)\s*$/.test(text) &&
    !/\bif\b|\?|includes|has\(|test\(|indexOf|&&|endsWith|===/.test(text)
  )
}

/** Whether the function that allows credentials allows the origin of the request, whichever it is. */
function echoesOrigin(source: SourceView, finding: Node): boolean {
  const around = functionAround(source, finding) ?? source.root
  const text = textOf(source, around)
  const allowed = /access-control-allow-origin['"`]\s*[,:\]]\s*=?\s*([^\n;]{0,200})/i.exec(text)?.[1]
  if (allowed === undefined) return false
  if (/^['"`]\*['"`]/.test(allowed)) return true
  const isEchoed = /\breq(?:uest)?\b|\bctx\b|\borigin\b|\.headers?\b/i.test(allowed)
  return (
    isEchoed &&
    !/\.(?:includes|has|test|indexOf|some|endsWith|match)\(|allow(?:ed)?(?:list|Origins?|[A-Z([.])|origin\s*[!=]==|[!=]==\s*\w*origin|whitelist|isAllowed|isTrusted/i.test(
      text.replace(/access-control-allow-\w+/gi, ''),
    )
  )
}

function carriesInput(source: SourceView, part: Node, place: Node): boolean {
  if (isFixed(source, part)) return false
  return textBuiltBy(source, part.type === 'pair' ? part.childForFieldName('value')! : part).holes.some(
    ({ value }) => {
      if (isNeutralised(source, value, ENCODING)) return false
      const traced = traceRequest(source, value)
      // A header of the request has no line ends in it any more.
      if (
        traced === null ||
        /headers|\.get\(|\.header\(|\.(?:url|path|originalUrl|hostname|method)$/.test(traced.origin.text)
      )
        return false
      return !isGuarded(source, traced, place)
    },
  )
}
