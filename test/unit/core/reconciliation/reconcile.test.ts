import { readFile } from 'node:fs/promises'
import { sql as template } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outside } from '../../../../core/back-office/outside.ts'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { RailRefused, RailUnavailable } from '../../../../core/billing/rail.ts'
import { earnJournal, recoveryJournal } from '../../../../core/ledger/journals.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { FINDING_CODES, inRanges } from '../../../../core/reconciliation/finding.ts'
import { listReconciliations } from '../../../../core/reconciliation/list.ts'
import { CHECKS, reconcile, reconcileNow } from '../../../../core/reconciliation/reconcile.ts'
import { reconciliationListSchema, reconciliationSchema } from '../../../../schema/wire/ledger.ts'
import { refusalCode, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { BREAKS } from './breaks.ts'
import { buildWorld, emptyWorld, type Names, NOW, tamper, usd } from './world.ts'

let core: TestCore
let names: Names
const outside = { rail: embeddedRail } as Outside
beforeAll(async () => {
  core = await startTestCore({ keys: false })
  names = {
    a: (await core.organisation('A')).organisationId,
    b: (await core.organisation('B')).organisationId,
  }
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())
beforeEach(() => buildWorld(core.ctx(NOW), core.db.owner, names))

/** `code subject`, as they were reported. */
const found = async (from: Outside = outside) =>
  (await reconcile(core.ctx(NOW), from)).findings.map(({ code, subject }) => `${code} ${subject}`)

test('where everything agrees nothing is found', async () => {
  const document = await reconcile(core.ctx(NOW), outside)
  expect(document.findings).toEqual([])
  expect(document).toMatchObject({ at: NOW.toISOString(), checks: CHECKS.length })
  expect(reconciliationSchema.parse(document)).toEqual(document)
})

test('of empty books nothing is found', async () => {
  await emptyWorld(core.db.owner)
  expect(await found()).toEqual([])
})

describe('what a hand has broken is reported, and nothing else:', () => {
  test.each(BREAKS)('%s', async (_, breakIt, expected) => {
    await tamper(core.db.owner, (sql) => breakIt(sql, names))
    const given = expected.map((line) => line.replace(/\bA$/, names.a).replace(/\bB$/, names.b))
    expect((await found()).sort()).toEqual(given.sort())
  })

  test('a part of nobody', async () => {
    const journal = earnJournal({ id: 'INS-nobody', organisationId: names.a }, 5n, 5n)
    await core.db.database.asSystem((tx) => postJournals(tx, [journal], NOW))
    expect(await found()).toEqual(['part_without_owner unearned_premium/INS-nobody'])
  })

  test('a reinsurer that owes less than nothing', async () => {
    const journal = recoveryJournal({ id: 'CLM-ceded', organisationId: names.a }, 'rec', usd(10_000) + 1n)
    await core.db.database.asSystem((tx) => postJournals(tx, [journal], NOW))
    const { findings } = await reconcile(core.ctx(NOW), outside)
    expect(findings).toEqual([{ code: 'recoverable_negative', subject: 'CLM-ceded', figures: { owed: '1' } }])
  })

  test('with its figures', async () => {
    await tamper(core.db.owner, (sql) => sql`UPDATE exposure_customers SET on_risk_micros = 12`)
    const { findings } = await reconcile(core.ctx(NOW), outside)
    expect(findings).toEqual([
      {
        code: 'customer_exposure_differs',
        subject: names.a,
        figures: { counter: '12', policies: String(usd(105_000)) },
      },
    ])
  })

  test('a credit that is as old as its pending payout is none', async () => {
    await tamper(
      core.db.owner,
      (sql) =>
        sql`INSERT INTO rail_transactions VALUES ('pay_pending', 'credit', ${`ledger_${names.a}`}, 3000, ${NOW})`,
    )
    expect(await found()).toEqual([])
  })

  test('every code is provoked by one of these tests', () => {
    const elsewhere = ['part_without_owner', 'recoverable_negative', 'check_failed', 'findings_left_out']
    const provoked = new Set([
      ...BREAKS.flatMap(([, , lines]) => lines.map((line) => line.split(' ')[0])),
      ...elsewhere,
    ])
    expect([...provoked].sort()).toEqual([...FINDING_CODES].sort())
  })
})

describe('a payment provider', () => {
  const asking = (findCredit: () => Promise<string | null>) =>
    ({ rail: { ...embeddedRail, name: 'stripe', findCredit } }) as unknown as Outside
  beforeEach(() =>
    tamper(core.db.owner, async (sql) => {
      await sql`UPDATE payouts SET rail = 'stripe', reference = 'cbtxn_1' WHERE id = 'pay_ceded'`
      await sql`DELETE FROM rail_transactions WHERE key = 'pay_ceded'`
      await sql`INSERT INTO billing_accounts VALUES (${names.a}, 'stripe', 'cus_1', ${NOW})`
    }),
  )

  test('that has what it is said to have paid', async () => {
    const asked: unknown[] = []
    const findCredit = async (...given: unknown[]) => {
      asked.push(given[1])
      return 'cbtxn_1'
    }
    expect(await found(asking(findCredit as never))).toEqual([])
    expect(asked).toMatchObject([
      { customer: 'cus_1', key: 'pay_ceded', cents: 6_000_000, organisationId: names.a },
    ])
  })

  test.each<[string, () => Promise<string | null>, string]>([
    ['has none', async () => null, 'payout_without_credit pay_ceded'],
    ['has another', async () => 'cbtxn_2', 'payout_without_credit pay_ceded'],
    [
      'has one that says otherwise',
      async () => {
        throw new RailRefused('key_reused')
      },
      'payout_without_credit pay_ceded',
    ],
    [
      'does not answer',
      async () => {
        throw new RailUnavailable('secret of the connection')
      },
      'check_failed asked_credits',
    ],
  ])('that %s', async (_, findCredit, expected) => {
    expect(await found(asking(findCredit))).toEqual([expected])
  })

  test('is not asked for what is older', async () => {
    await tamper(core.db.owner, (sql) => sql`UPDATE payouts SET paid_at = paid_at - interval '49 hours'`)
    expect(await found(asking(async () => null))).toEqual([])
  })
})

describe('a run', () => {
  test('goes on where one check fails, and says no more of the error than its name', async () => {
    await tamper(core.db.owner, (sql) => sql`UPDATE exposure_customers SET on_risk_micros = 12`)
    const broken = {
      get rail(): never {
        throw new TypeError('a secret')
      },
    } as unknown as Outside
    const { findings } = await reconcile(core.ctx(NOW), broken)
    expect(findings.map(({ code }) => code)).toEqual(['customer_exposure_differs', 'check_failed'])
    expect(findings[1]!.figures).toEqual({ error: 'TypeError' })
  })

  test('reports a thousand at most, and how many it left out', async () => {
    await tamper(core.db.owner, async (sql) => {
      await sql`UPDATE exposure_customers SET on_risk_micros = 12`
      await sql`
        INSERT INTO rail_transactions SELECT 'unknown_' || n, 'credit', 'ledger_x', 1, ${NOW} FROM generate_series(1, 1200) n`
      await sql`DELETE FROM rail_transactions WHERE key = 'pay_ceded'`
    })
    const { findings } = await reconcile(core.ctx(NOW), outside)
    expect(findings).toHaveLength(1_000)
    expect(findings[0]!.code).toBe('customer_exposure_differs')
    expect(findings.at(-1)).toEqual({
      code: 'findings_left_out',
      subject: 'network',
      figures: { count: '3' },
    })
  })

  test('looks at every page', async () => {
    await tamper(core.db.owner, async (sql) => {
      // 4,500 parts of accounts: three pages. The last of them is broken.
      await sql`
        INSERT INTO ledger_balances SELECT 'unearned_premium', 'INS-zz-' || lpad(n::text, 5, '0'), 0, (n = 4500)::int
        FROM generate_series(1, 4500) n`
      // Two pages of the rail, and the last is nobody's.
      await sql`
        INSERT INTO rail_transactions SELECT 'usage_' || lpad(n::text, 6, '0'), 'usage', 'x', 1, ${NOW}
        FROM generate_series(1, 50010) n`
      await sql`INSERT INTO rail_transactions VALUES ('zz', 'debit', 'x', 1, ${NOW})`
    })
    expect(await found()).toEqual([
      'balance_differs unearned_premium',
      'balance_differs unearned_premium/INS-zz-04500',
      'part_without_owner unearned_premium/INS-zz-04500',
      'rail_change_unexplained zz',
    ])
  })

  test('divides what has a position into ranges without a gap', async () => {
    const ranges: string[] = []
    const table = { newest: template`SELECT '5' AS newest`, page: 2n }
    await inRanges(core.ctx(), table, async (_, { after, upTo }) => {
      ranges.push(`${after}-${upTo}`)
      return []
    })
    expect(ranges).toEqual(['0-2', '2-4', '4-5'])
  })

  test('changes nothing but what it stores of itself', async () => {
    const [before] = await core.db
      .owner`SELECT (SELECT count(*) FROM ledger_journals) AS j, (SELECT sum(amount_micros) FROM payouts) AS p`
    await tamper(core.db.owner, (sql) => sql`UPDATE exposure_customers SET on_risk_micros = 12`)
    await found()
    const [after] = await core.db
      .owner`SELECT (SELECT count(*) FROM ledger_journals) AS j, (SELECT sum(amount_micros) FROM payouts) AS p`
    expect(after).toEqual(before)
    expect(await found()).toEqual([`customer_exposure_differs ${names.a}`])
  })
})

describe('what runs have found', () => {
  test('is listed newest first, page by page', async () => {
    const ids: number[] = []
    for (let run = 0; run < 3; run++) ids.push((await reconcile(core.ctx(NOW), outside)).id)
    const newest = await listReconciliations(core.ctx(), { limit: 1 })
    expect(reconciliationListSchema.parse(newest)).toEqual(newest)
    expect(newest.data.map(({ id }) => id)).toEqual([ids[2]])
    const rest = await listReconciliations(core.ctx(), { limit: 5, cursor: newest.next_cursor! })
    expect(rest.data.map(({ id }) => id)).toEqual([ids[1], ids[0]])
    expect(rest.next_cursor).toBeNull()
  })

  test('a cursor that this API did not give is refused', async () => {
    expect(await refusalCode(listReconciliations(core.ctx(), { limit: 1, cursor: 'x' }))).toBe(
      'invalid_cursor',
    )
  })

  test('an operator who asks twice with one key gets one run', async () => {
    const answers: string[] = []
    const claim = {
      settle: async (_: unknown, { body }: { body: string }) => void answers.push(body),
      record: () => null,
    }
    const answer = await reconcileNow(core.ctx(NOW), outside, claim)
    expect(answer.status).toBe(201)
    expect(answers).toEqual([answer.body])
    // The claim is settled in the transaction that stores the run: one that is not first stores nothing.
    const notFirst = {
      settle: async () => {
        throw new TypeError('not first')
      },
      record: () => null,
    }
    await expect(reconcileNow(core.ctx(NOW), outside, notFirst)).rejects.toThrow(TypeError)
    expect((await listReconciliations(core.ctx(), { limit: 5 })).data).toHaveLength(1)
  })
})

test('the runbook explains every code', async () => {
  const runbook = await readFile('docs/runbook.md', 'utf8')
  for (const code of FINDING_CODES) expect(runbook, code).toContain(`\`${code}\``)
})
