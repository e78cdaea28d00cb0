import { expect } from 'vitest'
import type { Task } from '../../../core/back-office/run.ts'
import { embeddedRail } from '../../../core/billing/embedded-rail.ts'
import { issueInvoices } from '../../../core/billing/issue-invoices.ts'
import { meterCertificates } from '../../../core/billing/meter-certificates.ts'
import { payoutsTask } from '../../../core/billing/pay.ts'
import { type PaymentRail, RailRefused, RailUnavailable } from '../../../core/billing/rail.ts'
import { recordPayment as recordPaymentOf } from '../../../core/billing/record-payment.ts'
import { usageTask } from '../../../core/billing/report-usage.ts'
import { reopenBreaker } from '../../../core/insurance/reopen.ts'
import { ibnrJournal } from '../../../core/ledger/journals.ts'
import { postJournals } from '../../../core/ledger/post.ts'
import { issue, meter, recordPayment, report, toBill } from './model-billing.ts'
import { reopen } from './model-breaker.ts'
import { payAll } from './model-claims.ts'
import { DAY, HOUR, USD } from './rules.ts'
import { expectOutcome, pick, type Step } from './step.ts'
import { passTo } from './steps-policies.ts'
import type { World } from './world.ts'

/** How the rail does not do what it is asked, or does it and does not say so. */
const FAULTS = ['none', 'refused', 'unavailable', 'done and not said', 'late', 'none'] as const
type Fault = (typeof FAULTS)[number]

/** @param meanwhile of `late`: what somebody else does before the rail answers */
function railWith(fault: Fault, meanwhile: () => Promise<unknown>): PaymentRail {
  const faulty = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (fault === 'refused') throw new RailRefused('no')
    if (fault === 'unavailable') throw new RailUnavailable('not there', { uncertain: false })
    if (fault === 'late') await meanwhile()
    const result = await work()
    if (fault === 'done and not said') throw new RailUnavailable('no answer')
    return result
  }
  return {
    ...embeddedRail,
    reportUsage: (ctx, usage) => faulty(() => embeddedRail.reportUsage(ctx, usage)),
    credit: (ctx, change) => faulty(() => embeddedRail.credit(ctx, change)),
  }
}

/** Longer than any lease and any wait for another attempt. */
const LATER = 2 * HOUR

/** A faulty run, if it is to be one, and then as many as it takes. */
async function runTask(world: World, task: Task, fault: Fault): Promise<number> {
  const run = async (rail: PaymentRail, at: number) =>
    (await task.run(world.ctx(at), world.outside(rail))).done
  const counts: number[] = []
  const drain = async (at: number) => {
    for (let done = 1; done > 0; counts.push(done)) done = await run(embeddedRail, at)
  }
  world.now += LATER
  if (fault !== 'none') {
    const first = world.now
    counts.push(
      await run(
        railWith(fault, () => drain(first + HOUR)),
        first,
      ),
    )
    world.now += LATER
  }
  await drain(world.now)
  return counts.reduce((sum, count) => sum + count, 0)
}

export const payment: Step = async (world, { a }) => {
  const done = await runTask(world, payoutsTask, pick(FAULTS, a))
  expect(done).toBe(payAll(world.model))
  return done > 0 ? 'done' : 'skipped'
}

export const usage: Step = async (world, { a }) => {
  const fault = pick(FAULTS, a)
  // A rail that refuses usage too often is not asked again: once is not too often.
  const done = await runTask(world, usageTask, fault)
  const told = report(world.model)
  if (fault !== 'late') expect(done).toBe(told)
  return told > 0 ? 'done' : 'skipped'
}

/** What the rail was told of the months that are over is billed, by two at once; it may be the next month by then. */
export const invoicing: Step = async (world, draw) => {
  await usage(world, { ...draw, a: 0 })
  if (draw.b % 3 === 0) await passTo(world, nextMonth(world.now))
  const bills = toBill(world.model, world.now)
  const [one, other] = await Promise.all([issueInvoices(world.ctx()), issueInvoices(world.ctx())])
  expect(one + other).toBe(bills.length)
  const rows = await world.core.db.owner`SELECT id, reference FROM invoices`
  for (const bill of bills) {
    const row = rows.find(({ reference }) => reference === bill.name)
    issue(world.model, row!.id, bill)
  }
  return bills.length > 0 ? 'done' : 'skipped'
}

function nextMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1, 4)
}

export const paymentOfInvoice: Step = async (world, { a, b }) => {
  const { invoices } = world.model
  const open = invoices.filter(({ paid }) => !paid)
  const from = open.length > 0 && b % 10 > 0 ? open : invoices
  if (from.length === 0) return 'skipped'
  const invoice = pick(from, a)
  const operator = world.reviewers[0]!
  const route = `POST /v1/invoices/${invoice.id}/payment`
  const outcome = await world.command(operator, route, {}, (ctx, claim) =>
    recordPaymentOf(ctx, operator, invoice.id, claim),
  )
  return expectOutcome(outcome, recordPayment(world.model, invoice))
}

/** Certificates are issued: copies of one, since it is their number that counts. */
export const certifying: Step = async (world, { a, b }) => {
  const customer = pick(world.customers, a)
  const { owner } = world.core.db
  const at = new Date(world.now).toISOString()
  const columns = (
    await owner`SELECT column_name AS name FROM information_schema.columns
      WHERE table_name = 'certificates' AND is_identity = 'NO' AND column_name NOT IN ('id', 'issued_at', 'updated_at')`
  ).map(({ name }) => name)
  for (let i = 0; i <= b % 4; i++) {
    await owner.unsafe(
      `INSERT INTO certificates (id, issued_at, updated_at, ${columns.join(', ')})
        SELECT $1, $2, $2, ${columns.join(', ')} FROM certificates WHERE id = $3`,
      [`CERT-COPY-${++world.made}`, at, customer.certificates[0]!.id],
    )
    world.model.issued.push({ organisation: customer.actor.organisationId, at: world.now })
  }
  return 'done'
}

export const metering: Step = async (world, { a }) => {
  world.now += (a % 3) * HOUR * 9
  const [one, other] = await Promise.all([meterCertificates(world.ctx()), meterCertificates(world.ctx())])
  const written = meter(world.model, world.now)
  expect(one + other).toBe(written)
  return written > 0 ? 'done' : 'skipped'
}

/** The reserve for what is not reported yet goes up, or down again. */
export const ibnrChange: Step = async (world, { a, b }) => {
  const { books } = world.model
  const reserved = -books.of('ibnr')
  const change = a % 3 === 0 ? -reserved : BigInt(b) * USD + 7n
  const journal = ibnrJournal(`test/${++world.made}`, change)
  const ctx = world.ctx()
  // A second time it is there already.
  for (let i = 0; i < 2; i++) await ctx.database.asSystem((tx) => postJournals(tx, [journal], ctx.now))
  books.move(['claims_incurred'], ['ibnr'], change)
  return change === 0n ? 'skipped' : 'done'
}

export const reopening: Step = async (world, { a, b }) => {
  if (world.model.breaker.state === 'open' && b % 6 > 0) return 'skipped'
  const operator = world.reviewers[0]!
  const dollars = pick([undefined, 20_000, 100], a)
  const request = {
    reason: 'understood',
    ...(dollars === undefined ? {} : { additional_subsidy: dollars * 100 }),
  }
  world.now += (b % 3) * DAY
  const outcome = await world.command(operator, 'POST /v1/insurance/breaker/reopen', request, (ctx, claim) =>
    reopenBreaker(ctx, operator, request, claim),
  )
  return expectOutcome(outcome, reopen(world.model, BigInt(dollars ?? 0) * USD))
}
