import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { capitalJournal } from '../../../../core/ledger/journals.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { sqlState } from './sql-state.ts'

const RESTRICT_VIOLATION = '23001'
const INSUFFICIENT_PRIVILEGE = '42501'

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  await core.db.database.asSystem((tx) => postJournals(tx, [capitalJournal(1_000_000n)], core.ctx().now))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const books = () => core.db.owner`
  SELECT j.key, j.kind, p.account, p.amount_micros, b.amount_micros AS balance
  FROM ledger_journals j JOIN ledger_postings p ON p.journal_id = j.id JOIN ledger_balances b USING (account, party)
  ORDER BY j.id, p.line`
let before: unknown
beforeEach(async () => {
  before = [...(await books())]
})

describe('nobody rewrites the books', () => {
  const STATEMENTS = ['ledger_journals', 'ledger_postings'].flatMap((table) => [
    `UPDATE ${table} SET ${table === 'ledger_journals' ? "kind = 'other'" : 'amount_micros = 0'}`,
    `UPDATE ${table} SET ${table === 'ledger_journals' ? "kind = 'other'" : 'amount_micros = 0'} WHERE false`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table} CASCADE`,
  ])

  test.each(STATEMENTS)('the owner cannot %s', async (statement) => {
    expect(await sqlState(core.db.owner.unsafe(statement))).toBe(RESTRICT_VIOLATION)
    expect([...(await books())]).toEqual(before)
  })

  test.each([
    ...STATEMENTS,
    `INSERT INTO ledger_balances VALUES ('capital', '', 0, 1)`,
    'UPDATE ledger_balances SET amount_micros = 0',
    'DELETE FROM ledger_balances',
    `INSERT INTO ledger_journals (key, kind, subject, digest, posted_at) VALUES ('x', 'x', 'x', 'x', now())`,
    'SELECT * FROM ledger_postings',
  ])('the core cannot %s', async (statement) => {
    expect(await sqlState(core.db.connectAsApp().unsafe(statement))).toBe(INSUFFICIENT_PRIVILEGE)
    expect([...(await books())]).toEqual(before)
  })
})
