import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { resolve } from './flow.ts'
import {
  ancestorOf,
  argumentOf,
  argumentsOf,
  calleeOf,
  functionNameOf,
  memberOf,
  moduleOf,
  nameOf,
  parentOf,
  stringOf,
  textOf,
} from './nodes.ts'
import { calls, constructions, members, methods, rule } from './rule.ts'
import { functionAround } from './scope.ts'

const WEAK_HASH = /^(?:rsa-)?(?:md[245]|sha-?1|ripemd(?:160)?|sha)$/i
const FAST_HASH = /^(?:md[245]|sha-?(?:1|224|256|384|512)|sha3-\d+|blake2[bs]\d+|ripemd160)$/i
const WEAK_CIPHER = /^(?:des|3des|rc[245]|bf|blowfish|cast5?|idea|seed)(?:-|$)|^des|-ecb$|^rc4/i
const WEAK_OBJECT = /^(?:DES|TripleDES|RC4|RC4Drop|RC2|Rabbit|Blowfish)$/
const PASSWORD = /pass(?:word|wd|phrase|code)|\bpwd\b|^pin$|pincode/i
const SIGNED =
  /pass(?:word|wd|phrase)|pwd|secret|token|signature|\bsign|credential|api_?key|session|license|otp/i
const HARMLESS =
  /etag|cache|checksum|fingerprint|gravatar|dedup|avatar|content|file|asset|integrity|bust|shard|bucket/i

/** Hashes, ciphers and keys that do not hold (CWE-327 and its kin). */
export const CIPHER_RULES: readonly Rule[] = [
  rule({
    id: 'js-weak-hash',
    title: 'MD5 or SHA-1 is used for what must not be forged or guessed: use SHA-256, or a password hash',
    cwe: ['CWE-328', 'CWE-327'],
    severity: 'high',
    needs: [['createHash', 'md5', 'MD5', 'sha1', 'SHA1', 'createSign', 'createVerify', 'createHmac']],
    on: [calls(['createHash', 'createSign', 'createVerify', 'createHmac', 'md5', 'MD5', 'sha1', 'SHA1'])],
    accept: ({ source, finding: call, name }) => {
      const algorithm = stringOf(argumentOf(source, call, 0)) ?? ''
      if (name === 'createHmac') return /^md[45]$/i.test(algorithm)
      if (/^create(?:Sign|Verify)$/.test(name)) return WEAK_HASH.test(algorithm)
      if (name === 'createHash') return WEAK_HASH.test(algorithm) && protects(source, call, SIGNED)
      return protects(source, call, SIGNED)
    },
  }),
  rule({
    id: 'js-fast-password-hash',
    title: 'A password is hashed by a function made to be fast: use scrypt, argon2 or bcrypt',
    cwe: ['CWE-916', 'CWE-759'],
    severity: 'high',
    needs: [
      ['createHash', 'SHA256', 'SHA512', 'sha256', 'sha512', 'digest'],
      ['assword', 'ASSWORD', 'asswd', 'pwd', 'assphrase'],
    ],
    on: [calls(['createHash', 'SHA256', 'SHA512', 'sha256', 'sha512', 'digest'])],
    accept: ({ source, finding: call, name }) => {
      if (name === 'createHash') {
        const algorithm = stringOf(argumentOf(source, call, 0)) ?? ''
        return FAST_HASH.test(algorithm) && !WEAK_HASH.test(algorithm) && protects(source, call, PASSWORD)
      }
      if (name === 'digest' && !/subtle$/.test(calleeOf(call).object?.text.slice(-6) ?? '')) return false
      return argumentsOf(source, call).some((part) => hasName(source, part, PASSWORD))
    },
  }),
  rule({
    id: 'js-weak-cipher',
    title: 'A cipher or mode is used that can be broken, such as DES, RC4 or ECB: use AES-GCM',
    cwe: ['CWE-327'],
    severity: 'high',
    needs: [['ipher', 'CryptoJS', 'crypto-js', 'forge', 'encrypt']],
    on: [
      calls(['createCipheriv', 'createDecipheriv', 'createCipher', 'createDecipher']),
      methods(['encrypt']),
      members(['mode']),
    ],
    accept: ({ source, finding, name }) => {
      if (finding.type === 'pair') return nameOf(finding.childForFieldName('value')) === 'ECB'
      if (name === 'encrypt') return WEAK_OBJECT.test(nameOf(calleeOf(finding).object))
      const algorithm = argumentOf(source, finding, 0)
      const value = algorithm?.type === 'identifier' ? source.valueOf(algorithm.text, algorithm) : algorithm
      return WEAK_CIPHER.test(stringOf(value) ?? '')
    },
  }),
  rule({
    id: 'js-cipher-without-iv',
    title: 'createCipher makes key and IV of a password without a salt: use createCipheriv with a random IV',
    cwe: ['CWE-329', 'CWE-326'],
    severity: 'high',
    needs: [['createCipher(', 'createDecipher(']],
    on: [calls(['createCipher', 'createDecipher'])],
    accept: ({ source, finding }) => {
      const owner = moduleOf(source, finding) ?? nameOf(calleeOf(finding).object)
      return owner === 'crypto'
    },
  }),
  rule({
    id: 'js-static-iv',
    title: 'Every message is encrypted with the same IV or nonce: make a random one for each',
    cwe: ['CWE-329', 'CWE-1204'],
    severity: 'high',
    needs: [['createCipheriv', 'encrypt']],
    on: [calls(['createCipheriv', 'encrypt'])],
    accept: ({ source, finding, name }) => {
      const list = argumentsOf(source, finding)
      if (name === 'createCipheriv') return list[2] !== undefined && isUnchanging(source, list[2])
      const settings = list.map((part) =>
        part.type === 'identifier' ? source.valueOf(part.text, part) : part,
      )
      return settings.some((part) => {
        const iv = memberOf(source, part, 'iv')
        return iv !== null && isUnchanging(source, iv)
      })
    },
  }),
  rule({
    id: 'js-static-salt',
    title:
      'Every password is hashed with the same salt: make a random one for each, and keep it with the hash',
    cwe: ['CWE-760'],
    severity: 'medium',
    needs: [['pbkdf2', 'scrypt', 'hashSync', 'bcrypt', 'argon2', 'PBKDF2', 'deriveKey', 'deriveBits']],
    on: [
      calls([
        'pbkdf2',
        'pbkdf2Sync',
        'scrypt',
        'scryptSync',
        'PBKDF2',
        'hash',
        'hashSync',
        'deriveKey',
        'deriveBits',
      ]),
    ],
    accept: ({ source, finding, name }) => {
      const [first, second] = argumentsOf(source, finding)
      if (/^derive/.test(name)) {
        const salt = memberOf(source, first ?? null, 'salt')
        return salt !== null && isUnchanging(source, salt)
      }
      if (/^hash/.test(name)) {
        const salt =
          memberOf(source, second ?? null, 'salt') ??
          (/bcrypt/.test(moduleOf(source, finding) ?? '') && second?.type === 'string' ? second : null)
        return salt !== null && isUnchanging(source, salt)
      }
      return second !== undefined && isUnchanging(source, second)
    },
  }),
  rule({
    id: 'js-weak-key-derivation',
    title: 'A password hash costs too little to slow guessing down: raise its iterations or cost',
    cwe: ['CWE-916'],
    severity: 'medium',
    needs: [['pbkdf2', 'PBKDF2', 'bcrypt', 'genSalt', 'scrypt', 'iterations']],
    on: [
      calls(['pbkdf2', 'pbkdf2Sync', 'hash', 'hashSync', 'genSalt', 'genSaltSync', 'scrypt', 'scryptSync']),
      members(['iterations']),
    ],
    accept: ({ source, finding }) => {
      if (finding.type === 'pair') {
        const holder = textOf(source, parentOf(source, finding) ?? finding)
        const around = ancestorOf(source, finding, 3)
        const isDerivation =
          /PBKDF2/i.test(holder) ||
          /PBKDF2/i.test(around?.type === 'call_expression' ? calleeOf(around).name : '')
        return isDerivation && isBelow(source, finding.childForFieldName('value'), MIN_ITERATIONS)
      }
      return derivesCheaply(source, finding)
    },
  }),
  rule({
    id: 'js-short-key',
    title:
      'A key is too short to keep what it protects: use RSA with 2,048 bits or more, or an elliptic curve',
    cwe: ['CWE-326'],
    severity: 'high',
    needs: [['modulusLength', 'NodeRSA', 'generateKeyPair', 'createDiffieHellman', 'bits:']],
    on: [
      members(['modulusLength', 'bits']),
      calls(['generateKeyPair', 'createDiffieHellman']),
      constructions(['NodeRSA']),
    ],
    accept: ({ source, finding, name }) => {
      if (finding.type === 'new_expression') {
        const [first] = argumentsOf(source, finding)
        return isBelow(source, memberOf(source, first ?? null, 'b') ?? null, 2048)
      }
      if (finding.type === 'call_expression') return isBelow(source, argumentOf(source, finding, 0), 2048)
      if (
        name === 'bits' &&
        !/rsa|keypair|forge|openpgp/i.test(ancestorOf(source, finding, 3)?.text.slice(0, 80) ?? '')
      ) {
        return false
      }
      return isBelow(source, finding.childForFieldName('value'), 2048)
    },
  }),
]

/** OWASP asks for 600,000 with SHA-256 and 210,000 with SHA-512; what is below this was never enough. */
const MIN_ITERATIONS = 100_000
const MIN_BCRYPT_COST = 10
const MIN_SCRYPT_COST = 2 ** 14

function derivesCheaply(source: SourceView, call: Node): boolean {
  const { name, object } = calleeOf(call)
  const list = argumentsOf(source, call)
  if (/^pbkdf2/.test(name)) return isBelow(source, list[2] ?? null, MIN_ITERATIONS)
  if (/^scrypt/.test(name)) {
    const options = list.find((part) => part.type === 'object') ?? null
    const cost = memberOf(source, options, 'N') ?? memberOf(source, options, 'cost')
    return isBelow(source, cost, MIN_SCRYPT_COST)
  }
  const module = moduleOf(source, call) ?? nameOf(object)
  if (!/^bcrypt(?:js|\.js)?$/.test(module)) return false
  return isBelow(source, list[/^genSalt/.test(name) ? 0 : 1] ?? null, MIN_BCRYPT_COST)
}

/** Whether a node is a number of the source, or a name of one, that is smaller. */
function isBelow(source: SourceView, node: Node | null, limit: number): boolean {
  const value = node?.type === 'identifier' ? source.valueOf(node.text, node) : node
  if (value?.type !== 'number') return false
  return Number(value.text.replaceAll('_', '')) < limit
}

/** Whether what a hash is made of, or what is made of it, has a name for which `test` holds. */
function protects(source: SourceView, call: Node, test: RegExp): boolean {
  const names: string[] = [
    ...argumentsOf(source, call)
      .filter((part) => part.type !== 'string')
      .map(nameIn),
  ]
  let node = call
  for (let i = 0; i < 12; i++) {
    const parent = parentOf(source, node)
    if (parent === null) break
    if (parent.type === 'call_expression' && parent.childForFieldName('function')?.id === node.id) {
      names.push(...argumentsOf(source, parent).map(nameIn))
    }
    if (parent.type === 'variable_declarator') {
      const name = parent.childForFieldName('name')!
      names.push(name.text.slice(0, 60), ...fedTo(source, name))
    }
    if (parent.type === 'pair') names.push(parent.childForFieldName('key')?.text.slice(0, 60) ?? '')
    if (parent.type === 'assignment_expression') names.push(nameOf(parent.childForFieldName('left')))
    if (
      /statement|declaration|^arrow_function$|_body$/.test(parent.type) &&
      parent.type !== 'return_statement'
    )
      break
    node = parent
  }
  const around = functionAround(source, call)
  if (around !== null) names.push(functionNameOf(source, around))
  return names.some((name) => test.test(name)) && !names.some((name) => HARMLESS.test(name))
}

/** Names in what is given to a hash: `user.password + salt` */
function nameIn(node: Node): string {
  return node.text.replace(/['"`](?:hex|base64(?:url)?|utf-?8|binary|latin1|ascii)['"`]/g, '').slice(0, 120)
}

/** What is later given to a hash that has a name: `hash.update(password)`. */
function fedTo(source: SourceView, name: Node): string[] {
  const around = functionAround(source, name)
  if (around === null) return []
  const text = textOf(source, around).slice(0, 4_000)
  return [...text.matchAll(/\b([\w$]+)\.update\(([^)\n]{0,80})/g)]
    .filter((match) => match[1] === name.text)
    .map((match) => match[2]!)
}

function hasName(source: SourceView, part: Node, test: RegExp): boolean {
  if (test.test(nameIn(part))) return true
  // `encoder.encode(password)`, but not what was derived from it.
  const isSame = (value: Node) =>
    !/^(?:call|await)/.test(value.type) || /^(?:encode|from)$/.test(calleeOf(value).name)
  return resolve(source, part).some((value) => isSame(value) && test.test(nameIn(value)))
}

/** Whether bytes are the same at every run: a literal, zeros, or a name that stands for such and is never filled. */
function isUnchanging(source: SourceView, bytes: Node, depth = 0): boolean {
  if (depth > 4 || !source.spend(1)) return false
  switch (bytes.type) {
    case 'string':
      return true
    case 'template_string':
      return stringOf(bytes) !== null
    case 'array':
      return bytes.namedChildren.every((child) => child.type === 'number')
    case 'as_expression':
    case 'parenthesized_expression':
      return isUnchanging(source, bytes.firstNamedChild!, depth + 1)
    case 'new_expression':
      return /^(?:Uint8Array|Buffer)$/.test(calleeOf(bytes).name) && isFilling(source, bytes, depth)
    case 'call_expression': {
      const { name, object } = calleeOf(bytes)
      if (name === 'alloc' && nameOf(object) === 'Buffer') return true
      if (name === 'encode' || name === 'parse')
        return argumentsOf(source, bytes).every((part) => isUnchanging(source, part, depth + 1))
      return name === 'from' && isFilling(source, bytes, depth)
    }
    case 'identifier': {
      const values = resolve(source, bytes)
      return (
        values.length > 0 &&
        values.every((value) => isUnchanging(source, value, depth + 1)) &&
        !isFilled(source, bytes)
      )
    }
    default:
      return false
  }
}

function isFilling(source: SourceView, maker: Node, depth: number): boolean {
  const first = argumentOf(source, maker, 0)
  return first !== null && (first.type === 'number' || isUnchanging(source, first, depth + 1))
}

/** `crypto.getRandomValues(iv)`, `randomFillSync(iv)`, `bytes.copy(iv)` */
function isFilled(source: SourceView, name: Node): boolean {
  const around = functionAround(source, name) ?? source.root
  const text = textOf(source, around)
  return new RegExp(
    `(?:getRandomValues|randomFill(?:Sync)?|copy|\\.set)\\([^)\\n]{0,80}\\b${escaped(name.text)}\\b|\\b${escaped(name.text)}\\.(?:set|write|fill|copy)|\\b${escaped(name.text)}\\[`,
  ).test(text)
}

function escaped(name: string): string {
  return name.replace(/[^\w]/g, '\\$&')
}
