import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED, INPUT } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn, receiverText, stringOf } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { isSql, SQL_WORDS } from '../go-java/sql.ts'
import { isDynamic, isInput, judge } from './flow.ts'
import { created, createdType, methodsNamed } from './nodes.ts'

const QUERIES = [
  ...[
    'executeQuery',
    'executeUpdate',
    'executeLargeUpdate',
    'execute',
    'addBatch',
    'prepareStatement',
    'prepareCall',
    'nativeSQL',
  ],
  ...[
    'createQuery',
    'createNativeQuery',
    'createSQLQuery',
    'queryForObject',
    'queryForList',
    'queryForMap',
    'queryForRowSet',
  ],
  ...[
    'queryForStream',
    'query',
    'update',
    'batchUpdate',
    'sql',
    'fetch',
    'find',
    'list',
    'rawQuery',
    'execSQL',
    'preparedQuery',
  ],
]
const LDAP = { safe: /^(?:filterEncode|encodeForLDAP|encodeValue|encodeFilterValue|nameEncode)$/ }

const XPATH = { safe: /^encodeForXPath$/ }

const HEADER = { safe: /^(?:encode|replace|replaceAll|stripCRLF)$/ }

/** Methods whose first argument is nothing but a statement. */
const STATEMENTS =
  /^(?:executeQuery|executeUpdate|prepareStatement|prepareCall|createQuery|createNativeQuery|createSQLQuery|queryForList|queryForObject|queryForMap)$/

/** Values that become part of a query (CWE-89, CWE-90, CWE-643, CWE-943). */
export const INJECTION_RULES: readonly Rule[] = [
  rule({
    id: 'java-sql-built-from-values',
    title: 'An SQL statement is put together from values: use a PreparedStatement with placeholders',
    cwe: ['CWE-89'],
    severity: 'high',
    needs: [QUERIES.map((name) => `${name}(`), SQL_WORDS],
    on: [methodsNamed(...QUERIES)],
    accept: ({ finding: call, source }) => {
      const statement = argumentAt(call, 0)
      if (statement === null || calledOn(call) === null) return false
      const { origin, text } = judge(statement, source)
      if (origin === FIXED) return false
      return isSql(text) || (origin === INPUT && STATEMENTS.test(calledName(call)))
    },
  }),
  rule({
    id: 'java-mybatis-raw-placeholder',
    title:
      'MyBatis puts a value into the statement as it is: write #{…} with a hash sign, not with a dollar sign',
    cwe: ['CWE-89'],
    severity: 'high',
    needs: ['ibatis', '${', ['@Select', '@Update', '@Insert', '@Delete']],
    on: [nodes('annotation', 'Select', 'Update', 'Insert', 'Delete')],
    accept: ({ finding }) => /\$\{[^}]/.test(finding.text.slice(0, 8_000)),
  }),
  rule({
    id: 'java-ldap-filter-from-values',
    title: 'An LDAP filter is put together from values: encode them, or pass them as filter arguments',
    cwe: ['CWE-90'],
    severity: 'high',
    needs: [
      ['ldap', 'Ldap', 'LDAP', 'DirContext', 'javax.naming'],
      ['search(', 'searchForObject(', 'filter(', 'HardcodedFilter('],
    ],
    on: [
      methodsNamed('search', 'searchForObject', 'searchForContext', 'authenticate', 'filter'),
      created('HardcodedFilter'),
    ],
    accept: ({ finding, source }) =>
      argumentsOf(finding)
        .slice(0, 3)
        .some((part) => {
          const { origin, text } = judge(part, source, LDAP)
          return origin !== FIXED && /^\s*\(/.test(text) && text.includes('=')
        }),
  }),
  rule({
    id: 'java-xpath-from-values',
    title: 'An XPath expression is put together from values: use variables with an XPathVariableResolver',
    cwe: ['CWE-643'],
    severity: 'medium',
    needs: [
      ['xpath', 'XPath', 'selectNodes', 'selectSingleNode'],
      ['evaluate', 'compile(', 'selectNodes(', 'selectSingleNode('],
    ],
    on: [
      methodsNamed(
        'evaluate',
        'evaluateExpression',
        'compile',
        'selectNodes',
        'selectSingleNode',
        'selectSingleNodes',
      ),
    ],
    accept: ({ finding: call, source }) => {
      const expression = argumentAt(call, 0)
      if (expression === null || receiverText(call) === 'Pattern') return false
      const { origin, text } = judge(expression, source, XPATH)
      return (
        origin !== FIXED &&
        (/^\s*(?:\.?\/|[\w-]+\(|\()|\[@?/.test(text) ||
          (origin === INPUT && /xpath/i.test(receiverText(call))))
      )
    },
  }),
  rule({
    id: 'java-nosql-query-from-values',
    title:
      'A MongoDB query is put together as text from values: use Filters or Criteria with the values as arguments',
    cwe: ['CWE-943'],
    severity: 'high',
    needs: [
      ['mongo', 'Mongo', 'bson', 'BasicQuery', 'BasicDBObject'],
      ['parse(', 'BasicQuery(', '$where', 'where('],
    ],
    on: [methodsNamed('parse', 'where', 'put', 'append'), created('BasicQuery', 'Document', 'BasicDBObject')],
    accept: ({ finding, source }) => isQueryFromValues(finding, source),
  }),
  rule({
    id: 'java-header-from-input',
    title:
      'A header of the response is taken from the request: remove line ends, or choose from values of your own',
    cwe: ['CWE-113'],
    severity: 'low',
    needs: [['setHeader(', 'addHeader(']],
    on: [methodsNamed('setHeader', 'addHeader')],
    accept: ({ finding: call, source }) => {
      if (!/resp|^res$/i.test(receiverText(call))) return false
      const [name, value] = argumentsOf(call)
      // Where a redirect leads and which origins are allowed are questions of their own.
      if (
        name === undefined ||
        value === undefined ||
        /^(?:location|access-control-.*)$/i.test(stringOf(name) ?? '')
      )
        return false
      return [name, value].some((part) => isInput(part, source, HEADER))
    },
  }),
]

function isQueryFromValues(found: Node, source: SourceView): boolean {
  const [first, second] = argumentsOf(found)
  if (first === undefined) return false
  const isMade = found.type === 'object_creation_expression'
  const name = isMade ? createdType(found) : calledName(found)
  if (
    name === 'BasicQuery' ||
    (name === 'parse' && /^(?:BasicDBObject|Document|BsonDocument|JSON)$/.test(receiverText(found)))
  ) {
    const { origin, text } = judge(first, source)
    return origin === INPUT || (origin !== FIXED && text.includes('{'))
  }
  if (name === 'where') return receiverText(found) === 'Filters' && isDynamic(first, source)
  return (
    second !== undefined &&
    /^\$(?:where|function|accumulator)$/.test(stringOf(first) ?? '') &&
    isDynamic(second, source)
  )
}
