import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { suggestsPassword, wordsOf } from '../go-java/names.ts'
import { argumentAt, argumentsOf, calledName, calledOn, receiverText } from '../go-java/nodes.ts'
import { rule } from '../go-java/rule.ts'
import { declarationAround } from '../go-java/scope.ts'
import {
  created,
  createdType,
  isStaticBytes,
  isStaticCall,
  literalText,
  methodsNamed,
  methodText,
  namesGiven,
  numberOf,
} from './nodes.ts'

/** What must not be forged or guessed from its hash. */
const DELICATE =
  /\b(?:password|passwd|pwd|pass|passphrase|secret|token|signature|sign|signed|sig|credential|credentials|pin|otp|hmac|api key|session|license)\b/
/** What a hash is made of for other reasons. */
const PLAIN =
  /\b(?:etag|e tag|cache|checksum|dedup|bucket|shard|gravatar|avatar|fingerprint|filename|file name|ring|content)\b/
/** NIST SP 800-132 asks for 1,000 rounds, OWASP for 210,000 or more. What lies below this is too little for both. */
const MIN_ROUNDS = 50_000
const BROKEN = /^(?:MD2|MD4|MD5|SHA-?1|SHA)$/i
const HELPERS = ['md5Hex', 'md5', 'md5DigestAsHex', 'md5Digest', 'sha1Hex', 'sha1', 'sha', 'shaHex']
const FAST_HELPERS = ['sha256Hex', 'sha256', 'sha512Hex', 'sha512', 'sha384Hex', 'hashString']
const ENCODERS = [
  'NoOpPasswordEncoder',
  'Md5PasswordEncoder',
  'ShaPasswordEncoder',
  'StandardPasswordEncoder',
  'MessageDigestPasswordEncoder',
  'LdapShaPasswordEncoder',
  'Md4PasswordEncoder',
  'PlaintextPasswordEncoder',
]

/** Hashes that are broken or fast where they must be neither (CWE-328, CWE-916, CWE-760). */
export const HASH_RULES: readonly Rule[] = [
  rule({
    id: 'java-weak-hash',
    title:
      'MD5 or SHA-1 protects something that must not be forged: use SHA-256, for passwords BCrypt or Argon2',
    cwe: ['CWE-328', 'CWE-327'],
    severity: 'high',
    needs: [['MD5', 'md5', 'MD4', 'MD2', 'SHA-1', 'SHA1', 'sha1', '"SHA"', 'shaHex', '.sha(', '"sha']],
    on: [methodsNamed('getInstance', 'getMd5Digest', 'getSha1Digest', ...HELPERS)],
    accept: ({ finding: call, source }) => {
      if (calledName(call) !== 'getInstance') {
        return (
          /^(?:DigestUtils|Hashing|SecureUtil|Md5Utils|Hex)$/.test(lastOf(calledOn(call))) &&
          isDelicate(call, source)
        )
      }
      const algorithm = literalText(argumentAt(call, 0), source) ?? ''
      if (isStaticCall(call, 'Mac')) return /^HmacMD5$/i.test(algorithm)
      if (isStaticCall(call, 'Signature')) return /^(?:MD2|MD5|SHA-?1)with/i.test(algorithm)
      return isStaticCall(call, 'MessageDigest') && BROKEN.test(algorithm) && isDelicate(call, source)
    },
  }),
  rule({
    id: 'java-fast-password-hash',
    title:
      'A password is stored as it is, or by a fast hash, so that many can be tried: use BCrypt, scrypt or Argon2',
    cwe: ['CWE-916', 'CWE-256'],
    severity: 'high',
    needs: [
      [
        'SHA-256',
        'SHA-512',
        'SHA-384',
        'SHA3',
        'sha256',
        'sha512',
        'sha384',
        'PasswordEncoder',
        'hashString',
      ],
      ['assword', 'asswd', 'pwd', 'Pwd', 'PASSWORD'],
    ],
    on: [methodsNamed('getInstance', ...FAST_HELPERS), created(...ENCODERS)],
    accept: ({ finding: found, source }) => {
      if (found.type === 'object_creation_expression') return true
      const name = calledName(found)
      if (name === 'getInstance' && isStaticCall(found, 'NoOpPasswordEncoder')) return true
      const within = methodText(found, source)
      if (/PBKDF2|PBEKeySpec|BCrypt|bcrypt|SCrypt|Argon2|HmacSHA/.test(within)) return false
      if (name !== 'getInstance') {
        return (
          /^(?:DigestUtils|Hashing|sha256\(\)|sha512\(\))$/.test(lastOf(calledOn(found))) &&
          argumentsOf(found).flatMap(namesIn).some(suggestsPassword)
        )
      }
      if (
        !isStaticCall(found, 'MessageDigest') ||
        !/^SHA-?(?:2|3|5)/i.test(literalText(argumentAt(found, 0), source) ?? '')
      )
        return false
      return hashed(found, within).flatMap(wordsIn).some(suggestsPassword)
    },
  }),
  rule({
    id: 'java-weak-key-derivation',
    title:
      'A password is made into a key or hash with too little work: BCrypt from strength 10, PBKDF2 from 210,000 rounds',
    cwe: ['CWE-916'],
    severity: 'medium',
    needs: [['PBEKeySpec', 'PBEParameterSpec', 'BCrypt', 'Pbkdf2PasswordEncoder']],
    on: [
      created('PBEKeySpec', 'PBEParameterSpec', 'BCryptPasswordEncoder', 'Pbkdf2PasswordEncoder'),
      methodsNamed('gensalt', 'hashToString'),
    ],
    accept: ({ finding: found, source }) => {
      const at = (index: number) => numberOf(argumentAt(found, index), source)
      const isBelow = (value: number | null, least: number) => value !== null && value < least
      if (found.type === 'method_invocation') return /BCrypt/.test(receiverText(found)) && isBelow(at(0), 10)
      switch (createdType(found)) {
        case 'PBEKeySpec':
          return isBelow(at(2), MIN_ROUNDS)
        case 'PBEParameterSpec':
          return isBelow(at(1), MIN_ROUNDS)
        case 'BCryptPasswordEncoder':
          // -1 stands for the default, which is enough.
          return argumentsOf(found).some((part) => isBelow(numberOf(part, source), 10))
        default:
          return isBelow(at(2), MIN_ROUNDS)
      }
    },
  }),
  rule({
    id: 'java-static-salt',
    title:
      'All passwords share one salt, which is in the source: make a random one for each, and keep it with the hash',
    cwe: ['CWE-760'],
    severity: 'medium',
    needs: [['PBEKeySpec', 'PBEParameterSpec']],
    on: [created('PBEKeySpec', 'PBEParameterSpec')],
    accept: ({ finding: found, source }) => {
      return isStaticBytes(argumentAt(found, createdType(found) === 'PBEKeySpec' ? 1 : 0), source)
    },
  }),
]

function lastOf(node: Node | null): string {
  return node?.text.split('.').at(-1) ?? ''
}

function isDelicate(call: Node, source: SourceView): boolean {
  const within = methodText(call, source)
  const named = declarationAround(call, source)?.childForFieldName('name')?.text ?? ''
  const about = [named, ...namesGiven(call)]
  const speaks = (pattern: RegExp) => (name: string) => pattern.test(wordsOf(name.slice(0, 100)).join(' '))
  if (about.some(speaks(PLAIN))) return false
  const given = calledName(call) === 'getInstance' ? [] : argumentsOf(call).flatMap(namesIn)
  return [...about, ...given, ...hashed(call, within).flatMap(wordsIn)].some(speaks(DELICATE))
}

/** What is given to the digest later on, or right away: the arguments, as text. */
function hashed(call: Node, within: string): string[] {
  const chained = /^(?:update|digest)$/.test(
    call.parent?.type === 'method_invocation' ? calledName(call.parent) : '',
  )
  if (chained) return argumentsOf(call.parent!).map(({ text }) => text.slice(0, 200))
  const [digest = ''] = namesGiven(call)
  if (!/^\w+$/.test(digest)) return []
  const calls = new RegExp(`\\b${digest}\\.(?:update|digest)\\(([^\\n;]{0,200})`, 'g')
  return [...within.matchAll(calls)].map((match) => match[1] ?? '')
}

function namesIn(node: Node): string[] {
  return wordsIn(node.text.slice(0, 200))
}

function wordsIn(text: string): string[] {
  return text.replace(/"[^"]*"/g, '').match(/\w+/g) ?? []
}
