import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { type Call, COMPARISON, callRule } from './call.ts'
import { judge } from './flow.ts'
import { INPUT } from './input.ts'
import { lastName, literalText, namesIn, purposesOf, qualifiedName, wordsOf } from './names.ts'
import { scopesOf, textAround } from './scope.ts'
import { derives, resolve } from './values.ts'

const RANDOM =
  /^(?:random|numpy\.random|np\.random)\.(?:choice|choices|randint|randrange|random|getrandbits|sample|randbytes|uniform|bytes)$/
const SECRET_PURPOSE =
  / (?:tokens?|secrets?|passwords?|passwd|pwd|passphrase|passcode|otp|totp|salt|nonce|iv|csrf|apikey|sid|session id|sessionid|(?:session|api|secret|private|encryption|signing|access|license|auth) key|(?:reset|verification|verify|confirmation|activation|auth|invite|access|login|security|recovery|backup|sms|mfa|2fa) (?:code|pin|link)s?|pin|pin code|credentials?) /
/** What a value is called when its function says what it is for. */
const NO_PURPOSE =
  /^ (?:result|results|value|values|out|output|ret|res|s|r|n|x|chars?|code|digits?|letters?|string|random|rand|number|text|key|data|id) $/
const HARMLESS_PURPOSE = / (?:jitter|delay|sleep|backoff|wait|index|idx|sample|mask|noise|seed|vocab|batch) /

/** Making and checking secrets (CWE-338, CWE-347, CWE-208). */
export const SECRET_RULES: readonly Rule[] = [
  callRule({
    id: 'py-weak-random',
    title: 'A secret is made of random numbers that can be predicted: use the secrets module',
    cwe: ['CWE-338', 'CWE-330'],
    severity: 'high',
    names: 'choice choices randint randrange random getrandbits sample randbytes uniform bytes',
    needs: ['random'],
    accept: ({ node, name, positional, source }) =>
      RANDOM.test(name) &&
      makesSecret(node, source) &&
      !positional.some((part) =>
        namesIn(part, 20).some((one) => / (?:tokens|vocab|words|corpus) /.test(wordsOf(one))),
      ),
  }),
  callRule({
    id: 'py-uuid1-secret',
    title: 'A secret is made of the time and the address of the machine: use secrets.token_urlsafe',
    cwe: ['CWE-340', 'CWE-338'],
    severity: 'medium',
    names: 'uuid1',
    needs: ['uuid'],
    accept: ({ node, name, source }) => name === 'uuid.uuid1' && makesSecret(node, source),
  }),
  callRule({
    id: 'py-jwt-unverified',
    title: 'The signature of a token is not checked: anybody can write one, pass the key and the algorithms',
    cwe: ['CWE-347'],
    severity: 'critical',
    names: 'decode get_unverified_claims encode',
    needs: [['jwt', 'jws', 'JWT']],
    accept: skipsSignature,
  }),
  {
    id: 'py-secret-compared',
    title: 'How long the comparison takes tells how much of a secret was right: use hmac.compare_digest',
    cwe: ['CWE-208'],
    severity: 'medium',
    needs: [
      'key token secret signature Signature hmac digest Key Token KEY TOKEN SECRET mac password_hash hashed_password'.split(
        ' ',
      ),
      ['==', '!='],
    ],
    query: COMPARISON,
    accept: ({ node, source }) => comparesSecret(node('finding'), source),
  },
]

function makesSecret(node: Node, source: SourceView): boolean {
  const labels = purposesOf(node, source).map(wordsOf)
  const telling = labels.findIndex((label) => !NO_PURPOSE.test(label))
  const relevant = telling === -1 ? labels : labels.slice(0, telling + 1)
  return relevant.some((label) => SECRET_PURPOSE.test(label) && !HARMLESS_PURPOSE.test(label))
}

function skipsSignature({ node, name, method, positional, keywords, source }: Call): boolean {
  if (!/(?:^|\.)(?:jwt|jws|JWT|PyJWT\(\))\.\w+$/.test(name)) return false
  const algorithms = keywords.get('algorithms') ?? keywords.get('algorithm') ?? positional[2]
  if (method === 'encode') return isNone(algorithms)
  const options = keywords.get('options')
  const isUnverified =
    method === 'get_unverified_claims' ||
    keywords.get('verify')?.type === 'false' ||
    positional[2]?.type === 'false' ||
    (options !== undefined &&
      /verify_signature['"]?\s?[:=]\s?False/.test(resolve(options, source).text.slice(0, 400)))
  return (isUnverified && !isVerifiedAfterwards(node, source)) || isNone(algorithms)
}

/** The issuer of a token is looked at to find the key that it is checked with. */
function isVerifiedAfterwards(node: Node, source: SourceView): boolean {
  const text = textAround(node, source)
  return /\bdecode\([^)]{0,200}algorithms\s?=/.test(text.slice(text.indexOf(node.text) + node.text.length))
}

function isNone(algorithms: Node | undefined): boolean {
  if (algorithms === undefined) return false
  const listed = algorithms.type === 'list' ? algorithms.namedChildren : [algorithms]
  return listed.some((one) => literalText(one)?.toLowerCase() === 'none')
}

const STRONG =
  / (?:signature|hmac|mac|(?:api|access|secret|auth|private|hmac|webhook) (?:key|token|secret)|apikey|secret|(?:password|passwd|pwd) (?:hash|digest)|(?:hashed|hash|stored) (?:password|pwd)|(?:reset|session|csrf|bearer|auth|admin|verification|webhook|expected|valid|stored|service|internal|shared) token|otp|otp code) /
const WEAK = / (?:tokens?|key|password|digest|hash|sig) /
const REFERENCE =
  / (?:expected|computed|calculated|actual|stored|valid|correct|real|known|server|our|my|own|provided|given|received|supplied|header) /

/** Equality of two values of which one is a secret; with a literal, with one's own input, or of kinds it is none. */
function comparesSecret(comparison: Node, source: SourceView): boolean {
  const operator = comparison.children.find(({ isNamed }) => !isNamed)?.type
  const [left, right] = comparison.namedChildren
  if (left === undefined || right === undefined || (operator !== '==' && operator !== '!=')) return false
  if (isPlain(left) || isPlain(right) || isHarmlessPlace(comparison, source)) return false
  // Whether something changed.
  if (left.type === 'attribute' && right.type === 'attribute' && lastName(left) === lastName(right))
    return false
  const [a, b] = [describe(left), describe(right)]
  const isKept = (one: string) => STRONG.test(one)
  if (!isKept(a) && !isKept(b) && !WEAK.test(a) && !WEAK.test(b)) return false
  if (
    [a, b].some((one) =>
      / (?:confirm|confirmation|repeat|again|type|types|name|length|len|id|kind|count|version|algorithm|alg|method|scheme|format|field|url|uri|page|index|state|status) /.test(
        one,
      ),
    )
  )
    return false
  const origins = [left, right].map((side) => judge(side, source).origin)
  const isSent = origins.includes(INPUT) && origins.some((origin) => origin !== INPUT)
  if (isSent) return true
  if (isMac(left, source) || isMac(right, source)) return true
  const isReference = REFERENCE.test(a) || REFERENCE.test(b) || [left, right].some(isConstantLike)
  if ([left, right].some((side, index) => isKept([a, b][index]!) && isConstantLike(side))) return true
  return isKept(a) && isKept(b) && isReference
}

/** `__eq__` compares what two objects are made of; an assertion is a test's. */
function isHarmlessPlace(node: Node, source: SourceView): boolean {
  if (node.parent?.type === 'assert_statement') return true
  const scopes = scopesOf(source)
  const definition = scopes.node(scopes.at(node.startIndex))
  return /^__(?:eq|ne|lt|gt)__$/.test(definition.childForFieldName('name')?.text ?? '')
}

const PLAIN = new Set(
  'string integer float true false none list tuple dictionary lambda comparison_operator not_operator'.split(
    ' ',
  ),
)

function isPlain(node: Node): boolean {
  return PLAIN.has(node.type) && literalText(node) !== null ? true : PLAIN.has(node.type)
}

/** The words by which an operand is known: its name, the key that it is read with, the method that gives it. */
function describe(node: Node): string {
  const [key] = node.type === 'subscript' ? [literalText(node.childForFieldName('subscript'))] : [null]
  if (key !== null) return wordsOf(key)
  if (node.type !== 'call') return wordsOf(lastName(node))
  const first = literalText(node.childForFieldName('arguments')?.namedChildren[0] ?? null)
  const called = node.childForFieldName('function')
  const owner = lastName(called?.childForFieldName('object') ?? null)
  return wordsOf(first ?? `${owner} ${lastName(called)}`)
}

function isConstantLike(node: Node): boolean {
  return (
    /^_*[A-Z][A-Z\d_]+$/.test(lastName(node)) ||
    /^(?:self|settings|config|app)\./.test(node.text.slice(0, 20))
  )
}

/** Whether a value is computed with a key, or a hash of a password. */
function isMac(node: Node, source: SourceView): boolean {
  return derives(node, source, (part) => {
    if (part.type !== 'call') return false
    const called = part.childForFieldName('function')!
    if (/^hmac\.(?:new|HMAC|digest)$/.test(qualifiedName(called, source))) return true
    const isHash = /^hashlib\.|pbkdf2_hmac$|^bcrypt\.hashpw$/.test(qualifiedName(called, source))
    return isHash && / (?:password|passwd|pwd|secret) /.test(namesIn(part).map(wordsOf).join(''))
  })
}
