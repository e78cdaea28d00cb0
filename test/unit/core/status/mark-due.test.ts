import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { markDueStatusLists, STATUS_TOKEN_RENEWAL_S } from '../../../../core/status/mark-due.ts'
import { STATUS_LIST_SIZE } from '../../../../core/verify/status-list.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

let core: TestCore

beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => core.db.owner`TRUNCATE outbox, status_list_tokens`)

const mark = () => markDueStatusLists(core.ctx())
const given = (last: number, isCalled = true) =>
  core.db.owner`SELECT setval('certificate_status_index', ${last}, ${isCalled})`
const marked = async () =>
  (await core.db.owner`SELECT kind, entity_id FROM outbox ORDER BY entity_id::int`).map(
    (row) => `${row.kind} ${row.entity_id}`,
  )
const token = (list: number, ageSeconds: number) => core.db.owner`
  INSERT INTO status_list_tokens (list, version, issued_at, expires_at, bytes)
  VALUES (${list}, 0, now() - make_interval(secs => ${ageSeconds}), now(), 1)`

test.each<[string, number, boolean, number]>([
  ['before any certificate, the first', 0, false, 1],
  ['with one certificate, the first', 0, true, 1],
  ['with the last place of the first list given, the first', STATUS_LIST_SIZE - 1, true, 1],
  ['with the first place of the second list given, both', STATUS_LIST_SIZE, true, 2],
  ['with places of the fourth list given, four', 3 * STATUS_LIST_SIZE + 5, true, 4],
])('%s', async (_, last, isCalled, lists) => {
  await given(last, isCalled)
  await mark()
  expect(await marked()).toEqual(Array.from({ length: lists }, (_, list) => `status_list ${list}`))
})

test('only those whose token is missing or old', async () => {
  await given(3 * STATUS_LIST_SIZE)
  await token(0, 10)
  await token(1, STATUS_TOKEN_RENEWAL_S + 30)
  await token(2, STATUS_TOKEN_RENEWAL_S - 30)
  await mark()
  expect(await marked()).toEqual(['status_list 1', 'status_list 3'])
})

test('a list that is marked already keeps its mark, and whoever is at it its lease', async () => {
  await given(0)
  await core.db
    .owner`INSERT INTO outbox (kind, entity_id, generation, marked_at, leased_until, attempts) VALUES ('status_list', '0', 5, now(), 'infinity', 2)`
  const before = await core.db.owner`SELECT * FROM outbox`
  await mark()
  expect(await core.db.owner`SELECT * FROM outbox`).toEqual(before)
})

test('many at once mark each list once', async () => {
  await given(2 * STATUS_LIST_SIZE)
  await Promise.all(Array.from({ length: 8 }, mark))
  expect(await marked()).toEqual(['status_list 0', 'status_list 1', 'status_list 2'])
})

test('lists are marked in the order in which whoever marks several does it', async () => {
  await given(11 * STATUS_LIST_SIZE)
  await mark()
  const rows = await core.db.owner`SELECT entity_id FROM outbox ORDER BY generation`
  const ids = rows.map((row) => row.entity_id)
  expect(ids).toEqual(Array.from({ length: 12 }, (_, list) => String(list)).sort())
})
