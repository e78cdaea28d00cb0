import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { resolve } from './flow.ts'
import { ancestorOf, argumentOf, argumentsOf, calleeOf, moduleOf, nameOf, stringOf } from './nodes.ts'
import {
  assignments,
  COMPARISONS,
  calls,
  declarations,
  members,
  methods,
  nodes,
  rule,
  type Subject,
} from './rule.ts'

/** The end of a name that stands for a credential. */
const CREDENTIAL =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|credential|(?:api|access|auth|private|signing|encryption|secret|master|session|jwt|hmac|aes)[_-]?key|[a-z]Token|_token|^TOKEN|_TOKEN)(?:_?(?:dev|prod|value|\d))?$/i
/** `token` by itself is what a lexer makes. */
const LEXED = /^tokens?$/
/** Fields of classes: their type's name differs between the grammars. */
const FIELDS: Subject = nodes(
  /field_definition$/,
  '(class_body (_ (property_identifier) value: (string)) @finding)',
)

const CREDENTIAL_WORDS = [
  ...[
    'assword',
    'ASSWORD',
    'asswd',
    'ASSWD',
    'assphrase',
    'assPhrase',
    'ASSPHRASE',
    'asscode',
    'assCode',
    'ASSCODE',
  ],
  ...[
    'pwd',
    'Pwd',
    'PWD',
    'ecret',
    'SECRET',
    'redential',
    'CREDENTIAL',
    'Token',
    'TOKEN',
    '_token',
    '-token',
  ],
  ...['apikey', 'APIKEY', 'authkey', 'accesskey', 'privatekey'],
  ...[
    'api',
    'access',
    'auth',
    'private',
    'signing',
    'encryption',
    'master',
    'session',
    'jwt',
    'hmac',
    'aes',
  ].flatMap((word) => [
    `${word.slice(1)}Key`,
    `${word.slice(1)}_key`,
    `${word.slice(1)}-key`,
    `${word.toUpperCase()}_KEY`,
  ]),
]

/** Credentials that everybody who can read the source has (CWE-798, CWE-321). */
export const CREDENTIAL_RULES: readonly Rule[] = [
  rule({
    id: 'js-hardcoded-credential',
    title: 'A password, key or token is written into the source: read it from the environment, and change it',
    cwe: ['CWE-798', 'CWE-259'],
    severity: 'high',
    needs: [CREDENTIAL_WORDS],
    on: [declarations(CREDENTIAL), members(CREDENTIAL), assignments(CREDENTIAL), FIELDS, COMPARISONS],
    accept: ({ source, finding, name: own }) => {
      const value = finding.childForFieldName('value') ?? finding.childForFieldName('right')
      const name = own === '' ? nameOf(finding.childForFieldName('left') ?? fieldName(finding)) : own
      if (LEXED.test(name) || !CREDENTIAL.test(name)) return false
      const literal = literalOf(value)
      if (literal === null) return false
      if (finding.type === 'binary_expression' && !/pass|pwd|secret|key/i.test(name)) return false
      return looksReal(name, literal, isInSession(source, finding))
    },
  }),
  rule({
    id: 'js-hardcoded-key',
    title:
      'Tokens or messages are signed or encrypted with a key from the source: read it from the environment',
    cwe: ['CWE-321', 'CWE-798'],
    severity: 'high',
    needs: [
      ['sign(', 'verify(', 'createHmac', 'ipher', 'cookieParser', 'cookieSession', 'crypt(', 'HmacSHA'],
      ['jwt', 'JWT', 'Jwt', 'jsonwebtoken', 'jws', 'jose', 'crypto', 'Crypto', 'cookie'],
    ],
    on: [
      calls([
        'sign',
        'verify',
        'createHmac',
        'createCipheriv',
        'createDecipheriv',
        'createCipher',
        'cookieParser',
        'cookieSession',
        'encrypt',
        'decrypt',
        'HmacSHA256',
        'HmacSHA512',
        'HmacSHA1',
      ]),
    ],
    accept: ({ source, finding: call, name }) => {
      const { object } = calleeOf(call)
      const list = argumentsOf(source, call)
      const owner = moduleOf(source, call) ?? nameOf(object)
      if (/^(?:sign|verify)$/.test(name) && !/jwt|jsonwebtoken|jws|jose|cookie-signature/i.test(owner))
        return false
      if (/crypt$/.test(name) && !/^(?:AES|DES|TripleDES|RC4)$/.test(nameOf(object))) return false
      if (/^create/.test(name) && !/^crypto$|^node:crypto$/.test(owner)) return false
      const key = list[/^cookie/.test(name) ? 0 : 1]
      return key !== undefined && isLiteralKey(source, key)
    },
  }),
  rule({
    id: 'js-hardcoded-authorization',
    title:
      'A request carries a password or token from the source: read it from the environment, and change it',
    cwe: ['CWE-798'],
    severity: 'high',
    needs: [['uthorization', 'AUTHORIZATION', 'pi-key', 'PI-KEY', 'pi-Key', 'uth-token', 'uth-Token']],
    on: [
      members(/^(?:authorization|x-api-key|x-auth-token)$/i),
      methods(['set', 'setHeader', 'append', 'header']),
    ],
    accept: ({ source, finding, name }) => {
      const header = finding.type === 'pair' ? name : (stringOf(argumentOf(source, finding, 0)) ?? '')
      const value = stringOf(finding.childForFieldName('value') ?? argumentOf(source, finding, 1)) ?? ''
      if (/^authorization$/i.test(header)) {
        const credentials = /^(?:Bearer|Basic|Token|token|ApiKey)\s+([\w.~+/=-]{8,})$/.exec(value)?.[1]
        return credentials !== undefined && !isPlaceholder(credentials) && /\d|[A-Z].*[a-z]/.test(credentials)
      }
      return (
        /^x-(?:api-key|auth-token)$/i.test(header) &&
        /^[\w.~+/=-]{8,}$/.test(value) &&
        /\d/.test(value) &&
        !isPlaceholder(value)
      )
    },
  }),
]

/** The name of a field of a class, which not all grammars call `name`. */
function fieldName(field: Node): Node | null {
  return field.namedChildren.find(({ type }) => type === 'property_identifier') ?? null
}

/** The text that is written down: of a string, or of what stands in for a missing variable of the environment. */
function literalOf(value: Node | null): string | null {
  if (value?.type !== 'binary_expression') return stringOf(value)
  const operator = value.childForFieldName('operator')?.text ?? ''
  return operator === '||' || operator === '??' ? stringOf(value.childForFieldName('right')) : null
}

const PLACEHOLDER =
  /^(?:x+|\*+|\.+|-+|_+)$|example|sample|change_?-?me|placeholder|replace|your|dummy|fake|mock|test|todo|redacted|insert|wrong|invalid|incorrect|<|>|\{|\$\(|%\w|\.\.\.|xxx|\*{3}|^(?:null|none|undefined|true|false|unset|empty|string|invalid|missing|required|optional)$/i

function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value)
}

/** Whether a text is a credential, rather than a label, the name of a field, a message or a placeholder. */
function looksReal(name: string, value: string, isSession: boolean): boolean {
  if (value.length < 4 || value.length > 512 || isPlaceholder(value)) return false
  if (isSession) return true
  if (/\s/.test(value) || /^(?:https?:|\/|\.\/|#|--|[@$:])/.test(value) || /^[^\w]+$/.test(value))
    return false
  if (/^(.)\1+$/.test(value) || /^\p{Lu}\p{Ll}+$/u.test(value)) return false
  const plain = plainOf(value)
  const isWord = !/\d/.test(value)
  if (isWord && (plain.includes(plainOf(name)) || plainOf(name).includes(plain))) return false
  // `auth.token.expired`, `token_expired`, `X-Api-Key`: names of things, not things
  if (isWord && /^[a-z]+(?:[.:/][a-z_-]+)+$/i.test(value)) return false
  if (/pass|pwd/i.test(name))
    return !/^(?:[A-Z][a-z]+|text|new-password|current-password|hidden|asterisk|email|local|basic|oauth|reset|forgot|update|change\w*|login|hash(?:ed)?)$/.test(
      value,
    )
  if (
    isWord &&
    (/^[A-Z][A-Z_]*$/.test(value) || /(?:token|key|secret|password|credential)s?$/i.test(value)) &&
    !/SECRET$|[sS]ecret$/.test(name)
  )
    return false
  if (value.length < 8) return false
  if (/secret/i.test(name)) return !/^[A-Z][A-Z_]+$|^[a-z]+(?:[A-Z][a-z]+)+$/.test(value)
  return !isWord || (value.length >= 20 && /[a-z]/.test(value) && /[A-Z]/.test(value))
}

function plainOf(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/** `session({ secret: 'keyboard cat' })`, where anything that is written down is a secret. */
function isInSession(source: SourceView, member: Node): boolean {
  if (member.type !== 'pair' || !/^secret$/.test(member.childForFieldName('key')?.text ?? '')) return false
  const call = ancestorOf(source, member, 3)
  if (call?.type !== 'call_expression') return false
  return /session/i.test(calleeOf(call).name) || moduleOf(source, call) === 'express-session'
}

/** Whether a key is text of the source: in place, by name, or as `Buffer.from('…')`. */
function isLiteralKey(source: SourceView, key: Node): boolean {
  const text = stringOf(key)
  if (text !== null) return text.length > 0 && !isPlaceholder(text)
  if (key.type === 'identifier') {
    return resolve(source, key).some(
      (value) =>
        isLiteralKey(source, value.type === 'identifier' ? (key.firstChild ?? value) : value) &&
        value.type !== 'identifier',
    )
  }
  if (key.type === 'binary_expression')
    return literalOf(key) !== null && isLiteralKey(source, key.childForFieldName('right')!)
  if (key.type !== 'call_expression') return false
  const { name, object } = calleeOf(key)
  const first = argumentOf(source, key, 0)
  return (
    (name === 'from' || name === 'encode') &&
    object !== null &&
    first?.type === 'string' &&
    isLiteralKey(source, first)
  )
}
