import type { Node } from 'web-tree-sitter'
import type { Rule } from '../../rule.ts'
import type { SourceView } from '../../source-view.ts'
import { isGuarded } from './guards.ts'
import { traceRequest } from './input.ts'
import { argumentOf, memberOf } from './nodes.ts'
import { calls, methods, rule } from './rule.ts'
import { HOLE, type Hole, isFixed, isNeutralised, textBuiltBy } from './text.ts'

const QUERIES = [
  ...['query', 'execute', 'exec', 'run', 'all', 'get', 'each', 'prepare', 'unsafe', 'queryRaw', 'executeSql'],
  ...['$queryRawUnsafe', '$executeRawUnsafe', 'one', 'oneOrNone', 'many', 'manyOrNone', 'any', 'none', 'raw'],
  ...['createQuery', 'createNativeQuery', 'multi', 'batch'],
]
const FRAGMENTS = [
  ...['whereRaw', 'orWhereRaw', 'andWhereRaw', 'havingRaw', 'orderByRaw', 'groupByRaw', 'joinRaw', 'fromRaw'],
  ...['where', 'andWhere', 'orWhere', 'having', 'orderBy', 'addOrderBy', 'literal', 'raw'],
]
/** How a statement begins, in the usual casings. */
const STATEMENT =
  /^\s*(?:(?:SELECT|Select|select)\s|(?:INSERT|Insert|insert)\s+(?:INTO|into|OR|or|IGNORE|ignore)\b|(?:UPDATE|Update|update)\s[\s\S]*\s(?:SET|Set|set)\s|(?:DELETE|Delete|delete)\s+(?:FROM|From|from)\b|(?:REPLACE|replace)\s+(?:INTO|into)\b|(?:WITH|with)\s[\s\S]*(?:SELECT|select)\s|(?:CALL|EXEC)\s)/
/** What stands before a value, rather than before the name of a table or a column. */
const BEFORE_VALUE =
  /(?:'%?|=|<|>|\b(?:like|ilike|in|between|and|values|limit|offset|any)\b)\s*\(?\s*'?%?$|\bvalues\s*\([^)]*,\s*'?$/i
const ESCAPING = /escape|quote|literal|ident|placeholder|^sql$|^format$|^bind|^param/i

/** Values put into SQL (CWE-89). */
export const SQL_RULES: readonly Rule[] = [
  rule({
    id: 'js-sql-built',
    title: 'An SQL statement is put together from values: pass them as parameters',
    cwe: ['CWE-89'],
    severity: 'critical',
    needs: [
      [
        ...[
          'SELECT',
          'Select',
          'select ',
          'select\n',
          'INSERT',
          'Insert',
          'insert ',
          'UPDATE',
          'Update',
          'update ',
        ],
        ...['DELETE', 'Delete', 'delete ', 'REPLACE', 'replace ', 'CALL ', 'EXEC '],
      ],
      QUERIES.map((name) => `${name}(`),
    ],
    on: [calls(QUERIES)],
    accept: ({ source, finding }) => {
      const first = argumentOf(source, finding, 0)
      const statement =
        memberOf(source, first, 'text') ??
        memberOf(source, first, 'sql') ??
        memberOf(source, first, 'query') ??
        first
      if (statement === null || statement.type === 'object') return false
      const { text, holes } = textBuiltBy(source, statement)
      if (!STATEMENT.test(text)) return false
      return holes.some((hole) => isInjected(source, hole, finding))
    },
  }),
  rule({
    id: 'js-sql-fragment',
    title: 'A part of an SQL statement is put together from values: pass them as bindings',
    cwe: ['CWE-89'],
    severity: 'high',
    needs: [FRAGMENTS.map((name) => `.${name}(`)],
    on: [methods(FRAGMENTS)],
    accept: ({ source, finding, name }) => {
      const first = argumentOf(source, finding, 0)
      if (first === null) return false
      const { text, holes } = textBuiltBy(source, first)
      const isRaw = /raw$|^literal$/i.test(name)
      if (
        STATEMENT.test(text) ||
        /^\s*</.test(text) ||
        (!isRaw && !/[=<>]|\b(?:like|in|LIKE|IN)\b/.test(text))
      )
        return false
      return holes.some((hole) => isInjected(source, hole, finding) && (isRaw || isValue(hole)))
    },
  }),
]

/** Whether a hole takes what it should not: input in any place, anything that is not fixed in the place of a value. */
function isInjected(source: SourceView, hole: Hole, place: Node): boolean {
  const { value } = hole
  if (hole.before.endsWith('$') || isNeutralised(source, value, ESCAPING) || isPlaceholders(value))
    return false
  const traced = traceRequest(source, value)
  if (traced !== null) return !isGuarded(source, traced, place)
  return isValue(hole) && !isFixed(source, value)
}

function isValue({ before }: Hole): boolean {
  return BEFORE_VALUE.test(before.slice(-200).replaceAll(HOLE, 'x'))
}

/** `ids.map(() => '?').join(',')`, `placeholders` */
function isPlaceholders(value: Node): boolean {
  const text = value.text.slice(0, 400)
  return /^\w*(?:placeholder|binding|marks|params)\w*$/i.test(text) || /['"`]\s*[?$:]/.test(text)
}
