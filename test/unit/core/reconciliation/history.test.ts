import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Outside } from '../../../../core/back-office/outside.ts'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../../core/billing/issue-invoices.ts'
import { meterCertificates } from '../../../../core/billing/meter-certificates.ts'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import { disputeClaim } from '../../../../core/claims/dispute-claim.ts'
import { approveClaim, denyClaim } from '../../../../core/claims/review/decide.ts'
import { resolveDispute } from '../../../../core/claims/review/resolve.ts'
import type { Actor } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { cancelPolicy, voidPolicy } from '../../../../core/insurance/cancel.ts'
import { closeDuePolicies } from '../../../../core/insurance/close-due.ts'
import { earnPremiums } from '../../../../core/insurance/earn.ts'
import { reconcile } from '../../../../core/reconciliation/reconcile.ts'
import {
  type ClaimsCore,
  CONFIRMED_DEPLOYMENT,
  CONFIRMED_INCIDENT,
  minutes,
  startClaims,
} from '../claims/claims-support.ts'
import { DAY_MS } from '../insurance/insurance-support.ts'
import { START_LIMIT_MS } from '../support.ts'

const outside = { rail: embeddedRail } as Outside
const BECAUSE = { reason: 'As the evidence says.' }

let core: ClaimsCore
let operator: Actor
let second: Actor
beforeAll(async () => {
  core = await startClaims()
  operator = await core.operator()
  second = await core.operator()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

const at = (time: Date) => core.insuring(time)
const days = (count: number) => new Date(minutes(0).getTime() + count * DAY_MS)
const findings = async (time: Date) => (await reconcile(at(time), outside)).findings

/** Everything that is queued, as the back office does it. */
async function work(time: Date): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await usageTask.run(at(time), outside)
    await payoutsTask.run(at(time), outside)
  }
}

/** A customer whose claim of ten minutes is decided by itself, or waits for people. */
async function claimant(perMinute: number, options: { tier?: string } = {}) {
  const owner = await core.organisation()
  await core.insure(owner, { perMinute, ...options })
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  await core.incident(owner, CONFIRMED_INCIDENT)
  await core.settle()
  const [claim] = await core.claimsOf(owner)
  return { owner, claim: claim!.id }
}

test('a history of all kinds, looked at after every step, gives nothing to report', async () => {
  expect(await findings(minutes(0))).toEqual([])

  // Bought, given back, and as if it had never been.
  const buyer = await core.organisation()
  const policies = [
    await core.insure(buyer),
    await core.insure(buyer),
    await core.insure(buyer, { tier: 'pro' }),
  ]
  await earnPremiums(at(minutes(5)))
  await cancelPolicy(at(minutes(6)), buyer, policies[0]!.id, UNCLAIMED)
  await voidPolicy(at(minutes(6)), operator, policies[1]!.id, 'a test', UNCLAIMED)
  expect(await findings(minutes(7))).toEqual([])

  // Paid by itself; denied and disputed in vain; and paid after a dispute.
  const small = await claimant(5_000)
  const denied = await claimant(40_000)
  const reversed = await claimant(40_000)
  for (const { claim } of [denied, reversed])
    await denyClaim(at(minutes(40)), operator, claim, BECAUSE, UNCLAIMED)
  for (const { owner, claim } of [denied, reversed])
    await disputeClaim(at(minutes(41)), owner, claim, BECAUSE, UNCLAIMED)
  expect(await findings(minutes(42))).toEqual([])
  await resolveDispute(at(minutes(43)), operator, denied.claim, { outcome: 'upheld', ...BECAUSE }, UNCLAIMED)
  await resolveDispute(
    at(minutes(43)),
    operator,
    reversed.claim,
    { outcome: 'reversed', ...BECAUSE },
    UNCLAIMED,
  )

  // Above the reinsurer's threshold: by two people.
  const large = await claimant(800_000, { tier: 'enterprise' })
  for (const person of [operator, second])
    await approveClaim(at(minutes(44)), person, large.claim, BECAUSE, UNCLAIMED)
  expect(await findings(minutes(45))).toEqual([])
  await work(minutes(46))
  expect(await findings(minutes(47))).toEqual([])
  const [paid] = await core.claimsOf(large.owner)
  expect(paid).toMatchObject({ status: 'paid', approved: 80_000_000_000n, ceded: 30_000_000_000n })
  expect((await core.claimsOf(small.owner))[0]!.status).toBe('paid')

  // Paid, and then taken back in part.
  await disputeClaim(at(minutes(50)), large.owner, large.claim, BECAUSE, UNCLAIMED)
  const less = { outcome: 'adjusted', amount: 6_000_000, ...BECAUSE } as const
  await resolveDispute(at(minutes(51)), operator, large.claim, less, UNCLAIMED)
  expect(await findings(minutes(52))).toEqual([])
  await work(minutes(53))
  expect(await findings(minutes(54))).toEqual([])

  // A month later: fees, bills that credit pays, and the end of all terms.
  expect(await meterCertificates(at(days(2)))).toBeGreaterThan(0)
  await work(days(2))
  expect(await issueInvoices(at(days(15)))).toBeGreaterThan(0)
  expect(await findings(days(15))).toEqual([])
  await earnPremiums(at(days(20)))
  await closeDuePolicies(at(days(100)))
  await work(days(100))
  expect(await findings(days(100))).toEqual([])
  const open = await core.db
    .owner`SELECT count(*)::int AS open FROM insurance_policies WHERE closed_at IS NULL`
  expect(open[0]!.open).toBe(0)
})

test('a payout that the rail made and nobody recorded, and one that waits, are told a day later', async () => {
  const { claim } = await claimant(5_000)
  await usageTask.run(at(minutes(32)), outside)
  const [payout] = await core.payoutsOf(claim)
  await core.db.owner`
    INSERT INTO rail_transactions (key, kind, customer, amount_cents, at)
    VALUES (${payout!.id}, 'credit', 'somebody', 1, ${payout!.createdAt})`
  const found = await findings(new Date(payout!.createdAt.getTime() + DAY_MS + 1))
  expect(found.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
    `payout_overdue ${payout!.id}`,
    `rail_change_unexplained ${payout!.id}`,
  ])
})
