import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { REQUEST_WORDS, traceBrowser, traceRequest } from './input.ts'
import {
  argumentOf,
  argumentsOf,
  assignedTo,
  calleeOf,
  isFunction,
  nameOf,
  parentOf,
  textOf,
} from './nodes.ts'
import { additions, assignments, constructions, members, methods, rule } from './rule.ts'
import { functionAround } from './scope.ts'
import { isFixed, isNeutralised, textBuiltBy } from './text.ts'

/** Functions that make markup harmless, or text. */
const SAFE = /escap|sanit|purif|encode|xss|clean|highlight|trusted|stringify|strip/i
const RESPONSES = /^_?(?:res|response|reply|resp|c|ctx|context)$/
/** The part of a request that is an object: sent as JSON. */
const WHOLE_PART = /\.(?:query|body|params|headers|cookies|payload)$/

/** Text that is shown as markup (CWE-79). */
export const HTML_RULES: readonly Rule[] = [
  rule({
    id: 'js-html-from-input',
    title: 'What a client sends is sent back as part of a page: escape it, or use a template that does',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: [REQUEST_WORDS, ['.send(', '.write(', '.end(', '.html(', 'Response(', '.body']],
    on: [methods(['send', 'write', 'end', 'html']), constructions(['Response']), assignments(['body'])],
    accept: ({ source, finding }) => {
      const left = finding.childForFieldName('left')
      if (left !== null && !/^(?:ctx|context)(?:\.response)?\.body$/.test(left.text)) return false
      const isCall = finding.type === 'call_expression'
      const sent = finding.childForFieldName('right') ?? argumentOf(source, finding, 0)
      if (sent === null || (isCall && !RESPONSES.test(rootOf(finding)))) return false
      if (!sendsPage(source, finding, sent)) return false
      return isReflected(source, sent)
    },
  }),
  rule({
    id: 'js-dom-html',
    title: 'Text is put into a page as markup: use textContent, or sanitise it',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: [
      [
        'innerHTML',
        'outerHTML',
        'insertAdjacentHTML',
        'document.write',
        'createContextualFragment',
        '.html(',
      ],
    ],
    on: [
      assignments(['innerHTML', 'outerHTML']),
      additions(['innerHTML', 'outerHTML']),
      methods(['insertAdjacentHTML', 'write', 'writeln', 'createContextualFragment', 'html']),
    ],
    accept: ({ source, finding, name }) => {
      const list = argumentsOf(source, finding)
      const { object } = calleeOf(finding)
      if (/^write/.test(name) && nameOf(object) !== 'document') return false
      if (name === 'html' && !/^(?:\$|jQuery\()/.test(object?.text.slice(0, 8) ?? '')) return false
      const markup = finding.childForFieldName('right') ?? (name === 'insertAdjacentHTML' ? list[1] : list[0])
      return markup !== undefined && isUnsafeMarkup(source, markup)
    },
  }),
  rule({
    id: 'js-react-html',
    title: 'Text is put into a page past React, which would have escaped it: sanitise it',
    cwe: ['CWE-79'],
    severity: 'high',
    needs: ['__html'],
    on: [members(['__html'])],
    accept: ({ source, finding }) => {
      const markup = finding.childForFieldName('value') ?? finding
      return !isFixed(source, markup) && isUnsafeMarkup(source, markup, true)
    },
  }),
  rule({
    id: 'js-angular-trust',
    title: 'Angular is told to trust a value as it is: let it sanitise the value',
    cwe: ['CWE-79'],
    severity: 'medium',
    needs: ['bypassSecurityTrust'],
    on: [methods(/^bypassSecurityTrust(?:Html|Script|Style|Url|ResourceUrl)$/)],
    accept: ({ source, finding }) => {
      const value = argumentOf(source, finding, 0)
      return value !== null && !isFixed(source, value) && !isNeutralised(source, value, SAFE)
    },
  }),
  rule({
    id: 'js-template-escaping-off',
    title: 'A template engine is told not to escape values: leave escaping on',
    cwe: ['CWE-79', 'CWE-116'],
    severity: 'medium',
    needs: [['noEscape', 'autoescape', 'autoEscape', 'SafeString', 'escapeHTML', '.escape =']],
    on: [
      members(['noEscape', 'autoescape', 'autoEscape', 'escapeHTML']),
      constructions(['SafeString']),
      assignments(['escape']),
    ],
    accept: ({ source, finding, name }) => {
      if (finding.type === 'pair') {
        return assignedTo(finding)?.type === (name === 'noEscape' ? 'true' : 'false')
      }
      if (finding.type === 'assignment_expression') {
        return /^mustache\.escape\s*=\s*\(?(\w+)\)?\s*=>\s*\1$/i.test(finding.text.slice(0, 200))
      }
      const value = argumentOf(source, finding, 0)
      if (value === null || isNeutralised(source, value, SAFE)) return false
      return textBuiltBy(source, value).holes.some(
        (hole) => !isFixed(source, hole.value) && !isNeutralised(source, hole.value, SAFE),
      )
    },
  }),
]

/** The first name of a chain of calls: `res` of `res.status(200).type('html').send(page)`. */
function rootOf(call: Node): string {
  return /^[\w$]+/.exec(call.text.slice(0, 64))?.[0] ?? ''
}

/** Whether a text is sent as markup: it has tags, or nothing says that it is something else. */
function sendsPage(source: SourceView, finding: Node, sent: Node): boolean {
  const around = functionAround(source, finding)
  const text = around === null ? '' : textOf(source, around)
  if (/text\/html|\.html\(|type\(\s*['"]html/.test(text)) return true
  if (/text\/plain|application\/|text\/(?:csv|event)|type\(\s*['"](?:text|txt|json)/.test(text)) return false
  const isTagged = /<\/?[a-z!][^>]{0,200}>/i.test(textBuiltBy(source, sent).text)
  if (isTagged) return true
  return (
    finding.type === 'call_expression' && calleeOf(finding).name === 'send' && !/reply/.test(rootOf(finding))
  )
}

function isReflected(source: SourceView, sent: Node): boolean {
  return textBuiltBy(source, sent).holes.some(({ value }) => {
    if (isFunction(value) || value.type === 'object' || isNeutralised(source, value, SAFE)) return false
    const traced = traceRequest(source, value)
    if (traced === null || (WHOLE_PART.test(traced.origin.text) && isWhole(source, value, traced.origin)))
      return false
    return !isGuarded(source, traced, sent)
  })
}

/** Whether a value is all of a request's query or body, not a part of it. */
function isWhole(source: SourceView, value: Node, origin: Node): boolean {
  if (value.id === origin.id) return true
  if (value.type !== 'identifier') return false
  return source
    .valuesOf(value.text)
    .some(
      (bound) =>
        bound.id === origin.id && parentOf(source, bound)?.childForFieldName('name')?.type === 'identifier',
    )
}

/** Whether markup has a value in it that was not made harmless. */
function isUnsafeMarkup(source: SourceView, markup: Node, isAlways = false): boolean {
  if (isNeutralised(source, markup, SAFE)) return false
  const { holes, text } = textBuiltBy(source, markup)
  return holes.some(({ value }) => {
    if (isFixed(source, value) || isNeutralised(source, value, SAFE)) return false
    if (traceBrowser(source, value) !== null || traceRequest(source, value) !== null) return true
    if (/(?:innerHTML|outerHTML|__html)$/.test(value.text.slice(-9))) return false
    if (value.type === 'call_expression') return isAlways
    return isAlways || text.length > holes.length || value.type === 'member_expression'
  })
}
