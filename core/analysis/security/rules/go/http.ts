import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { suggestsUnguessable, wordsOf } from '../go-java/names.ts'
import { argumentAt, argumentsOf, calledName, calledOn, stringOf } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { functionText, textOf } from '../go-java/scope.ts'
import { isInput } from './flow.ts'
import { isContext } from './input.ts'
import { callsNamed, fieldOf, importsPackage, isCallOf, namesGiven } from './nodes.ts'

/** Cookies, other origins, debugging (CWE-614, CWE-1004, CWE-942, CWE-489). */
export const HTTP_RULES: readonly Rule[] = [
  rule({
    id: 'go-session-cookie-unprotected',
    title:
      'A session cookie lacks Secure or HttpOnly: set both, so that neither plain HTTP nor a script gives it away',
    cwe: ['CWE-614', 'CWE-1004'],
    severity: 'medium',
    needs: [['Cookie{', 'SetCookie(']],
    on: [callsNamed('SetCookie'), nodes('composite_literal', 'Cookie')],
    accept: ({ finding: found, source }) => {
      return found.type === 'call_expression'
        ? isUnprotectedCall(found, source)
        : isUnprotectedLiteral(found, source)
    },
  }),
  rule({
    id: 'go-credentials-for-any-origin',
    title: 'Any site may send requests with the credentials of its visitors: name the origins that may',
    cwe: ['CWE-942', 'CWE-346'],
    severity: 'high',
    needs: [
      ['Credentials'],
      ['Access-Control-Allow-Origin', 'AllowOrigins', 'AllowedOrigins', 'AllowAllOrigins', 'AllowOriginFunc'],
    ],
    on: [
      callsNamed('Set', 'Add', 'Header', 'CORS', 'SetHeader'),
      nodes('composite_literal', 'Config', 'Options', 'CORSConfig'),
    ],
    accept: ({ finding: found, source }) => {
      return found.type === 'call_expression' ? allowsAnyByHeader(found, source) : allowsAnyByConfig(found)
    },
  }),
  rule({
    id: 'go-profiler-exposed',
    title:
      'The profiler or debug mode is open to whoever reaches the server: serve it on localhost, or not at all',
    cwe: ['CWE-489', 'CWE-200'],
    severity: 'medium',
    needs: [['net/http/pprof', 'gin.DebugMode', '.Debug', 'contrib/pprof', 'gin-contrib/pprof', 'fiber']],
    on: [
      callsNamed('ListenAndServe', 'ListenAndServeTLS', 'SetMode'),
      nodes('assignment_statement', 'Debug'),
    ],
    accept: ({ finding: found, source }) => {
      if (found.type === 'assignment_statement') {
        return /= true$/.test(found.text) && importsPackage(source, /labstack\/echo/)
      }
      if (calledName(found) === 'SetMode') return argumentAt(found, 0)?.text === 'gin.DebugMode'
      return servesProfiler(found, source)
    },
  }),
]

const SENSITIVE =
  /\b(?:session|sess|sid|sessionid|auth|authentication|token|jwt|login|remember|access|refresh|identity|user|uid)\b/

function isSensitive(name: Node | null, value: Node | null): boolean {
  const words = wordsOf((stringOf(name) ?? name?.text ?? '').slice(0, 100)).join(' ')
  if (/\b(?:csrf|xsrf)\b/.test(words)) return false
  if (SENSITIVE.test(words)) return true
  return name !== null && stringOf(name) === null && suggestsUnguessable(value?.text.slice(0, 100) ?? '')
}

function isUnprotectedLiteral(cookie: Node, source: SourceView): boolean {
  const body = cookie.childForFieldName('body')?.text ?? ''
  if (/MaxAge:\s*-|Expires:\s*time\.Unix\(0/.test(body)) return false
  const value = fieldOf(cookie, 'Value')
  if (value === null || stringOf(value) === '' || !isSensitive(fieldOf(cookie, 'Name'), value)) return false
  const within = functionText(cookie, source)
  const [name = ''] = namesGiven(cookie)
  const isSet = (field: string) => {
    const given = fieldOf(cookie, field)
    if (given !== null) return given.text !== 'false'
    return /^\w+$/.test(name) && new RegExp(`\\b${name}\\.${field} = (?!false)`).test(within)
  }
  if (/(?:\.AddCookie\()/.test(within) && !/SetCookie\(/.test(within)) return false
  return !(isSet('Secure') && isSet('HttpOnly'))
}

/** gin: name, value, age, path, domain, secure, httpOnly. */
function isUnprotectedCall(call: Node, source: SourceView): boolean {
  const given = argumentsOf(call)
  if (given.length !== 7 || !isContext(calledOn(call), source)) return false
  if (given[2]!.text.startsWith('-') || stringOf(given[1]!) === '' || !isSensitive(given[0]!, given[1]!))
    return false
  return given[5]!.text === 'false' || given[6]!.text === 'false'
}

const CREDENTIALS = /Allow-Credentials"\s*,\s*"true"/i

function allowsAnyByHeader(call: Node, source: SourceView): boolean {
  if (/AllowedOrigins\(\[\]string\{"\*"\}\)/.test(call.text) && /AllowCredentials\(\)/.test(call.text))
    return true
  if (!/^access-control-allow-origin$/i.test(stringOf(argumentAt(call, 0)) ?? '')) return false
  const origin = argumentAt(call, 1)
  const within = functionText(call, source)
  if (origin === null || !CREDENTIALS.test(within)) return false
  // In another branch they may be sent for origins that are named.
  if (stringOf(origin) === '*') return CREDENTIALS.test(textOf(call.parent?.parent ?? null, source))
  return isInput(origin, source)
}

function allowsAnyByConfig(config: Node): boolean {
  if (fieldOf(config, 'AllowCredentials')?.text !== 'true') return false
  if (fieldOf(config, 'AllowAllOrigins')?.text === 'true') return true
  const isAny = ['AllowOrigins', 'AllowedOrigins'].some((name) => {
    const origins = fieldOf(config, name)
    return origins !== null && /"\*"/.test(origins.text.slice(0, 400))
  })
  const decides = fieldOf(config, 'AllowOriginFunc')?.text ?? fieldOf(config, 'AllowOriginsFunc')?.text ?? ''
  return isAny || /^func\([^)]*\)[^{]*\{\s*return true(?:, nil)?;?\s*\}$/.test(decides)
}

/** The default handler, on which net/http/pprof registers itself, is served to others than this machine. */
function servesProfiler(call: Node, source: SourceView): boolean {
  if (!isCallOf(call, source, 'net/http') || !importsPackage(source, /^net\/http\/pprof$/)) return false
  const given = argumentsOf(call)
  if (given.at(-1)?.text !== 'nil' && given.at(-1)?.text !== 'http.DefaultServeMux') return false
  return !/^(?:localhost|127\.|\[::1\])/.test(stringOf(given[0]!) ?? '') && stringOf(given[0]!) !== null
}
