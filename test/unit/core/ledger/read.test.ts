import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bookFigures, trialBalance } from '../../../../core/ledger/balances.ts'
import * as journals from '../../../../core/ledger/journals.ts'
import { listJournals } from '../../../../core/ledger/list.ts'
import { type Journal, postJournals } from '../../../../core/ledger/post.ts'
import { readTrialBalance } from '../../../../core/ledger/trial-balance.ts'
import { verifyBalances } from '../../../../core/ledger/verify.ts'
import { fromCents } from '../../../../core/money.ts'
import { encodePosition } from '../../../../core/paging.ts'
import { journalListSchema, trialBalanceSchema } from '../../../../schema/wire/ledger.ts'
import { ACCOUNTS } from '../../../../schema/wire/money.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const usd = (dollars: number) => fromCents(dollars * 100)
const AT = new Date('2026-11-21T02:48:23.000Z')
const policy = { id: 'INS-2026-a', organisationId: 'org_a' }
const claim = { id: 'CLM-2026-a', organisationId: 'org_a' }

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
/** Tests begin with empty books, which nothing but switching the triggers off can make. */
beforeEach(async () => {
  await core.db.owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`
    await tx`TRUNCATE ledger_journals, ledger_postings, ledger_balances`
  })
})

const post = (...given: (Journal | Journal[])[]) =>
  core.db.database.asSystem((tx) => postJournals(tx, given.flat(), AT))
const list = (filter: Partial<Parameters<typeof listJournals>[1]> = {}) =>
  listJournals(core.ctx(), { limit: 20, ...filter })

/** A year in eight lines. */
const postHistory = () =>
  post(
    journals.capitalJournal(usd(250_000)),
    journals.bindJournals({ ...policy, premium: usd(10), subsidy: usd(50) }),
    journals.earnJournal(policy, usd(36), usd(36)),
    journals.invoicePaidJournals({ id: 'inv_a', organisationId: 'org_a', cash: usd(10), premium: usd(10) }),
    journals.claimFiledJournal(claim, usd(80_000)),
    journals.approveJournals(claim, 1, { estimate: usd(80_000), amount: usd(60_000), approvedBefore: 0n }),
    journals.payoutJournal({ id: 'pay_a', claimId: claim.id, organisationId: 'org_a', amount: usd(60_000) }),
    journals.claimFiledJournal({ ...claim, id: 'CLM-2026-b' }, usd(500)),
    journals.claimFiledJournal({ ...claim, id: 'CLM-2026-c' }, usd(40)),
    journals.approveJournals({ ...claim, id: 'CLM-2026-c' }, 1, {
      estimate: usd(40),
      amount: usd(30),
      approvedBefore: 0n,
    }),
    journals.ibnrJournal('2026-11/1', usd(900)),
  )

test('the figures of the books, each positive in its natural sense', async () => {
  await postHistory()
  expect(await core.db.database.asSystem(bookFigures)).toEqual({
    earnedPremium: usd(36),
    paidClaims: usd(60_000),
    caseReserves: usd(500),
    ibnr: usd(900),
    ceded: usd(10_000),
    recoverable: usd(10_000),
    reserveCash: usd(250_005),
    operatingCash: usd(5),
    claimsPayable: usd(30),
    subsidyPosted: usd(50),
  })
  // A reversal: what was paid is paid no more, and nor is the reinsurer's share.
  const before = { approvedBefore: usd(60_000), recoverable: usd(10_000) }
  await post(
    journals.reversalJournals(
      claim,
      { amount: usd(60_000), ...before },
      { receivable: 0n, credit: usd(60_000) },
    ),
  )
  expect(await core.db.database.asSystem(bookFigures)).toMatchObject({
    paidClaims: 0n,
    ceded: 0n,
    recoverable: 0n,
  })
})

describe('the trial balance', () => {
  test('has every account, also of empty books', async () => {
    const empty = await core.db.database.asSystem(trialBalance)
    expect(empty).toEqual(ACCOUNTS.map((account) => ({ account, balance: 0n })))
    const document = await readTrialBalance(core.ctx(AT), true)
    expect(trialBalanceSchema.parse(document)).toEqual(document)
    expect(document).toMatchObject({
      as_of: AT.toISOString(),
      balanced: true,
      totals: { debit: 0, credit: 0, debit_micros: '0', credit_micros: '0' },
      verification: { postings: 0, matches: true, differences: [] },
    })
  })

  test('has each balance in its column, cents rounded and micros exact, and equal totals', async () => {
    await postHistory()
    await post(journals.earnJournal(policy, 15_000n, usd(36) + 15_000n))
    const document = await readTrialBalance(core.ctx(AT), true)
    expect(trialBalanceSchema.parse(document)).toEqual(document)
    const of = (name: string) => document.accounts.find(({ account }) => account === name)
    expect(of('cash_reserve')).toEqual({
      account: 'cash_reserve',
      title: 'Cash: reserve',
      type: 'asset',
      debit: 25_000_500,
      credit: 0,
      micros: '250005000000',
    })
    expect(of('earned_premium')).toMatchObject({
      type: 'revenue',
      debit: 0,
      credit: 3_602,
      micros: '-36015000',
    })
    expect(of('unearned_premium')).toMatchObject({ debit: 0, credit: 2_398, micros: '-23985000' })
    expect(document.totals.debit_micros).toBe(document.totals.credit_micros)
    expect(document.totals.debit).toBe(document.totals.credit)
    expect(document.balanced).toBe(true)
    const [row] = await core.db.owner`SELECT count(*)::int AS postings FROM ledger_postings`
    expect(document.verification).toEqual({ postings: row!.postings, matches: true, differences: [] })
  })

  test('is not verified unless that is asked for', async () => {
    expect(await readTrialBalance(core.ctx(AT), false)).not.toHaveProperty('verification')
  })

  test('that a hand has broken is not balanced, and says where it differs from the postings', async () => {
    await postHistory()
    await core.db.owner`UPDATE ledger_balances SET amount_micros = amount_micros + 1 WHERE account = 'ibnr'`
    const document = await readTrialBalance(core.ctx(AT), true)
    expect(document.balanced).toBe(false)
    expect(document.verification).toMatchObject({
      matches: false,
      differences: [{ account: 'ibnr', balance_micros: '-899999999', postings_micros: '-900000000' }],
    })
  })
})

describe('verification', () => {
  test('sums up what is settled and what is new, once each, wherever the line is between them', async () => {
    await postHistory()
    const later = new Date(AT.getTime() + 3_600_000)
    await core.db.database.asSystem((tx) =>
      postJournals(tx, [journals.capitalJournal(1n)].map(rename('later')), later),
    )
    const [row] = await core.db.owner`SELECT count(*)::int AS postings FROM ledger_postings`
    for (const minutes of [0, 11, 69, 71, 600]) {
      const ctx = core.ctx(new Date(AT.getTime() + minutes * 60_000))
      expect(await verifyBalances(ctx), `${minutes}`).toEqual({
        postings: BigInt(row!.postings),
        differences: [],
      })
    }
    await core.db
      .owner`UPDATE ledger_balances SET amount_micros = amount_micros - 5 WHERE account = 'capital'`
    for (const minutes of [0, 11, 71]) {
      const ctx = core.ctx(new Date(AT.getTime() + minutes * 60_000))
      expect(
        (await verifyBalances(ctx)).differences.map(({ account }) => account),
        `${minutes}`,
      ).toEqual(['capital'])
    }
  })

  test('finds an account with postings and no balance', async () => {
    await postHistory()
    await core.db.owner`DELETE FROM ledger_balances WHERE account = 'ibnr'`
    expect((await verifyBalances(core.ctx(AT))).differences).toEqual([
      { account: 'ibnr', balance: 0n, postings: -usd(900) },
    ])
  })
})

describe('the list of journals', () => {
  test('newest first, with their postings in order, in cents and exactly', async () => {
    await post(journals.capitalJournal(usd(250_000)))
    await post(journals.earnJournal(policy, 12_345n, 12_345n))
    const page = await list()
    expect(journalListSchema.parse(page)).toEqual(page)
    expect(page.next_cursor).toBeNull()
    expect(page.data.map(({ key }) => key)).toEqual(['earn/INS-2026-a/12345', 'capital/initial'])
    expect(page.data[0]).toEqual({
      key: 'earn/INS-2026-a/12345',
      kind: 'earn',
      organisation_id: 'org_a',
      subject: 'INS-2026-a',
      posted_at: AT.toISOString(),
      currency: 'usd',
      postings: [
        { account: 'unearned_premium', party: 'INS-2026-a', debit: 1, credit: 0, micros: '12345' },
        { account: 'earned_premium', party: null, debit: 0, credit: 1, micros: '-12345' },
      ],
    })
  })

  test('page by page, all of them once', async () => {
    await post(Array.from({ length: 7 }, (_, index) => journals.earnJournal(policy, 10n, BigInt(index))))
    const keys: string[] = []
    let cursor: string | undefined
    do {
      const page = await list({ limit: 3, cursor })
      expect(page.data.length).toBeLessThanOrEqual(3)
      keys.push(...page.data.map(({ key }) => key))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(keys).toEqual(Array.from({ length: 7 }, (_, index) => `earn/INS-2026-a/${6 - index}`))
  })

  test('of one subject, kind or organisation, or of all of them', async () => {
    await postHistory()
    const other = { id: 'INS-2026-b', organisationId: 'org_b' }
    await post(journals.bindJournals({ ...other, premium: usd(1), subsidy: 0n }))
    const keys = async (filter: Parameters<typeof list>[0]) => (await list(filter)).data.map(({ key }) => key)
    expect(await keys({ subject: policy.id })).toEqual([
      'subsidy/INS-2026-a',
      'earn/INS-2026-a/36000000',
      'bind/INS-2026-a',
    ])
    expect(await keys({ kind: 'bind' })).toEqual(['bind/INS-2026-b', 'bind/INS-2026-a'])
    expect(await keys({ organisation: 'org_b' })).toEqual(['bind/INS-2026-b'])
    expect(await keys({ kind: 'bind', organisation: 'org_a', subject: policy.id })).toEqual([
      'bind/INS-2026-a',
    ])
    expect(await keys({ kind: 'bind', subject: claim.id })).toEqual([])
  })

  test('a rare kind is looked for in a bounded part of the books at a time, and found in the end', async () => {
    await post(journals.capitalJournal(usd(1)))
    // 250,000 journals later, without their postings.
    await core.db.owner`
      INSERT INTO ledger_journals (key, kind, subject, digest, posted_at)
      SELECT 'filler/' || n, 'filler', 'filler', '', now() FROM generate_series(1, 250000) n`
    const found: string[] = []
    let pages = 0
    let cursor: string | undefined
    do {
      const page = await list({ kind: 'capital', cursor })
      found.push(...page.data.map(({ key }) => key))
      cursor = page.next_cursor ?? undefined
      pages++
    } while (cursor !== undefined && pages < 10)
    expect(found).toEqual(['capital/initial'])
    expect(pages).toBe(3)
    // By its subject it is found at once.
    expect((await list({ kind: 'capital', subject: 'network' })).data).toHaveLength(1)
  })

  test.each(['', 'x', encodePosition(5n).slice(1)])('the cursor %j is refused', async (cursor) => {
    expect(await refusalCode(list({ cursor }))).toBe('invalid_cursor')
  })
})

const rename =
  (name: string) =>
  (journal: Journal): Journal => ({ ...journal, key: `${journal.key}/${name}` })
