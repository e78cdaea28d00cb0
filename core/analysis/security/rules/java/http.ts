import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { wordsOf } from '../go-java/names.ts'
import { argumentAt, argumentsOf, calledName, stringOf } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { textOf } from '../go-java/scope.ts'
import { isInput } from './flow.ts'
import {
  created,
  endOfChain,
  isStaticCall,
  literalText,
  methodsNamed,
  methodText,
  namesGiven,
} from './nodes.ts'

const SENSITIVE =
  /\b(?:session|sess|sid|sessionid|jsessionid|auth|authentication|token|jwt|login|remember|access|refresh|identity|user|uid)\b/

/** Cookies and other origins (CWE-614, CWE-1004, CWE-942). */
export const HTTP_RULES: readonly Rule[] = [
  rule({
    id: 'java-session-cookie-unprotected',
    title:
      'A session cookie lacks Secure or HttpOnly: set both, so that neither plain HTTP nor a script gives it away',
    cwe: ['CWE-614', 'CWE-1004'],
    severity: 'medium',
    needs: [['Cookie(', 'ResponseCookie']],
    on: [created('Cookie'), methodsNamed('from')],
    accept: ({ finding: found, source }) => {
      const [name, value] = argumentsOf(found)
      if (name === undefined || !isSensitive(name, source)) return false
      if (found.type === 'method_invocation')
        return isStaticCall(found, 'ResponseCookie') && isChainUnprotected(found)
      return value !== undefined && isCookieUnprotected(found, value, source)
    },
  }),
  rule({
    id: 'java-credentials-for-any-origin',
    title: 'Any site may send requests with the credentials of its visitors: name the origins that may',
    cwe: ['CWE-942', 'CWE-346'],
    severity: 'high',
    needs: [
      ['llowCredentials', 'Access-Control-Allow-Credentials', 'ACCESS_CONTROL_ALLOW_CREDENTIALS'],
      ['rigin'],
    ],
    on: [
      methodsNamed('allowCredentials', 'setAllowCredentials', 'setHeader', 'addHeader'),
      nodes('annotation', 'CrossOrigin'),
    ],
    accept: ({ finding: call, source }) => {
      if (call.type === 'annotation')
        return (
          /allowCredentials\s*=\s*"true"/.test(call.text) &&
          /(?:origins|originPatterns|value)\s*=\s*\{?\s*"\*"/.test(call.text)
        )
      const within = methodText(call, source)
      if (/Header$/.test(calledName(call))) return isOriginReflected(call, within, source)
      if (!/^(?:true|Boolean\.TRUE)$/.test(argumentAt(call, 0)?.text ?? '')) return false
      return /[aA]llowedOrigin(?:Pattern)?s?\((?:(?:List\.of|Arrays\.asList|Collections\.singletonList|Set\.of)\()?\s*(?:"\*"|CorsConfiguration\.ALL)/.test(
        within,
      )
    },
  }),
]

function isSensitive(name: Node, source: SourceView): boolean {
  const words = wordsOf((literalText(name, source) ?? name.text).slice(0, 100)).join(' ')
  return SENSITIVE.test(words) && !/\b(?:csrf|xsrf)\b/.test(words)
}

function isChainUnprotected(from: Node): boolean {
  const chain = endOfChain(from).text.slice(0, 2_000)
  if (!/\.build\(\)$/.test(chain) || /\.maxAge\(0\)/.test(chain)) return false
  return !(/\.secure\((?!false)/.test(chain) && /\.httpOnly\((?!false)/.test(chain))
}

function isCookieUnprotected(cookie: Node, value: Node, source: SourceView): boolean {
  if (value.type === 'null_literal' || stringOf(value) === '') return false
  const within = methodText(cookie, source)
  const [name = ''] = namesGiven(cookie)
  if (!/^\w+$/.test(name)) return true
  const isSet = (setter: string) => new RegExp(`\\b${name}\\.${setter}\\((?!false)`).test(within)
  if (new RegExp(`\\b${name}\\.setMaxAge\\(0\\)`).test(within)) return false
  return !(isSet('setSecure') && isSet('setHttpOnly'))
}

const CREDENTIALS = /(?:Access-Control-Allow-Credentials"|ACCESS_CONTROL_ALLOW_CREDENTIALS),\s*"true"/

function isOriginReflected(call: Node, within: string, source: SourceView): boolean {
  const [name, value] = argumentsOf(call)
  if (
    name === undefined ||
    value === undefined ||
    !/Access-Control-Allow-Origin"|ACCESS_CONTROL_ALLOW_ORIGIN$/.test(name.text)
  ) {
    return false
  }
  if (!CREDENTIALS.test(within)) return false
  // In another branch they may be sent for origins that are named.
  if (stringOf(value) === '*') return CREDENTIALS.test(textOf(call.parent?.parent ?? null, source))
  return isInput(value, source)
}
