import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../../../stack/migrations.ts'
import { startTestDatabase, type TestDatabase } from '../../support/postgres.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await startTestDatabase()
}, 120_000)
afterAll(() => db?.stop())

/** Everything that a migration could have changed: columns, indexes, constraints, policies, functions, grants. */
async function catalogue() {
  return {
    columns:
      await db.owner`SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`,
    indexes: await db.owner`SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
    constraints:
      await db.owner`SELECT conrelid::regclass::text AS on, pg_get_constraintdef(oid) AS rule FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    policies:
      await db.owner`SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2`,
    functions:
      await db.owner`SELECT proname, proowner::regrole::text AS owner, proacl::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
    grants:
      await db.owner`SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`,
    applied: await db.owner`SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id`,
  }
}

test('a second run changes nothing', async () => {
  const before = await catalogue()
  expect(before.applied.length).toBeGreaterThanOrEqual(2)
  expect(await migrate(db.ownerUrl)).toBe(db.appUrl)
  expect(await catalogue()).toEqual(before)
})

test('it keeps the rows', async () => {
  await db.owner`INSERT INTO organisations VALUES ('org_kept', 'Kept', now())`
  await migrate(db.ownerUrl)
  expect(await db.owner`SELECT name FROM organisations WHERE id = 'org_kept'`).toEqual([{ name: 'Kept' }])
})

test('several at once on a new database apply each migration once', async () => {
  await db.owner`CREATE DATABASE several`
  const url = new URL(db.ownerUrl)
  url.pathname = '/several'
  const urls = await Promise.all(Array.from({ length: 4 }, () => migrate(url.href)))
  expect(new Set(urls).size).toBe(1)
})
