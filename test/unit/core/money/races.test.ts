import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../../core/billing/issue-invoices.ts'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import { recordPayment } from '../../../../core/billing/record-payment.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import { disputeClaim } from '../../../../core/claims/dispute-claim.ts'
import { fileClaim } from '../../../../core/claims/file-claim.ts'
import {
  adjustClaim,
  approveClaim,
  denyClaim,
  disputePaidClaim,
} from '../../../../core/claims/review/decide.ts'
import { recordRecovery } from '../../../../core/claims/review/recover.ts'
import { resolveDispute } from '../../../../core/claims/review/resolve.ts'
import { settlementTask } from '../../../../core/claims/settle-incidents.ts'
import { withdrawClaim } from '../../../../core/claims/withdraw-claim.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { evaluateBreaker } from '../../../../core/insurance/breaker.ts'
import { cancelPolicy, voidPolicy } from '../../../../core/insurance/cancel.ts'
import { closeDuePolicies } from '../../../../core/insurance/close-due.ts'
import { earnPremiums } from '../../../../core/insurance/earn.ts'
import { reopenBreaker } from '../../../../core/insurance/reopen.ts'
import { type Journal, postJournals } from '../../../../core/ledger/post.ts'
import { PROBLEMS, type ProblemCode } from '../../../../schema/wire/problems.ts'
import { ForgetfulRail } from '../../../support/money/forgetful-rail.ts'
import { expectBooksHold } from '../../../support/money-invariants.ts'
import { CONFIRMED_DEPLOYMENT, CONFIRMED_INCIDENT, minutes } from '../claims/claims-support.ts'
import { BECAUSE, type ReviewCore, startReview, type WaitingClaim } from '../claims/review-support.ts'
import { refusalCode, START_LIMIT_MS } from '../support.ts'

/** Each race is run so often: who is first is chance. */
const ROUNDS = 5
const LIMIT_MS = 120_000
const DAY = 24 * 60

let core: ReviewCore
beforeAll(async () => {
  core = await startReview()
  await core.db.database.asSystem((tx) => postJournals(tx, [MORE_CAPITAL], minutes(0)))
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

/** So much is lost here that the breaker would trip. */
const MORE_CAPITAL: Journal = {
  key: 'capital/more',
  kind: 'capital',
  organisationId: null,
  subject: 'network',
  postings: [
    { account: 'cash_reserve', amount: 10_000_000_000_000n },
    { account: 'capital', amount: -10_000_000_000_000n },
  ],
}

const claimed = (asked: WaitingClaim) => ({ asked, id: asked.claim.id, ctx: core.reviewing() })
type Race = ReturnType<typeof claimed>
type Command = (race: Race) => Promise<unknown>

const approve: Command = ({ ctx, id }) => approveClaim(ctx, core.first, id, BECAUSE, UNCLAIMED)
const approveToo: Command = ({ ctx, id }) => approveClaim(ctx, core.second, id, BECAUSE, UNCLAIMED)
const adjust: Command = ({ ctx, id }) =>
  adjustClaim(ctx, core.second, id, { ...BECAUSE, amount: 70_000 }, UNCLAIMED)
const deny: Command = ({ ctx, id }) => denyClaim(ctx, core.second, id, BECAUSE, UNCLAIMED)
const withdraw: Command = ({ ctx, id, asked }) => withdrawClaim(ctx, asked.owner, id, UNCLAIMED)
const dispute: Command = ({ ctx, id, asked }) => disputeClaim(ctx, asked.owner, id, BECAUSE, UNCLAIMED)
const disputeToo: Command = ({ ctx, id }) => disputePaidClaim(ctx, core.first, id, BECAUSE, UNCLAIMED)
const end = (outcome: 'upheld' | 'reversed' | 'adjusted', amount?: number): Command => {
  const request = { ...BECAUSE, outcome, ...(amount === undefined ? {} : { amount }) }
  return ({ ctx, id }) => resolveDispute(ctx, core.first, id, request, UNCLAIMED)
}
const recover: Command = ({ ctx, id }) =>
  recordRecovery(ctx, core.first, id, { amount: 1_000_000 }, UNCLAIMED)

const disputed = async () => {
  const made = await core.paid()
  await dispute(claimed(made))
  return made
}
/** One of two people has approved it. */
const proposed = async () => {
  const made = await core.large()
  await approve(claimed(made))
  return made
}
/** $10,000 of it are the reinsurer's to pay. */
const ceded = async () => {
  const made = await core.huge()
  await approve(claimed(made))
  await approveToo(claimed(made))
  return made
}

describe('of two at once exactly one succeeds, and the other conflicts', () => {
  test.each([
    ['approve', 'approve', () => core.small(), approve, approve],
    ['approve', 'approve by another', () => core.small(), approve, approveToo],
    ['approve', 'adjust', () => core.small(), approve, adjust],
    ['adjust', 'deny', () => core.small(), adjust, deny],
    ['deny', 'deny', () => core.small(), deny, deny],
    ['approve', 'withdraw', () => core.small(), approve, withdraw],
    ['withdraw', 'withdraw', () => core.small(), withdraw, withdraw],
    ['the second approval', 'the same', proposed, approveToo, approveToo],
    ['dispute', 'dispute', () => core.paid(), dispute, dispute],
    ['dispute', 'dispute by an operator', () => core.paid(), dispute, disputeToo],
    ['revert', 'revert', disputed, end('reversed'), end('reversed')],
    ['revert', 'uphold', disputed, end('reversed'), end('upheld')],
    ['revert', 'take back a part', disputed, end('reversed'), end('adjusted', 1_000)],
    ['take back a part', 'the same', disputed, end('adjusted', 1_000), end('adjusted', 1_000)],
    ['add', 'add', disputed, end('adjusted', 210_000), end('adjusted', 210_000)],
  ] as const)(
    '%s and %s',
    async (_, __, make, one, other) => {
      for (let round = 0; round < ROUNDS; round++) {
        const race = claimed(await make())
        const codes = await Promise.all([one(race), other(race)].map(refusalCode))
        expect(codes.toSorted()).toEqual(['claim_state_conflict', null])
        expect(PROBLEMS.claim_state_conflict.status).toBe(409)
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'the reinsurer pays what it owes once',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const race = claimed(await ceded())
        const codes = await Promise.all([recover(race), recover(race), recover(race)].map(refusalCode))
        expect(codes.toSorted()).toEqual(['invalid_input', 'invalid_input', null])
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test.each([
    ['cancel', 'cancel'],
    ['cancel', 'void'],
    ['void', 'void'],
  ] as const)(
    '%s and %s',
    async (one, other) => {
      for (let round = 0; round < ROUNDS; round++) {
        const owner = await core.organisation()
        const { id } = await core.insure(owner)
        const ctx = core.insuring(minutes(DAY))
        const commands = {
          cancel: () => cancelPolicy(ctx, owner, id, UNCLAIMED),
          void: () => voidPolicy(ctx, core.first, id, 'sold by mistake', UNCLAIMED),
        }
        const work = [commands[one](), commands[other](), earnPremiums(ctx)]
        const [a, b] = await Promise.all(work.map(refusalCode))
        expect([a, b].toSorted()).toEqual([null, 'policy_state_conflict'].toSorted())
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test('an invoice is paid once', async () => {
    const owner = await core.organisation()
    await core.insure(owner)
    await usageTask.run(core.insuring(minutes(5)), { rail: embeddedRail } as never)
    await issueInvoices(core.insuring(minutes(20 * DAY)))
    const [invoice] = await core.db
      .owner`SELECT id FROM invoices WHERE organisation_id = ${owner.organisationId}`
    const ctx = core.insuring(minutes(21 * DAY))
    const codes = await Promise.all(
      [1, 2, 3].map(() => refusalCode(recordPayment(ctx, core.first, invoice!.id, UNCLAIMED))),
    )
    expect(codes.toSorted()).toEqual(['invoice_state_conflict', 'invoice_state_conflict', null])
    await expectBooksHold(core.db.owner)
  })
})

/** A policy with an incident that is due, and nobody has to look at. */
async function loss(): Promise<{ owner: Actor; policy: string; incident: string }> {
  const owner = await core.organisation()
  const { id } = await core.insure(owner)
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  const incident = await core.incident(owner, CONFIRMED_INCIDENT)
  return { owner, policy: id, incident: incident.id }
}

const settle = () => settlementTask.run(core.insuring(minutes(31)), {} as never)

const standing = async (owner: Actor) => {
  const [policy] = await core.db.owner`SELECT status, used_micros::text AS used FROM insurance_policies
    WHERE organisation_id = ${owner.organisationId}`
  const claims = (await core.claimsOf(owner)).map(({ status }) => status)
  return { policy: policy!.status as string, claims }
}

describe('a claim that is filed while its policy ends', () => {
  test(
    'by cancellation: what began before is covered, and after a claim nothing goes back',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { owner, policy } = await loss()
        const cancel = refusalCode(cancelPolicy(core.insuring(minutes(31)), owner, policy, UNCLAIMED))
        const [code] = await Promise.all([cancel, settle()])
        expect([null, 'policy_has_claim']).toContain(code)
        const { policy: status, claims } = await standing(owner)
        expect({ status, claims }).toEqual({
          status: code === null ? 'cancelled' : 'active',
          claims: ['payout_pending'],
        })
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'by being voided: one or the other',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { owner, policy, incident } = await loss()
        const annul = () =>
          voidPolicy(core.insuring(minutes(31)), core.first, policy, 'sold by mistake', UNCLAIMED)
        const [code] = await Promise.all([refusalCode(annul()), settle()])
        const { settlement } = await core.readIncident(incident)
        const found = { code, settlement, ...(await standing(owner)) }
        expect([
          { code: null, settlement: 'uninsured', policy: 'voided', claims: [] },
          { code: 'policy_has_claim', settlement: 'claimed', policy: 'active', claims: ['payout_pending'] },
        ]).toContainEqual(found)
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'by its term: it is covered, and it expires',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await loss()
        const end = core.insuring(minutes(31 * DAY))
        await Promise.all([
          closeDuePolicies(end),
          settlementTask.run(end, {} as never),
          earnPremiums(end),
          closeDuePolicies(end),
        ])
        // Whoever was at it was left out; the next hour finds it.
        await closeDuePolicies(end)
        expect(await standing(owner)).toEqual({ policy: 'expired', claims: ['payout_pending'] })
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'by the customer, twice, and by the network: there is one',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { owner, policy, incident } = await loss()
        const ctx = core.insuring(minutes(31))
        const file = () => fileClaim(ctx, owner, { policy_id: policy, incident_id: incident }, UNCLAIMED)
        const codes = await Promise.all([refusalCode(file()), refusalCode(file()), settle(), settle()])
        expect(codes.slice(0, 2).filter((code) => code === null).length).toBeLessThan(2)
        expect((await standing(owner)).claims).toHaveLength(1)
        expect(await core.readIncident(incident)).toMatchObject({ settlement: 'claimed' })
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )
})

describe('tasks at once', () => {
  test(
    'settle every incident once, and pay every payout once',
    async () => {
      const rail = new ForgetfulRail()
      const losses = []
      for (let i = 0; i < 24; i++) losses.push(await loss())
      await Promise.all(Array.from({ length: 4 }, settle))
      await settle()
      const pay = () => payoutsTask.run(core.insuring(minutes(40)), { rail } as never)
      for (let i = 0; i < 3; i++) await Promise.all(Array.from({ length: 4 }, pay))
      for (const { owner } of losses) {
        expect((await standing(owner)).claims).toEqual(['paid'])
        const [claim] = await core.claimsOf(owner)
        const [payout] = await core.payoutsOf(claim!.id)
        expect(rail.credits.filter(({ key }) => key === payout!.id)).toEqual([
          { key: payout!.id, cents: 50_000 },
        ])
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'two claims on one policy are not adjusted to more than its coverage',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await core.small()
        await core.incident(owner, { openedAt: minutes(40), resolvedAt: minutes(50) })
        await core.settle(minutes(51))
        const claims = await core.claimsOf(owner)
        expect(claims.map(({ requested }) => requested)).toEqual([2_000_000_000n, 2_000_000_000n])
        const ctx = core.insuring(minutes(60))
        const request = { ...BECAUSE, amount: 300_000 }
        const codes = await Promise.all(
          claims.map(({ id }) => refusalCode(adjustClaim(ctx, core.first, id, request, UNCLAIMED))),
        )
        expect(codes.toSorted()).toEqual(['claim_not_eligible', null])
      }
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test('the breaker trips once and is reopened once', async () => {
    await core.db.owner`UPDATE insurance_state SET subsidy_budget_micros = subsidy_used_micros`
    const ctx = core.insuring(minutes(100))
    const events = async () =>
      (await core.db.owner`SELECT count(*)::int AS n FROM breaker_events`)[0]!.n as number
    const before = await events()
    await Promise.all(Array.from({ length: 6 }, () => evaluateBreaker(ctx)))
    expect(await events()).toBe(before + 1)
    const request = { reason: 'understood', additional_subsidy: 10_000_000 }
    const reopen = () => refusalCode(reopenBreaker(ctx, core.first, request, UNCLAIMED))
    const codes: (ProblemCode | null)[] = await Promise.all([reopen(), reopen(), reopen()])
    expect(codes.toSorted()).toEqual(['breaker_state_conflict', 'breaker_state_conflict', null])
    expect(await events()).toBe(before + 2)
  })
})
