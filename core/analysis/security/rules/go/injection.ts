import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { FIXED, INPUT } from '../go-java/flow.ts'
import { argumentAt, argumentsOf, calledName, calledOn } from '../go-java/nodes.ts'
import { nodes, rule } from '../go-java/rule.ts'
import { visibleValues } from '../go-java/scope.ts'
import { isSql, SQL_WORDS } from '../go-java/sql.ts'
import { isDynamic, isInput, judge } from './flow.ts'
import { isContext } from './input.ts'
import { calledPackage, callsNamed, importsPackage, packageOf } from './nodes.ts'

/** Values that become part of a query (CWE-89, CWE-90, CWE-643, CWE-943). */
export const INJECTION_RULES: readonly Rule[] = [
  rule({
    id: 'go-sql-built-from-values',
    title: 'An SQL statement is put together from values: use placeholders and pass the values as arguments',
    cwe: ['CWE-89'],
    severity: 'high',
    needs: [
      ['Query', 'Exec', 'Prepare', 'Raw', 'Get(', 'GetContext(', 'Select(', 'SelectContext('],
      SQL_WORDS,
    ],
    on: [
      callsNamed(
        ...[
          'Query',
          'QueryContext',
          'QueryRow',
          'QueryRowContext',
          'Exec',
          'ExecContext',
          'Prepare',
          'PrepareContext',
        ],
        ...[
          'Queryx',
          'QueryxContext',
          'QueryRowx',
          'QueryRowxContext',
          'MustExec',
          'NamedExec',
          'NamedQuery',
          'Raw',
        ],
        ...['Get', 'GetContext', 'Select', 'SelectContext', 'Preparex'],
      ),
    ],
    accept: ({ finding, source }) => isSqlFromValues(finding, source),
  }),
  rule({
    id: 'go-orm-clause-from-values',
    title:
      'A clause for the ORM is put together from values: use placeholders, and a list of the columns allowed',
    cwe: ['CWE-89'],
    severity: 'high',
    needs: [
      ['gorm', 'squirrel', 'xorm', 'bun'],
      ['Where(', 'Order(', 'OrderBy(', 'Having(', 'Group(', 'Joins(', 'Or(', 'Not('],
    ],
    on: [callsNamed('Where', 'Order', 'OrderBy', 'Having', 'Group', 'GroupBy', 'Joins', 'Or', 'Not', 'Expr')],
    accept: ({ finding, source }) => {
      const clause = argumentAt(finding, 0)
      if (clause === null || !importsPackage(source, /gorm|squirrel|xorm|bun\b/)) return false
      const { origin, text } = judge(clause, source)
      if (origin === FIXED || /^(?:composite_literal|unary_expression)$/.test(clause.type)) return false
      if (/[=<>]|%s|\b(?:like|in)\b|'/i.test(text)) return true
      return origin === INPUT && /^(?:Order|OrderBy|Group|GroupBy)$/.test(calledName(finding))
    },
  }),
  rule({
    id: 'go-nosql-operator-from-input',
    title: 'A MongoDB filter is taken from the request as it is: name the fields, and take only their values',
    cwe: ['CWE-943'],
    severity: 'high',
    needs: [
      ['bson', 'mongo'],
      ['Find', 'Delete', 'Update', 'Aggregate', 'Count', '$where', '$function'],
    ],
    on: [
      callsNamed(
        'Find',
        'FindOne',
        'DeleteOne',
        'DeleteMany',
        'UpdateOne',
        'UpdateMany',
        'Aggregate',
        'CountDocuments',
        'FindOneAndUpdate',
        'FindOneAndDelete',
      ),
      nodes('keyed_element', '$where', '$function', '$accumulator'),
    ],
    accept: ({ finding, source }) => {
      if (finding.type === 'keyed_element') return isDynamic(finding.lastNamedChild, source)
      return argumentsOf(finding)
        .slice(0, 2)
        .some((filter) => isFilterFromInput(filter, source))
    },
  }),
  rule({
    id: 'go-ldap-filter-from-values',
    title: 'An LDAP filter is put together from values: escape them with ldap.EscapeFilter',
    cwe: ['CWE-90'],
    severity: 'high',
    needs: ['ldap', ['NewSearchRequest', 'Filter:']],
    on: [callsNamed('NewSearchRequest'), nodes('keyed_element', 'Filter')],
    accept: ({ finding, source }) => {
      return (finding.type === 'keyed_element' ? finding.namedChildren.slice(1) : argumentsOf(finding)).some(
        (part) => {
          const { origin, text } = judge(part, source)
          return origin !== FIXED && text.trimStart().startsWith('(')
        },
      )
    },
  }),
  rule({
    id: 'go-xpath-from-values',
    title:
      'An XPath expression is put together from values: compare the values in Go, or allow only plain characters',
    cwe: ['CWE-643'],
    severity: 'medium',
    needs: [['xpath', 'xmlquery', 'htmlquery', 'xmlpath']],
    on: [
      callsNamed('Compile', 'MustCompile', 'Find', 'FindOne', 'Query', 'QueryAll', 'FindEach', 'Evaluate'),
    ],
    accept: ({ finding, source }) => {
      const path = calledPackage(finding, source)
      if (path === null || !/xpath|xmlquery|htmlquery|xmlpath/.test(path)) return false
      return argumentsOf(finding)
        .slice(0, 2)
        .some((part) => {
          const { origin, text } = judge(part, source)
          return origin === INPUT || (origin !== FIXED && /\/|\[|@/.test(text))
        })
    },
  }),
]

function isSqlFromValues(call: Node, source: SourceView): boolean {
  const object = calledOn(call)
  if (object === null || isContext(object, source)) return false
  // `url.Query()`, `http.Get(…)`: a package's function is none of a database, but for a few.
  const path = packageOf(object, source)
  if (path !== null && !/sqlx|pgx|scan/.test(path)) return false
  const given = argumentsOf(call)
  for (const [index, part] of given.slice(0, 3).entries()) {
    const { origin, text } = judge(part, source)
    if (origin !== FIXED && isSql(text)) return true
    if (origin === INPUT && index === statementAt(call, given) && isDatabase(object)) return true
  }
  return false
}

function statementAt(call: Node, given: readonly Node[]): number {
  return calledName(call).endsWith('Context') || /\b(?:ctx|context|Context\(\))/.test(given[0]?.text ?? '')
    ? 1
    : 0
}

function isDatabase(object: Node): boolean {
  return /(?:^|\.|_)(?:db|tx|conn|pool|database|stmt)$|DB$|Tx$|Conn$/i.test(object.text.slice(-60))
}

function isFilterFromInput(filter: Node, source: SourceView): boolean {
  if (filter.type !== 'identifier' || !importsPackage(source, /mongo|bson/)) return false
  const isOpen = visibleValues(filter, source).some(
    (value) =>
      /^(?:var_spec|call_expression)$/.test(value.type) &&
      /\b(?:bson\.[MD]|map\[string\](?:interface\{\}|any)|interface\{\}|any)/.test(value.text.slice(0, 200)),
  )
  return isOpen && isInput(filter, source)
}
