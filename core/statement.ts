import { type AnyColumn, getTableColumns, is, Param, Placeholder, SQL, sql } from 'drizzle-orm'
import { PgDialect, type PgTable } from 'drizzle-orm/pg-core'

/** A statement as the driver takes it: text with `$1`, `$2` … and their values. */
export interface Statement {
  readonly text: string
  readonly parameters: readonly unknown[]
}

/** What a slot may be filled with. */
type Values = Readonly<Record<string, unknown>>

/**
 * Writes a statement once, for all its uses. Drizzle takes as long to write a long one as PostgreSQL takes to run it.
 *
 * @param query with `sql.placeholder(name)` where a value of each use goes
 * @returns the statement with the values of one use
 */
export function compile<V extends object>(query: SQL): (values: V) => Statement {
  const { sql: text, params } = new PgDialect().sqlToQuery(query)
  const fill = params.map(filler)
  return (values) => ({ text, parameters: fill.map((take) => take(values as Values)) })
}

function filler(parameter: unknown): (values: Values) => unknown {
  if (is(parameter, Placeholder)) return (values) => values[parameter.name] ?? null
  if (is(parameter, Param) && is(parameter.value, Placeholder)) {
    const { encoder } = parameter
    const { name } = parameter.value
    return (values) => {
      const value = values[name] ?? null
      return value === null ? null : encoder.mapToDriverValue(value)
    }
  }
  return () => parameter
}

/** A slot for each of these members of a row of `table`, or for each that an `INSERT` may give; see {@link fill}. */
export function slots(table: PgTable, prefix: string, members = insertable(table)): Values {
  return Object.fromEntries(members.map((member) => [member, sql.placeholder(`${prefix}.${member}`)]))
}

function insertable(table: PgTable): string[] {
  const columns = Object.entries(getTableColumns(table))
  return columns.flatMap(([member, column]) => (column.generatedIdentity ? [] : [member]))
}

/** The values for the slots of a row; a member that it leaves out is NULL. */
export function fill(prefix: string, row: object): Values {
  return Object.fromEntries(Object.entries(row).map(([member, value]) => [`${prefix}.${member}`, value]))
}

/**
 * `INSERT INTO table … SELECT row FROM source`: one row if `source` has one, none if it has none. For statements whose
 * parts happen all or not at all.
 *
 * @param row a value, a slot or an SQL expression for each member of the table
 * @param source a part of a `FROM` clause with at most one row
 */
export function insertFrom(table: PgTable, row: object, source: SQL): SQL {
  const columns = getTableColumns(table) as Record<string, AnyColumn>
  const names = Object.keys(row).map((member) => sql.identifier(columns[member]!.name))
  const values = Object.entries(row).map(([member, value]) =>
    is(value, SQL) ? value : sql.param(value, columns[member]),
  )
  return sql`INSERT INTO ${table} (${sql.join(names, sql`, `)}) SELECT ${sql.join(values, sql`, `)} FROM ${source}`
}
