import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type History,
  live,
  SITUATIONS,
  STEP_NAMES,
  type Tally,
  WEIGHTED_STEPS,
} from '../../../support/money/histories.ts'
import { World } from '../../../support/money/world.ts'
import { START_LIMIT_MS } from '../support.ts'

const HISTORIES = 19
const STEPS = 180
const JOURNALS = 100_000
/** Of each kind of step, in all histories, those that changed something: most are taken far more often. */
const OFTEN = 3
const LIMIT_MS = 600_000
/** A failure is not made smaller for longer than this. */
const SHRINKING_MS = 420_000

let world: World

beforeAll(async () => {
  world = await World.start()
}, START_LIMIT_MS)
afterAll(() => world?.stop())

const below = fc.noBias(fc.nat(999))
const step = fc.record({ name: fc.constantFrom(...WEIGHTED_STEPS), a: below, b: below, c: below, d: below })

/** Many steps each time, of which a failure leaves those that it needs. */
class Steps extends fc.Arbitrary<History['steps'][number][]> {
  readonly #many = fc.array(step, { minLength: STEPS, maxLength: STEPS, size: 'max' })
  readonly #few = fc.array(step, { maxLength: STEPS, size: 'max' })

  override generate(random: fc.Random): fc.Value<History['steps'][number][]> {
    return new fc.Value(this.#many.generate(random, undefined).value, undefined)
  }
  override canShrinkWithoutContext(value: unknown): value is History['steps'][number][] {
    return this.#few.canShrinkWithoutContext(value)
  }
  override shrink(value: History['steps'][number][], context: unknown) {
    return this.#few.shrink(value, context)
  }
}

const history: fc.Arbitrary<History> = fc.record({
  mode: fc.constantFrom('pilot' as const, 'technical' as const),
  capital: fc.constantFrom(250_000, 40_000),
  budget: fc.constantFrom(50_000, 2_000),
  fleet: fc.constantFrom(0, 75, 75, 75, 75, 75, 75),
  steps: new Steps(),
})

test(
  'whatever happens in whatever order, the books are what the document says',
  async () => {
    const tally: Tally = {}
    let journals = 0
    await fc.assert(
      fc.asyncProperty(history, async (lived) => {
        journals += await live(world, lived, tally)
      }),
      {
        numRuns: HISTORIES,
        endOnFailure: true,
        interruptAfterTimeLimit: SHRINKING_MS,
        markInterruptAsFailure: true,
      },
    )
    const lines = STEP_NAMES.map((name) => `${name} ${tally[name]?.done ?? 0}/${tally[name]?.refused ?? 0}`)
    console.log(`${journals} journals in ${HISTORIES} histories; done/refused: ${lines.join(', ')}`)
    console.log(SITUATIONS.map((name) => `${name}: ${tally[name]?.done}`).join(', '))
    // Rare ones need not come up in histories that are drawn anew.
    if (process.env.PROPERTY_SEED === undefined) {
      for (const name of STEP_NAMES) expect(tally[name]?.done, name).toBeGreaterThanOrEqual(OFTEN)
      for (const name of SITUATIONS) expect(tally[name]?.done, name).toBeGreaterThan(0)
    }
    expect(journals).toBeGreaterThanOrEqual(JOURNALS)
  },
  LIMIT_MS,
)
