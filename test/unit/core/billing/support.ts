import type { Outside } from '../../../../core/back-office/outside.ts'
import type { Task } from '../../../../core/back-office/run.ts'
import type { PaymentRail } from '../../../../core/billing/rail.ts'
import type { Actor, Context, Database } from '../../../../core/context.ts'
import { openBooks } from '../../../../core/insurance/open-books.ts'
import { approveJournals, claimFiledJournal } from '../../../../core/ledger/journals.ts'
import { postJournals } from '../../../../core/ledger/post.ts'
import { fromCents } from '../../../../core/money.ts'
import {
  billingEvents,
  incidents,
  insuranceClaims,
  insurancePolicies,
  payouts,
} from '../../../../schema/tables/index.ts'
import type { Account } from '../../../../schema/wire/money.ts'
import { startTestCore, type TestCore } from '../support.ts'

export const DAY_MS = 86_400_000

export async function startBilling(): Promise<TestCore> {
  const core = await startTestCore()
  await openBooks(core.ctx(new Date('2026-01-01T00:00:00.000Z')))
  return core
}

/** Nothing else outside is asked by payments. */
export function outsideWith(rail: PaymentRail): Outside {
  return { rail } as Outside
}

/** The time some milliseconds after `start`, for each attempt its own. */
export function later(start: Date, ms: number): Date {
  return new Date(start.getTime() + ms)
}

let made = 0

/** A claim that is approved, in the books too, and its payout that is due. */
export async function approvedClaim(core: TestCore, actor: Actor, cents: number, now: Date) {
  const number = String(++made).padStart(16, '0')
  const { organisationId, userId } = actor
  const certificate = await core.issue(actor)
  const amount = fromCents(cents)
  const policyId = `INS-2026-${number}`
  const incidentId = `INC-2026-${number}`
  const claimId = `CLM-2026-${number}`
  const payoutId = `pay_${number}`
  await core.db.database.asSystem(async (tx) => {
    await tx.insert(insurancePolicies).values({
      id: policyId,
      organisationId,
      userId,
      certificateId: certificate.certificate_id,
      commitSha: 'a'.repeat(40),
      commitBound: true,
      service: 'checkout',
      tier: 'basic',
      riskScore: 100,
      riskLevel: 'LOW',
      listPremium: fromCents(10),
      technicalPremium: fromCents(10),
      premium: fromCents(10),
      subsidy: 0n,
      coverage: fromCents(500_000),
      used: amount,
      slaCostPerMinute: fromCents(100),
      pricing: {},
      status: 'active',
      claimed: true,
      boundAt: now,
      endsAt: later(now, 30 * DAY_MS),
      updatedAt: now,
    })
    await tx.insert(incidents).values({
      id: incidentId,
      organisationId,
      integrationId: 'int_of_this_test',
      provider: 'sentry',
      providerId: number,
      service: 'checkout',
      title: 'Checkout is down',
      openedAt: now,
      resolvedAt: now,
      receivedAt: now,
      factState: 'confirmed',
      settlement: 'claimed',
      updatedAt: now,
    })
    await tx.insert(insuranceClaims).values({
      id: claimId,
      organisationId,
      policyId,
      incidentId,
      status: 'payout_pending',
      downtimeMs: 60_000,
      cost: amount,
      requested: amount,
      reserved: 0n,
      approved: amount,
      confidence: 9_000,
      attribution: {},
      filedAt: now,
      decidedAt: now,
      updatedAt: now,
    })
    await tx.insert(payouts).values({
      id: payoutId,
      claimId,
      organisationId,
      sequence: 1,
      amount,
      state: 'pending',
      nextAttemptAt: now,
      createdAt: now,
    })
    const claim = { id: claimId, organisationId }
    const change = { estimate: amount, amount, approvedBefore: 0n }
    await postJournals(tx, [claimFiledJournal(claim, amount), ...approveJournals(claim, 1, change)], now)
  })
  return { claimId, payoutId, organisationId }
}

/** Something to tell the rail of, due at once. */
export async function billingEvent(
  core: TestCore,
  organisationId: string,
  more: { id: string; cents: number; kind?: 'premium' | 'certificates' | 'credit' | 'debit'; at: Date },
): Promise<void> {
  const { id, cents, kind = 'premium', at } = more
  await core.db.database.asSystem((tx) =>
    tx.insert(billingEvents).values({
      id,
      organisationId,
      kind,
      amount: fromCents(cents),
      occurredAt: at,
      state: 'pending',
      nextAttemptAt: at,
    }),
  )
}

/** Debits less credits, cents. */
export async function balance(core: TestCore, account: Account, party?: string): Promise<number> {
  const { owner } = core.db
  const [row] = await owner`
    SELECT coalesce(sum(amount_micros), 0)::text AS amount FROM ledger_balances
    WHERE account = ${account} AND (${party ?? null}::text IS NULL OR party = ${party ?? null})`
  return Number(BigInt(row!['amount']) / 10_000n)
}

/** The sum of everything in the books. */
export async function booksSum(core: TestCore): Promise<string> {
  const [row] = await core.db.owner`
    SELECT (SELECT coalesce(sum(amount_micros), 0) FROM ledger_postings)::text || ' '
      || (SELECT coalesce(sum(amount_micros), 0) FROM ledger_balances)::text AS sum`
  return row!['sum']
}

class Crash extends Error {}

/**
 * Runs a task that ends at step `last` as if its process had died there: before a transaction, within it, right after it, before
 * the rail is called, or once it has done what it was asked.
 *
 * @returns whether it came to that step
 */
export async function crashAt(last: number, task: Task, ctx: Context, outside: Outside): Promise<boolean> {
  let steps = 0
  let crashed = false
  const step = () => {
    if (crashed || ++steps === last) {
      crashed = true
      throw new Crash()
    }
  }
  const database: Database = {
    direct: (query) => ctx.database.direct(query),
    asOrganisation: (id, work) => around(step, () => ctx.database.asOrganisation(id, within(step, work))),
    asSystem: (work) => around(step, () => ctx.database.asSystem(within(step, work))),
  }
  const real = outside.rail
  const rail: PaymentRail = {
    name: real.name,
    ensureCustomer: (_, given) => around(step, () => real.ensureCustomer(ctx, given)),
    reportUsage: (_, given) => around(step, () => real.reportUsage(ctx, given)),
    credit: (_, given) => around(step, () => real.credit(ctx, given)),
    findCredit: (_, given) => around(step, () => real.findCredit(ctx, given)),
    portalLink: (_, given) => around(step, () => real.portalLink(ctx, given)),
  }
  try {
    await task.run({ ...ctx, database }, { ...outside, rail })
  } catch (error) {
    if (!(error instanceof Crash)) throw error
  }
  return crashed
}

async function around<T>(step: () => void, work: () => Promise<T>): Promise<T> {
  step()
  const result = await work()
  step()
  return result
}

/** A transaction whose end never comes is rolled back. */
function within<Input, T>(
  step: () => void,
  work: (input: Input) => Promise<T>,
): (input: Input) => Promise<T> {
  return async (input) => {
    const result = await work(input)
    step()
    return result
  }
}
