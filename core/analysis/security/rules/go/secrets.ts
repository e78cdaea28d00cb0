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
  stringOf,
} from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { callsOf, declarationAround, functionAround, visibleValues } from '../go-java/scope.ts'
import { literalBytes } from './bytes.ts'
import { callsNamed, isCallOf, namesGiven, packageOf } from './nodes.ts'

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

/** Secrets that are in the source or guessable (CWE-798, CWE-321, CWE-338). */
export const SECRET_RULES: readonly Rule[] = [
  rule({
    id: 'go-hardcoded-credential',
    title:
      'A password, token or key is written in the source: take it from the environment, and replace this one',
    cwe: ['CWE-798'],
    severity: 'high',
    needs: [[...SECRET_WORDS, 'Open(', 'Connect(']],
    on: [
      ...['const_spec', 'var_spec', 'short_var_declaration', 'assignment_statement', 'keyed_element'].map(
        (type) => nodes(type),
      ),
      nodes('binary_expression'),
      callsNamed('Open', 'Connect', 'MustConnect'),
    ],
    accept: ({ finding, name }) => {
      if (finding.type === 'call_expression') return hasPassword(stringOf(argumentAt(finding, 1)) ?? '')
      if (finding.type === 'binary_expression') return isComparedWithSecret(finding)
      return name.length < 100 && suggestsSecret(name) && mayBeSecret(name, givenText(finding) ?? '')
    },
  }),
  rule({
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
    on: [
      callsNamed('SignedString', 'New', 'NewX', 'NewCipher', 'NewCookieStore', 'NewFilesystemStore'),
      nodes('return_statement'),
    ],
    accept: ({ finding, source }) => {
      const key = finding.type === 'return_statement' ? returnedKey(finding, source) : keyOf(finding, source)
      const text = stringOf(literalBytes(key, source))
      return text === null ? isByteLiteral(key, source) : text !== '' && !/test|example|dummy/i.test(text)
    },
  }),
  rule({
    id: 'go-weak-random-secret',
    title: 'A secret is made with math/rand, whose numbers can be foretold: use crypto/rand',
    cwe: ['CWE-338', 'CWE-330'],
    severity: 'high',
    needs: ['math/rand'],
    on: [callsNamed(...RANDOM)],
    accept: ({ finding, source }) => isWeakRandom(finding, source) && isForSecret(finding, source),
  }),
]

/** The literal that is given to a name, as text or as bytes. */
function givenText(binding: Node): string | null {
  if (binding.type === 'keyed_element') {
    const value = binding.lastNamedChild
    return textOf(value?.type === 'literal_element' ? value.firstNamedChild : value)
  }
  const values = binding.childForFieldName('value') ?? binding.childForFieldName('right')
  return values?.namedChildCount === 1 ? textOf(values.firstNamedChild) : null
}

/** `password == "hunter2"` */
function isComparedWithSecret(comparison: Node): boolean {
  if (!/^[!=]=$/.test(comparison.childForFieldName('operator')?.text ?? '')) return false
  const [left, right] = comparison.namedChildren
  if (left === undefined || right === undefined) return false
  const [name, value] = isString(left) ? [right, left] : [left, right]
  if (!isString(value) || !/^(?:identifier|selector_expression)$/.test(name.type)) return false
  const called = lastName(name)
  return called.length < 100 && suggestsSecret(called) && mayBeSecret(called, stringOf(value)!)
}

function textOf(value: Node | null): string | null {
  return value === null ? null : stringOf(bytesOf(value))
}

function bytesOf(value: Node): Node | null {
  return value.type === 'type_conversion_expression' ? value.childForFieldName('operand') : value
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
function returnedKey(statement: Node, source: SourceView): Node | null {
  const values = statement.firstNamedChild
  if (values?.namedChildCount !== 2 || values.lastNamedChild?.type !== 'nil') return null
  const within = functionAround(statement, source)
  return within !== null && /\*?jwt\.Token\)/.test(within.text.slice(0, 100)) ? values.firstNamedChild : null
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
