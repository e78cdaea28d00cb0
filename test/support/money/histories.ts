import { expect } from 'vitest'
import { payoutsTask } from '../../../core/billing/pay.ts'
import { usageTask } from '../../../core/billing/report-usage.ts'
import { reconcile } from '../../../core/reconciliation/reconcile.ts'
import { expectBooksHold } from '../money-invariants.ts'
import { expectAsModelled } from './compare.ts'
import type { Model } from './model.ts'
import { type Came, type Draw, pick, type Step } from './step.ts'
import * as billing from './steps-billing.ts'
import * as claims from './steps-claims.ts'
import * as policies from './steps-policies.ts'
import { type HistoryOptions, refusalOf, type World } from './world.ts'

/** Something that was done comes again, with its key; or another request with that key; or a task runs once more. */
const replay: Step = async (world, { a, b }) => {
  if (world.keyed.length === 0) return 'skipped'
  const earlier = pick(world.keyed, a)
  if (b % 5 === 0) {
    const other = { ...earlier, body: { other: true } }
    const code = await world.replay(other).then(
      () => 'done',
      (error) => refusalOf(error).code,
    )
    expect(code).toBe('idempotency_key_reused')
    return 'refused'
  }
  const again = await world.replay(earlier)
  expect(again).toEqual({ ...earlier.answer, replayed: true })
  return 'done'
}

/** The largest claim from its filing to its end, which chance alone rarely brings about. */
const wholeLife: Step = async (world, draw) => {
  const large = { ...draw, b: 3 }
  await claims.settlement(world, { ...draw, a: 0 })
  const came = await claims.decision(world, { ...large, c: 0, d: 0 })
  if (came === 'skipped') return came
  if (world.model.claims.some(({ proposal }) => proposal !== null)) {
    await claims.decision(world, { ...large, b: 0, c: 0, d: 1 })
  }
  await billing.payment(world, { ...draw, a: 0 })
  // The next bill spends some of it.
  if (draw.d % 3 === 0) await billing.invoicing(world, { ...draw, b: 0 })
  await claims.recovery(world, large)
  await claims.disputing(world, large)
  await claims.resolution(world, { ...large, d: 0 })
  return came
}

const STEPS = {
  days: { step: policies.days, weight: 10 },
  hours: { step: policies.hours, weight: 3 },
  quote: { step: policies.quote, weight: 2 },
  purchase: { step: policies.purchase, weight: 10 },
  deployment: { step: policies.deployment, weight: 8 },
  cancellation: { step: policies.cancellation, weight: 3 },
  annulment: { step: policies.annulment, weight: 2 },
  incident: { step: claims.incident, weight: 12 },
  settlement: { step: claims.settlement, weight: 8 },
  filing: { step: claims.filing, weight: 4 },
  decision: { step: claims.decision, weight: 16 },
  proposalBack: { step: claims.proposalBack, weight: 3 },
  withdrawal: { step: claims.withdrawal, weight: 2 },
  disputing: { step: claims.disputing, weight: 6 },
  resolution: { step: claims.resolution, weight: 9 },
  wholeLife: { step: wholeLife, weight: 5 },
  recovery: { step: claims.recovery, weight: 5 },
  payment: { step: billing.payment, weight: 8 },
  usage: { step: billing.usage, weight: 1 },
  invoicing: { step: billing.invoicing, weight: 3 },
  paymentOfInvoice: { step: billing.paymentOfInvoice, weight: 4 },
  certifying: { step: billing.certifying, weight: 2 },
  metering: { step: billing.metering, weight: 3 },
  ibnrChange: { step: billing.ibnrChange, weight: 2 },
  breakerCheck: { step: claims.breakerCheck, weight: 1 },
  reopening: { step: billing.reopening, weight: 6 },
  replay: { step: replay, weight: 5 },
} as const satisfies Record<string, { step: Step; weight: number }>

export type StepName = keyof typeof STEPS
export const STEP_NAMES = Object.keys(STEPS) as StepName[]
export const WEIGHTED_STEPS = STEP_NAMES.flatMap((name) =>
  Array.from({ length: STEPS[name].weight }, () => name),
)

export interface History extends HistoryOptions {
  /** Policies of each customer that there are to begin with. */
  readonly fleet: number
  readonly steps: readonly (Draw & { readonly name: StepName })[]
}

/** How often each step was taken, by what came of it. */
export type Tally = Record<string, Record<Came, number>>

/** Every so many steps all figures are compared. */
const COMPARED_EVERY = 3

/** Lives a history through, and compares it with the model all along. @returns how many journals were posted */
export async function live(world: World, history: History, tally: Tally): Promise<number> {
  const model = await world.begin(history)
  await policies.buyFleet(world, history.fleet)
  for (const [index, { name, ...draw }] of history.steps.entries()) {
    const came = await STEPS[name].step(world, draw)
    tally[name] ??= { done: 0, refused: 0, skipped: 0 }
    tally[name][came]++
    if (index % COMPARED_EVERY === 0 || index === history.steps.length - 1) await expectAsModelled(world)
  }
  await expectHeld(world)
  notice(model, tally)
  return model.books.journals
}

/** What a history should come to now and then, or it shows little. */
export const SITUATIONS = [
  'expired',
  'exhausted',
  'cancelled',
  'voided',
  'claim approved by itself',
  'claim above $10,000 paid',
  'claim with a reinsurer paid',
  'claim paid twice',
  'claim taken back',
  'claim taken back from a reinsurer that had paid',
  'claim taken back from a customer who had spent it',
  'refund as credit',
  'invoice paid with credit',
  'binding halted',
] as const

/** Counts what became of a history. */
function notice(model: Model, tally: Tally): void {
  const { claims, policies, books } = model
  const ended = (as: string) => [...policies.values()].filter(({ status }) => status === as).length
  const counts: Record<(typeof SITUATIONS)[number], number> = {
    expired: ended('expired'),
    exhausted: ended('exhausted'),
    cancelled: ended('cancelled'),
    voided: ended('voided'),
    'claim approved by itself': claims.filter(({ automatic }) => automatic).length,
    'claim above $10,000 paid': claims.filter(({ paid }) => paid > 10_000_000_000n).length,
    'claim with a reinsurer paid': claims.filter(({ paid }) => paid > 50_000_000_000n).length,
    'claim paid twice': claims.filter(({ payouts }) => payouts.length === 2).length,
    'claim taken back': claims.filter(({ reversals }) => reversals > 0).length,
    'claim taken back from a reinsurer that had paid': claims.filter(
      ({ id }) => books.of('reinsurance_payable', id) < 0n,
    ).length,
    'claim taken back from a customer who had spent it': books.total('claim_clawback') > 0n ? 1 : 0,
    'refund as credit': model.events.filter(({ kind }) => kind === 'credit').length,
    'invoice paid with credit': model.invoices.filter(({ credit }) => credit > 0n).length,
    'binding halted': model.breaker.state === 'halted' ? 1 : 0,
  }
  for (const situation of SITUATIONS) {
    tally[situation] ??= { done: 0, refused: 0, skipped: 0 }
    tally[situation].done += counts[situation]
  }
}

/** Whatever happened: the rules hold, and the nightly comparison finds nothing. */
async function expectHeld(world: World): Promise<void> {
  await expectBooksHold(world.core.db.owner)
  const quiet = { a: 0, b: 1, c: 0, d: 0 }
  await claims.settlement(world, quiet)
  await billing.payment(world, quiet)
  await billing.usage(world, quiet)
  await expectAsModelled(world)
  const { findings } = await reconcile(world.ctx(), world.outside())
  expect(findings).toEqual([])
  for (const task of [payoutsTask, usageTask]) {
    expect(await task.run(world.ctx(), world.outside())).toEqual({ done: 0, nextAt: null })
  }
}
