import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { trace } from './flow.ts'
import { isGuarded } from './guards.ts'
import { isRequestInput, REQUEST_WORDS } from './input.ts'
import { argumentOf, assignedTo, childrenOf, isFunction, memberOf, nameOf } from './nodes.ts'
import { calls, declarations, members, methods, rule } from './rule.ts'
import { isFixed, isNeutralised, textBuiltBy } from './text.ts'

const FILTERED = [
  ...[
    'find',
    'findOne',
    'findOneAndUpdate',
    'findOneAndDelete',
    'findOneAndReplace',
    'updateOne',
    'updateMany',
  ],
  ...['deleteOne', 'deleteMany', 'replaceOne', 'countDocuments', 'exists', 'distinct'],
]
const ESCAPING = /escape|encode|filter$|sanit/i

/** Values put into queries of other kinds: documents (CWE-943), directories (CWE-90), XML (CWE-643). */
export const QUERY_RULES: readonly Rule[] = [
  rule({
    id: 'js-nosql-where',
    title: 'JavaScript for the database is put together from values: use its query operators',
    cwe: ['CWE-943', 'CWE-95'],
    severity: 'high',
    needs: ['$where'],
    on: [members(['$where']), methods(['$where'])],
    accept: ({ source, finding }) => {
      const code = assignedTo(finding) ?? argumentOf(source, finding, 0)
      if (code === null || isFunction(code)) return false
      return textBuiltBy(source, code).holes.some(({ value }) => !isFixed(source, value))
    },
  }),
  rule({
    id: 'js-nosql-filter-from-input',
    title:
      'A client can send an object with operators where the filter expects text: convert it with String()',
    cwe: ['CWE-943'],
    severity: 'high',
    needs: [REQUEST_WORDS, FILTERED.map((name) => `.${name}(`)],
    on: [methods(FILTERED)],
    accept: ({ source, finding }) => {
      const filter = argumentOf(source, finding, 0)
      return filter !== null && filterParts(source, filter).some((part) => isOpen(source, part, finding))
    },
  }),
  rule({
    id: 'js-ldap-filter',
    title: 'A directory filter is put together from values: escape them as RFC 4515 says',
    cwe: ['CWE-90'],
    severity: 'high',
    needs: [['ldap', 'LDAP', 'Ldap']],
    on: [
      members(['filter']),
      declarations(/filter|^dn$|[a-z]D[nN]$/i),
      methods(['search', 'bind', 'searchAsync']),
    ],
    accept: ({ source, finding }) => {
      const built = finding.childForFieldName('value') ?? argumentOf(source, finding, 0)
      if (built === null) return false
      const { text, holes } = textBuiltBy(source, built)
      if (!/\([&|!]?\(?[\w-]{1,40}[~<>]?=|\b(?:cn|uid|ou|dc)=/i.test(text)) return false
      return holes.some(({ value }) => !isFixed(source, value) && !isNeutralised(source, value, ESCAPING))
    },
  }),
  rule({
    id: 'js-xpath-built',
    title: 'An XPath expression is put together from values: pass them as variables',
    cwe: ['CWE-643'],
    severity: 'high',
    needs: [['xpath', 'XPath', 'libxml', 'evaluate']],
    on: [calls(['select', 'select1', 'evaluate', 'find', 'get', 'parse'])],
    accept: ({ source, finding }) => {
      const expression = argumentOf(source, finding, 0)
      if (expression === null) return false
      const { text, holes } = textBuiltBy(source, expression)
      if (!/^\s*\.?\/{1,2}[\w*@:]/.test(text) || !/\[[^\]]{0,200}[=(]/.test(text)) return false
      return holes.some(
        ({ value, before }) =>
          /\[[^\]]*$/.test(before.slice(-200)) &&
          !isFixed(source, value) &&
          !isNeutralised(source, value, ESCAPING),
      )
    },
  }),
]

/** The filter itself, or the values of its members, operators such as `$ne` and `$in` apart. */
function filterParts(source: SourceView, filter: Node): readonly Node[] {
  const object = filter.type === 'identifier' ? source.valueOf(filter.text, filter) : filter
  if (object?.type !== 'object') return [filter]
  if (memberOf(source, object, 'where') !== null) return []
  return childrenOf(source, object).flatMap((child) => {
    if (child.type === 'spread_element') return [child.firstNamedChild!]
    const value = child.type === 'pair' ? child.childForFieldName('value') : child
    return value === null ? [] : [value]
  })
}

/** Whether a part can be an object of the client's choice: parsed from a body or from a query with brackets. */
function isOpen(source: SourceView, part: Node, place: Node): boolean {
  if (
    !/^(?:identifier|member_expression|subscript_expression|shorthand_property_identifier|as_expression|non_null_expression)$/.test(
      part.type,
    )
  ) {
    return false
  }
  const isParsed = (node: Node) => {
    if (node.type === 'call_expression') return false
    return (
      isRequestInput(source, node) &&
      !/^(?:params|headers|url|path|pathParameters|originalUrl|href)$/.test(nameOf(node))
    )
  }
  const traced = trace(source, part, isParsed)
  return traced !== null && !isText(source, part) && !isGuarded(source, traced, place, true)
}

/** Whether what a name stands for went through a function that makes it a text. */
function isText(source: SourceView, part: Node): boolean {
  const isConverted = (node: Node) =>
    /^(?:template_string|call_expression|binary_expression)$/.test(node.type) &&
    !/^JSON\.parse\(/.test(node.text.slice(0, 12))
  return part.type === 'identifier' && source.valuesOf(part.text).some(isConverted)
}
