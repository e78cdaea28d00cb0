import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHART } from '../../../../core/ledger/accounts.ts'
import { accountBalance } from '../../../../core/ledger/balances.ts'
import {
  approveJournals,
  badgeEarnedJournal,
  badgeSoldJournal,
  bindJournals,
  cancelJournal,
  capitalJournal,
  cededPart,
  certificateFeeJournal,
  claimFiledJournal,
  claimReleasedJournal,
  creditUsedJournal,
  earnJournal,
  ibnrJournal,
  invoicePaidJournals,
  payoutJournal,
  recoveryJournal,
  reversalJournals,
  voidJournal,
} from '../../../../core/ledger/journals.ts'
import { type Journal, postJournals } from '../../../../core/ledger/post.ts'
import { fromCents } from '../../../../core/money.ts'
import { ACCOUNTS, type Account } from '../../../../schema/wire/money.ts'
import { START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'

const usd = (dollars: number) => fromCents(Math.round(dollars * 100))
const ORG = 'org_7k3m9q2x4w8t1v6z'
const policy = { id: 'INS-2026-7k3m9q2x4w8t1v6z', organisationId: ORG }
const claim = { id: 'CLM-2026-7k3m9q2x4w8t1v6z', organisationId: ORG }
const balances = (receivable: number, credit: number) => ({
  receivable: usd(receivable),
  credit: usd(credit),
})

/** Of each event of `docs/money.md`: `account[/party]`, dollars; debits positive. */
const TABLE: [string, Journal[], [string, number][]][] = [
  [
    'capital',
    [capitalJournal(usd(250_000))],
    [
      ['cash_reserve', 250_000],
      ['capital', -250_000],
    ],
  ],
  [
    'bind, with its subsidy',
    bindJournals({ ...policy, premium: usd(0.1), subsidy: usd(59.9) }),
    [
      [`premium_receivable/${ORG}`, 0.1],
      [`unearned_premium/${policy.id}`, -0.1],
      ['subsidy_budget', 59.9],
      [`unearned_premium/${policy.id}`, -59.9],
    ],
  ],
  [
    'bind, technical',
    bindJournals({ ...policy, premium: usd(60), subsidy: 0n }),
    [
      [`premium_receivable/${ORG}`, 60],
      [`unearned_premium/${policy.id}`, -60],
    ],
  ],
  [
    'earn',
    [earnJournal(policy, usd(2), usd(2))],
    [
      [`unearned_premium/${policy.id}`, 2],
      ['earned_premium', -2],
    ],
  ],
  [
    'invoice paid, half of the premium into the reserve',
    invoicePaidJournals({ id: 'inv_1', organisationId: ORG, cash: usd(12), premium: usd(10) }),
    [
      ['cash_operating', 12],
      [`premium_receivable/${ORG}`, -12],
      ['cash_reserve', 5],
      ['cash_operating', -5],
    ],
  ],
  [
    'credit used',
    [creditUsedJournal({ id: 'inv_1', organisationId: ORG, credit: usd(3) })],
    [
      [`customer_credit/${ORG}`, 3],
      [`premium_receivable/${ORG}`, -3],
    ],
  ],
  [
    'certificate fee',
    [certificateFeeJournal('certificates/org/2026-11-21', ORG, usd(1.5))],
    [
      [`premium_receivable/${ORG}`, 1.5],
      ['certificate_revenue', -1.5],
    ],
  ],
  [
    'claim filed',
    [claimFiledJournal(claim, usd(800))],
    [
      ['claims_incurred', 800],
      [`case_reserve/${claim.id}`, -800],
    ],
  ],
  [
    'approve less than was asked for',
    approveJournals(claim, 1, { estimate: usd(800), amount: usd(500), approvedBefore: 0n }),
    [
      ['claims_incurred', -300],
      [`case_reserve/${claim.id}`, 300],
      [`case_reserve/${claim.id}`, 500],
      [`claims_payable/${claim.id}`, -500],
    ],
  ],
  [
    'approve all: nothing to adjust',
    approveJournals(claim, 1, { estimate: usd(800), amount: usd(800), approvedBefore: 0n }),
    [
      [`case_reserve/${claim.id}`, 800],
      [`claims_payable/${claim.id}`, -800],
    ],
  ],
  [
    'approve $80,000: the reinsurer bears $30,000',
    approveJournals(claim, 1, { estimate: usd(80_000), amount: usd(80_000), approvedBefore: 0n }),
    [
      [`case_reserve/${claim.id}`, 80_000],
      [`claims_payable/${claim.id}`, -80_000],
      [`reinsurance_recoverable/${claim.id}`, 30_000],
      ['reinsurers_share', -30_000],
    ],
  ],
  [
    'a dispute adds $30,000 to $40,000: $20,000 of it are ceded',
    approveJournals(claim, 2, { estimate: 0n, amount: usd(30_000), approvedBefore: usd(40_000) }),
    [
      ['claims_incurred', 30_000],
      [`case_reserve/${claim.id}`, -30_000],
      [`case_reserve/${claim.id}`, 30_000],
      [`claims_payable/${claim.id}`, -30_000],
      [`reinsurance_recoverable/${claim.id}`, 20_000],
      ['reinsurers_share', -20_000],
    ],
  ],
  [
    'payout as credit',
    [payoutJournal({ id: 'pay_1', claimId: claim.id, organisationId: ORG, amount: usd(500) })],
    [
      [`claims_payable/${claim.id}`, 500],
      [`customer_credit/${ORG}`, -500],
    ],
  ],
  ...(['claim_denied', 'claim_withdrawn'] as const).map((kind): [string, Journal[], [string, number][]] => [
    kind,
    [claimReleasedJournal(claim, kind, usd(800))],
    [
      [`case_reserve/${claim.id}`, 800],
      ['claims_incurred', -800],
    ],
  ]),
  [
    'cancel: receivable first, then credit, the subsidy to its budget',
    [cancelJournal(policy, { premium: usd(10), subsidy: usd(40) }, balances(6, 0))],
    [
      [`unearned_premium/${policy.id}`, 50],
      [`premium_receivable/${ORG}`, -6],
      [`customer_credit/${ORG}`, -4],
      ['subsidy_budget', -40],
    ],
  ],
  [
    'void: what was earned goes back too',
    [
      voidJournal(
        policy,
        { premium: usd(6), subsidy: usd(30) },
        { premium: usd(4), subsidy: usd(20) },
        balances(25, 9),
      ),
    ],
    [
      [`unearned_premium/${policy.id}`, 36],
      ['earned_premium', 24],
      [`premium_receivable/${ORG}`, -10],
      ['subsidy_budget', -50],
    ],
  ],
  [
    'reversal: from the credit, the rest owed; the cession from what is recoverable, the rest payable',
    reversalJournals(
      claim,
      { amount: usd(80_000), approvedBefore: usd(80_000), recoverable: usd(10_000) },
      balances(0, 1_000),
    ),
    [
      [`customer_credit/${ORG}`, 1_000],
      [`claim_clawback/${ORG}`, 79_000],
      ['claims_incurred', -80_000],
      ['reinsurers_share', 30_000],
      [`reinsurance_recoverable/${claim.id}`, -10_000],
      [`reinsurance_payable/${claim.id}`, -20_000],
    ],
  ],
  [
    'recovery',
    [recoveryJournal(claim, 'rec_1', usd(10_000))],
    [
      ['cash_reserve', 10_000],
      [`reinsurance_recoverable/${claim.id}`, -10_000],
    ],
  ],
  [
    'IBNR up',
    [ibnrJournal('2026-11/1', usd(900))],
    [
      ['claims_incurred', 900],
      ['ibnr', -900],
    ],
  ],
  [
    'IBNR down',
    [ibnrJournal('2026-12/1', -usd(200))],
    [
      ['claims_incurred', -200],
      ['ibnr', 200],
    ],
  ],
  [
    'badge sold',
    [badgeSoldJournal('sub_1', ORG, usd(10_000))],
    [
      [`premium_receivable/${ORG}`, 10_000],
      ['deferred_revenue/sub_1', -10_000],
    ],
  ],
  [
    'badge earned',
    [badgeEarnedJournal('sub_1', ORG, usd(27.39), usd(27.39))],
    [
      ['deferred_revenue/sub_1', 27.39],
      ['badge_revenue', -27.39],
    ],
  ],
]

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const post = (journals: readonly Journal[]) =>
  core.db.database.asSystem((tx) => postJournals(tx, journals, new Date()))

const nameOf = ({ account, party }: { account: string; party?: string }) =>
  party ? `${account}/${party}` : account

describe('every event of the books', () => {
  test.each(TABLE)('%s', async (name, journals, expected) => {
    const lines = journals
      .flatMap(({ postings }) => postings)
      .filter(({ amount }) => amount !== 0n)
      .map((posting) => [nameOf(posting), posting.amount])
    expect(lines).toEqual(expected.map(([account, dollars]) => [account, usd(dollars)]))
    for (const { postings } of journals) {
      expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n)
      for (const { account, party = '' } of postings) {
        expect(party === '', nameOf({ account, party })).toBe(CHART[account].parties === 'none')
      }
    }
    // Two rows of the table are of the same event; it is posted under a name of its own here.
    const named = journals.map((journal) => ({ ...journal, key: `${name}: ${journal.key}` }))
    const before = await allBalances()
    expect(await post(named)).toBe(
      journals.filter(({ postings }) => postings.some(({ amount }) => amount !== 0n)).length,
    )
    const after = await allBalances()
    for (const account of ACCOUNTS) {
      const change = expected
        .filter(([line]) => line.split('/')[0] === account)
        .reduce((sum, [, dollars]) => sum + usd(dollars), 0n)
      expect(after[account] - before[account], account).toBe(change)
    }
    expect(await post(named)).toBe(0)
    expect(await allBalances()).toEqual(after)
  })

  test('after all of them the books sum to zero', async () => {
    expect(Object.values(await allBalances()).reduce((sum, amount) => sum + amount, 0n)).toBe(0n)
  })

  test('uses every account of the chart', () => {
    const used = new Set(TABLE.flatMap(([, , lines]) => lines.map(([line]) => line.split('/')[0])))
    expect([...used].sort()).toEqual([...ACCOUNTS].sort())
    expect(Object.keys(CHART).sort()).toEqual([...ACCOUNTS].sort())
  })
})

test.each([
  [0, 0],
  [50_000, 0],
  [50_000.01, 0.01],
  [100_000, 50_000],
])('of a claim of $%s the reinsurer bears $%s', (amount, ceded) => {
  expect(cededPart(usd(amount))).toBe(usd(ceded))
})

async function allBalances(): Promise<Record<Account, bigint>> {
  const entries = await core.db.database.asSystem(async (tx) => {
    const found: [Account, bigint][] = []
    for (const account of ACCOUNTS) found.push([account, await accountBalance(tx, account)])
    return found
  })
  return Object.fromEntries(entries) as Record<Account, bigint>
}
