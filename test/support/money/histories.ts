import { expect } from 'vitest'
import { payoutsTask } from '../../../core/billing/pay.ts'
import { usageTask } from '../../../core/billing/report-usage.ts'
import { reconcile } from '../../../core/reconciliation/reconcile.ts'
import { expectBooksHold } from '../money-invariants.ts'
import { expectAsModelled } from './compare.ts'
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

const STEPS = {
  days: { step: policies.days, weight: 9 },
  hours: { step: policies.hours, weight: 3 },
  quote: { step: policies.quote, weight: 2 },
  purchase: { step: policies.purchase, weight: 12 },
  deployment: { step: policies.deployment, weight: 8 },
  cancellation: { step: policies.cancellation, weight: 4 },
  annulment: { step: policies.annulment, weight: 2 },
  incident: { step: claims.incident, weight: 9 },
  settlement: { step: claims.settlement, weight: 7 },
  filing: { step: claims.filing, weight: 3 },
  decision: { step: claims.decision, weight: 12 },
  proposalBack: { step: claims.proposalBack, weight: 1 },
  withdrawal: { step: claims.withdrawal, weight: 2 },
  disputing: { step: claims.disputing, weight: 4 },
  resolution: { step: claims.resolution, weight: 6 },
  recovery: { step: claims.recovery, weight: 3 },
  payment: { step: billing.payment, weight: 7 },
  usage: { step: billing.usage, weight: 2 },
  invoicing: { step: billing.invoicing, weight: 3 },
  paymentOfInvoice: { step: billing.paymentOfInvoice, weight: 4 },
  certifying: { step: billing.certifying, weight: 2 },
  metering: { step: billing.metering, weight: 2 },
  ibnrChange: { step: billing.ibnrChange, weight: 1 },
  breakerCheck: { step: claims.breakerCheck, weight: 1 },
  reopening: { step: billing.reopening, weight: 4 },
  replay: { step: replay, weight: 5 },
} as const satisfies Record<string, { step: Step; weight: number }>

export type StepName = keyof typeof STEPS
export const STEP_NAMES = Object.keys(STEPS) as StepName[]
export const WEIGHTED_STEPS = STEP_NAMES.flatMap((name) =>
  Array.from({ length: STEPS[name].weight }, () => name),
)

export interface History extends HistoryOptions {
  readonly steps: readonly (Draw & { readonly name: StepName })[]
}

/** How often each step was taken, by what came of it. */
export type Tally = Record<string, Record<Came, number>>

/** Every so many steps all figures are compared. */
const COMPARED_EVERY = 3

/** Lives a history through, and compares it with the model all along. @returns how many journals were posted */
export async function live(world: World, history: History, tally: Tally): Promise<number> {
  const model = await world.begin(history)
  for (const [index, { name, ...draw }] of history.steps.entries()) {
    if (process.env.NO_SHRINK === '1')
      console.log(index, name, JSON.stringify(draw), new Date(world.now).toISOString())
    const t0 = performance.now()
    const came = await STEPS[name].step(world, draw)
    TIMES[name] = (TIMES[name] ?? 0) + performance.now() - t0
    const t1 = performance.now()
    tally[name] ??= { done: 0, refused: 0, skipped: 0 }
    tally[name][came]++
    if (index % COMPARED_EVERY === 0 || index === history.steps.length - 1) await expectAsModelled(world)
    TIMES.compare = (TIMES.compare ?? 0) + performance.now() - t1
  }
  await expectHeld(world)
  return model.books.journals
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

export const TIMES: Record<string, number> = {}
