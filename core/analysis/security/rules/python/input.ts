import type { Node } from 'web-tree-sitter'
import type { SourceView } from '../../source-view.ts'
import { lastName, qualifiedName } from './names.ts'
import { MODULE, scopesOf } from './scope.ts'

/** What is known of where a value comes from. */
export const FIXED = 0
/** It changes from call to call, and nothing is known of who chooses it. */
export const UNKNOWN = 1
/** Somebody outside chooses it: it came with a request. */
export const INPUT = 2
export type Origin = typeof FIXED | typeof UNKNOWN | typeof INPUT

const words = (text: string) => new Set(text.split(' '))

/** What the request objects of Flask, Django, Starlette, aiohttp, Sanic, Bottle, Tornado and Pyramid hold of the request. */
const REQUEST_DATA = words(
  'args form values json data files headers cookies GET POST FILES META COOKIES body query query_params path_params ' +
    'query_string full_path query_arguments body_arguments arguments match_info rel_url params forms raw_post referrer ' +
    'matchdict json_body json_params content_params view_args get_json get_data read stream text post multipart get_argument',
)
const REQUEST_CALLS = words(
  'get_json get_data json body form text post read stream get_argument get_query_argument get_body_argument get_arguments ' +
    'get_query_arguments get_body_arguments receive_text receive_json receive_bytes get_full_path getlist',
)
const REQUEST_NAMES = words('request req http_request websocket')
const CONNECTION_NAMES = words('websocket ws socket')
const SERVER_DATA = words('path headers rfile')

/**
 * Whether this very expression reads something of a request: `request.args`, `await request.json()`,
 * `self.get_argument('q')`, `self.headers` in a `do_GET`. Parts and derivations of it are not looked at.
 */
export function isRequestInput(node: Node, source: SourceView): boolean {
  if (node.type === 'call') return isInputCall(node, source)
  if (node.type !== 'attribute') return false
  const object = node.childForFieldName('object')
  const attribute = lastName(node)
  if (object === null) return false
  if (object.text === 'self') {
    return SERVER_DATA.has(attribute) && /^do_[A-Z]+$/.test(nameOf(enclosing(node, source)) ?? '')
  }
  return REQUEST_DATA.has(attribute) && isRequest(object, source)
}

function isInputCall(node: Node, source: SourceView): boolean {
  const called = node.childForFieldName('function')
  const name = lastName(called)
  if (called?.type !== 'attribute' || !REQUEST_CALLS.has(name)) return false
  const object = called.childForFieldName('object')!
  if (object.text === 'self') return name.startsWith('get_') && name.includes('argument')
  if (name.startsWith('receive_')) return CONNECTION_NAMES.has(object.text)
  return isRequest(object, source)
}

function isRequest(object: Node, source: SourceView): boolean {
  if (object.type === 'attribute') {
    return lastName(object) === 'request' && object.childForFieldName('object')?.type === 'identifier'
  }
  if (object.type !== 'identifier' || !REQUEST_NAMES.has(object.text)) return false
  const scopes = scopesOf(source)
  const { values } = scopes.bindings(object.text, scopes.at(object.startIndex), object)
  return values.every((value) => /request$/.test(value.text.slice(-40)) && value.type === 'attribute')
}

const OWN_PARAMETERS = words(
  'self cls request req response session db conn connection cursor cur app client logger settings config engine context',
)
const SAFE_TYPES =
  /\b(?:int|float|bool|complex|Decimal|UUID\d?|date|datetime|timedelta|Literal|Enum|PositiveInt|conint|IPv[46]Address|Depends|Security|Request|Response|BackgroundTasks|AsyncSession|Session|Connection|Cursor)\b/
const SAFE_DEFAULTS = /^(?:-?\d|True$|False$|Depends\(|Security\()/

/** Where the value of a parameter comes from, when nothing else is bound to its name. */
export function parameterOrigin(parameter: Node, scope: number, source: SourceView): Origin {
  const text = parameter.text.slice(0, 300)
  const name = /^\**(\w+)/.exec(text)?.[1] ?? ''
  if (OWN_PARAMETERS.has(name)) return FIXED
  const type = parameter.childForFieldName('type')?.text.slice(0, 200) ?? ''
  const preset = parameter.childForFieldName('value')?.text.slice(0, 200) ?? ''
  if (SAFE_TYPES.test(type) || SAFE_DEFAULTS.test(preset)) return FIXED
  return isHandler(scope, source) ? INPUT : UNKNOWN
}

const ROUTE_DECORATORS = words('route get post put patch delete head options websocket api_route')
const HANDLER_METHODS = words('get post put patch delete head options')
const HANDLER_CLASS = /(?:View|Resource|Handler|Endpoint|ViewSet|Controller)\b/

const handlers = new WeakMap<SourceView, Map<number, boolean>>()

/** Whether a function answers requests: its parameters are then parts of the path, the query or the body. */
function isHandler(scope: number, source: SourceView): boolean {
  if (scope === MODULE) return false
  const known = handlers.get(source) ?? new Map<number, boolean>()
  handlers.set(source, known)
  const found = known.get(scope)
  if (found !== undefined) return found
  const made = isRouted(scope, source) || takesRequest(scope, source) || isHandlerMethod(scope, source)
  known.set(scope, made)
  return made
}

/** The decorators that make a function the handler of a path: `@app.route('/x')`, `@router.get('/x')`. */
export function routeDecorators(node: Node): Node[] {
  const parent = node.parent
  if (parent?.type !== 'decorated_definition') return []
  return parent.namedChildren.filter((child) => {
    const call = child.type === 'decorator' ? child.namedChildren[0] : null
    const called = call?.type === 'call' ? call.childForFieldName('function') : null
    const first = call?.childForFieldName('arguments')?.namedChildren[0]
    return called?.type === 'attribute' && ROUTE_DECORATORS.has(lastName(called)) && first?.type === 'string'
  })
}

function isRouted(scope: number, source: SourceView): boolean {
  return routeDecorators(scopesOf(source).node(scope)).length > 0
}

/** The views of Django and aiohttp, and the functions of AWS Lambda. */
function takesRequest(scope: number, source: SourceView): boolean {
  const [first, second] = scopesOf(source).parameters(scope).entries()
  if (first?.[0] === 'event') return second?.[0] === 'context'
  // pytest calls what a fixture gets a request, too.
  const type = first?.[1].childForFieldName('type')?.text ?? 'Request'
  return (
    first?.[0] === 'request' &&
    /(?:^|\W|Http|Web|Rest)Request\b/.test(type.slice(0, 100)) &&
    !isFixture(scope, source)
  )
}

function isFixture(scope: number, source: SourceView): boolean {
  const { parent } = scopesOf(source).node(scope)
  if (parent?.type !== 'decorated_definition') return false
  return parent.namedChildren.some(
    ({ type, text }) => type === 'decorator' && /\bfixture\b/.test(text.slice(0, 60)),
  )
}

function isHandlerMethod(scope: number, source: SourceView): boolean {
  const node = scopesOf(source).node(scope)
  const parameters = scopesOf(source).parameters(scope)
  if (!parameters.has('self')) return false
  if (!HANDLER_METHODS.has(nameOf(node) ?? '') && !parameters.has('request')) return false
  let owner = node.parent
  if (owner?.type === 'decorated_definition') owner = owner.parent
  const bases = owner?.parent?.childForFieldName('superclasses')
  return (bases?.namedChildren ?? []).some((base) =>
    HANDLER_CLASS.test(qualifiedName(base, source).slice(-100)),
  )
}

function enclosing(node: Node, source: SourceView): Node {
  const scopes = scopesOf(source)
  return scopes.node(scopes.at(node.startIndex))
}

function nameOf(definition: Node): string | null {
  return definition.childForFieldName('name')?.text ?? null
}
