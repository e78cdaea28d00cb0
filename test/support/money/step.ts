import { expect } from 'vitest'
import type { Outcome, World } from './world.ts'

/** What a step draws its choices from: each is below 1,000, and means what the step makes of it. */
export interface Draw {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/** What came of it: something changed; it was refused, as the model said; there was nothing to do it with. */
export type Came = 'done' | 'refused' | 'skipped'

/** One command, in the database and in the model, and a comparison of what each says of it. */
export type Step = (world: World, draw: Draw) => Promise<Came>

export function pick<Item>(from: readonly Item[], n: number): Item {
  return from[n % from.length]!
}

/** @param refusal what the model says: a code, `202`, or null where the command goes through */
export function expectOutcome(outcome: Outcome, refusal: string | null, reasons?: readonly string[]): Came {
  if (refusal === null || refusal === '202') {
    expect(outcome).toMatchObject({
      status: refusal === null ? expect.toSatisfy((status) => status < 202) : 202,
    })
    return 'done'
  }
  expect(outcome).toMatchObject(reasons === undefined ? { code: refusal } : { code: refusal, reasons })
  return 'refused'
}
