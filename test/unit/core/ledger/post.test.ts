import { sql } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Transaction } from '../../../../core/context.ts'
import { accountBalance } from '../../../../core/ledger/balances.ts'
import { lockCustomerBalances } from '../../../../core/ledger/customer-balances.ts'
import {
  approveJournals,
  bindJournals,
  cancelJournal,
  claimFiledJournal,
  earnJournal,
  invoicePaidJournals,
  payoutJournal,
  reversalJournals,
} from '../../../../core/ledger/journals.ts'
import { type Journal, type Posting, postJournals } from '../../../../core/ledger/post.ts'
import { verifyBalances } from '../../../../core/ledger/verify.ts'
import { fromCents } from '../../../../core/money.ts'
import { partBalances } from '../../../../core/reconciliation/checks/books.ts'
import { COMMAND_LIMIT_MS, START_LIMIT_MS, startTestCore, type TestCore } from '../support.ts'
import { sqlState } from './sql-state.ts'

const CONNECTIONS = 64
const TRANSACTIONS_EACH = 12

let core: TestCore
beforeAll(async () => {
  core = await startTestCore({ keys: false })
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const post = (...journals: readonly Journal[]) =>
  core.db.database.asSystem((tx) => postJournals(tx, journals, core.ctx().now))

const balance = (account: Parameters<typeof accountBalance>[1], party?: string) =>
  core.db.database.asSystem((tx) => accountBalance(tx, account, party))

const count = async () => {
  const [row] = await core.db.owner<[{ journals: number; postings: number }]>`
    SELECT (SELECT count(*)::int FROM ledger_journals) AS journals, (SELECT count(*)::int FROM ledger_postings) AS postings`
  return row
}

function journal(key: string, ...postings: Posting[]): Journal {
  return { key, kind: 'test', organisationId: null, subject: key, postings }
}

const CHECK_VIOLATION = '23514'
const UNIQUE_VIOLATION = '23505'
const INSUFFICIENT_PRIVILEGE = '42501'
const OUT_OF_RANGE = '22003'

describe('posting', () => {
  test('the same again changes nothing; new ones beside it are posted', async () => {
    const first = journal(
      'again/1',
      { account: 'cash_reserve', amount: 5n },
      { account: 'capital', amount: -5n },
    )
    const second = { ...first, key: 'again/2' }
    expect(await post(first)).toBe(1)
    const before = await count()
    expect(await post(first)).toBe(0)
    expect(await count()).toEqual(before)
    expect(await post(first, second)).toBe(1)
    expect(await balance('cash_reserve')).toBe(10n)
  })

  test('the same key with other postings is refused, whatever else is different', async () => {
    const lines = [
      { account: 'ibnr', amount: 7n },
      { account: 'claims_incurred', amount: -7n },
    ] as const
    await post(journal('other/1', ...lines))
    const before = await count()
    const others: Posting[][] = [
      [
        { account: 'ibnr', amount: 8n },
        { account: 'claims_incurred', amount: -8n },
      ],
      [
        { account: 'ibnr', amount: 7n },
        { account: 'capital', amount: -7n },
      ],
      [
        { account: 'ibnr', party: 'x', amount: 7n },
        { account: 'claims_incurred', amount: -7n },
      ],
      [...lines, ...lines],
    ]
    for (const postings of others) {
      const fresh = journal('other/2', ...lines)
      expect(await sqlState(post(fresh, journal('other/1', ...postings)))).toBe(UNIQUE_VIOLATION)
    }
    expect(await count()).toEqual(before)
  })

  test('the same key twice in one call is refused', async () => {
    const one = journal('twice', { account: 'ibnr', amount: 1n }, { account: 'claims_incurred', amount: -1n })
    expect(await sqlState(post(one, one))).toBe(UNIQUE_VIOLATION)
  })

  test.each<[string, Posting[], string]>([
    [
      'does not sum to zero',
      [
        { account: 'ibnr', amount: 1n },
        { account: 'capital', amount: -2n },
      ],
      CHECK_VIOLATION,
    ],
    ['has one line', [{ account: 'ibnr', amount: 1n }], CHECK_VIOLATION],
    [
      'sums to zero only modulo 2^64',
      [
        { account: 'ibnr', amount: 2n ** 63n - 1n },
        { account: 'capital', amount: 2n ** 63n - 1n },
        { account: 'capital', amount: 2n },
      ],
      CHECK_VIOLATION,
    ],
    [
      'has an amount that no column holds',
      [
        { account: 'ibnr', amount: 2n ** 63n },
        { account: 'capital', amount: -(2n ** 63n) },
      ],
      OUT_OF_RANGE,
    ],
    [
      'has an account that is not in the chart',
      [
        { account: 'slush_fund' as never, amount: 1n },
        { account: 'capital', amount: -1n },
      ],
      CHECK_VIOLATION,
    ],
  ])('a journal that %s is refused, with those beside it', async (name, postings, state) => {
    const before = await count()
    const good = journal(`${name}/good`, { account: 'ibnr', amount: 1n }, { account: 'capital', amount: -1n })
    expect(await sqlState(post(good, journal(name, ...postings)))).toBe(state)
    expect(await count()).toEqual(before)
  })

  test('lines of nothing are left out, and so is a journal of nothing', async () => {
    const before = await count()
    expect(await post()).toBe(0)
    expect(
      await post(journal('nothing', { account: 'ibnr', amount: 0n }, { account: 'capital', amount: 0n })),
    ).toBe(0)
    expect(await count()).toEqual(before)
  })

  test('a transaction that fails after it leaves nothing', async () => {
    const before = await count()
    const capital = await balance('capital')
    const lost = journal('lost', { account: 'cash_reserve', amount: 9n }, { account: 'capital', amount: -9n })
    const failing = core.db.database.asSystem(async (tx) => {
      expect(await postJournals(tx, [lost], core.ctx().now)).toBe(1)
      throw new TypeError('a crash after it')
    })
    await expect(failing).rejects.toThrow(TypeError)
    expect(await count()).toEqual(before)
    expect(await balance('capital')).toBe(capital)
    expect(await post(lost)).toBe(1)
  })

  test('a tenant posts in its own transaction, and reads nothing of the books', async () => {
    const organisation = await core.organisation()
    const own = journal('own', { account: 'cash_reserve', amount: 3n }, { account: 'capital', amount: -3n })
    const asTenant = <T>(work: (tx: Transaction) => Promise<T>) =>
      core.db.database.asOrganisation(organisation.organisationId, work)
    expect(await asTenant((tx) => postJournals(tx, [own], core.ctx().now))).toBe(1)
    expect(await sqlState(asTenant((tx) => accountBalance(tx, 'capital')))).toBe(INSUFFICIENT_PRIVILEGE)
  })
})

describe('64 connections post journals that overlap', () => {
  /** Few customers, policies and claims, so that everybody meets everybody. */
  const ORGANISATIONS = ['org_a', 'org_b', 'org_c']
  const step = fc.record({
    kind: fc.constantFrom('bind', 'earn', 'batch', 'cancel', 'invoice', 'claim', 'payouts', 'reversal'),
    organisation: fc.constantFrom(...ORGANISATIONS),
    number: fc.integer({ min: 1, max: 40 }),
    cents: fc.integer({ min: 1, max: 100_000 }),
  })
  type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

  test('each is posted once, the balances are the sums, and nobody waits in a circle', {
    timeout: COMMAND_LIMIT_MS,
  }, async () => {
    // With neither the adapter's time limit nor the role's: so many at once may wait for longer on a busy machine.
    const connection = { lock_timeout: COMMAND_LIMIT_MS, statement_timeout: COMMAND_LIMIT_MS }
    const client = postgres(core.db.appUrl, { max: CONNECTIONS, connection, onnotice: () => {} })
    const database = drizzle(client)
    const before = await count()
    const steps = fc.sample(step, CONNECTIONS * TRANSACTIONS_EACH)
    let posted = 0
    try {
      const lanes = Array.from({ length: CONNECTIONS }, async (_, lane) => {
        for (const one of steps.slice(lane * TRANSACTIONS_EACH, (lane + 1) * TRANSACTIONS_EACH)) {
          const fresh = await run(database, one)
          posted += fresh
        }
      })
      await Promise.all(lanes)
    } finally {
      await client.end({ timeout: 1 })
    }
    const after = await count()
    expect(after.journals - before.journals).toBe(posted)
    expect(posted).toBeGreaterThan(CONNECTIONS)
    expect(await verifyBalances(core.ctx())).toEqual({ postings: BigInt(after.postings), differences: [] })
    const parts = await partBalances.run(core.ctx(), undefined as never)
    expect(parts.filter(({ code }) => code === 'balance_differs')).toEqual([])
    const [row] = await core.db.owner<
      [{ total: string }]
    >`SELECT sum(amount_micros)::text AS total FROM ledger_balances`
    expect(row.total).toBe('0')
  })

  function run(database: PostgresJsDatabase, { kind, organisation, number, cents }: Step): Promise<number> {
    return database.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL ROLE coderisk_system`)
      const locked = kind === 'cancel' || kind === 'reversal'
      const balances = locked ? await lockCustomerBalances(tx, organisation) : { receivable: 0n, credit: 0n }
      return postJournals(
        tx,
        journalsOf(kind, organisation, number, fromCents(cents), balances),
        core.ctx().now,
      )
    })
  }

  /** A key says who and what, and with it how much: the same event is the same journal, except where a lock decides. */
  function journalsOf(
    kind: Step['kind'],
    organisationId: string,
    number: number,
    amount: bigint,
    balances: Awaited<ReturnType<typeof lockCustomerBalances>>,
  ): Journal[] {
    const named = `${organisationId}-${number}`
    const fixed = fromCents(number * 10)
    const policy = { id: `INS-${named}`, organisationId }
    const claim = { id: `CLM-${named}`, organisationId }
    const unique = `${named}-${crypto.randomUUID()}`
    switch (kind) {
      case 'bind':
        return bindJournals({ ...policy, premium: fixed, subsidy: 599n * fixed })
      case 'earn':
        return [earnJournal(policy, fixed, fixed)]
      case 'batch':
        // The same events as others post one by one, now in one order and now in the other.
        return either(
          amount,
          Array.from({ length: 40 }, (_, index) =>
            ORGANISATIONS.map((owner) => [owner, index + 1] as const),
          ).flat(),
        ).map(([owner, other]) => {
          const earned = fromCents(other * 10)
          return earnJournal({ id: `INS-${owner}-${other}`, organisationId: owner }, earned, earned)
        })
      case 'cancel':
        return [cancelJournal({ id: unique, organisationId }, { premium: amount, subsidy: amount }, balances)]
      case 'invoice':
        return invoicePaidJournals({ id: `inv_${named}`, organisationId, cash: fixed, premium: fixed })
      case 'claim':
        return [
          claimFiledJournal(claim, fixed),
          ...approveJournals(claim, 1, { estimate: fixed, amount: fixed, approvedBefore: 0n }),
        ]
      case 'payouts':
        return either(amount, ORGANISATIONS).map((owner) =>
          payoutJournal({
            id: `pay_${owner}-${number}`,
            claimId: `CLM-${owner}-${number}`,
            organisationId: owner,
            amount: fixed,
          }),
        )
      case 'reversal':
        return reversalJournals(
          { id: unique, organisationId },
          { amount, approvedBefore: amount, recoverable: 0n },
          balances,
        )
    }
  }

  function either<One>(amount: bigint, given: readonly One[]): readonly One[] {
    return (amount / fromCents(1)) % 2n === 0n ? given : given.toReversed()
  }
})
