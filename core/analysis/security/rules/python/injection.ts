import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { type Call, callRule } from './call.ts'
import { isDynamic, isInput, judge } from './flow.ts'
import { FIXED, INPUT, isRequestInput, parameterOrigin } from './input.ts'
import { literalText } from './names.ts'
import { scopesOf } from './scope.ts'
import { derives, resolve } from './values.ts'

const SQL_SAFE = { safe: new Set(['Literal', 'mogrify', 'adapt', 'in_']) }
const LDAP_SAFE = { safe: new Set(['filter_format']) }

/** Queries in other languages that are put together from values (CWE-89, CWE-943, CWE-90, CWE-643). */
export const INJECTION_RULES: readonly Rule[] = [
  callRule({
    id: 'py-sql-query',
    title: 'An SQL statement is put together from values: pass them as parameters of the query',
    cwe: ['CWE-89'],
    severity: 'critical',
    names:
      'execute executemany executescript execute_sql exec_driver_sql raw RawSQL text read_sql read_sql_query fetch fetchrow ' +
      'fetchval fetch_all fetch_one query mogrify executeQuery sql fetchall',
    needs: [],
    accept: isSqlBuilt,
  }),
  callRule({
    id: 'py-sql-fragment',
    title: 'A piece of SQL is put together from values: extra() and its like quote nothing, pass params',
    cwe: ['CWE-89'],
    severity: 'high',
    names: 'extra RawSQL literal_column order_by having from_statement filter where',
    needs: [['sqlalchemy', 'SQLAlchemy', 'django', 'objects', 'peewee', 'query']],
    accept: ({ method, positional, keywords, source }) => {
      if (method === 'extra') {
        const clauses = ['where', 'select', 'tables', 'order_by'].flatMap((name) => keywords.get(name) ?? [])
        return clauses.some((clause) => isDynamic(clause, source, SQL_SAFE))
      }
      const [clause] = positional
      if (clause === undefined) return false
      if (method === 'RawSQL' || method === 'literal_column') return isDynamic(clause, source, SQL_SAFE)
      return isTextBuilt(clause, source) && /[=<>]|\blike\b|\bin\b/i.test(judge(clause, source).text)
    },
  }),
  callRule({
    id: 'py-nosql-query',
    title:
      'A request decides the operators of a MongoDB query: convert its values to strings before they go in',
    cwe: ['CWE-943'],
    severity: 'high',
    names:
      'find find_one find_one_and_update find_one_and_delete find_one_and_replace update_one update_many delete_one delete_many ' +
      'count_documents aggregate replace_one distinct',
    needs: [],
    accept: ({ positional, keywords, source }) => {
      const filter = positional[0] ?? keywords.get('filter')
      return filter !== undefined && isOperatorInput(resolve(filter, source), source)
    },
  }),
  callRule({
    id: 'py-ldap-filter',
    title: 'An LDAP filter is put together from values: escape each with escape_filter_chars',
    cwe: ['CWE-90'],
    severity: 'high',
    names: 'search search_s search_st search_ext search_ext_s paged_search simple_bind_s',
    needs: [['ldap', 'LDAP']],
    accept: ({ positional, keywords, source }) =>
      [...positional, ...keywords.values()].some((filter) => {
        const { origin, text } = judge(filter, source, LDAP_SAFE)
        return origin !== FIXED && /\w[~<>:]?=/.test(text)
      }),
  }),
  callRule({
    id: 'py-xpath-query',
    title: 'An XPath expression is put together from values: pass them as variables of the expression',
    cwe: ['CWE-643'],
    severity: 'high',
    names: 'xpath XPath find findall iterfind findtext',
    needs: [['xml', 'etree', 'xpath', 'XPath']],
    accept: ({ method, positional: [path], source }) => {
      if (path === undefined) return false
      const { origin, text } = judge(path, source)
      if (method === 'xpath' || method === 'XPath')
        return origin === INPUT || (origin !== FIXED && text !== '')
      return origin !== FIXED && /\[[^\]]*=\s*['"]?\s*$|\[@?\w+\s*=/.test(text)
    },
  }),
]

function isSqlBuilt({ method, receiver, positional, keywords, source }: Call): boolean {
  const statement = positional[0] ?? keywords.get('sql') ?? keywords.get('query') ?? keywords.get('statement')
  if (statement === undefined) return false
  const { origin, text } = judge(statement, source, SQL_SAFE)
  if (origin === FIXED) return false
  if (looksLikeSql(text)) return true
  // The whole statement comes from a request.
  const isDatabase = /cur|conn|db|session|engine|database|transaction/i.test(receiver?.text.slice(-60) ?? '')
  return origin === INPUT && isDatabase && method.startsWith('execute')
}

const SQL_PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [/\bselect\b/i, /\bfrom\b/i],
  [/\bdelete\b/i, /\bfrom\b/i],
  [/\bupdate\b/i, /\bset\b/i],
  [/\b(?:insert|merge|replace)\b/i, /\binto\b/i],
]
const SQL_STATEMENT =
  /\b(?:drop|create|alter|truncate|lock|analyze)\s{1,9}(?:table|database|schema|index|view|user|role|function|trigger|sequence|temp|temporary|unique|or|materialized)\b|^\s{0,40}(?:exec|call|pragma|attach|copy|grant|revoke|show|use|vacuum|truncate|where|listen|notify|order\s{1,9}by)\s/i

function looksLikeSql(text: string): boolean {
  return SQL_PAIRS.some(([verb, word]) => verb.test(text) && word.test(text)) || SQL_STATEMENT.test(text)
}

/** Text with values in it, as opposed to an expression of the query builder. */
function isTextBuilt(node: Node, source: SourceView): boolean {
  const made = resolve(node, source)
  const isText =
    made.type === 'string' ||
    (made.type === 'binary_operator' && /["']/.test(made.text.slice(0, 400))) ||
    (made.type === 'call' && /["']\s*\.format\(/.test(made.text.slice(0, 400)))
  return isText && isDynamic(made, source, SQL_SAFE)
}

/** JSON may hold `{"$ne": null}` where a string is expected; values of query strings and forms are strings. */
function isOperatorInput(filter: Node, source: SourceView): boolean {
  if (filter.type === 'dictionary') {
    return filter.namedChildren.some((pair) => {
      const value = pair.childForFieldName('value')
      if (value === null)
        return pair.type === 'dictionary_splat' && isOperatorInput(pair.namedChildren[0]!, source)
      const key = literalText(pair.childForFieldName('key'))
      if (key === '$where' || key === '$function') return isDynamic(value, source)
      return isOperatorInput(resolve(value, source), source)
    })
  }
  if (filter.type === 'list') return filter.namedChildren.some((part) => isOperatorInput(part, source))
  if (filter.type === 'string' || filter.type === 'integer') return false
  return (
    isInput(filter, source, { safe: new Set(['str', 'ObjectId', 'string']) }) && readsJson(filter, source)
  )
}

function readsJson(node: Node, source: SourceView): boolean {
  return derives(node, source, (part) => {
    if (part.type === 'identifier') return isBodyParameter(part, source)
    return isRequestInput(part, source) && /json|\bdata$|\bbody\b|body\(/.test(part.text.slice(0, 80))
  })
}

/** FastAPI fills parameters of these types from the JSON of the request. */
function isBodyParameter(name: Node, source: SourceView): boolean {
  const scopes = scopesOf(source)
  const scope = scopes.at(name.startIndex)
  const parameter = scopes.parameters(scope).get(name.text)
  return (
    parameter !== undefined &&
    /:\s*(?:dict|Dict|Any|Mapping)\b|=\s*Body\(/.test(parameter.text.slice(0, 200)) &&
    parameterOrigin(parameter, scope, source) === INPUT
  )
}
