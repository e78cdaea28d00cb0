import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { REQUEST_WORDS, traceBrowser, traceRequest } from './input.ts'
import {
  argumentOf,
  argumentsOf,
  calleeOf,
  isFunction,
  memberOf,
  moduleOf,
  nameOf,
  stringOf,
} from './nodes.ts'
import { calls, constructions, functions, rule } from './rule.ts'
import { isFixed, textBuiltBy } from './text.ts'

const TEMPLATE_ENGINES =
  /^(?:handlebars|hbs|ejs|pug|jade|nunjucks|mustache|lodash|underscore|dot|eta|liquidjs|twig|swig|_)$/i
const UNSAFE_READERS = /^(?:node-serialize|serialize-to-js|funcster|cryo|v8|js-yaml)$/

/** Text that is run as code (CWE-94), and bytes that are read as objects (CWE-502). */
export const CODE_RULES: readonly Rule[] = [
  rule({
    id: 'js-eval',
    title: 'Text that is not fixed is run as code: parse it, or look the wanted function up in a table',
    cwe: ['CWE-95', 'CWE-94'],
    severity: 'critical',
    needs: [['eval(', 'Function(', 'execScript(']],
    on: [
      calls(['eval']),
      functions(['Function', 'execScript']),
      constructions(['Function', 'AsyncFunction']),
    ],
    accept: ({ source, finding, name }) => {
      const list = argumentsOf(source, finding)
      const { object } = calleeOf(finding)
      if (object !== null && !/^(?:window|globalThis|global|self)$/.test(object.text)) return false
      if (name === 'eval') return list[0] !== undefined && isUnknown(source, list[0])
      return list.some((part) => isUnknown(source, part))
    },
  }),
  rule({
    id: 'js-timer-text',
    title: 'A timer is given text, which it runs as code: give it a function',
    cwe: ['CWE-95'],
    severity: 'high',
    needs: [['setTimeout', 'setInterval', 'setImmediate']],
    on: [calls(['setTimeout', 'setInterval', 'setImmediate'])],
    accept: ({ source, finding }) => {
      const code = argumentOf(source, finding, 0)
      if (code === null) return false
      const isInput = traceRequest(source, code) !== null || traceBrowser(source, code) !== null
      return isInput || (/^(?:template_string|binary_expression)$/.test(code.type) && isUnknown(source, code))
    },
  }),
  rule({
    id: 'js-vm-run',
    title: 'Text that is not fixed is run in a vm context, which keeps nothing in: run it in another process',
    cwe: ['CWE-94'],
    severity: 'high',
    needs: [
      ['vm', 'vm2'],
      ['runIn', 'Script', 'compileFunction', 'VM'],
    ],
    on: [
      calls(['runInContext', 'runInNewContext', 'runInThisContext', 'compileFunction']),
      constructions(['Script']),
    ],
    accept: ({ source, finding }) => {
      const code = argumentOf(source, finding, 0)
      return code !== null && /^vm2?$/.test(moduleOf(source, finding) ?? '') && isUnknown(source, code)
    },
  }),
  rule({
    id: 'js-module-from-input',
    title: 'Whoever sends the request chooses the module that is loaded: choose from a fixed table',
    cwe: ['CWE-829', 'CWE-98'],
    severity: 'high',
    needs: [REQUEST_WORDS, ['require(', 'import(']],
    on: [functions(['require', 'import'])],
    accept: ({ source, finding }) => {
      const module = argumentOf(source, finding, 0)
      const traced = module && traceRequest(source, module)
      return traced !== null && !isGuarded(source, traced, finding)
    },
  }),
  rule({
    id: 'js-template-from-input',
    title:
      'A template is made from what a client sends, which lets it run code: pass that as a value instead',
    cwe: ['CWE-1336', 'CWE-94'],
    severity: 'critical',
    needs: [
      REQUEST_WORDS,
      [
        ...[
          'andlebars',
          'hbs',
          'ejs',
          'pug',
          'jade',
          'nunjucks',
          'ustache',
          'lodash',
          'underscore',
          '_.template',
        ],
        ...["'eta'", '"eta"', "'dot'", '"dot"', 'liquid', 'twig', 'swig', 'renderString', 'parseAndRender'],
      ],
      ['ompile(', 'ender(', 'renderString(', 'template('],
    ],
    on: [calls(['compile', 'render', 'renderString', 'template', 'parseAndRender', 'precompile'])],
    accept: ({ source, finding: call, name }) => {
      const { object } = calleeOf(call)
      const owner = moduleOf(source, call) ?? nameOf(object)
      if (!TEMPLATE_ENGINES.test(owner) && !/^(?:renderString|parseAndRender)$/.test(name)) return false
      const template = argumentOf(source, call, 0)
      return template !== null && traceRequest(source, template) !== null
    },
  }),
  rule({
    id: 'js-unsafe-deserialization',
    title:
      'Bytes from outside are read into objects by a format that can run code: use JSON and check its shape',
    cwe: ['CWE-502'],
    severity: 'critical',
    needs: [
      ['node-serialize', 'serialize-to-js', 'funcster', 'cryo', 'v8', 'js-yaml'],
      ['serialize', 'Deserialize', 'parse', 'load'],
    ],
    on: [calls(['unserialize', 'deserialize', 'deepDeserialize', 'parse', 'load', 'loadAll'])],
    accept: ({ source, finding: call }) => {
      const [data, second, third] = argumentsOf(source, call)
      const module = moduleOf(source, call)
      if (data === undefined || !UNSAFE_READERS.test(module ?? '')) return false
      if (module === 'js-yaml') {
        const schema = memberOf(source, second ?? null, 'schema') ?? memberOf(source, third ?? null, 'schema')
        return /DEFAULT_FULL|unsafe|js-?types/i.test(schema?.text ?? '')
      }
      if (module === 'v8') return traceRequest(source, data) !== null
      return !isFixed(source, data)
    },
  }),
]

/** Whether code that is run is more than what the source says. */
function isUnknown(source: SourceView, code: Node): boolean {
  if (isFunction(code) || stringOf(code) !== null) return false
  return textBuiltBy(source, code).holes.some(({ value }) => !isFixed(source, value))
}
