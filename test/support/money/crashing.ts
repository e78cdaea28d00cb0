import type { PaymentRail } from '../../../core/billing/rail.ts'
import type { Context, Database, Transaction } from '../../../core/context.ts'

class Crash extends Error {}

/** Counts steps, and at the last one ends everything: from there on nothing goes through any more, as when a process has died. */
export class Fuse {
  readonly #last: number
  #steps = 0

  constructor(last: number) {
    this.#last = last
  }

  get burnt(): boolean {
    return this.#steps >= this.#last
  }

  step(): void {
    this.#steps++
    if (this.burnt) throw new Crash()
  }

  /** A step before it takes effect, and one after. */
  async around<Result>(work: () => PromiseLike<Result>): Promise<Result> {
    this.step()
    const result = await work()
    this.step()
    return result
  }
}

/**
 * A context whose database can be cut off: before and after each statement, each transaction and each commit. What a transaction
 * did until then is lost with its connection.
 */
export function crashing(ctx: Context, fuse: Fuse): Context {
  const { database } = ctx
  const within = <Result>(work: (tx: Transaction) => Promise<Result>) => {
    return async (tx: Transaction) => {
      const result = await work(cut(tx, fuse))
      // Nothing is committed by a process that died, whatever it caught.
      fuse.step()
      return result
    }
  }
  const cutOff: Database = {
    direct: (statement) => fuse.around(() => database.direct(statement)) as never,
    asOrganisation: (id, work) => fuse.around(() => database.asOrganisation(id, within(work))),
    asSystem: (work) => fuse.around(() => database.asSystem(within(work))),
  }
  return { ...ctx, database: cutOff }
}

/** Statements are built step by step, and sent when they are awaited. */
function cut<Target extends object>(target: Target, fuse: Fuse): Target {
  return new Proxy(target, {
    get(of, name) {
      const value = Reflect.get(of, name, of)
      if (typeof value !== 'function') return value
      if (name === 'then') {
        const send = () => (value as PromiseLike<unknown>['then']).bind(of)
        return (...handlers: Parameters<PromiseLike<unknown>['then']>) =>
          fuse.around(() => new Promise((...settle) => send()(...settle))).then(...handlers)
      }
      return (...given: unknown[]) => {
        const result = (value as (...given: unknown[]) => unknown).apply(of, given)
        return typeof result === 'object' && result !== null ? cut(result, fuse) : result
      }
    },
  })
}

export function crashingRail(rail: PaymentRail, fuse: Fuse): PaymentRail {
  return {
    name: rail.name,
    ensureCustomer: (ctx, organisation) => fuse.around(() => rail.ensureCustomer(ctx, organisation)),
    reportUsage: (ctx, usage) => fuse.around(() => rail.reportUsage(ctx, usage)),
    credit: (ctx, change) => fuse.around(() => rail.credit(ctx, change)),
    findCredit: (ctx, change) => fuse.around(() => rail.findCredit(ctx, change)),
    portalLink: (ctx, customer) => fuse.around(() => rail.portalLink(ctx, customer)),
  }
}

/** Runs at most this many steps: a command that goes on for longer never ends. */
const MAX_STEPS = 1_000

/**
 * Runs a command that ends at its first step, then one that ends at its second, … until one runs through.
 *
 * @param run does it once, and then looks at what recovery makes of it
 * @returns at how many steps it was ended
 */
export async function crashAtEveryStep(run: (fuse: Fuse, step: number) => Promise<void>): Promise<number> {
  for (let step = 1; step < MAX_STEPS; step++) {
    const fuse = new Fuse(step)
    await run(fuse, step)
    if (!fuse.burnt) return step - 1
  }
  throw new Error('it never ended')
}

/** What came of a command; undefined where the process died, which its caller cannot tell from silence. */
export async function orDead<Result>(work: Promise<Result>, fuse: Fuse): Promise<Result | undefined> {
  try {
    const result = await work
    return fuse.burnt ? undefined : result
  } catch (error) {
    if (fuse.burnt) return undefined
    throw error
  }
}
