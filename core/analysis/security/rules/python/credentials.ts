import type { Node } from 'web-tree-sitter'
import type { Rule, RuleMatch } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { assignmentRule, type Call, COMPARISON, callRule, readCall } from './call.ts'
import { lastName, literalText, nameSuggestsPassword, qualifiedName, wordsOf } from './names.ts'
import { resolve } from './values.ts'

/** The casings of the names that {@link namesCredential} knows. */
const SECRET_NEEDS = (
  'password Password PASSWORD passwd Passwd PASSWD pwd Pwd PWD passphrase Passphrase PASSPHRASE passcode PASSCODE secret Secret ' +
  'SECRET token Token TOKEN credential Credential CREDENTIAL apikey apiKey ApiKey APIKEY _key _KEY Key'
).split(' ')

/** Credentials in the source (CWE-798, CWE-259, CWE-321). */
export const CREDENTIAL_RULES: readonly Rule[] = [
  assignmentRule({
    id: 'py-hard-coded-credential',
    title:
      'A password, key or token is in the source: read it from the environment or a secret store, and replace it',
    cwe: ['CWE-798', 'CWE-259'],
    severity: 'high',
    needs: [SECRET_NEEDS],
    accept: (target, value, source) => isCredential(keyOf(target), value, source),
  }),
  {
    id: 'py-credential-argument',
    title:
      'A password, key or token is passed as a literal: read it from the environment or a secret store, and replace it',
    cwe: ['CWE-798', 'CWE-259'],
    severity: 'high',
    needs: [SECRET_NEEDS],
    query:
      '(keyword_argument) @finding\n(pair) @finding\n(default_parameter) @finding\n(typed_default_parameter) @finding',
    accept: isLiteralCredential,
  },
  {
    id: 'py-credential-compared',
    title: 'A password or key is compared with one in the source: store a hash of it elsewhere',
    cwe: ['CWE-798'],
    severity: 'high',
    needs: [SECRET_NEEDS],
    query: COMPARISON,
    accept: ({ node, source }) => {
      const [left, right] = node('finding').namedChildren
      if (left === undefined || right === undefined || !/^(?:==|!=)$/.test(operatorOf(node('finding'))))
        return false
      const [name, value] = literalText(left) === null ? [left, right] : [right, left]
      return value.type === 'string' && isCredential(keyOf(name), value, source)
    },
  },
  callRule({
    id: 'py-login-literal',
    title:
      'Somebody is signed in with a password from the source: read it from the environment, and replace it',
    cwe: ['CWE-798', 'CWE-259'],
    severity: 'high',
    names:
      'login HTTPBasicAuth HTTPDigestAuth BasicAuth get post put patch delete head request Session Client AsyncClient',
    needs: [['login', 'Auth', 'auth']],
    accept: signsInWithLiteral,
  }),
  callRule({
    id: 'py-hard-coded-key',
    title:
      'A key that encrypts or signs is in the source: read it from the environment or a secret store, and replace it',
    cwe: ['CWE-321', 'CWE-798'],
    severity: 'high',
    names:
      'encode decode new Fernet AESGCM ChaCha20Poly1305 AES HMAC Signer TimestampSigner URLSafeSerializer URLSafeTimedSerializer JSONWebSignatureSerializer',
    needs: [['jwt', 'jose', 'hmac', 'Crypto', 'cryptography', 'Fernet', 'itsdangerous']],
    accept: usesLiteralKey,
  }),
]

const CREDENTIAL_NAME =
  /^(.*) (passwords?|passwd|pwd|passphrase|passcode|secret|tokens?|credentials?|apikey|(?:api|access|secret|private|signing|encryption|auth|master|shared|hmac|jwt|license) key|secret key \w+)(?: (?:\d+|default|prod|production|dev|staging|live|value|b64|hex))? $/
/** Words before `token` that make it one of a text, a list or a form. */
const OTHER_TOKENS =
  / (?:next|page|continuation|pad|eos|bos|unk|sep|cls|mask|special|start|end|stop|cancel|sync|lexer|begin|first|last|previous|prev|current|separator|comment) $/

/** Whether a name is that of a credential itself, not of its field, header or file. */
function credentialKind(name: string): 'password' | 'key' | 'token' | null {
  const found = CREDENTIAL_NAME.exec(wordsOf(name))
  if (found === null) return null
  const word = found[2]!
  if (nameSuggestsPassword(word)) return 'password'
  if (!word.startsWith('token')) return 'key'
  return OTHER_TOKENS.test(`${found[1]!} `) ? null : 'token'
}

function isLiteralCredential({ node, source }: RuleMatch): boolean {
  const finding = node('finding')
  const key = finding.childForFieldName('name') ?? finding.childForFieldName('key')
  const value = finding.childForFieldName('value')
  if (key === null || value === null || (value.type !== 'string' && value.type !== 'call')) return false
  const name = key.type === 'string' ? (literalText(key) ?? '') : key.text
  return isCredential(name, value, source) && !isSentByTest(finding)
}

/** `client.post('/login', {'password': '…'})`: what a test signs in with. */
function isSentByTest(member: Node): boolean {
  let part = member.parent
  for (let climbed = 0; part !== null && climbed < 6; climbed++) {
    if (
      part.type === 'call' &&
      /(?:^|\.)client\.\w+$/.test(part.childForFieldName('function')?.text.slice(-40) ?? '')
    ) {
      return true
    }
    part = part.parent
  }
  return false
}

/** The name that something is stored under. */
function keyOf(target: Node): string {
  if (target.type !== 'subscript') return lastName(target)
  return literalText(target.childForFieldName('subscript')) ?? ''
}

function isCredential(name: string, value: Node, source: SourceView): boolean {
  const kind = credentialKind(name)
  const text = kind === null ? null : (literalText(value) ?? environmentDefault(value, source))
  if (kind === null || text === null || text.length > 512 || !isSecretText(text, name)) return false
  if (kind === 'password') return text.length >= 4
  if (kind === 'key') return text.length >= 8
  return text.length >= 16 && /\d/.test(text) && /[A-Za-z]/.test(text)
}

const PLACEHOLDER =
  /change[-_]?(?:me|this|it)|your[-_]|example|placeholder|dummy|fake|sample|todo|fixme|insert[-_]|replace[-_]?(?:me|with)|redacted|not[-_]?(?:a[-_]?)?(?:real|used|set|secret)|test[-_]|[-_]test|^test|^mock|for[-_]?test|xxx|\*{3}|\.\.\.|^(?:foo|bar|baz|none|null|undefined|unused|default|string|true|false|unset|empty|hidden|hunter)$|^(.)\1*$/i
/** References to a secret, hashes, paths, names of headers and of environment variables. */
const NO_SECRET =
  /\s|^(?:\$\{?\w+\}?|\{.*\}|<.*>|%\(?\w*\)?s?|\$(?:2[abxy]|argon2|6|5|1)\$.*|pbkdf2.*|\{\w+\}.*|!.*|\.{0,2}\/.*|~.*|[a-z][a-z\d+.-]*:.*|x-[a-z-]+|[a-z_]+(?:\.[a-z_]+)+|-----BEGIN (?:PUBLIC|CERT).*|[\w.-]*\.(?:com|org|net|pem|key|txt|json|ya?ml|env))$/i
const NEUTRAL = new Set(
  'api aws key secret token access client auth password passwd pwd user users app private public session id name hash field new old current confirm reset encoded encrypted grant type header bearer basic the refresh authorization jwt oauth csrf passphrase credential credentials apikey'.split(
    ' ',
  ),
)

/** Whether a literal may be a secret: not a placeholder, a reference, or the name of something. */
function isSecretText(text: string, name: string): boolean {
  if (text === '' || PLACEHOLDER.test(text) || isReference(text)) return false
  const own = wordsOf(name)
  return !wordsOf(text)
    .trim()
    .split(' ')
    .every((word) => NEUTRAL.has(word) || own.includes(` ${word} `))
}

/** `Allow-Credentials`, `DB_PASSWORD` */
const NAME_OF_SECRET = /^(?:[A-Z][a-z]+(?:-[A-Z][A-Za-z]*)+|[A-Z][A-Z\d]*(?:_[A-Z\d]+)+)$/

function isReference(text: string): boolean {
  if (NAME_OF_SECRET.test(text)) return true
  return NO_SECRET.test(text) && !text.startsWith('django-insecure-')
}

/** `os.environ.get('SECRET_KEY', 'literal')`: it is used wherever the variable is forgotten. */
function environmentDefault(value: Node, source: SourceView): string | null {
  if (value.type !== 'call') return null
  const call = readCall(value, source)
  if (
    call === null ||
    !/^(?:os\.getenv|os\.environ\.get|environ\.get|getenv|config|env|env\.str)$/.test(call.name)
  )
    return null
  return literalText(call.positional[1] ?? call.keywords.get('default') ?? null)
}

function operatorOf(comparison: Node): string {
  return comparison.children.find(({ isNamed }) => !isNamed)?.type ?? ''
}

/** `auth=('user', '…')`, `HTTPBasicAuth('user', '…')`, `smtp.login('user', '…')`. */
function signsInWithLiteral({ method, receiver, positional, keywords, source }: Call): boolean {
  const auth = keywords.get('auth')
  const isAuth = method.endsWith('Auth')
  const isLogin = method === 'login' && receiver !== null && !/client/i.test(receiver.text.slice(-40))
  const pair = auth?.type === 'tuple' ? auth.namedChildren : isAuth || isLogin ? positional : []
  const password = pair[1]
  return pair.length === 2 && password !== undefined && isCredential('password', password, source)
}

const KEY_CALL =
  /^(?:(?:jose\.)?(?:jwt|jws)\.(?:encode|decode|sign)|hmac\.(?:new|HMAC)|(?:.*\.)?(?:Fernet|AESGCM|ChaCha20Poly1305)|(?:.*\.)?algorithms\.AES|Crypto(?:dome)?\.(?:Cipher\.\w+|Hash\.HMAC)\.new|(?:itsdangerous\..*|django\.core\.signing\..*))$/

function usesLiteralKey({ name, method, positional, keywords, source }: Call): boolean {
  if (!KEY_CALL.test(name)) return false
  const isToken = /^(?:encode|decode)$/.test(method)
  const given = keywords.get('key') ?? keywords.get('secret_key') ?? positional[isToken ? 1 : 0]
  if (given === undefined) return false
  const text = literalBehind(resolve(given, source), source)
  return text !== null && text.length >= 4 && !/^-----BEGIN (?:PUBLIC|CERT)|^(?:test|example)/i.test(text)
}

/** The literal of `'…'`, `b'…'`, `'…'.encode()`, `base64.b64decode('…')`. */
function literalBehind(node: Node, source: SourceView): string | null {
  if (node.type !== 'call') return literalText(node)
  const called = node.childForFieldName('function')!
  if (lastName(called) === 'encode') {
    return literalText(resolve(called.childForFieldName('object') ?? called, source))
  }
  const first = node.childForFieldName('arguments')?.namedChildren[0]
  return /^(?:bytes|bytes\.fromhex|base64\..*decode|b64decode|binascii\.unhexlify)$/.test(
    qualifiedName(called, source),
  )
    ? literalText(first ?? null)
    : null
}
