import type { Node } from 'web-tree-sitter'
import type { Rule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { mayBeSecret, suggestsSecret, suggestsUnguessable } from './go-java-names.ts'
import { argumentAt, argumentsOf, calledName, calledOn, stringOf } from './go-java-nodes.ts'
import { callsOf, declarationAround, visibleValues } from './go-java-scope.ts'
import {
  created,
  createdType,
  isStaticBytes,
  isStaticCall,
  lastName,
  literalText,
  methodsNamed,
  namesGiven,
  typeOf,
} from './java-nodes.ts'

const SECRET_WORDS = [
  ...[
    'assword',
    'ASSWORD',
    'asswd',
    'ASSWD',
    'pwd',
    'Pwd',
    'PWD',
    'ass',
    'ASS',
    'ecret',
    'ECRET',
    'oken',
    'OKEN',
  ],
  ...[
    'piKey',
    'PIKey',
    'pikey',
    'pi_key',
    'PI_KEY',
    'redential',
    'REDENTIAL',
    'Key',
    '_KEY',
    '_key',
    'getConnection(',
  ],
]
const RANDOM = [
  ...[
    'nextInt',
    'nextLong',
    'nextBytes',
    'nextDouble',
    'nextFloat',
    'nextGaussian',
    'nextBoolean',
    'ints',
    'longs',
    'random',
  ],
  ...['randomAlphanumeric', 'randomAlphabetic', 'randomNumeric', 'randomAscii', 'randomGraph'],
]

/** Secrets that are in the source or guessable (CWE-798, CWE-321, CWE-338). */
export const SECRET_RULES: readonly Rule[] = [
  {
    id: 'java-hardcoded-credential',
    title:
      'A password, token or key is written in the source: take it from the environment, and replace this one',
    cwe: ['CWE-798'],
    severity: 'high',
    needs: [SECRET_WORDS],
    query: `
      ((method_invocation object: [(identifier) (field_access)] @name name: (identifier) @equals arguments: (argument_list . (string_literal) @value .)) @finding (#eq? @equals "equals"))
      ((method_invocation object: (string_literal) @value name: (identifier) @equals arguments: (argument_list . [(identifier) (field_access)] @name .)) @finding (#eq? @equals "equals"))
      (variable_declarator name: (identifier) @name value: [(string_literal) (method_invocation)] @value) @finding
      (assignment_expression left: [(identifier) (field_access)] @name right: [(string_literal) (method_invocation)] @value) @finding
      ((method_invocation name: (identifier) @name arguments: (argument_list . [(string_literal) (method_invocation)] @value .)) @finding (#match? @name "^(?:set[A-Z]|password$|token$|apiKey$|secret$)"))
      ((method_invocation name: (identifier) @connect arguments: (argument_list (_) . (_) . (string_literal) @value .)) @finding (#eq? @connect "getConnection"))
      ((method_invocation name: (identifier) @put arguments: (argument_list . (string_literal) @name . (string_literal) @value .)) @finding (#any-of? @put "put" "setProperty" "addDataSourceProperty"))
      ((object_creation_expression type: (type_identifier) @type arguments: (argument_list (_) . [(string_literal) (method_invocation)] @value .)) @finding (#any-of? @type "PasswordAuthentication" "UsernamePasswordCredentials"))`,
    accept: ({ node, maybe }) => {
      const value = textOf(node('value'))
      if (value === null) return false
      if (maybe('connect') !== null || maybe('type') !== null) return mayBeSecret('password', value)
      const name = node('name')
      const called = (stringOf(name) ?? lastName(name)).replace(/^set(?=[A-Z])/, '')
      return (
        called.length < 100 && suggestsSecret(called) && mayBeSecret(called, value.replace(/^\{noop\}/, ''))
      )
    },
  },
  {
    id: 'java-hardcoded-key',
    title:
      'The key that signs or encrypts is written in the source: take it from a key store, and replace this one',
    cwe: ['CWE-321', 'CWE-798'],
    severity: 'high',
    needs: [
      [
        'SecretKeySpec',
        'hmacShaKeyFor',
        'HMAC256',
        'HMAC384',
        'HMAC512',
        'setSigningKey',
        'signWith',
        'MACSigner',
        'MACVerifier',
        'DESKeySpec',
      ],
    ],
    query: `
      ${created('SecretKeySpec', 'MACSigner', 'MACVerifier', 'DESKeySpec')}
      ${methodsNamed('hmacShaKeyFor', 'HMAC256', 'HMAC384', 'HMAC512', 'setSigningKey', 'signWith')}`,
    accept: ({ node, source }) => {
      const key = keyOf(node('finding'))
      if (key === null) return false
      const text = literalText(key, source)
      if (text !== null) return text !== '' && !/test|example|dummy/i.test(text)
      return isStaticBytes(key, source)
    },
  },
  {
    id: 'java-weak-random-secret',
    title: 'A secret is made with Random, whose numbers can be foretold: use SecureRandom',
    cwe: ['CWE-338', 'CWE-330'],
    severity: 'high',
    needs: [['Random', 'Math.random']],
    query: methodsNamed(...RANDOM),
    accept: ({ node, source }) =>
      isWeakRandom(node('finding'), source) && isForSecret(node('finding'), source),
  },
]

/** A literal, as text or as its characters or bytes. */
function textOf(value: Node): string | null {
  if (value.type !== 'method_invocation') return stringOf(value)
  return /^(?:toCharArray|getBytes)$/.test(calledName(value)) ? stringOf(calledOn(value)) : null
}

function keyOf(found: Node): Node | null {
  if (found.type === 'object_creation_expression') return argumentAt(found, 0)
  if (calledName(found) !== 'signWith') return argumentAt(found, 0)
  // The algorithm came first once: signWith(SignatureAlgorithm.HS256, "key").
  return (
    argumentsOf(found).find(
      ({ type, text }) => type === 'string_literal' || !/SignatureAlgorithm|SIG\./.test(text),
    ) ?? null
  )
}

function isWeakRandom(call: Node, source: SourceView): boolean {
  const on = calledOn(call)
  if (on === null) return false
  const name = calledName(call)
  if (name === 'random') return isStaticCall(call, 'Math') || isStaticCall(call, 'RandomStringUtils')
  if (/^random[A-Z]/.test(name)) return /^(?:[\w.]+\.)?RandomStringUtils(?:\.insecure\(\))?$/.test(on.text)
  if (/ThreadLocalRandom\.current\(\)$/.test(on.text)) return true
  if (on.type === 'object_creation_expression') return /^(?:Random|SplittableRandom)$/.test(createdType(on))
  if (!/^(?:Random|SplittableRandom|ThreadLocalRandom)$/.test(typeOf(on, source))) return false
  const values = on.type === 'identifier' ? visibleValues(on, source) : []
  // A parameter of this type may well be a SecureRandom.
  return !values.some(({ type, text }) => type === 'formal_parameter' || /Secure/.test(text.slice(0, 200)))
}

function isForSecret(call: Node, source: SourceView): boolean {
  const method = declarationAround(call, source)
  const name = method?.type === 'method_declaration' ? (method.childForFieldName('name')?.text ?? '') : ''
  const filled = calledName(call) === 'nextBytes' ? argumentsOf(call).map(lastName) : []
  if ([name, ...filled, ...namesGiven(call)].some(suggestsUnguessable)) return true
  if (built(call).some(suggestsUnguessable)) return true
  return callsOf(name, source).flatMap(namesGiven).some(suggestsUnguessable)
}

/** The builder to which the number is appended: `token.append(chars.charAt(random.nextInt(n)))`. */
function built(call: Node): string[] {
  let part: Node | null = call.parent
  for (let i = 0; part !== null && i < 8; i++) {
    if (part.type === 'method_invocation' && calledName(part) === 'append')
      return [calledOn(part)?.text.slice(0, 100) ?? '']
    part = part.parent
  }
  return []
}
