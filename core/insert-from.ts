import { type AnyColumn, getTableColumns, is, SQL, sql } from 'drizzle-orm'
import type { PgInsertValue, PgTable } from 'drizzle-orm/pg-core'

/**
 * `INSERT INTO table … SELECT row FROM source`: one row if `source` has one, none if it has none. For statements whose
 * parts happen all or not at all.
 *
 * @param source a part of a `FROM` clause with at most one row
 */
export function insertFrom<Table extends PgTable>(table: Table, row: PgInsertValue<Table>, source: SQL): SQL {
  const columns = getTableColumns(table) as Record<string, AnyColumn>
  const given = Object.entries(row as Record<string, unknown>)
  const names = given.map(([member]) => sql.identifier(columns[member]!.name))
  const values = given.map(([member, value]) =>
    is(value, SQL) ? value : value === null ? sql`NULL` : sql.param(value, columns[member]),
  )
  return sql`INSERT INTO ${table} (${sql.join(names, sql`, `)}) SELECT ${sql.join(values, sql`, `)} FROM ${source}`
}
