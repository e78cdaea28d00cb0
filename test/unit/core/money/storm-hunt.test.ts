import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Outside } from '../../../../core/back-office/outside.ts'
import { embeddedRail } from '../../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../../core/billing/issue-invoices.ts'
import { meterCertificates } from '../../../../core/billing/meter-certificates.ts'
import { payoutsTask } from '../../../../core/billing/pay.ts'
import { usageTask } from '../../../../core/billing/report-usage.ts'
import { disputeClaim } from '../../../../core/claims/dispute-claim.ts'
import { fileClaim } from '../../../../core/claims/file-claim.ts'
import { adjustClaim, approveClaim, denyClaim } from '../../../../core/claims/review/decide.ts'
import { resolveDispute } from '../../../../core/claims/review/resolve.ts'
import { settlementTask } from '../../../../core/claims/settle-incidents.ts'
import { withdrawClaim } from '../../../../core/claims/withdraw-claim.ts'
import type { Actor, Context } from '../../../../core/context.ts'
import { UNCLAIMED } from '../../../../core/idempotency/claim.ts'
import { bindPolicy } from '../../../../core/insurance/bind.ts'
import { evaluateBreaker } from '../../../../core/insurance/breaker.ts'
import { cancelPolicy } from '../../../../core/insurance/cancel.ts'
import { closeDuePolicies } from '../../../../core/insurance/close-due.ts'
import { earnPremiums } from '../../../../core/insurance/earn.ts'
import { reconcile } from '../../../../core/reconciliation/reconcile.ts'
import { Refusal } from '../../../../core/refusal.ts'
import { openDatabase, type PostgresDatabase } from '../../../../workers/core/adapters/postgres.ts'
import { expectBooksHold } from '../../../support/money-invariants.ts'
import { CONFIRMED_DEPLOYMENT, minutes } from '../claims/claims-support.ts'
import { BECAUSE, type ReviewCore, startReview } from '../claims/review-support.ts'
import { START_LIMIT_MS } from '../support.ts'

const CUSTOMERS = 3
const POLICIES = 8
const INCIDENTS = 6
/** Buyers, reviewers and tasks at once. */
const LANES = 24
const LIMIT_MS = 120_000
const MONTH = 40 * 24 * 60

let core: ReviewCore
let wide: PostgresDatabase
beforeAll(async () => {
  core = await startReview()
  wide = openDatabase(core.db.appUrl, { connections: LANES })
}, START_LIMIT_MS)
afterAll(async () => {
  await wide?.close()
  await core?.db.stop()
})

type Work = () => Promise<unknown>

const outside = { rail: embeddedRail } as Outside
const at = (minute: number): Context => ({ ...core.insuring(minutes(minute)), database: wide })

/** A customer whose claims are in every state, with what may be done to each of them next. */
async function customer(): Promise<Work[]> {
  const owner = await core.organisation()
  const certificate = await core.certificate(owner)
  for (let i = 0; i < POLICIES; i++)
    await core.insure(owner, { tier: i % 2 === 0 ? 'basic' : 'pro', perMinute: 9_000 })
  await core.deploy(owner, CONFIRMED_DEPLOYMENT)
  for (let i = 0; i < INCIDENTS; i++) await core.incident(owner, lasting(i))
  await core.settle(minutes(120))
  const [reviewed, paid] = halves(await core.claimsOf(owner))
  for (const { id } of paid) await approveClaim(at(130), core.first, id, BECAUSE, UNCLAIMED)
  await payoutsTask.run(at(140), outside)
  for (const { id } of paid) await disputeClaim(at(150), owner, id, BECAUSE, UNCLAIMED)
  for (let i = 0; i < 3; i++) await core.incident(owner, { ...lasting(INCIDENTS + i) })
  const other = await core.incident(owner, {
    ...lasting(20),
    settlement: 'unattributed',
    nextSettlementAt: null,
  })
  return [
    ...reviewed.flatMap(({ id }, index) => decisions(owner, id, index)),
    ...paid.map(({ id }, index) => () => {
      const request = { ...BECAUSE, ...(index % 2 === 0 ? REVERSED : LESS) }
      return resolveDispute(at(170), core.first, id, request, UNCLAIMED)
    }),
    ...(await policiesOf(owner)).flatMap((id) => [
      () => cancelPolicy(at(170), owner, id, UNCLAIMED),
      () => fileClaim(at(170), owner, { policy_id: id, incident_id: other.id }, UNCLAIMED),
    ]),
    ...Array.from({ length: POLICIES }, () => () => buy(owner, certificate)),
  ]
}

const REVERSED = { outcome: 'reversed' } as const
const LESS = { outcome: 'adjusted', amount: 100 } as const

/** Two of them for the same claim: one is too late. */
function decisions(owner: Actor, id: string, index: number): Work[] {
  const all: Work[] = [
    () => approveClaim(at(170), core.first, id, BECAUSE, UNCLAIMED),
    () => denyClaim(at(170), core.second, id, BECAUSE, UNCLAIMED),
    () => adjustClaim(at(170), core.second, id, { ...BECAUSE, amount: 1_000 }, UNCLAIMED),
    () => withdrawClaim(at(170), owner, id, UNCLAIMED),
  ]
  return [all[index % 4]!, all[(index + 1) % 4]!]
}

/** One after the other, ten minutes each. */
function lasting(number: number) {
  return {
    openedAt: minutes(20 + number * 11),
    resolvedAt: minutes(30 + number * 11),
    updatedAt: minutes(30),
  }
}

function halves<Item>(items: readonly Item[]): [Item[], Item[]] {
  return [items.filter((_, index) => index % 2 === 0), items.filter((_, index) => index % 2 === 1)]
}

async function policiesOf({ organisationId }: Actor): Promise<string[]> {
  const rows = await core.db
    .owner`SELECT id FROM insurance_policies WHERE organisation_id = ${organisationId}`
  return rows.map(({ id }) => id)
}

function buy(owner: Actor, certificate: string): Promise<unknown> {
  const order = {
    certificate_id: certificate,
    tier: 'basic',
    service: 'checkout',
    sla_cost_per_minute_cents: 100,
  }
  return bindPolicy(at(170), owner, order, UNCLAIMED)
}

const TASKS: readonly Work[] = [
  () => settlementTask.run(at(300), outside),
  () => payoutsTask.run(at(300), outside),
  () => usageTask.run(at(300), outside),
  () => earnPremiums(at(300)),
  () => evaluateBreaker(at(300)),
  () => issueInvoices(at(MONTH)),
  () => meterCertificates(at(MONTH)),
  () => closeDuePolicies(at(MONTH)),
]

test(
  'everything at once on the same customers: nobody waits in a circle, and the books hold',
  async () => {
    const work: Work[] = []
    for (let i = 0; i < CUSTOMERS; i++) work.push(...(await customer()))
    for (let i = 0; i < 10; i++) work.push(...TASKS)
    const outcomes = await runAll(shuffled(work))
    console.log(`${work.length} commands at once: ${JSON.stringify(count(outcomes))}`)
    expect(Object.keys(count(outcomes)).filter((outcome) => !EXPECTED.has(outcome))).toEqual([])
    expect(count(outcomes).done).toBeGreaterThan(work.length / 3)
    // Statistics come with the end of a connection.
    await wide.close()
    const [statistics] = await core.db
      .owner`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`
    expect(statistics).toEqual({ deadlocks: 0 })
    await expectBooksHold(core.db.owner)
    const later = core.insuring(minutes(MONTH + 10))
    for (const task of [settlementTask, payoutsTask, usageTask]) {
      for (let done = 1; done > 0; ) ({ done } = await task.run(later, outside))
    }
    expect((await reconcile(later, outside)).findings).toEqual([])
  },
  LIMIT_MS,
)

/** What may be in a command's way; a busy database may be. */
const EXPECTED = new Set([
  'done',
  'claim_state_conflict',
  'claim_not_eligible',
  'policy_has_claim',
  'policy_state_conflict',
  'binding_halted',
  'binding_restricted',
  'claim_already_filed',
  'database_unavailable',
])

async function runAll(work: readonly Work[]): Promise<string[]> {
  const waiting = work.values()
  const outcomes: string[] = []
  const lane = async () => {
    for (const one of waiting) {
      outcomes.push(
        await one().then(
          () => 'done',
          (error) => {
            if (error instanceof Refusal) return error.code
            throw error
          },
        ),
      )
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return outcomes
}

/** The same order each time. */
function shuffled(work: readonly Work[]): Work[] {
  let state = Number(process.env.SEED)
  const drawn = work.map((one) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return { one, key: state }
  })
  return drawn.sort((a, b) => a.key - b.key).map(({ one }) => one)
}

function count(outcomes: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(outcomes, (one) => one)].map(([name, all]) => [name, all.length]))
}
