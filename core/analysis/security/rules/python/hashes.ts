import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { argument, type Call, callRule, readCall } from './call.ts'
import { literalText, nameSuggestsPassword, namesIn, purposesOf, wordsOf } from './names.ts'
import { scopesOf } from './scope.ts'
import { isBelow, resolve, unencoded } from './values.ts'

const FAST_HASH = /^hashlib\.(?:md5|sha1|sha224|sha256|sha384|sha512|sha3_\d+|new|blake2[bs])$/
const BROKEN_HASH = /^(?:hashlib\.(?:md5|sha1)|Crypto(?:dome)?\.Hash\.(?:MD[245]|SHA1?)\.new)$/
const SIGNED_HASH = /(?:^|\.)(?:hashes\.(?:MD5|SHA1)|Hash\.(?:MD[245]|SHA1?)\.new)$/
/** What a broken hash must not be relied on for. */
const SIGNING =
  / (?:sign|signs|signed|signature|signatures|mac|hmac|token|tokens|secret|auth|authenticate|verify|integrity|certificate|csrf|nonce|apikey|api key|session id|reset) /
/** What it is good enough for, whatever else is said. */
const NAMING =
  / (?:etag|cache|cached|caching|checksum|gravatar|fingerprint|dedup|duplicate|bucket|shard|partition|color|colour|avatar|content hash|file hash|key prefix) /

/** Least numbers of rounds (OWASP Password Storage Cheat Sheet asks for more; these are clearly too few). */
const MIN_PBKDF2_ROUNDS = 100_000
const MIN_BCRYPT_COST = 10
const MIN_SCRYPT_N = 2 ** 14

/** Hashes that do not protect (CWE-328, CWE-760, CWE-916). */
export const HASH_RULES: readonly Rule[] = [
  callRule({
    id: 'py-password-hash',
    title: 'A password is hashed with a fast function: use argon2, scrypt or bcrypt with a salt',
    cwe: ['CWE-916', 'CWE-328'],
    severity: 'high',
    names: 'md5 sha1 sha224 sha256 sha384 sha512 sha3_256 sha3_512 blake2b blake2s new',
    needs: ['hashlib', ['pass', 'Pass', 'PASS', 'pwd', 'pw']],
    accept: hashesPassword,
  }),
  callRule({
    id: 'py-broken-hash',
    title: 'MD5 or SHA-1 vouches for something: others can make data with the same hash, use SHA-256',
    cwe: ['CWE-328', 'CWE-327'],
    severity: 'medium',
    names: 'md5 sha1 new sign verify',
    needs: [['md5', 'sha1', 'MD5', 'SHA1', 'SHA']],
    accept: trustsBrokenHash,
  }),
  callRule({
    id: 'py-static-salt',
    title: 'All passwords are hashed with the same salt: make one of os.urandom for each',
    cwe: ['CWE-760'],
    severity: 'medium',
    names: 'pbkdf2_hmac scrypt PBKDF2HMAC PBKDF2 Scrypt hashpw hash_secret hash_secret_raw',
    needs: [],
    accept: (call) => {
      const salt =
        call.method === 'PBKDF2HMAC' || call.method === 'Scrypt' ? call.keywords.get('salt') : saltOf(call)
      return (
        salt !== undefined && salt !== null && call.source.isConstant(unencoded(resolve(salt, call.source)))
      )
    },
  }),
  callRule({
    id: 'py-few-rounds',
    title: 'A password is hashed with so few rounds that it can be guessed: raise the cost',
    cwe: ['CWE-916'],
    severity: 'medium',
    names: 'pbkdf2_hmac PBKDF2HMAC PBKDF2 gensalt scrypt Scrypt using encrypt',
    needs: [],
    accept: hasFewRounds,
  }),
]

function hashesPassword({ node, name, positional, source }: Call): boolean {
  if (!FAST_HASH.test(name)) return false
  const data = positional[name === 'hashlib.new' ? 1 : 0]
  // A check against lists of leaked passwords sends the first characters of SHA-1 (haveibeenpwned.com).
  const purposes = purposesOf(node, source)
  if (/pwned|hibp|breach/i.test(purposes.join(' '))) return false
  if (hashedWith(node, data, source).some(nameSuggestsPassword)) return true
  return data !== undefined && /[Pp]assword/.test(purposes.at(-1) ?? '') && !/cache|etag/i.test(data.text)
}

/** The names in what is hashed: at once, or by `update` afterwards. */
function hashedWith(node: Node, data: Node | undefined, source: SourceView): string[] {
  if (data !== undefined) return namesIn(data)
  if (node.parent?.type !== 'assignment') return []
  const scopes = scopesOf(source)
  const scope = scopes.at(node.startIndex)
  const updates = source
    .valuesOf(node.parent.childForFieldName('left')?.text ?? '')
    .filter((value) => value.parent?.type === 'argument_list' && scopes.at(value.startIndex) === scope)
  return updates.flatMap((value) => namesIn(value))
}

function trustsBrokenHash({ node, name, method, positional, keywords, source }: Call): boolean {
  if (method === 'sign' || method === 'verify') {
    return positional.some((part) => SIGNED_HASH.test(readCall(resolve(part, source), source)?.name ?? ''))
  }
  if (name === 'hmac.new') return /\bmd5\b/i.test((positional[2] ?? keywords.get('digestmod'))?.text ?? '')
  const isNamed =
    name === 'hashlib.new' && /^(?:md[45]|sha-?1)$/i.test(literalText(positional[0] ?? null) ?? '')
  if (!isNamed && !BROKEN_HASH.test(name)) return false
  if (keywords.get('usedforsecurity')?.type === 'false') return false
  const purposes = purposesOf(node, source).map(wordsOf)
  if (purposes.some((purpose) => NAMING.test(purpose))) return false
  if (purposes.some((purpose) => SIGNING.test(purpose))) return true
  const data = positional[isNamed ? 1 : 0]
  return data !== undefined && namesIn(data).some((one) => SIGNING.test(wordsOf(one)))
}

function saltOf(call: Call): Node | null {
  const index = /^(?:pbkdf2_hmac)$/.test(call.method) ? 2 : 1
  if (call.method === 'scrypt' && call.name.startsWith('hashlib')) return call.keywords.get('salt') ?? null
  return argument(call, index, 'salt')
}

function hasFewRounds({ name, method, positional, keywords, source }: Call): boolean {
  if (method === 'gensalt') return isBelow(keywords.get('rounds') ?? positional[0], MIN_BCRYPT_COST, source)
  if (method === 'scrypt' || method === 'Scrypt')
    return isBelow(keywords.get('n') ?? keywords.get('N'), MIN_SCRYPT_N, source)
  if (method === 'using' || method === 'encrypt') {
    const isHash = /(?:pbkdf2_sha\d+|bcrypt\w*)(?:\.using|\.encrypt)$/.exec(name)
    if (isHash === null) return false
    const least = isHash[0].startsWith('bcrypt') ? MIN_BCRYPT_COST : MIN_PBKDF2_ROUNDS
    return isBelow(keywords.get('rounds'), least, source)
  }
  const rounds = keywords.get('iterations') ?? keywords.get('count') ?? positional[3]
  return isBelow(rounds, MIN_PBKDF2_ROUNDS, source)
}
