import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { type Trace, trace } from './flow.ts'
import { calleeOf, nameOf } from './nodes.ts'
import { parameterOf } from './scope.ts'

/** One of these is in every file in which {@link isRequestInput} can hold of something. */
export const REQUEST_WORDS: readonly string[] = [
  ...[
    'req.',
    'req?.',
    'req!',
    'req as',
    'req)',
    'req\n',
    'request',
    'Request',
    'ctx',
    'context',
    'event',
    'evt',
  ],
  ...['getQuery', 'readBody', 'readRawBody', 'readFormData', 'getRouterParam', 'getRequest', 'getHeader'],
  ...['@Query', '@Param', '@Body', '@Header', '@UploadedFile', 'searchParams', 'params', 'query', 'body'],
  ...['payload', 'headers', 'cookies'],
]

/** Follows a value back to what a client of a server sends: see {@link isRequestInput}. */
export function traceRequest(source: SourceView, node: Node): Trace | null {
  return trace(source, node, (part) => isRequestInput(source, part))
}

/** Follows a value back to what the address of a page or another window says. */
export function traceBrowser(source: SourceView, node: Node): Trace | null {
  return trace(source, node, isBrowserInput)
}

const REQUESTS = /^_?(?:req|request|ctx|context|event|evt|httpRequest)$/
const REQUEST_PARTS = new Set([
  ...[
    'query',
    'body',
    'params',
    'headers',
    'cookies',
    'signedCookies',
    'files',
    'file',
    'payload',
    'nextUrl',
  ],
  ...['url', 'originalUrl', 'hostname', 'rawBody', 'search', 'searchParams', 'querystring', 'fields'],
  ...['queryStringParameters', 'multiValueQueryStringParameters', 'pathParameters', 'rawPath'],
  ...['rawQueryString', 'path', 'href'],
])
/** Of objects that have many other uses, such as the events of a page. */
const HANDLER_PARTS =
  /^(?:query|body|params|headers|cookies|queryStringParameters|multiValueQueryStringParameters|pathParameters|rawPath|rawQueryString)$/
const REQUEST_METHODS = /^(?:header|param|query|queries|json|text|formData|parseBody|arrayBuffer)$/
/** Functions of h3, which Nuxt and Nitro use. */
const REQUEST_FUNCTIONS =
  /^(?:getQuery|readBody|readRawBody|readFormData|getRouterParams?|getRequestURL|(?:getRequest|get)Header)$/
const PARAMETER_PARTS = /^(?:query|body|params|headers|cookies|payload|searchParams|queryStringParameters)$/
const RESPONSES = /^_?(?:res|reply|response|h|next)\b/
const DECORATORS = /^@(?:Query|Param|Params|Body|Headers|HeaderParam|QueryParam|BodyParam|UploadedFile)\b/

/**
 * Whether an expression is what somebody else sends: parts of the requests of Express, Fastify, Koa, Hapi, Hono, Next,
 * h3, Lambda and the Fetch API, and the parameters of handlers that stand for them.
 */
export function isRequestInput(source: SourceView, node: Node): boolean {
  switch (node.type) {
    case 'member_expression': {
      const owner = nameOf(node.childForFieldName('object'))
      if (/^(?:context|event|evt)$/.test(owner)) return HANDLER_PARTS.test(nameOf(node))
      return REQUEST_PARTS.has(nameOf(node)) && REQUESTS.test(owner)
    }
    case 'call_expression': {
      const { name, object } = calleeOf(node)
      if (object === null) return REQUEST_FUNCTIONS.test(name)
      const owner = nameOf(object)
      if (name === 'get') return /^_?(?:req|request|ctx)$/.test(owner)
      return REQUEST_METHODS.test(name) && /^_?(?:req|request)$/.test(owner)
    }
    case 'identifier':
    case 'shorthand_property_identifier':
      return isHandlerParameter(source, node)
    default:
      return false
  }
}

/** `{ query }` of `({ query }, res) => …`, `searchParams` of a Next page, `@Query('q') q: string` of Nest. */
function isHandlerParameter(source: SourceView, name: Node): boolean {
  if (source.valuesOf(name.text).length > 0) return false
  const parameter = parameterOf(source, name)
  if (parameter === null) return false
  const { of, whole } = parameter
  const decorator = whole.childForFieldName('decorator')
  if (decorator !== null)
    return DECORATORS.test(decorator.text) && !/:\s*(?:number|boolean)\b/.test(whole.text)
  const key = outermostKey(whole, parameter.name)
  if (key === null || !PARAMETER_PARTS.test(key)) return false
  const second = of.childForFieldName('parameters')?.namedChildren[1]
  return key === 'searchParams' || key === 'params' || RESPONSES.test(second?.text ?? '')
}

/** `query` for the `id` in `{ query: { id } }`. */
function outermostKey(whole: Node, name: Node): string | null {
  const pattern = whole.type === 'object_pattern' ? whole : whole.childForFieldName('pattern')
  if (pattern?.type !== 'object_pattern') return null
  const part = pattern.namedChildren.find(
    (child) => child.startIndex <= name.startIndex && name.endIndex <= child.endIndex,
  )
  return part === undefined ? null : (/^["']?(\w+)/.exec(part.text.slice(0, 64))?.[1] ?? null)
}

/** Whether an expression of a page's script is what a link or another window can choose. */
export function isBrowserInput(node: Node): boolean {
  if (node.type === 'call_expression') {
    return /^(?:useSearchParams|useParams)$/.test(calleeOf(node).name)
  }
  if (node.type !== 'member_expression') return false
  const object = nameOf(node.childForFieldName('object'))
  switch (nameOf(node)) {
    case 'hash':
    case 'search':
    case 'href':
      return object === 'location'
    case 'referrer':
    case 'URL':
    case 'documentURI':
      return object === 'document'
    case 'name':
      return object === 'window'
    case 'data':
      return /^(?:event|evt|e|ev|message|msg)$/.test(object)
    case 'query':
      return object === 'router' || object === 'route'
    default:
      return false
  }
}

const SECRET =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|credential|signature|hmac|(?:api|access|auth|private|signing|encryption|master|session|crypto|secret)_?-?key|token|otp|csrf|xsrf|nonce|jwt|session_?-?id)s?(?:_?-?(?:value|hash|text|str|string|hex|dev|prod|test|\d+))?$/i

/** Whether a name says that what it stands for is to be kept secret: `resetToken`, `API_KEY`, `x-signature`. */
export function nameSuggestsSecret(name: string): boolean {
  return SECRET.test(name)
}
