import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { REQUEST_WORDS, traceRequest } from './input.ts'
import { argumentsOf, calleeOf, childrenOf, nameOf, parentOf } from './nodes.ts'
import { methods, rule } from './rule.ts'
import { isNeutralised, textBuiltBy } from './text.ts'

const LOGGERS = /^(?:console|log|logger|winston|pino|bunyan|logging|Logger)$|[lL]og(?:ger)?$/
const LEVELS = [
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'trace',
  'verbose',
  'fatal',
  'notice',
  'http',
  'silly',
]
const LOGGER_WORDS = [
  'console',
  'logger',
  'Logger',
  'log.',
  'Log.',
  'log?.',
  'Log?.',
  'winston',
  'pino',
  'bunyan',
  'logging',
]
const LOGGED_SECRET =
  /^(?:\w*(?:password|passwd|passphrase|Password|Passwd|secret|Secret|SECRET|PASSWORD|privateKey|private_key|PRIVATE_KEY|apiKey|api_key|API_KEY|accessToken|access_token|refreshToken|authToken|creditCard|cardNumber|cvv|ssn))$/

/** What others get to see: traces, secrets and lines of a log (CWE-209, CWE-532, CWE-117). */
export const EXPOSURE_RULES: readonly Rule[] = [
  rule({
    id: 'js-stack-sent',
    title: 'The stack of an error is sent to the client: log it, and send a message without it',
    cwe: ['CWE-209'],
    severity: 'low',
    needs: [['.stack'], ['.send(', '.json(', '.end(', '.write(', '.render(', '.html(', '.text(']],
    on: [methods(['send', 'json', 'end', 'write', 'render', 'html', 'text'])],
    accept: ({ source, finding: call }) => {
      const root = /^[\w$]+/.exec(call.text.slice(0, 64))?.[0] ?? ''
      if (!/^_?(?:res|response|reply|c|ctx)$/.test(root)) return false
      return argumentsOf(source, call).some((part) =>
        [part, ...part.descendantsOfType('member_expression')].some(
          (member) => isStack(member) && !isChosenByEnvironment(source, member),
        ),
      )
    },
  }),
  rule({
    id: 'js-secret-logged',
    title: 'A password, key or token is written to the log: leave it out',
    cwe: ['CWE-532'],
    severity: 'medium',
    needs: [
      LOGGER_WORDS,
      [
        ...[
          'assword',
          'asswd',
          'assphrase',
          'ecret',
          'SECRET',
          'PASSWORD',
          'rivateKey',
          'rivate_key',
          'PRIVATE_KEY',
        ],
        ...[
          'piKey',
          'pi_key',
          'API_KEY',
          'ccessToken',
          'access_token',
          'efreshToken',
          'uthToken',
          'reditCard',
        ],
        ...['ardNumber', 'cvv', 'ssn'],
      ],
    ],
    on: [methods(LEVELS)],
    accept: ({ source, finding: call }) => {
      if (!LOGGERS.test(nameOf(calleeOf(call).object))) return false
      return argumentsOf(source, call).some((part) =>
        logged(source, part).some((value) => LOGGED_SECRET.test(nameOf(value))),
      )
    },
  }),
  rule({
    id: 'js-log-injection',
    title: 'What a client sends becomes part of a log line and may add lines of its own: log it as a field',
    cwe: ['CWE-117'],
    severity: 'low',
    needs: [REQUEST_WORDS, LOGGER_WORDS],
    on: [methods(LEVELS)],
    accept: ({ source, finding: call }) => {
      if (!LOGGERS.test(nameOf(calleeOf(call).object))) return false
      const [first] = argumentsOf(source, call)
      if (first === undefined) return false
      const { text, holes } = textBuiltBy(source, first)
      return text.length > holes.length && holes.some(({ value }) => isLoggedInput(source, value, call))
    },
  }),
]

function isStack(member: Node): boolean {
  return (
    nameOf(member) === 'stack' &&
    /^(?:e|err|error|ex|exception|cause|reason|\w*[eE]rr(?:or)?)$/.test(
      nameOf(member.childForFieldName('object')),
    )
  )
}

const MAX_ANCESTORS = 24
const ENVIRONMENT = /env|dev|prod|debug|expose|verbose|local|showStack/i

/** `stack: isProduction ? undefined : error.stack` */
function isChosenByEnvironment(source: SourceView, member: Node): boolean {
  let node: Node | null = member
  for (let i = 0; i < MAX_ANCESTORS && node !== null; i++) {
    const condition = node.childForFieldName('condition') ?? node.childForFieldName('left')
    if (condition !== null && ENVIRONMENT.test(condition.text.slice(0, 200))) return true
    node = parentOf(source, node)
  }
  return false
}

/** The values that a part of a call writes to a log: itself, the holes of a text, the members of an object. */
function logged(source: SourceView, part: Node): readonly Node[] {
  switch (part.type) {
    case 'template_string':
    case 'binary_expression':
      return textBuiltBy(source, part).holes.map(({ value }) => value)
    case 'object':
      return childrenOf(source, part).map((child) =>
        child.type === 'pair' ? (child.childForFieldName('value') ?? child) : child,
      )
    case 'call_expression':
      return calleeOf(part).name === 'stringify'
        ? argumentsOf(source, part).flatMap((inner) => logged(source, inner))
        : []
    default:
      return [part]
  }
}

function isLoggedInput(source: SourceView, value: Node, place: Node): boolean {
  if (isNeutralised(source, value, /stringify|encode|escape|sanit|inspect|clean|redact|mask/i)) return false
  const traced = traceRequest(source, value)
  // Express and Node leave no line ends in these.
  if (
    traced === null ||
    /\.(?:url|path|originalUrl|hostname|headers|ip|method)$|\.get\(|\.header\(/.test(traced.origin.text)
  )
    return false
  return !isGuarded(source, traced, place)
}
