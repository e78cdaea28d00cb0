import type { Node } from 'web-tree-sitter'
import type { Rule, RuleMatch } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { argument, assignmentRule, type Call, callRule } from './call.ts'
import { isInput } from './flow.ts'
import { lastName, literalText, qualifiedName } from './names.ts'
import { beginningOf } from './values.ts'

const HTTP_CALL =
  /^(?:requests|httpx|aiohttp|urllib3|grequests|treq|cloudscraper)\b.*\.(?:get|post|put|patch|delete|head|options|request|stream|urlopen|Request)$|^urllib\.request\.(?:urlopen|urlretrieve|Request)$|^urllib2?\.(?:urlopen|urlretrieve)$|^(?:urlopen|urlretrieve)$|^http\.client\.HTTPS?Connection$|^socket\.create_connection$/
const CLIENT = /^(?:\w*(?:session|client|http|requests?|pool|https)\w*)$/i
const HTTP_METHODS = new Set('get post put patch delete head options request stream'.split(' '))
const CLIENT_CALLS = new Set(
  (
    'get post put patch delete head options request stream send Session Client AsyncClient HTTPTransport AsyncHTTPTransport ' +
    'client resource ws_connect TCPConnector create_session merge_environment_settings download fetch connect'
  ).split(' '),
)
const OFF_OPTIONS = new Set(
  'verify verify_ssl verify_certs ssl_verify validate_certs validate_cert tls_verify check_hostname assert_hostname ssl'.split(
    ' ',
  ),
)
const OLD_PROTOCOL =
  /^(?:PROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)|SSLv2_METHOD|SSLv3_METHOD|TLSv1_METHOD|TLSv1_1_METHOD|SSLv3|TLSv1|TLSv1_1)$/

/** Talking to others (CWE-918, CWE-295, CWE-327, CWE-322). */
export const NETWORK_RULES: readonly Rule[] = [
  callRule({
    id: 'py-request-to-given-address',
    title:
      'A request decides which address the server asks: allow known hosts only, it can reach your inner network',
    cwe: ['CWE-918'],
    severity: 'high',
    names: `${[...HTTP_METHODS].join(' ')} urlopen urlretrieve Request HTTPConnection HTTPSConnection create_connection`,
    needs: [],
    accept: asksGivenAddress,
  }),
  {
    id: 'py-tls-option-off',
    title: 'The certificate of the other side is not checked: leave verification on, or name your own CA',
    cwe: ['CWE-295'],
    severity: 'high',
    needs: ['False', [...OFF_OPTIONS]],
    query: '(keyword_argument) @finding',
    accept: switchesVerificationOff,
  },
  assignmentRule({
    id: 'py-tls-check-off',
    title:
      'A TLS context is told not to check certificates: leave verify_mode and check_hostname as they are',
    cwe: ['CWE-295'],
    severity: 'high',
    needs: [
      [
        'check_hostname',
        'verify_mode',
        '_create_unverified_context',
        '_create_default_https_context',
        '.verify',
      ],
    ],
    accept: (target, value, source) => setsCheckOff(target, value, source),
  }),
  callRule({
    id: 'py-tls-unverified-context',
    title: 'A TLS context that checks no certificate is made: use ssl.create_default_context()',
    cwe: ['CWE-295'],
    severity: 'high',
    names:
      '_create_unverified_context PoolManager HTTPSConnectionPool wrap_socket set_verify setopt SSLContext run_forever WebSocketApp create_connection ProxyManager',
    needs: [['_create_unverified_context', 'CERT_NONE', 'VERIFY_NONE', 'SSL_VERIFY']],
    accept: makesUncheckedContext,
  }),
  callRule({
    id: 'py-old-tls',
    title:
      'An old version of TLS that can be broken is asked for: leave the choice to ssl.create_default_context()',
    cwe: ['CWE-327', 'CWE-326'],
    severity: 'medium',
    names: 'SSLContext wrap_socket Context create_urllib3_context PoolManager',
    needs: [['SSLv2', 'SSLv3', 'TLSv1']],
    accept: ({ positional, keywords }) =>
      [...positional, ...keywords.values()].some((part) => OLD_PROTOCOL.test(lastName(part))),
  }),
  assignmentRule({
    id: 'py-old-tls-minimum',
    title: 'Old versions of TLS that can be broken are allowed: set the minimum to TLSv1_2',
    cwe: ['CWE-327', 'CWE-326'],
    severity: 'medium',
    needs: ['minimum_version', ['SSLv3', 'TLSv1']],
    accept: (target, value) =>
      lastName(target) === 'minimum_version' && /^(?:SSLv3|TLSv1|TLSv1_1)$/.test(lastName(value)),
  }),
  callRule({
    id: 'py-ssh-host-key',
    title:
      'Any host key is accepted: load known hosts and use RejectPolicy, or anybody in between is believed',
    cwe: ['CWE-322', 'CWE-295'],
    severity: 'medium',
    names: 'set_missing_host_key_policy connect',
    needs: [['AutoAddPolicy', 'WarningPolicy', 'known_hosts']],
    accept: ({ method, positional, keywords, name }) => {
      if (method === 'connect')
        return name.startsWith('asyncssh') && keywords.get('known_hosts')?.type === 'none'
      return /(?:AutoAddPolicy|WarningPolicy)\b/.test(positional[0]?.text ?? '')
    },
  }),
]

function asksGivenAddress(call: Call): boolean {
  const { name, method, receiver, keywords, source } = call
  const isKnown = HTTP_CALL.test(name)
  const isClient = receiver !== null && HTTP_METHODS.has(method) && CLIENT.test(lastName(receiver))
  if (!isKnown && !isClient) return false
  // A test client and a dictionary called session have no addresses.
  const index = method === 'request' || method === 'stream' ? 1 : 0
  const address = keywords.get('url') ?? keywords.get('host') ?? argument(call, index)
  if (address === null || !isInput(address, source)) return false
  if (!isKnown && !looksLikeClient(receiver!, source)) return false
  return !hasOwnHost(address, source)
}

/** A session of requests or httpx, not the session of the one who asks. */
function looksLikeClient(receiver: Node, source: SourceView): boolean {
  const values = source.valuesOf(receiver.text.slice(0, 100))
  return values.some((value) =>
    /(?:requests|httpx|aiohttp|urllib3|AsyncClient|ClientSession|PoolManager|Session)\b/.test(
      value.text.slice(0, 100),
    ),
  )
}

function hasOwnHost(address: Node, source: SourceView): boolean {
  const beginning = beginningOf(address, source)
  return beginning === null || /^[a-z][a-z\d+.-]*:\/\/[^/?#@]+[/?#:]|^\//i.test(beginning)
}

function switchesVerificationOff({ node, source }: RuleMatch): boolean {
  const finding = node('finding')
  const option = finding.childForFieldName('name')?.text ?? ''
  if (!OFF_OPTIONS.has(option) || finding.childForFieldName('value')?.type !== 'false') return false
  const called = finding.parent?.parent?.childForFieldName('function')
  if (called === null || called === undefined) return false
  const method = lastName(called)
  if (method === 'decode' || method === 'dict') return option !== 'verify' ? false : method === 'dict'
  if (option === 'ssl') {
    const isClient = CLIENT_CALLS.has(method) && method !== 'connect' && method !== 'Client'
    return isClient && source.imports((module) => module.startsWith('aiohttp'))
  }
  if (option === 'check_hostname' || option === 'verify_certs' || option.startsWith('validate_')) return true
  return (
    CLIENT_CALLS.has(method) || option !== 'verify' || /requests|httpx/.test(qualifiedName(called, source))
  )
}

function setsCheckOff(target: Node, value: Node, source: SourceView): boolean {
  const name = lastName(target)
  if (name === '_create_default_https_context') return lastName(value) === '_create_unverified_context'
  if (target.type !== 'attribute') return false
  const object = target.childForFieldName('object')!.text.slice(0, 100)
  if (name === 'verify') return value.type === 'false' && /sess|client|^s$|requests|http/i.test(object)
  const isOff =
    name === 'check_hostname'
      ? value.type === 'false'
      : name === 'verify_mode' && lastName(value) === 'CERT_NONE'
  // A server does not ask its clients for certificates.
  return (
    isOff && !source.valuesOf(object).some((made) => /CLIENT_AUTH|TLS_SERVER/.test(made.text.slice(0, 200)))
  )
}

function makesUncheckedContext({ name, method, positional, keywords }: Call): boolean {
  if (method === '_create_unverified_context') return name.startsWith('ssl.')
  if (method === 'setopt') {
    const isOff = positional[1]?.type === 'false' || positional[1]?.text === '0'
    return isOff && /SSL_VERIFY(?:PEER|HOST)$/.test(lastName(positional[0] ?? null))
  }
  if (method === 'set_verify') return lastName(positional[0] ?? null) === 'VERIFY_NONE'
  const given = keywords.get('cert_reqs') ?? keywords.get('sslopt')
  if (given === undefined || keywords.get('server_side')?.type === 'true') return false
  return literalText(given) === 'CERT_NONE' || /\bCERT_NONE\b/.test(given.text.slice(0, 200))
}
