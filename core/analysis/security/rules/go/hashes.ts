import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { suggestsPassword, wordsOf } from '../go-java/names.ts'
import { argumentAt, argumentsOf, calledName } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { declarationAround, functionText } from '../go-java/scope.ts'
import { isStaticBytes, numberOf } from './bytes.ts'
import { calledPackage, callsNamed, isCallOf, isPackage, namesGiven } from './nodes.ts'

/** What must not be forged or guessed from its hash. */
const DELICATE =
  /\b(?:password|passwd|pwd|pass|passphrase|secret|token|signature|sign|signed|sig|credential|credentials|pin|otp|hmac|api key|session|license)\b/
/** What a hash is made of for other reasons. */
const PLAIN =
  /\b(?:etag|e tag|cache|checksum|dedup|bucket|shard|gravatar|avatar|fingerprint|filename|file name|ring|content)\b/
/** NIST SP 800-132 asks for 1,000 rounds, OWASP for 210,000 or more. What lies below this is too little for both. */
const MIN_ROUNDS = 50_000
const SUMS = ['Sum', 'New', 'Sum224', 'Sum256', 'Sum384', 'Sum512', 'New256', 'New512', 'New384']
const DERIVING = ['Key', 'IDKey', 'GenerateFromPassword']

/** Hashes that are broken or fast where they must be neither (CWE-328, CWE-916, CWE-760). */
export const HASH_RULES: readonly Rule[] = [
  rule({
    id: 'go-weak-hash',
    title:
      'MD5 or SHA-1 protects something that must not be forged: use SHA-256, for passwords bcrypt or argon2',
    cwe: ['CWE-328', 'CWE-327'],
    severity: 'high',
    needs: [
      [
        'crypto/md5',
        'crypto/sha1',
        'x/crypto/md4',
        'md5.',
        'sha1.',
        'md4.',
        'crypto.MD5',
        'crypto.SHA1',
        'SHA1With',
        'MD5With',
      ],
    ],
    on: [
      callsNamed('Sum', 'New', 'SignPKCS1v15', 'VerifyPKCS1v15', 'SignPSS'),
      nodes('keyed_element', 'SignatureAlgorithm'),
    ],
    accept: ({ finding: call, source }) => {
      if (call.type === 'keyed_element')
        return /\.(?:SHA1|MD5)With|WithSHA1$/.test(call.lastNamedChild?.text ?? '')
      if (/^(?:Sign|Verify)/.test(calledName(call))) {
        return argumentsOf(call).some(({ text }) => /^crypto\.(?:MD5|SHA1)$/.test(text))
      }
      if (isCallOf(call, source, 'crypto/hmac')) return /^md[45]\.New$/.test(argumentAt(call, 0)?.text ?? '')
      if (!isCallOf(call, source, 'crypto/md5', 'crypto/sha1', 'golang.org/x/crypto/md4')) return false
      return isDelicate(call, source)
    },
  }),
  rule({
    id: 'go-fast-password-hash',
    title:
      'A password is hashed with a fast function, so that many can be tried: use bcrypt, scrypt or argon2',
    cwe: ['CWE-916'],
    severity: 'high',
    needs: [
      ['crypto/sha256', 'crypto/sha512', 'crypto/sha3', 'sha256.', 'sha512.', 'sha3.', 'blake2b.'],
      ['ass', 'PASS', 'pwd', 'Pwd'],
    ],
    on: [callsNamed(...SUMS)],
    accept: ({ finding: call, source }) => {
      if (
        !isCallOf(
          call,
          source,
          'crypto/sha256',
          'crypto/sha512',
          'crypto/sha3',
          'golang.org/x/crypto/sha3',
          'golang.org/x/crypto/blake2b',
        )
      )
        return false
      const within = functionText(call, source)
      if (/bcrypt|scrypt|argon2|pbkdf2|hmac|hibp|pwned|range\//i.test(within)) return false
      return hashed(call, within).some((value) => namesIn(value).some(suggestsPassword))
    },
  }),
  rule({
    id: 'go-weak-key-derivation',
    title:
      'A password is made into a key or hash with too little work: bcrypt from cost 10, PBKDF2 from 210,000 rounds',
    cwe: ['CWE-916'],
    severity: 'medium',
    needs: [['bcrypt', 'pbkdf2', 'scrypt', 'argon2']],
    on: [callsNamed(...DERIVING)],
    accept: ({ finding, source }) => isTooLittleWork(finding, source),
  }),
  rule({
    id: 'go-static-salt',
    title:
      'All passwords share one salt, which is in the source: make a random one for each, and keep it with the hash',
    cwe: ['CWE-760'],
    severity: 'medium',
    needs: [['pbkdf2', 'scrypt', 'argon2', 'hkdf']],
    on: [callsNamed('Key', 'IDKey')],
    accept: ({ finding: call, source }) => {
      if (!isCallOf(call, source, ...DERIVATIONS)) return false
      const salt = argumentAt(call, isStandardPbkdf2(call, source) ? 2 : 1)
      return salt !== null && isStaticBytes(salt, source)
    },
  }),
]

const DERIVATIONS = [
  'golang.org/x/crypto/pbkdf2',
  'crypto/pbkdf2',
  'golang.org/x/crypto/scrypt',
  'golang.org/x/crypto/argon2',
]

function isDelicate(call: Node, source: SourceView): boolean {
  const within = functionText(call, source)
  const named = declarationAround(call, source)?.childForFieldName('name')?.text ?? ''
  const about = [named, ...namesGiven(call)]
  const speaks = (pattern: RegExp) => (name: string) => pattern.test(wordsOf(name.slice(0, 100)).join(' '))
  if (about.some(speaks(PLAIN))) return false
  return [...about, ...hashed(call, within).flatMap(namesIn)].some(speaks(DELICATE))
}

/** What is hashed: the argument, or what is written to the hash later on. */
function hashed(call: Node, within: string): string[] {
  const given = argumentsOf(call).map(({ text }) => text.slice(0, 200))
  if (given.length > 0 || !calledName(call).startsWith('New')) return given
  const [hash = ''] = namesGiven(call)
  if (!/^\w+$/.test(hash)) return []
  const writes = new RegExp(
    `\\b${hash}\\.(?:Write|Sum)\\(([^\\n]{0,200})|\\b(?:WriteString|Fprintf?|Copy)\\(${hash}, ([^\\n]{0,200})`,
    'g',
  )
  return [...within.matchAll(writes)].map((match) => match[1] ?? match[2] ?? '')
}

function namesIn(text: string): string[] {
  return text.replace(/"[^"]*"/g, '').match(/\w+/g) ?? []
}

function isStandardPbkdf2(call: Node, source: SourceView): boolean {
  return calledPackage(call, source) === 'crypto/pbkdf2'
}

function isTooLittleWork(call: Node, source: SourceView): boolean {
  const path = calledPackage(call, source)
  if (path === null) return false
  const at = (index: number) => numberOf(argumentAt(call, index), source)
  const isBelow = (value: number | null, least: number) => value !== null && value < least
  if (isPackage(path, 'golang.org/x/crypto/bcrypt')) {
    const cost = argumentAt(call, 1)
    // Below 4 the package takes its default, which is enough.
    return cost?.text.endsWith('.MinCost') === true || (isBelow(at(1), 10) && (at(1) ?? 0) >= 4)
  }
  if (isPackage(path, 'golang.org/x/crypto/pbkdf2'))
    return isBelow(at(isStandardPbkdf2(call, source) ? 3 : 2), MIN_ROUNDS)
  if (isPackage(path, 'crypto/pbkdf2')) return isBelow(at(3), MIN_ROUNDS)
  if (isPackage(path, 'golang.org/x/crypto/scrypt')) return isBelow(at(2), 2 ** 14)
  // OWASP Password Storage Cheat Sheet: 7 MiB is the least, in KiB.
  return isPackage(path, 'golang.org/x/crypto/argon2') && isBelow(at(3), 7 * 1024)
}
