import type { Node } from 'web-tree-sitter'
import type { Rule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'
import { literalBytes } from './go-bytes.ts'
import { isInput } from './go-flow.ts'
import {
  mayBeSecret,
  suggestsSecret,
  suggestsUnguessable,
  suggestsVerifier,
  wordsOf,
} from './go-java-names.ts'
import { argumentAt, argumentsOf, calledName, calledOn, isString, stringOf } from './go-java-nodes.ts'
import { callsOf, declarationAround, functionAround, visibleValues } from './go-java-scope.ts'
import { callsNamed, importsPackage, isCallOf, lastName, namesGiven, packageOf } from './go-nodes.ts'

const RANDOM = [
  ...[
    'Int',
    'Intn',
    'IntN',
    'Int31',
    'Int31n',
    'Int32',
    'Int32N',
    'Int63',
    'Int63n',
    'Int64',
    'Int64N',
    'N',
    'Uint32',
    'Uint64',
  ],
  ...['Uint32N', 'Uint64N', 'UintN', 'Float64', 'Read', 'Perm', 'Shuffle'],
]
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
  ...['piKey', 'PIKey', 'pikey', 'pi_key', 'PI_KEY', 'redential', 'REDENTIAL', 'Key', '_key', '_KEY'],
]

/** Secrets that are in the source, guessable, or compared or trusted too lightly. */
export const SECRET_RULES: readonly Rule[] = [
  {
    id: 'go-hardcoded-credential',
    title:
      'A password, token or key is written in the source: take it from the environment, and replace this one',
    cwe: ['CWE-798'],
    severity: 'high',
    needs: [[...SECRET_WORDS, 'sql.Open(']],
    query: `
      (binary_expression left: [(identifier) (selector_expression)] @name operator: ["==" "!="] right: (interpreted_string_literal) @value) @finding
      (binary_expression left: (interpreted_string_literal) @value operator: ["==" "!="] right: [(identifier) (selector_expression)] @name) @finding
      (const_spec name: (identifier) @name value: (expression_list . (_) @value .)) @finding
      (var_spec name: (identifier) @name value: (expression_list . (_) @value .)) @finding
      (short_var_declaration left: (expression_list . (identifier) @name .) right: (expression_list . [(interpreted_string_literal) (raw_string_literal) (type_conversion_expression)] @value .)) @finding
      (assignment_statement left: (expression_list . (_) @name .) right: (expression_list . [(interpreted_string_literal) (raw_string_literal) (type_conversion_expression)] @value .)) @finding
      (keyed_element . (literal_element (_) @name) (literal_element [(interpreted_string_literal) (raw_string_literal) (type_conversion_expression)] @value)) @finding
      ((call_expression function: (selector_expression field: (field_identifier) @open) arguments: (argument_list (_) . (interpreted_string_literal) @value .)) @finding (#any-of? @open "Open" "Connect" "MustConnect"))`,
    accept: ({ node, maybe }) => {
      const value = stringOf(bytesOf(node('value')))
      if (value === null) return false
      const name = maybe('name')
      if (name === null) return hasPassword(value)
      const called = stringOf(name) ?? lastName(name)
      return called.length < 100 && suggestsSecret(called) && mayBeSecret(called, value)
    },
  },
  {
    id: 'go-hardcoded-key',
    title:
      'The key that signs or encrypts is written in the source: take it from the environment, and replace this one',
    cwe: ['CWE-321', 'CWE-798'],
    severity: 'high',
    needs: [
      [
        'SignedString(',
        'hmac.New(',
        'NewCipher(',
        'NewCookieStore(',
        'securecookie',
        'chacha20poly1305',
        'Parse(',
        'ParseWithClaims(',
      ],
    ],
    query: `
      ${callsNamed('SignedString', 'New', 'NewX', 'NewCipher', 'NewCookieStore', 'NewFilesystemStore')}
      (return_statement (expression_list . (_) @returned . (nil) .)) @finding`,
    accept: ({ node, maybe, source }) => {
      const returned = maybe('returned')
      const key = returned === null ? keyOf(node('finding'), source) : returnedKey(returned, source)
      const text = stringOf(literalBytes(key, source))
      return text === null ? isByteLiteral(key, source) : text !== '' && !/test|example|dummy/i.test(text)
    },
  },
  {
    id: 'go-weak-random-secret',
    title: 'A secret is made with math/rand, whose numbers can be foretold: use crypto/rand',
    cwe: ['CWE-338', 'CWE-330'],
    severity: 'high',
    needs: ['math/rand'],
    query: callsNamed(...RANDOM),
    accept: ({ node, source }) =>
      isWeakRandom(node('finding'), source) && isForSecret(node('finding'), source),
  },
  {
    id: 'go-jwt-not-verified',
    title:
      'A token is read without its signature being verified: use Parse with the key, and name the algorithms',
    cwe: ['CWE-347'],
    severity: 'high',
    needs: [
      [
        'ParseUnverified',
        'UnsafeAllowNoneSignatureType',
        'SigningMethodNone',
        'ParseInsecure',
        'WithVerify(',
        'UnsafeClaimsWithoutVerification',
        'UnsafePayloadWithoutVerification',
        'Encoding.DecodeString(',
      ],
    ],
    query: `
      ${callsNamed('ParseUnverified', 'ParseInsecure', 'WithVerify', 'UnsafeClaimsWithoutVerification', 'UnsafePayloadWithoutVerification', 'DecodeString')}
      ((selector_expression field: (field_identifier) @none) @finding (#any-of? @none "UnsafeAllowNoneSignatureType" "SigningMethodNone"))`,
    accept: ({ node, maybe, source }) => {
      if (maybe('none') !== null) return true
      const call = node('finding')
      if (calledName(call) === 'WithVerify') return argumentAt(call, 0)?.text === 'false'
      // The key's name is read first, and the token verified with the key then.
      const within = functionAround(call, source)?.text.slice(0, 20_000) ?? ''
      if (calledName(call) === 'DecodeString' && !isPayload(argumentAt(call, 0), within)) return false
      return !/\.(?:Parse|ParseWithClaims|Verify\w*|Claims|Equal)\(|hmac\.|hs256|rs256/i.test(within)
    },
  },
  {
    id: 'go-secret-compared-in-steps',
    title:
      'How long a comparison takes tells how much of a secret was right: use hmac.Equal or subtle.ConstantTimeCompare',
    cwe: ['CWE-208'],
    severity: 'medium',
    needs: [
      [
        'mac',
        'MAC',
        'Mac',
        'ignature',
        'sig',
        'Sig',
        'oken',
        'ecret',
        'piKey',
        'PIKey',
        'pi_key',
        'assword',
        'asswd',
        'pwd',
        'otp',
        'csrf',
        'CSRF',
      ],
      ['net/http', 'crypto/', 'gin', 'echo', 'fiber'],
    ],
    query: `
      (binary_expression left: [(identifier) (selector_expression) (call_expression)] @left operator: ["==" "!="] right: [(identifier) (selector_expression) (call_expression)] @right) @finding
      ((call_expression function: (selector_expression operand: (identifier) @package field: (field_identifier) @name) arguments: (argument_list . (_) @left . (_) @right .)) @finding
        (#any-of? @package "bytes" "reflect" "strings") (#any-of? @name "Equal" "Compare" "DeepEqual"))`,
    accept: ({ node, source }) => isSecretCompared(node('left'), node('right'), source),
  },
]

function bytesOf(value: Node): Node | null {
  return value.type === 'type_conversion_expression' ? value.childForFieldName('operand') : value
}

/** The second of the three parts of a token. */
function isPayload(decoded: Node | null, within: string): boolean {
  return (
    /^\w+\[1\]$/.test(decoded?.text ?? '') && /Split(?:N)?\(\w*(?:[tT]oken|jwt|JWT)\w*, "\."/.test(within)
  )
}

/** A data source's name with a password in it: `root:hunter2@tcp(db)/shop`, `postgres://app:hunter2@db/shop`. */
function hasPassword(source: string): boolean {
  const password =
    /^(?:[a-z]+:\/\/)?[^:@\s/]+:([^@\s]+)@/.exec(source)?.[1] ?? /\bpassword=(\S+)/.exec(source)?.[1]
  return password !== undefined && mayBeSecret('password', password)
}

function keyOf(call: Node, source: SourceView): Node | null {
  const name = calledName(call)
  if (name === 'SignedString') return argumentAt(call, 0)
  if (name === 'New' && isCallOf(call, source, 'crypto/hmac')) return argumentAt(call, 1)
  if (name === 'NewCipher') return isCallOf(call, source, 'crypto/aes') ? argumentAt(call, 0) : null
  if (name === 'NewCookieStore' || name === 'NewFilesystemStore') {
    return argumentsOf(call).find((key) => literalBytes(key, source) !== null) ?? null
  }
  return isCallOf(call, source, 'golang.org/x/crypto/chacha20poly1305', 'github.com/gorilla/securecookie')
    ? argumentAt(call, 0)
    : null
}

/** What the function that a JWT library asks for the key returns. */
function returnedKey(returned: Node, source: SourceView): Node | null {
  const within = functionAround(returned, source)
  if (within === null || !/\*?jwt\.Token\)/.test(within.text.slice(0, 100))) return null
  return returned
}

function isByteLiteral(key: Node | null, source: SourceView): boolean {
  const literal = literalBytes(key, source)
  return literal?.type === 'composite_literal' && literal.text.includes(',')
}

function isWeakRandom(call: Node, source: SourceView): boolean {
  const object = calledOn(call)
  if (object === null) return false
  const isWeak = (path: string | null) => path === 'math/rand' || path === 'math/rand/v2'
  if (isWeak(packageOf(object, source))) return true
  if (object.type !== 'identifier') return false
  return visibleValues(object, source).some(
    (value) =>
      value.type === 'call_expression' &&
      calledName(value) === 'New' &&
      isWeak(packageOf(calledOn(value) ?? value, source)),
  )
}

function isForSecret(call: Node, source: SourceView): boolean {
  const within = declarationAround(call, source)?.childForFieldName('name')?.text ?? ''
  const given = calledName(call) === 'Read' ? argumentsOf(call).map(lastName) : namesGiven(call)
  if ([within, ...given].some(suggestsUnguessable)) return true
  return callsOf(within, source).flatMap(namesGiven).some(suggestsUnguessable)
}

const REPEATED =
  /\b(?:confirm|confirmation|repeat|repeated|again|retype|retyped|type|kind|len|count|old|previous|prev|last|id|name)\b/
const ON_ONE_SIDE =
  /\b(?:expected|expect|computed|calculated|provided|received|given|actual|supplied|valid|stored|want|got|header|our|their|presented|client|server)\b/

function isSecretCompared(left: Node, right: Node, source: SourceView): boolean {
  const sides = [left, right]
  if (sides.some((side) => isString(side) || /^(?:len|cap)$/.test(calledName(side)) || side.text === 'nil'))
    return false
  const names = sides.map((side) => comparedName(side).slice(0, 100))
  const words = names.map((name) => wordsOf(name).join(' '))
  const isMac = sides.some((side) => isComputedMac(side, source))
  if (!isMac && (!names.some(suggestsVerifier) || words.some((text) => REPEATED.test(text)))) return false
  if (isMac || sides.some((side) => isInput(side, source))) return true
  if (!importsPackage(source, /^net\/http$|^crypto\/|gin$|echo|fiber/)) return false
  if (importsPackage(source, /^(?:go\/\w+|text\/scanner|encoding\/\w*ml)$/)) return false
  return names.every(suggestsVerifier) && words.some((text) => ON_ONE_SIDE.test(text))
}

function comparedName(side: Node): string {
  if (side.type === 'call_expression' || side.type === 'type_conversion_expression') {
    const inner = side.type === 'call_expression' ? argumentAt(side, 0) : side.childForFieldName('operand')
    return inner === null || isString(inner)
      ? `${calledName(side)} ${stringOf(inner) ?? ''}`
      : comparedName(inner)
  }
  return lastName(side)
}

/** `mac.Sum(nil)`, in hexadecimal or not, of an HMAC of this function. */
function isComputedMac(side: Node, source: SourceView): boolean {
  return source.involves(
    side,
    (part) =>
      part.type === 'call_expression' && calledName(part) === 'New' && isCallOf(part, source, 'crypto/hmac'),
  )
}
