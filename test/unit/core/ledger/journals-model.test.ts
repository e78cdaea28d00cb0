import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  approveJournals,
  bindJournals,
  cancelJournal,
  cededPart,
  claimFiledJournal,
  earnJournal,
  payoutJournal,
  recoveryJournal,
  reversalJournals,
  voidJournal,
} from '../../../../core/ledger/journals.ts'
import type { Journal } from '../../../../core/ledger/post.ts'
import { floorDivide, fromCents, maximum, minimum } from '../../../../core/money.ts'
import type { Account } from '../../../../schema/wire/money.ts'

const ORG = 'org_a'
const policy = { id: 'INS-1', organisationId: ORG }
const claim = { id: 'CLM-1', organisationId: ORG }
const micros = fc.bigInt({ min: 0n, max: 10n ** 12n })
const cents = (max: number) => fc.integer({ min: 1, max: max * 100 }).map(fromCents)

/** The books as a plain sum of what was posted: what the database must agree with, in a dozen lines. */
class Books {
  readonly #balances = new Map<string, bigint>()

  post(...journals: readonly Journal[]): this {
    for (const { postings } of journals) {
      expect(postings.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n)
      for (const { account, party = '', amount } of postings) {
        const name = `${account}/${party}`
        this.#balances.set(name, (this.#balances.get(name) ?? 0n) + amount)
      }
    }
    return this
  }

  of(account: Account, party = ''): bigint {
    return this.#balances.get(`${account}/${party}`) ?? 0n
  }

  /** As `lockCustomerBalances` tells them. */
  customer() {
    return {
      receivable: maximum(0n, this.of('premium_receivable', ORG)),
      credit: maximum(0n, -this.of('customer_credit', ORG)),
    }
  }
}

describe('earning', () => {
  test('in any steps comes to the whole, and what is unearned to nothing', () => {
    fc.assert(
      fc.property(
        micros,
        micros,
        fc.integer({ min: 1, max: 10_000 }),
        fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 20 }),
        (premium, subsidy, term, times) => {
          const books = new Books().post(...bindJournals({ ...policy, premium, subsidy }))
          const whole = premium + subsidy
          let earned = 0n
          const keys = new Set<string>()
          for (const time of [...times.map((t) => Math.min(t, term)).sort((a, b) => a - b), term]) {
            const target = floorDivide(whole * BigInt(time), BigInt(term))
            const journal = earnJournal(policy, target - earned, target)
            if (target > earned) expect(keys.has(journal.key)).toBe(false)
            keys.add(journal.key)
            books.post(journal)
            earned = target
            expect(-books.of('earned_premium')).toBe(earned)
            expect(-books.of('unearned_premium', policy.id)).toBe(whole - earned)
          }
          expect(books.of('unearned_premium', policy.id)).toBe(0n)
        },
      ),
    )
  })
})

describe('going back', () => {
  const written = fc.record({
    premium: micros,
    subsidy: micros,
    earnedShare: fc.integer({ min: 0, max: 1_000 }),
    /** What the customer owes for other things, and has. */
    owed: micros,
    credit: micros,
    paid: fc.boolean(),
  })

  test.each(['cancel', 'void'] as const)(
    '%s: first what is owed, then credit; the subsidy never to the customer',
    (kind) => {
      fc.assert(
        fc.property(written, ({ premium, subsidy, earnedShare, owed, credit, paid }) => {
          const books = new Books().post(...bindJournals({ ...policy, premium, subsidy }))
          const share = (amount: bigint) => (amount * BigInt(earnedShare)) / 1_000n
          const earned = { premium: share(premium), subsidy: share(subsidy) }
          const unearned = { premium: premium - earned.premium, subsidy: subsidy - earned.subsidy }
          books.post(earnJournal(policy, earned.premium + earned.subsidy, earned.premium + earned.subsidy))
          books.post(move('premium_receivable', 'cash_operating', paid ? owed - premium : owed))
          books.post(move('cash_operating', 'customer_credit', credit))
          const before = books.customer()
          const refund = kind === 'cancel' ? unearned.premium : premium
          books.post(
            kind === 'cancel'
              ? cancelJournal(policy, unearned, before)
              : voidJournal(policy, unearned, earned, before),
          )
          const after = books.customer()
          const settled = minimum(refund, before.receivable)
          expect(before.receivable - after.receivable).toBe(settled)
          expect(after.credit - before.credit).toBe(refund - settled)
          expect(books.of('unearned_premium', policy.id)).toBe(0n)
          expect(books.of('subsidy_budget')).toBe(kind === 'cancel' ? earned.subsidy : 0n)
          expect(-books.of('earned_premium')).toBe(kind === 'cancel' ? earned.premium + earned.subsidy : 0n)
        }),
      )
    },
  )
})

describe('a claim', () => {
  const history = fc.record({
    estimate: cents(100_000),
    amount: cents(100_000),
    /** What a dispute adds; 0 for none. */
    added: fc.oneof(fc.constant(0n), cents(60_000)),
    /** Of what was ceded, the reinsurer has paid this share before it is taken back. */
    recoveredShare: fc.integer({ min: 0, max: 4 }),
    /** Of its credit the customer has spent this share. */
    spentShare: fc.integer({ min: 0, max: 4 }),
    takenBackShare: fc.integer({ min: 1, max: 4 }),
  })

  test('approved, paid, disputed and taken back: every part of the books is what the claim says', () => {
    fc.assert(
      fc.property(history, ({ estimate, amount, added, recoveredShare, spentShare, takenBackShare }) => {
        const books = new Books().post(claimFiledJournal(claim, estimate))
        expect(-books.of('case_reserve', claim.id)).toBe(estimate)
        books.post(...approveJournals(claim, 1, { estimate, amount, approvedBefore: 0n }))
        books.post(...approveJournals(claim, 2, { estimate: 0n, amount: added, approvedBefore: amount }))
        const approved = amount + added
        expect(books.of('case_reserve', claim.id)).toBe(0n)
        expect(-books.of('claims_payable', claim.id)).toBe(approved)
        expect(books.of('claims_incurred')).toBe(approved)
        expect(-books.of('reinsurers_share')).toBe(cededPart(approved))
        expect(books.of('reinsurance_recoverable', claim.id)).toBe(cededPart(approved))

        books.post(payoutJournal({ id: 'pay_1', claimId: claim.id, organisationId: ORG, amount }))
        books.post(payoutJournal({ id: 'pay_2', claimId: claim.id, organisationId: ORG, amount: added }))
        expect(books.of('claims_payable', claim.id)).toBe(0n)
        expect(books.customer().credit).toBe(approved)

        books.post(recoveryJournal(claim, 'rec', (cededPart(approved) * BigInt(recoveredShare)) / 4n))
        books.post(move('customer_credit', 'premium_receivable', (approved * BigInt(spentShare)) / 4n))
        const before = books.customer()
        const recoverable = books.of('reinsurance_recoverable', claim.id)
        const takenBack = (approved * BigInt(takenBackShare)) / 4n
        books.post(
          ...reversalJournals(claim, { amount: takenBack, approvedBefore: approved, recoverable }, before),
        )
        // The credit first, and it is never overdrawn; the rest is owed.
        const fromCredit = minimum(takenBack, before.credit)
        expect(before.credit - books.customer().credit).toBe(fromCredit)
        expect(books.of('customer_credit', ORG) <= 0n).toBe(true)
        expect(books.of('claim_clawback', ORG)).toBe(takenBack - fromCredit)
        expect(books.of('claims_incurred')).toBe(approved - takenBack)
        // The reinsurer's share is of what still stands; it never owes less than nothing.
        expect(-books.of('reinsurers_share')).toBe(cededPart(approved - takenBack))
        expect(books.of('reinsurance_recoverable', claim.id) >= 0n).toBe(true)
        const back = cededPart(approved) - cededPart(approved - takenBack)
        expect(recoverable - books.of('reinsurance_recoverable', claim.id)).toBe(minimum(back, recoverable))
        expect(-books.of('reinsurance_payable', claim.id)).toBe(maximum(0n, back - recoverable))
      }),
    )
  })
})

/** Between a customer's part and cash: for what happened besides. */
function move(debit: Account, credit: Account, amount: bigint): Journal {
  const partyOf = (account: Account) => (account === 'cash_operating' ? '' : ORG)
  const postings = [
    { account: debit, party: partyOf(debit), amount },
    { account: credit, party: partyOf(credit), amount: -amount },
  ]
  return { key: 'besides', kind: 'besides', organisationId: ORG, subject: ORG, postings }
}
