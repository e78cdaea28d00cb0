import { sql } from 'drizzle-orm'
import { bigint, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import { compile, fill, insertFrom, slots } from '../../../core/statement.ts'

const things = pgTable('things', {
  id: bigint('id', { mode: 'bigint' }).generatedAlwaysAsIdentity().primaryKey(),
  name: text('thing_name'),
  size: integer('size'),
  madeAt: timestamp('made_at', { withTimezone: true, mode: 'date' }),
  report: jsonb('report'),
})

const NOW = new Date('2026-11-21T10:00:00.000Z')

test('a statement keeps its text and takes the values of each use', () => {
  const find = compile<{ id: string; kind?: string }>(
    sql`SELECT ${sql.placeholder('id')}, ${'fixed'}, ${sql.placeholder('kind')}`,
  )
  expect(find({ id: "a'; --", kind: 'b' })).toEqual({
    text: 'SELECT $1, $2, $3',
    parameters: ["a'; --", 'fixed', 'b'],
  })
  expect(find({ id: 'c' })).toEqual({ text: 'SELECT $1, $2, $3', parameters: ['c', 'fixed', null] })
})

describe('insertFrom', () => {
  const insert = compile(insertFrom(things, slots(things, 'thing'), sql`other`))

  test('gives every column but those that the database gives, encoded as the table says', () => {
    expect(insert(fill('thing', { name: 'x', size: 3, madeAt: NOW, report: { a: [1] } }))).toEqual({
      text: 'INSERT INTO "things" ("thing_name", "size", "made_at", "report") SELECT $1, $2, $3, $4 FROM other',
      parameters: ['x', 3, '2026-11-21T10:00:00.000Z', '{"a":[1]}'],
    })
  })

  test('has NULL for what a row leaves out', () => {
    expect(insert(fill('thing', { name: 'x', madeAt: null })).parameters).toEqual(['x', null, null, null])
  })

  test('takes expressions among the values, and only the slots that are asked for', () => {
    const row = { ...slots(things, 'thing', ['name']), size: sql`nextval('sizes')` }
    expect(compile(insertFrom(things, row, sql`(SELECT) AS always`))(fill('thing', { name: 'x' }))).toEqual({
      text: `INSERT INTO "things" ("thing_name", "size") SELECT $1, nextval('sizes') FROM (SELECT) AS always`,
      parameters: ['x'],
    })
  })
})
