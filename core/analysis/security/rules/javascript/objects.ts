import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { trace } from './flow.ts'
import { isGuarded } from './guards.ts'
import { isRequestInput, REQUEST_WORDS, traceBrowser, traceRequest } from './input.ts'
import {
  ancestorOf,
  argumentOf,
  argumentsOf,
  calleeOf,
  childrenOf,
  functionNameOf,
  memberOf,
  moduleOf,
  nameOf,
  parentOf,
  textOf,
} from './nodes.ts'
import { mayTakeExponentialTime } from './regex.ts'
import { calls, constructions, functions, methods, nodes, rule } from './rule.ts'
import { functionAround } from './scope.ts'
import { isNeutralised, textBuiltBy } from './text.ts'

const MERGES = [
  'merge',
  'mergeWith',
  'defaultsDeep',
  'extend',
  'deepMerge',
  'deepmerge',
  'mergeDeep',
  'deepExtend',
  'defaultsdeep',
  'set',
  'setWith',
  'zipObjectDeep',
]
const CREATES = [
  'create',
  'insert',
  'insertOne',
  'insertMany',
  'build',
  'bulkCreate',
  'update',
  'updateOne',
  'updateMany',
  'findByIdAndUpdate',
  'findOneAndUpdate',
  'assign',
  'upsert',
  'save',
  'set',
  'patch',
  'merge',
  'createMany',
  'findOneAndReplace',
]
const WHOLE = /\.(?:body|query|payload)$|^(?:body|payload)$/
const PICKED = /pick|parse|valid|sanit|cast|schema|omit|allow|filter|transform|serialize|whitelist/i

/** Objects that clients shape: their prototypes (CWE-1321), their columns (CWE-915), their patterns (CWE-1333). */
export const OBJECT_RULES: readonly Rule[] = [
  rule({
    id: 'js-prototype-merge',
    title:
      'What a client sends is merged deeply into an object, whose prototype it can change: check its shape first',
    cwe: ['CWE-1321'],
    severity: 'high',
    needs: [REQUEST_WORDS, MERGES.map((name) => `${name}(`)],
    on: [calls(MERGES)],
    accept: ({ source, finding: call, name }) => {
      const { object } = calleeOf(call)
      const owner = moduleOf(source, call) ?? object?.text.slice(0, 40) ?? ''
      const list = argumentsOf(source, call)
      if (/^(?:set|setWith|zipObjectDeep)$/.test(name)) {
        const path = list[1]
        return (
          /^(?:_|lodash(?:[./]set\w*)?|dot-prop|object-path|dotProp)$/.test(owner) &&
          path !== undefined &&
          isSent(source, path, call)
        )
      }
      if (/^(?:\$|jQuery)$/.test(owner)) {
        if (name !== 'extend' || list[0]?.type !== 'true') return false
      } else if (name === 'extend' || name === 'merge') {
        if (
          !/^(?:_|lodash(?:[./]merge\w*)?|extend|deep-extend|merge|merge-deep|deepmerge|defaults-deep|object-merge|just-extend|hoek|Hoek|@hapi\/hoek|)$/.test(
            owner,
          )
        )
          return false
        if (owner === '_' && name === 'extend') return false
      }
      return list
        .slice(name === 'deepmerge' ? 0 : 1)
        .some((part) => part.type !== 'object' && isSent(source, part, call))
    },
  }),
  rule({
    id: 'js-prototype-assignment',
    title: 'A client names the member that is set, which may be __proto__: use a Map, or refuse such names',
    cwe: ['CWE-1321'],
    severity: 'high',
    needs: [REQUEST_WORDS, ['][']],
    on: [
      nodes(
        'assignment_expression',
        '(assignment_expression left: (subscript_expression object: (subscript_expression))) @finding',
      ),
    ],
    accept: ({ source, finding }) => {
      const outer = finding.childForFieldName('left')!.childForFieldName('object')!
      const key = outer.childForFieldName('index')
      if (key === null || /^(?:string|number)$/.test(key.type)) return false
      return isSent(source, key, finding)
    },
  }),
  rule({
    id: 'js-prototype-recursion',
    title: 'Objects are merged key by key, whatever the key, so that __proto__ is followed: refuse such keys',
    cwe: ['CWE-1321'],
    severity: 'medium',
    needs: [
      [
        'erge(',
        'ergeDeep',
        'ergeO',
        'ergeR',
        'ergeI',
        'xtend(',
        'xtendDeep',
        'eepC',
        'eepM',
        'eepE',
        'eepA',
        'lone(',
        'loneDeep',
        'ssign(',
        'ssignDeep',
      ],
      [' in ', ' of Object.'],
    ],
    on: [nodes('for_in_statement')],
    accept: ({ source, finding }) => mergesBlindly(source, finding),
  }),
  rule({
    id: 'js-mass-assignment',
    title:
      'All that a client sends is stored, members that are not its to set included: take those that it may set',
    cwe: ['CWE-915'],
    severity: 'medium',
    needs: [
      ['.body', 'body }', 'body,', 'payload', '.query', '.json()', 'readBody('],
      [...CREATES.map((name) => `.${name}(`), 'new ', 'data'],
    ],
    on: [methods(CREATES), constructions(/^[A-Z][a-z]/)],
    accept: ({ source, finding, name }) => {
      if (finding.type === 'new_expression') {
        const [first, second] = argumentsOf(source, finding)
        if (
          /^(?:URL|URLSearchParams|Response|Request|Error|Date|Map|Set|Promise|Buffer|Blob|Headers|FormData|Function|Array|Object|String|Number|RegExp|Proxy|Uint8Array)|Error$|Exception$|Dto$|Schema$|Validator$/.test(
            name,
          )
        )
          return false
        return first !== undefined && second === undefined && isWholeBody(source, first, finding)
      }
      return storesBody(source, finding)
    },
  }),
  rule({
    id: 'js-regex-from-input',
    title: 'A client chooses the pattern, which may take forever to match: escape it, or search for text',
    cwe: ['CWE-1333', 'CWE-400'],
    severity: 'medium',
    needs: ['RegExp'],
    on: [constructions(['RegExp']), functions(['RegExp'])],
    accept: ({ source, finding }) => {
      const pattern = argumentOf(source, finding, 0)
      if (pattern === null) return false
      return textBuiltBy(source, pattern).holes.some(({ value }) => {
        if (isNeutralised(source, value, /escape|quote|sanit/i)) return false
        const traced = traceRequest(source, value) ?? traceBrowser(source, value)
        return traced !== null && !isGuarded(source, traced, finding)
      })
    },
  }),
  rule({
    id: 'js-regex-exponential',
    title: 'A pattern repeats what is itself repeated, and may take exponential time: repeat only once',
    cwe: ['CWE-1333', 'CWE-400'],
    severity: 'medium',
    needs: [[')+', ')*', '){']],
    on: [nodes('regex')],
    accept: ({ finding }) => mayTakeExponentialTime(/^\/([\s\S]*)\/\w*$/.exec(finding.text)?.[1] ?? ''),
  }),
]

function isSent(source: SourceView, part: Node, place: Node): boolean {
  if (isNeutralised(source, part, PICKED)) return false
  const traced = traceRequest(source, part)
  return traced !== null && !isGuarded(source, traced, place)
}

const RECURSIVE =
  /(?:merge(?:deep|objects?|recursive(?:ly)?|into)?|(?:extend|clone|assign)(?:deep)?|deep[cmea]\w*)$/i

/** A function that goes through the keys of an object and calls itself for each, whatever the key is. */
function mergesBlindly(source: SourceView, loop: Node): boolean {
  const key = loop.childForFieldName('left')?.text ?? ''
  const around = functionAround(source, loop)
  const body = loop.childForFieldName('body')
  if (around === null || body === null || !/^[\w$]+$/.test(key)) return false
  const name = functionNameOf(source, around)
  const text = textOf(source, around)
  if (!RECURSIVE.test(name) || /__proto__|prototype|Object\.create\(\s*null|new Map|constructor/.test(text))
    return false
  const isRecursive = body
    .descendantsOfType('call_expression')
    .some(
      (call) =>
        calleeOf(call).name === name &&
        argumentsOf(source, call).filter(({ type }) => type === 'subscript_expression').length > 0,
    )
  const sets = body.descendantsOfType('assignment_expression').some((assignment) => {
    const left = assignment.childForFieldName('left')
    if (left?.type !== 'subscript_expression' || nameOf(left) !== key) return false
    const target = left.childForFieldName('object')?.text ?? ''
    return isParameter(around, target) && takesFromAnother(body, key, target)
  })
  return source.spend(body.descendantCount) && isRecursive && sets
}

/** Whether there is a member of that key of another object. */
function takesFromAnother(body: Node, key: string, target: string): boolean {
  return body
    .descendantsOfType('subscript_expression')
    .some((part) => nameOf(part) === key && part.childForFieldName('object')?.text !== target)
}

function isParameter(around: Node, name: string): boolean {
  const list = around.childForFieldName('parameters')
  return (list?.namedChildren ?? [])
    .slice(0, 8)
    .some((parameter) => new Set(parameter.text.slice(0, 80).split(/\W/)).has(name))
}

function storesBody(source: SourceView, call: Node): boolean {
  const { name, object } = calleeOf(call)
  const list = argumentsOf(source, call)
  if (name === 'assign') {
    return (
      nameOf(object) === 'Object' &&
      list[0]?.type !== 'object' &&
      list.slice(1).some((part) => isWholeBody(source, part, call))
    )
  }
  if (/^(?:set|patch|merge|update|save)$/.test(name) && !isModel(object)) return false
  return list.some((part) => {
    const data = memberOf(source, part, 'data')
    return isWholeBody(source, part, call) || (data !== null && isWholeBody(source, data, call))
  })
}

/** Whether an object is called as models, rows and repositories are. */
function isModel(object: Node | null): boolean {
  const name = nameOf(object)
  return (
    /^[A-Z][a-z]|[rR]epo|[mM]odel|[cC]ollection|^(?:user|account|profile|doc|document|record|row|entity|item|post|order|product|member)$/.test(
      name,
    ) || object?.type === 'call_expression'
  )
}

/** `req.body`, a name of it, or `{ ...req.body }`: not one of its members. */
function isWholeBody(source: SourceView, part: Node, place: Node): boolean {
  if (part.type === 'object') {
    const children = childrenOf(source, part)
    // What stands after the spread overrides it.
    if (memberOf(source, part, '$set') !== null)
      return isWholeBody(source, memberOf(source, part, '$set')!, place)
    return children.some(
      (child) => child.type === 'spread_element' && isWholeBody(source, child.firstNamedChild!, place),
    )
  }
  if (
    !/^(?:identifier|shorthand_property_identifier|member_expression|await_expression|as_expression)$/.test(
      part.type,
    )
  )
    return false
  let isMember = false
  const traced = trace(source, part, (node) => {
    if (node.type === 'member_expression' && !isRequestInput(source, node)) isMember = true
    if (
      node.type === 'ternary_expression' ||
      node.type === 'subscript_expression' ||
      (node.type === 'call_expression' && !isRequestInput(source, node))
    )
      isMember = true
    return isRequestInput(source, node)
  })
  if (traced === null || isMember) return false
  const text = traced.origin.text
  if (!WHOLE.test(text) && !/^await .*json\(\)|\.json\(\)$|readBody/.test(text)) return false
  return !isTakenApart(source, traced.origin) && !isGuarded(source, traced, place)
}

/** `const { name, email } = req.body`, without a rest */
function isTakenApart(source: SourceView, origin: Node): boolean {
  const parent = parentOf(source, origin)
  const declarator = parent?.type === 'variable_declarator' ? parent : ancestorOf(source, origin, 2)
  const pattern = declarator?.type === 'variable_declarator' ? declarator.childForFieldName('name') : null
  return pattern?.type === 'object_pattern'
}
