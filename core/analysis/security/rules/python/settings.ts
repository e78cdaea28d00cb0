import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { assignmentRule, CALL, type Call, callRule } from './call.ts'
import { isInput, judge } from './flow.ts'
import { INPUT, isRequestInput } from './input.ts'
import { lastName, literalText } from './names.ts'
import { searchable } from './scope.ts'
import { resolve } from './values.ts'

const DJANGO_SETTINGS = [
  'INSTALLED_APPS',
  'MIDDLEWARE',
  'ALLOWED_HOSTS',
  'SECRET_KEY',
  'ROOT_URLCONF',
  'DATABASES',
]
const COOKIE_SETTING = /^(?:SESSION|CSRF|REMEMBER)_COOKIE_(?:SECURE|HTTPONLY)$/
const SESSION_COOKIE = /sess|token|auth|jwt|sid\b|remember|login|credential|api.?key/i

/** How a web application is set up (CWE-614, CWE-1004, CWE-942, CWE-489, CWE-352, CWE-915). */
export const SETTING_RULES: readonly Rule[] = [
  callRule({
    id: 'py-debug-mode',
    title:
      'The server is started in debug mode: anybody can run code in its debugger, switch it on by environment only',
    cwe: ['CWE-489', 'CWE-94'],
    severity: 'high',
    names: 'run FastAPI Starlette Flask Application run_simple Sanic',
    needs: ['True', ['debug', 'use_debugger']],
    accept: ({ name, method, receiver, keywords }) => {
      const isOn = keywords.get('debug')?.type === 'true' || keywords.get('use_debugger')?.type === 'true'
      if (!isOn) return false
      if (method !== 'run' && !name.endsWith('.run')) return true
      return /(?:^|[._])(?:app|application|server|api|socketio|create_app\(\)|bottle|web)$/i.test(
        receiver?.text ?? '',
      )
    },
  }),
  assignmentRule({
    id: 'py-debug-setting',
    title:
      'Debug mode is switched on in the settings: its error pages show source and secrets, read it from the environment',
    cwe: ['CWE-489', 'CWE-215'],
    severity: 'medium',
    needs: ['True', ['DEBUG', '.debug']],
    accept: (target, value, source) => value.type === 'true' && isDebugSetting(target, source),
  }),
  callRule({
    id: 'py-cookie-unprotected',
    title:
      'A cookie that signs people in can be read by scripts or sent in the clear: set secure, httponly and samesite',
    cwe: ['CWE-614', 'CWE-1004'],
    severity: 'medium',
    names: 'set_cookie',
    needs: [],
    accept: isCookieUnprotected,
  }),
  assignmentRule({
    id: 'py-cookie-setting',
    title: 'Session cookies may be read by scripts or sent in the clear: leave SECURE and HTTPONLY on',
    cwe: ['CWE-614', 'CWE-1004'],
    severity: 'medium',
    needs: ['False', ['_COOKIE_SECURE', '_COOKIE_HTTPONLY']],
    accept: (target, value) => value.type === 'false' && COOKIE_SETTING.test(settingName(target)),
  }),
  callRule({
    id: 'py-cors-credentials',
    title:
      'Every site may send requests in the name of those signed in here: name the origins that may use credentials',
    cwe: ['CWE-942'],
    severity: 'high',
    names: 'CORS cross_origin add_middleware CORSMiddleware Middleware setup ResourceOptions',
    needs: [['CORS', 'cross_origin', 'cors']],
    accept: allowsEveryOrigin,
  }),
  assignmentRule({
    id: 'py-cors-echoed',
    title:
      'The origin of a request is allowed whatever it is: compare it with a list before it goes into the answer',
    cwe: ['CWE-942', 'CWE-346'],
    severity: 'high',
    needs: ['Access-Control-Allow-Origin'],
    accept: (target, value, source) =>
      target.type === 'subscript' &&
      /Access-Control-Allow-Origin['"]\]$/.test(target.text.slice(-40)) &&
      isInput(value, source),
  }),
  assignmentRule({
    id: 'py-cors-setting',
    title:
      'Every site may send requests in the name of those signed in here: list the origins that may use credentials',
    cwe: ['CWE-942'],
    severity: 'high',
    needs: ['CORS_ALLOW_CREDENTIALS', ['CORS_ALLOW_ALL_ORIGINS', 'CORS_ORIGIN_ALLOW_ALL']],
    accept: (target, value, source) =>
      value.type === 'true' &&
      /^CORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)$/.test(settingName(target)) &&
      source.valuesOf('CORS_ALLOW_CREDENTIALS').some(({ type }) => type === 'true'),
  }),
  {
    id: 'py-csrf-exempt',
    title:
      'A view accepts requests from other sites: leave the protection against CSRF on, or check a signature',
    cwe: ['CWE-352'],
    severity: 'medium',
    needs: ['csrf_exempt'],
    query: '(decorator) @finding',
    accept: ({ node, source }) => isExempt(node('finding'), source),
  },
  assignmentRule({
    id: 'py-csrf-setting',
    title: 'Forms are accepted from other sites: leave the protection against CSRF on',
    cwe: ['CWE-352'],
    severity: 'medium',
    needs: ['False', ['WTF_CSRF_ENABLED', 'WTF_CSRF_CHECK_DEFAULT']],
    accept: (target, value) =>
      value.type === 'false' && /^WTF_CSRF_(?:ENABLED|CHECK_DEFAULT)$/.test(settingName(target)),
  }),
  callRule({
    id: 'py-mass-assignment',
    title: 'A request decides which fields of a record are set: name the fields that it may set',
    cwe: ['CWE-915'],
    severity: 'medium',
    names: 'create update update_or_create get_or_create from_dict setattr update_one insert_one filter_by',
    needs: [],
    accept: assignsWhatIsSent,
  }),
  {
    id: 'py-model-from-request',
    title: 'A record is made of all that a request sends: name the fields that it may set',
    cwe: ['CWE-915'],
    severity: 'medium',
    needs: ['**'],
    query: CALL,
    accept: ({ node, source }) => isModelMadeOfBody(node('finding'), source),
  },
]

function isDebugSetting(target: Node, source: SourceView): boolean {
  if (target.type === 'identifier') {
    return target.text === 'DEBUG' && DJANGO_SETTINGS.some((name) => source.valuesOf(name).length > 0)
  }
  if (target.type === 'attribute') return /^(?:app|application)\.debug$/.test(target.text)
  return target.type === 'subscript' && /^(?:app|application)\.config\[['"]DEBUG['"]\]$/.test(target.text)
}

/** `X` of `X`, `config.X`, `app.config['X']`. */
function settingName(target: Node): string {
  if (target.type !== 'subscript') return lastName(target)
  return literalText(target.childForFieldName('subscript')) ?? ''
}

function isCookieUnprotected({ positional, keywords, hasMore, source }: Call): boolean {
  const secure = keywords.get('secure')
  const httponly = keywords.get('httponly')
  const name = positional[0] ?? keywords.get('key')
  if (name === undefined || hasMore) return false
  const text = name.type === 'identifier' || name.type === 'attribute' ? name.text : literalText(name)
  const made = literalText(resolve(name, source)) ?? text ?? ''
  if (/csrf|xsrf/i.test(made)) return secure?.type === 'false'
  if (!SESSION_COOKIE.test(`${text} ${made}`)) return false
  return [secure, httponly].some((flag) => flag === undefined || flag.type === 'false')
}

const EVERY_ORIGIN = /['"]origins['"]\s{0,3}:\s{0,3}\[?\s{0,3}['"]\*['"]/

function allowsEveryOrigin({ name, method, positional, keywords, source }: Call): boolean {
  if (/^(?:add_middleware|Middleware)$/.test(method) && lastName(positional[0] ?? null) !== 'CORSMiddleware')
    return false
  const isFlask = /CORS$|cross_origin$/.test(name)
  const credentials = keywords.get(isFlask ? 'supports_credentials' : 'allow_credentials')
  if (credentials?.type !== 'true') return false
  const origins = keywords.get(isFlask ? 'origins' : 'allow_origins')
  const pattern = keywords.get('allow_origin_regex') ?? keywords.get('origin_regex')
  if (pattern !== undefined && /^\^?\.[*+]\$?$|^https\?:\/\/\.[*+]\$?$/.test(literalText(pattern) ?? ''))
    return true
  const resources = keywords.get('resources')
  if (resources !== undefined && EVERY_ORIGIN.test(resources.text.slice(0, 1_000))) return true
  if (origins === undefined) return isFlask && resources === undefined
  const made = resolve(origins, source)
  const listed = made.type === 'list' || made.type === 'tuple' ? made.namedChildren : [made]
  return listed.some((origin) => literalText(origin) === '*')
}

/** Hooks that other services call are exempt for good reason when they check a signature. */
function isExempt(decorator: Node, source: SourceView): boolean {
  if (lastName(decorator.namedChildren[0] ?? null) !== 'csrf_exempt') return false
  const definition = decorator.parent?.childForFieldName('definition') ?? decorator
  const text = searchable(definition, source)
  return !/compare_digest|construct_event|verify|validate|signature|hmac/i.test(text)
}

function assignsWhatIsSent({ node, method, positional, source }: Call): boolean {
  if (method === 'setattr') {
    const [, name] = positional
    return name !== undefined && isInput(name, source)
  }
  const splat = splatOf(node)
  if (splat !== null) return method !== 'filter_by' && isWholeBody(splat, source)
  const [fields] = positional
  const isRecord = /objects|\.(?:filter|query)\b|_one$/.test(`${node.text.slice(0, 80)}${method}`)
  return fields !== undefined && isRecord && isWholeBody(fields, source)
}

const NO_MODEL =
  /(?:Schema|Form|Serializer|Request|Response|Error|Exception|Config|Args|Params|DTO|Dto|Input|In|Query|Filter)$/

function isModelMadeOfBody(call: Node, source: SourceView): boolean {
  const model = lastName(call.childForFieldName('function'))
  if (!/^[A-Z][a-z]\w*$/.test(model) || NO_MODEL.test(model)) return false
  const splat = splatOf(call)
  return splat !== null && isWholeBody(splat, source)
}

/** `fields` of `Model(**fields)`. */
function splatOf(call: Node): Node | null {
  const given = call.childForFieldName('arguments')?.namedChildren ?? []
  return given.find(({ type }) => type === 'dictionary_splat')?.namedChildren[0] ?? null
}

/** The body as it came, not a part of it nor what a schema left of it. */
function isWholeBody(node: Node, source: SourceView): boolean {
  const made = resolve(node, source)
  const whole = made.type === 'await' ? (made.namedChildren[0] ?? made) : made
  if (judge(whole, source).origin !== INPUT) return false
  return (
    isRequestInput(whole, source) ||
    /^(?:request|self\.request)\.\w+\.(?:to_dict|dict|copy)\(/.test(whole.text)
  )
}
