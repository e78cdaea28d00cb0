import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Outside } from '../../../../core/back-office/outside.ts'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import { disputeClaim } from '../../../../core/claims/dispute-claim.ts'
import { fileClaim } from '../../../../core/claims/file-claim.ts'
import { adjustClaim, approveClaim, denyClaim } from '../../../../core/claims/review/decide.ts'
import { resolveDispute } from '../../../../core/claims/review/resolve.ts'
import { settlementTask } from '../../../../core/claims/settle-incidents.ts'
import { withdrawClaim } from '../../../../core/claims/withdraw-claim.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { type Answer, type Claim, once, UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { bindPolicy } from '../../../../core/insurance/bind.ts'
import { cancelPolicy } from '../../../../core/insurance/cancel.ts'
import { utf8 } from '../../../../core/verify/encoding.ts'
import {
  crashAtEveryStep,
  crashing,
  crashingRail,
  type Fuse,
  orDead,
} from '../../../support/money/crashing.ts'
import { ForgetfulRail } from '../../../support/money/forgetful-rail.ts'
import { expectBooksHold } from '../../../support/money-invariants.ts'
import { CONFIRMED_DEPLOYMENT, CONFIRMED_INCIDENT, minutes } from '../claims/claims-support.ts'
import { BECAUSE, type ReviewCore, startReview } from '../claims/review-support.ts'
import { START_LIMIT_MS } from '../support.ts'

const LIMIT_MS = 120_000
/** When all leases of those who died are over, all attempts are due again, and usage may still be told again. */
const LATER = minutes(12 * 60)

let core: ReviewCore
const rail = new ForgetfulRail()

beforeAll(async () => {
  core = await startReview()
}, START_LIMIT_MS)
afterAll(() => core?.db.stop())

/** One request with an idempotency key of its own, as `HTTP` makes it. */
function request(
  ctx: Context,
  actor: Actor,
  key: string,
  work: (ctx: Context, claim: Claim) => Promise<Answer>,
) {
  const first = { route: 'POST /of/this/test', key, rawBody: utf8('{}') as Uint8Array<ArrayBuffer> }
  return once(ctx, actor, first, (claim) => work(ctx, claim))
}

/**
 * The process dies at one of the steps; the client, which does not know how far it came, asks again with the same key, and once more.
 *
 * @returns the answer
 */
async function killAndRetry(
  fuse: Fuse,
  ctx: Context,
  actor: Actor,
  work: (ctx: Context, claim: Claim) => Promise<Answer>,
): Promise<Answer> {
  const key = crypto.randomUUID()
  const told = await orDead(request(crashing(ctx, fuse), actor, key, work), fuse)
  const again = await request(ctx, actor, key, work)
  const { replayed, ...answer } = await request(ctx, actor, key, work)
  expect(replayed).toBe(true)
  expect(again).toMatchObject(answer)
  if (told !== undefined) expect(again).toEqual({ ...answer, replayed: true })
  return answer
}

const outside = (fuse?: Fuse): Outside =>
  ({ rail: fuse === undefined ? rail : crashingRail(rail, fuse) }) as Outside

/** Everything that is queued, by somebody who lives. */
async function recover(): Promise<void> {
  for (const task of [settlementTask, usageTask, payoutsTask]) {
    for (let done = 1; done > 0; ) ({ done } = await task.run(core.insuring(LATER), outside()))
  }
}

async function rows<Row>(query: string, id: string): Promise<Row[]> {
  return [...(await core.db.owner.unsafe(query, [id]))] as Row[]
}

const policyOf = (id: string) =>
  rows<{ status: string; events: number; journals: number }>(
    `SELECT status, (SELECT count(*)::int FROM billing_events WHERE id = p.id) AS events,
      (SELECT count(*)::int FROM ledger_journals WHERE key = 'bind/' || p.id) AS journals FROM insurance_policies p
      WHERE organisation_id = $1`,
    id,
  )

const claimsOf = (organisation: string) =>
  rows<{ id: string; status: string; payouts: number }>(
    `SELECT id, status, (SELECT count(*)::int FROM payouts WHERE claim_id = c.id) AS payouts FROM insurance_claims c
      WHERE organisation_id = $1`,
    organisation,
  )

const creditsOf = async (organisation: string) => {
  const ids = await rows<{ id: string }>(
    `SELECT id FROM payouts WHERE organisation_id = $1 ORDER BY sequence`,
    organisation,
  )
  return rail.credits.filter(({ key }) => ids.some(({ id }) => id === key)).map(({ cents }) => cents)
}

describe('a purchase that dies at any step', () => {
  test(
    'is made once, charged once, and told once',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const owner = await core.organisation()
        const certificate = await core.certificate(owner)
        const order = {
          certificate_id: certificate,
          tier: 'basic',
          service: 'checkout',
          sla_cost_per_minute_cents: 100,
        }
        const answer = await killAndRetry(fuse, core.insuring(), owner, (ctx, claim) =>
          bindPolicy(ctx, owner, order, claim),
        )
        expect(answer.status).toBe(201)
        expect(await policyOf(owner.organisationId)).toEqual([{ status: 'bound', events: 1, journals: 1 }])
        await recover()
        expect(rail.usage.get(JSON.parse(answer.body).id)).toBe(10)
      })
      expect(steps).toBeGreaterThan(3)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'whose charge dies on the way to the rail is charged once',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const owner = await core.organisation()
        const policy = await core.bind(owner, { certificate_id: await core.certificate(owner) })
        await orDead(usageTask.run(crashing(core.insuring(minutes(1)), fuse), outside(fuse)), fuse)
        await recover()
        expect(rail.usage.get(policy.id)).toBe(10)
        const [event] = await rows<{ state: string }>(
          `SELECT state FROM billing_events WHERE id = $1`,
          policy.id,
        )
        expect(event).toEqual({ state: 'sent' })
      })
      expect(steps).toBeGreaterThan(15)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )
})

/** Each with something to be settled that nobody has to look at. */
async function lossOf(owner: Actor): Promise<string> {
  await core.insure(owner)
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  return (await core.incident(owner, CONFIRMED_INCIDENT)).id
}

describe('a claim that dies at any step', () => {
  test(
    'of its settlement is filed once, and paid once',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const owner = await core.organisation()
        const incident = await lossOf(owner)
        await orDead(settlementTask.run(crashing(core.insuring(minutes(31)), fuse), outside(fuse)), fuse)
        await recover()
        expect(await core.readIncident(incident)).toMatchObject({ settlement: 'claimed' })
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'paid', payouts: 1 }])
        expect(await creditsOf(owner.organisationId)).toEqual([50_000])
      })
      expect(steps).toBeGreaterThan(40)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'of its settlement again and again is filed once',
    async () => {
      const owner = await core.organisation()
      const incident = await lossOf(owner)
      const steps = await crashAtEveryStep(async (fuse, step) => {
        await orDead(
          settlementTask.run(crashing(core.insuring(minutes(31 + step)), fuse), outside(fuse)),
          fuse,
        )
      })
      expect(steps).toBeGreaterThan(40)
      expect(await core.readIncident(incident)).toMatchObject({ settlement: 'claimed' })
      expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'payout_pending', payouts: 1 }])
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'of its filing by the customer is filed once',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const owner = await core.organisation()
        const policy = await core.insure(owner)
        await core.deploy(owner)
        const incident = await core.incident(owner, { settlement: 'unattributed', nextSettlementAt: null })
        const asked = { policy_id: policy.id, incident_id: incident.id }
        const answer = await killAndRetry(fuse, core.insuring(minutes(40)), owner, (ctx, claim) =>
          fileClaim(ctx, owner, asked, claim),
        )
        expect(answer.status).toBe(201)
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'in_review', payouts: 0 }])
      })
      expect(steps).toBeGreaterThan(30)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )
})

describe('a decision that dies at any step', () => {
  const credited = 200_000
  const adjusted = { ...BECAUSE, amount: 150_000 }
  test.each([
    ['to approve', approveClaim, BECAUSE, 'paid', [credited]],
    ['to adjust', adjustClaim, adjusted, 'paid', [150_000]],
    ['to deny', denyClaim, BECAUSE, 'denied', []],
  ] as const)(
    '%s stands once',
    async (_, decide, decision, status, credits) => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const { owner, claim } = await core.small()
        await killAndRetry(fuse, core.reviewing(), core.first, (ctx, key) =>
          decide(ctx, core.first, claim.id, decision as typeof adjusted, key),
        )
        await recover()
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status, payouts: credits.length }])
        expect(await creditsOf(owner.organisationId)).toEqual(credits)
      })
      expect(steps).toBeGreaterThan(20)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'of two people stands once, and takes both',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const { owner, claim } = await core.large()
        const decide = (actor: Actor) => (ctx: Context, key: Claim) =>
          approveClaim(ctx, actor, claim.id, BECAUSE, key)
        const waits = await killAndRetry(fuse, core.reviewing(), core.first, decide(core.first))
        expect(waits.status).toBe(202)
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'in_review', payouts: 0 }])
        await request(core.reviewing(), core.second, crypto.randomUUID(), decide(core.second))
        await recover()
        expect(await creditsOf(owner.organisationId)).toEqual([2_500_000])
      })
      expect(steps).toBeGreaterThan(10)
    },
    LIMIT_MS,
  )

  test(
    'to take back what was paid takes it back once',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const { owner, claim } = await core.paid()
        await disputeClaim(core.reviewing(), owner, claim.id, BECAUSE, UNCLAIMED)
        const decision = { ...BECAUSE, outcome: 'reversed' } as const
        await killAndRetry(fuse, core.reviewing(), core.first, (ctx, key) =>
          resolveDispute(ctx, core.first, claim.id, decision, key),
        )
        await recover()
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'closed', payouts: 1 }])
        const taken = rail.credits.filter(({ key }) => key === `reversal/${claim.id}`)
        expect(taken).toMatchObject([{ cents: -credited }])
      })
      expect(steps).toBeGreaterThan(30)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )
})

describe('what a customer does dies at any step', () => {
  test(
    'a withdrawal frees the cover once',
    async () => {
      await crashAtEveryStep(async (fuse) => {
        const { owner, claim } = await core.small()
        await killAndRetry(fuse, core.reviewing(), owner, (ctx, key) =>
          withdrawClaim(ctx, owner, claim.id, key),
        )
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'withdrawn', payouts: 0 }])
      })
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'a cancellation gives back once',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const owner = await core.organisation()
        const { id } = await core.bind(owner, { certificate_id: await core.certificate(owner) })
        const answer = await killAndRetry(fuse, core.insuring(minutes(5)), owner, (ctx, key) =>
          cancelPolicy(ctx, owner, id, key),
        )
        expect(JSON.parse(answer.body)).toMatchObject({ status: 'cancelled', refunded: 10 })
        await recover()
        expect([rail.usage.get(id), rail.usage.get(`refund/${id}`)]).toEqual([10, -10])
      })
      expect(steps).toBeGreaterThan(20)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )
})

describe('a payout that dies at any step', () => {
  test(
    'arrives once, though the rail has forgotten its key',
    async () => {
      const steps = await crashAtEveryStep(async (fuse) => {
        const { owner, claim } = await core.small()
        await approveClaim(core.reviewing(), core.first, claim.id, BECAUSE, UNCLAIMED)
        await orDead(payoutsTask.run(crashing(core.insuring(minutes(50)), fuse), outside(fuse)), fuse)
        await recover()
        expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'paid', payouts: 1 }])
        expect(await creditsOf(owner.organisationId)).toEqual([200_000])
      })
      expect(steps).toBeGreaterThan(30)
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )

  test(
    'and again while it is tried again',
    async () => {
      const { owner, claim } = await core.small()
      await approveClaim(core.reviewing(), core.first, claim.id, BECAUSE, UNCLAIMED)
      const steps = await crashAtEveryStep(async (fuse, step) => {
        const ctx = core.insuring(minutes(50 + 60 * step))
        await orDead(payoutsTask.run(crashing(ctx, fuse), outside(fuse)), fuse)
      })
      expect(steps).toBeGreaterThan(30)
      expect(await claimsOf(owner.organisationId)).toMatchObject([{ status: 'paid', payouts: 1 }])
      expect(await creditsOf(owner.organisationId)).toEqual([200_000])
      await expectBooksHold(core.db.owner)
    },
    LIMIT_MS,
  )
})
