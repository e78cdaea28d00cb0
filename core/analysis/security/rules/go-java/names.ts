/** The words of a name: `apiKeyV2`, `API_KEY_V2` and `api-key-v2` are `api key v2`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')
}

const PASSWORD = /\b(?:password|passwd|pwd|pw|passphrase|pass phrase|passcode)\b/
const KEYS =
  'api access secret private auth signing sign jwt encryption encrypt hmac aes master shared session'.split(
    ' ',
  )
const SECRET = new RegExp(
  `\\b(?:password|passwd|pwd|pw|pass|passphrase|passcode|cred|creds|secret|secrets|token|credential|credentials|apikey|(?:${KEYS.join('|')}) key)\\b`,
)
/** What a name is about when it speaks of a secret and is none. */
const ABOUT =
  /\b(?:field|name|names|path|file|filename|url|uri|header|headers|label|id|ids|prefix|suffix|type|types|length|len|size|regex|regexp|pattern|param|params|parameter|policy|hint|placeholder|prompt|message|msg|error|err|timeout|ttl|expiry|expires|expiration|lifetime|age|manager|service|env|column|attr|attribute|attributes|endpoint|provider|min|max|count|page|store|cookie|input|form|format|reset|property|prop|kind|class|selector|index|pos|position|offset|algorithm|alg|issuer|scheme|scope|audience|ref|reference|title|text|table|query|sql|topic|event|metric|status|action|route|view|template|tag|encoder|validator|generator|separator|delimiter|link|location|claim|claims|usage|description|desc|help|key name|source|version|encoding|hash|digest|option|options|factory|setting|settings|config|handler|filter|request|response|button|view|module|package|mode|period|rotation|enabled|required)$/

/** Whether something of this name is a password. */
export function suggestsPassword(name: string): boolean {
  const words = wordsOf(name).join(' ')
  return PASSWORD.test(words) && !ABOUT.test(words)
}

/** Whether something of this name is to be known to few: a password, a token, a key. */
export function suggestsSecret(name: string): boolean {
  const words = wordsOf(name).join(' ')
  return SECRET.test(words) && !ABOUT.test(words)
}

/** Whether something of this name must not be guessed. */
export function suggestsUnguessable(name: string): boolean {
  const words = wordsOf(name).join(' ')
  return UNGUESSABLE.test(words) && !COUNTED.test(words)
}

const UNGUESSABLE =
  /\b(?:token|tokens|password|passwd|pwd|passphrase|passcode|secret|secrets|otp|totp|pin|nonce|salt|csrf|xsrf|credential|credentials|apikey|sessionid|session|session (?:id|key)|(?:api|secret|private|encryption|signing|aes|hmac) key|iv|(?:reset|verification|verify|auth|invite|recovery|activation|confirmation|login|sms) code|2fa|mfa|voucher|captcha)\b/
const COUNTED =
  /\b(?:bucket|buckets|timeout|length|len|limit|shard|sample|count|jitter|delay|retry|backoff|interval|duration)\b/

/** Whether something of this name is compared to let somebody in. */
export function suggestsVerifier(name: string): boolean {
  return /\b(?:mac|hmac|signature|sig|token|secret|api key|apikey|digest|password|passwd|otp|csrf)\b/.test(
    wordsOf(name).join(' '),
  )
}

const PLACEHOLDER =
  /test|example|sample|dummy|fake|mock|placeholder|change.?me|replace|insert|todo|fixme|redacted|your|none|null|undefined|unset|default|xxx|\*{3}|\.{3}|^<.*>$|\$\{|\{\{|%[sdvq]|foo|bar$|lorem|n\/a/i

/**
 * Whether a literal may be the secret that its name speaks of: no placeholder, no word about secrets, no sentence, path
 * or name of something.
 */
export function mayBeSecret(name: string, value: string): boolean {
  if (UNREAL.test(wordsOf(name).join(' '))) return false
  if (value.length < 4 || value.length > 400) return false
  if (PLACEHOLDER.test(value) || /\s|^[./#@:$]|^[a-z][a-z\d+]{1,20}:\/\/|[(){}<>]|\\u[\da-f]{4}/i.test(value))
    return false
  if (/^(?:my|super|top|very|our|shh)[-_.]?\w*(?:secret|password|key)/i.test(value)) return true
  const words = wordsOf(value)
  if (words.join('').startsWith(wordsOf(name).join('')) || words.every((word) => NAMING.test(word)))
    return false
  // A name of a secret: keystorePassword, InitialAccessToken.
  if (!/\d/.test(value) && words.length > 1 && suggestsSecret(value)) return false
  // ENVIRONMENT_VARIABLE, message.key, Header-Name: a name of where the secret is.
  if (
    /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)+$/.test(value) ||
    /^[a-z]+(?:[._][a-zA-Z]+)+$|^[a-z]+(?:\.[a-z][a-z\d]*)+\.[A-Z]\w*$/.test(value)
  )
    return false
  if (/^(?:[A-Z][a-z]*-)+[A-Z][a-z]*$/.test(value) || /^(?:application|text|urn|grant|image)[:/]/.test(value))
    return false
  if (suggestsPassword(name)) return true
  return value.length >= 8 && (/\d/.test(value) || value.length >= 16)
}

const UNREAL = /\b(?:test|dummy|example|fake|mock|sample|placeholder|invalid|wrong|bad)\b/
const NAMING =
  /^(?:access|refresh|id|token|tokens|client|secret|secrets|api|key|keys|apikey|auth|authorization|user|username|password|passwd|pwd|pass|x|csrf|xsrf|session|jwt|new|old|confirm|current|reset|hash|bearer|basic|oauth|private|public|signing|credential|credentials|plain|plaintext|encoded|encrypted|string|identifier|is|has|no|not|missing|invalid|required|empty)$/

/** One of these is in every source that has a name which `suggestsSecret` holds of. */
export const SECRET_WORDS: readonly string[] = [
  ...['assword', 'ASSWORD', 'asswd', 'ASSWD', 'pwd', 'Pwd', 'PWD', 'pw', 'Pw', 'PW', 'pass', 'Pass', 'PASS'],
  ...['cred', 'Cred', 'CRED', 'ecret', 'ECRET', 'oken', 'OKEN', 'apikey', 'APIKEY', 'Apikey'],
  ...KEYS.flatMap((word) => [
    `${word.slice(1)}Key`,
    `${word.toUpperCase()}Key`,
    `${word}_key`,
    `${word}-key`,
    `${word.slice(1)}_Key`,
    `${word.slice(1)}-Key`,
    `${word.toUpperCase()}_KEY`,
    `${word.toUpperCase()}KEY`,
  ]),
]
