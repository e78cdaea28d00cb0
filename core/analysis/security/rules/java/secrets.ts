import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { mayBeSecret, SECRET_WORDS, suggestsSecret, suggestsUnguessable } from '../go-java/names.ts'
import {
  argumentAt,
  argumentsOf,
  calledName,
  calledOn,
  isString,
  lastName,
  receiverText,
  stringOf,
  tailOf,
} from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { callsOf, declarationAround, visibleValues } from '../go-java/scope.ts'
import {
  created,
  createdType,
  isStaticBytes,
  isStaticCall,
  literalText,
  methodsNamed,
  namesGiven,
  typeOf,
} from './nodes.ts'

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
  rule({
    id: 'java-hardcoded-credential',
    title:
      'A password, token or key is written in the source: take it from the environment, and replace this one',
    cwe: ['CWE-798'],
    severity: 'high',
    needs: [[...SECRET_WORDS, 'getConnection(']],
    on: [
      nodes('variable_declarator'),
      nodes('assignment_expression'),
      nodes('method_invocation'),
      created('PasswordAuthentication', 'UsernamePasswordCredentials'),
    ],
    accept: ({ finding, name }) => {
      if (finding.type === 'method_invocation') return isSecretInCall(finding, name)
      if (finding.type === 'object_creation_expression') {
        return (
          argumentsOf(finding).length === 2 && mayBeSecret('password', textOf(argumentAt(finding, 1)) ?? '')
        )
      }
      return isSecret(name, finding.childForFieldName('value') ?? finding.childForFieldName('right'))
    },
  }),
  rule({
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
    on: [
      created('SecretKeySpec', 'MACSigner', 'MACVerifier', 'DESKeySpec'),
      methodsNamed('hmacShaKeyFor', 'HMAC256', 'HMAC384', 'HMAC512', 'setSigningKey', 'signWith'),
    ],
    accept: ({ finding, source }) => {
      const key = keyOf(finding)
      if (key === null) return false
      const text = literalText(key, source)
      if (text !== null) return text !== '' && !/test|example|dummy/i.test(text)
      return isStaticBytes(key, source)
    },
  }),
  rule({
    id: 'java-weak-random-secret',
    title: 'A secret is made with Random, whose numbers can be foretold: use SecureRandom',
    cwe: ['CWE-338', 'CWE-330'],
    severity: 'high',
    needs: [['Random', 'Math.random']],
    on: [methodsNamed(...RANDOM)],
    accept: ({ finding, source }) => isWeakRandom(finding, source) && isForSecret(finding, source),
  }),
]

function isSecret(name: string, value: Node | null): boolean {
  if (name.length > 100 || !suggestsSecret(name)) return false
  return mayBeSecret(name, (textOf(value) ?? '').replace(/^\{noop\}/, ''))
}

/** `setPassword("…")`, `put("password", "…")`, `getConnection(url, user, "…")`, `password.equals("…")`. */
function isSecretInCall(call: Node, name: string): boolean {
  const given = argumentsOf(call)
  const [first, second, third] = given
  if (first === undefined || given.length > 3) return false
  switch (name) {
    case 'getConnection':
      return third !== undefined && mayBeSecret('password', stringOf(third) ?? '')
    case 'put':
    case 'setProperty':
    case 'addDataSourceProperty':
      return given.length === 2 && isSecret(stringOf(first) ?? '', second!)
    case 'equals': {
      const on = calledOn(call)
      if (on === null) return false
      return isString(on)
        ? isVariable(first) && isSecret(lastName(first), on)
        : isVariable(on) && isSecret(lastName(on), first)
    }
    default:
      return (
        given.length === 1 &&
        /^(?:set[A-Z]|password$|token$|apiKey$|secret$)/.test(name) &&
        isSecret(name.replace(/^set(?=[A-Z])/, ''), first)
      )
  }
}

function isVariable({ type }: Node): boolean {
  return type === 'identifier' || type === 'field_access'
}

/** A literal, as text or as its characters or bytes. */
function textOf(value: Node | null): string | null {
  if (value === null) return null
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
  if (/^random[A-Z]/.test(name)) return /^(?:[\w.]+\.)?RandomStringUtils(?:\.insecure\(\))?$/.test(tailOf(on))
  if (/ThreadLocalRandom\.current\(\)$/.test(tailOf(on))) return true
  if (on.type === 'object_creation_expression') return /^(?:Random|SplittableRandom)$/.test(createdType(on))
  if (!/^(?:Random|SplittableRandom|ThreadLocalRandom)$/.test(typeOf(on, source))) return false
  // A parameter or field of this type may well be a SecureRandom: it must be seen to be made, here or elsewhere.
  const generator = on.type === 'field_access' ? on.childForFieldName('field')! : on
  const local = visibleValues(generator, source)
  const values = local.some(({ type }) => type === 'object_creation_expression')
    ? local
    : source.valuesOf(generator.text)
  const made = values.map((value) => value.text.slice(0, 200))
  return (
    made.some((text) => /\bnew (?:[\w.]+\.)?(?:Random|SplittableRandom)\(|ThreadLocalRandom/.test(text)) &&
    !made.some((text) => text.includes('Secure'))
  )
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
    if (part.type === 'method_invocation' && calledName(part) === 'append') return [receiverText(part)]
    part = part.parent
  }
  return []
}
